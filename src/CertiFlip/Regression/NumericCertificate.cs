namespace CertiFlip;

/// <summary>
/// What is certain of a number that is linear in the training labels: a prediction, a coefficient, the mean of a group.
/// </summary>
/// <param name="Value">The number with the labels as they are.</param>
/// <param name="IsKept">
/// Whether it is where it should stay: always near itself, but an error may be too large before any label is changed,
/// and a coefficient of 0 has no sign.
/// </param>
/// <param name="Radius">
/// The largest budget within which no allowed changes of labels move it out of where it should stay; 0 where it is not
/// there. Without costs a budget is a number of labels.
/// </param>
/// <param name="Intervals">For each budget that was asked for, in that order, where the number can lie.</param>
public sealed record NumericCertificate(double Value, bool IsKept, Radius Radius, IReadOnlyList<NumberInterval> Intervals)
{
    /// <summary>
    /// The largest budget within which the prediction is certain to be as near to the truth as the tolerance says; null
    /// where the truth is not known, there is no tolerance, or the prediction is further away with the labels as they
    /// are.
    /// </summary>
    public Radius? ErrorRadius { get; init; }
}

/// <summary>The numbers from one to another, both included.</summary>
/// <param name="Low">The least.</param>
/// <param name="High">The largest.</param>
public readonly record struct NumberInterval(double Low, double High)
{
    /// <summary>How far apart the ends are.</summary>
    public double Width => High - Low;
}

/// <summary>The cheapest changes of labels that move a number out of where it should stay.</summary>
/// <param name="Before">The number with the labels as they are.</param>
/// <param name="After">The number after the changes, up to rounding.</param>
/// <param name="Cost">What the changes cost: their number, unless labels differ in cost.</param>
/// <param name="Changes">The changes, those that move the number most first.</param>
public sealed record NumericWitness(double Before, double After, int Cost, IReadOnlyList<LabelChange> Changes);

/// <summary>One numeric training label changed by an adversary.</summary>
/// <param name="Row">The training row, from 0.</param>
/// <param name="From">What its label is.</param>
/// <param name="To">What it is changed to.</param>
public readonly record struct LabelChange(int Row, double From, double To);
