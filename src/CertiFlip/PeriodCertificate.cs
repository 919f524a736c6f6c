namespace CertiFlip;

/// <summary>
/// A head's prediction against an adversary who owns the labels of one period: of all rows from some time on, and up to
/// some length of time later. It may be any such period, and its labels may become anything that is allowed.
/// </summary>
/// <param name="Prediction">The head's class, from 0 to K − 1.</param>
/// <param name="Weakest">
/// The shortest period whose labels can change it, of equally short ones the first; null where not even all labels can.
/// </param>
public sealed record PeriodCertificate(int Prediction, DecisivePeriod? Weakest)
{
    /// <summary>
    /// Whether the prediction stays the same whoever owns the labels of any one period [t, t + length], both ends
    /// included.
    /// </summary>
    /// <param name="length">A length of time, at least 0; 0 for the rows of one instant.</param>
    public bool Survives(decimal length) => Weakest is null || length < Weakest.Length;

    /// <summary>
    /// Whether it holds for this list of classes only: the list was read off the labels, and some period that is
    /// survived has all labels of a class in it.
    /// </summary>
    public bool AssumesClasses { get; init; }
}

/// <summary>A period whose labels decide a prediction. Nothing shorter does.</summary>
/// <param name="Start">The time of its first row.</param>
/// <param name="End">The time of its last row.</param>
/// <param name="Rival">The class that comes past the predicted one.</param>
public sealed record DecisivePeriod(decimal Start, decimal End, int Rival)
{
    /// <summary>How long it is: every period shorter than this is survived.</summary>
    public decimal Length => End - Start;
}
