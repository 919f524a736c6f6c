namespace CertiFlip;

/// <summary>
/// A prediction for one test row, with the label flips, or the changes of whole rows, that provably cannot change it.
/// </summary>
/// <param name="Kind">How it was proved, and which classifier it certifies.</param>
/// <param name="Prediction">The class of that classifier, from 0 to K − 1, or <see cref="Abstention"/>.</param>
/// <param name="Radius">
/// The largest budget within which no flips that the adversary may make change the prediction. Without costs it is a
/// number of training labels. Labels stay within the list of classes. Of the kinds
/// <see cref="CertificateKind.AgainstRows"/> it is a budget of a <see cref="RowAdversary"/>.
/// </param>
/// <param name="IsCertified">
/// Whether the prediction is proved to be the classifier's own. Where it is not, the radius is 0 and claims nothing.
/// </param>
public readonly record struct Certificate(CertificateKind Kind, int Prediction, Radius Radius, bool IsCertified)
{
    /// <summary>Stands for the class where Algorithm 2 abstains: its samples do not tell how the vote goes.</summary>
    public const int Abstention = -1;

    /// <summary>
    /// Whether the radius holds for this list of classes only. True where the list was read off the training labels
    /// (<see cref="ClassList.IsStated"/>) and flips within the radius could remove a class from them.
    /// </summary>
    public bool AssumesClasses { get; init; }
}

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

    /// <summary>Whether flips within a budget could take away a class of a list that was read off the labels.</summary>
    public bool IsMadeAt(int budget) => !_kept.Survives(budget);
}
