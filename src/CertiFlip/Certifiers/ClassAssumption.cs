namespace CertiFlip;

/// <summary>
/// Where a list of classes matters that was read off the labels: an adversary who can take away every label of some
/// class could have made it another list.
/// </summary>
internal sealed class ClassAssumption(ClassLabels labels, LabelFlipAdversary adversary)
{
    private readonly Radius _kept = labels.Classes.IsStated ? Radius.Any : adversary.RadiusOfClasses(labels);

    /// <summary>
    /// The certificate, marked where its radius reaches beyond the budget within which no class can be lost.
    /// </summary>
    public Certificate Mark(Certificate certificate) =>
        certificate with { AssumesClasses = certificate.IsCertified && certificate.Radius > _kept };
}
