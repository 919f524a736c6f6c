namespace CertiFlip;

/// <summary>A prediction for one test row, with the number of label flips that provably cannot change it.</summary>
/// <param name="Kind">How it was proved.</param>
/// <param name="Prediction">
/// The class, from 0 to K − 1, of the classifier that <paramref name="Kind"/> speaks of, or <see cref="Abstention"/>.
/// </param>
/// <param name="Radius">
/// The largest budget within which no flips that the adversary may make change the prediction; the cost of all n labels if none do. Without costs it is the number of training labels, 0 … n.
/// </param>
/// <param name="IsCertified">
/// Whether the prediction is proved to be the classifier's own. Where it is not, the radius is 0 and claims nothing.
/// </param>
public readonly record struct Certificate(CertificateKind Kind, int Prediction, int Radius, bool IsCertified)
{
    /// <summary>Stands for the class where Algorithm 2 abstains: its samples do not tell how the vote goes.</summary>
    public const int Abstention = -1;

    /// <summary>
    /// Whether the radius holds for this list of classes only. True where the list was read off the training labels
    /// (<see cref="ClassList.IsStated"/>) and flips within the radius could remove a class from them.
    /// </summary>
    public bool AssumesClasses { get; init; }
}
