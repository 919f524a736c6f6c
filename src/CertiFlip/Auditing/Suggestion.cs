namespace CertiFlip.Auditing;

/// <summary>Which training labels to check first.</summary>
/// <param name="Suggestions">The labels, the first to check first.</param>
/// <param name="AuditedRows">
/// Number of rows whose predictions were audited: test rows, or training rows each left out of its own head.
/// </param>
/// <param name="CountedRows">
/// Number of those whose radii are counted: where the true classes are known, the rows predicted correctly.
/// </param>
/// <param name="TotalRadius">
/// The sum of the exact radii of the counted rows while no label is verified. A row that no flips can change counts as
/// the cost of all labels.
/// </param>
/// <param name="Contradicted">How many labels are contradicted, of those that can be wrong.</param>
/// <param name="ClearlyContradicted">
/// How many of these are so clearly: without its row, the class suggested is ahead by no less than it is for a tenth of
/// the rows that are labelled with it and not contradicted.
/// </param>
public sealed record LabelAudit(
    IReadOnlyList<Suggestion> Suggestions, int AuditedRows, int CountedRows, long TotalRadius, int Contradicted, int ClearlyContradicted);

/// <summary>A training label to check, and why.</summary>
/// <param name="Row">The training row, from 0.</param>
/// <param name="Label">The class that it is labelled with.</param>
/// <param name="Reason">Why it is suggested.</param>
/// <param name="SuggestedClass">
/// Without its row: the class with the largest score, of its own and those that it may be changed into.
/// </param>
/// <param name="ContradictionRadius">
/// The largest budget within which no flips of other labels that the adversary can make bring <paramref name="Label"/>
/// past <paramref name="SuggestedClass"/>: a number of flips, or their cost where labels have costs. It holds for the
/// head that is really fitted without the row. 0 where the two classes are the same, or too close to tell which is
/// ahead.
/// </param>
/// <param name="Lead">
/// By how much the score of <paramref name="SuggestedClass"/> is ahead of that of <paramref name="Label"/>, about the
/// difference of the classes' probabilities; 0 where the two are the same.
/// </param>
/// <param name="WitnessCount">
/// In how many smallest witnesses of the audited rows the label is. Where several sets of equal moves would do, each of
/// their labels counts in part.
/// </param>
/// <param name="RadiusGain">
/// By how much the sum of the exact radii grows if this label alone is known to be right, in the same units.
/// </param>
/// <param name="TotalRadius">
/// The sum of the exact radii once this label and all that were suggested before it are known to be right.
/// </param>
public sealed record Suggestion(
    int Row, int Label, SuggestionReason Reason, int SuggestedClass, Radius ContradictionRadius, double Lead, double WitnessCount,
    long RadiusGain, long TotalRadius);

/// <summary>Why a label should be checked.</summary>
public enum SuggestionReason
{
    /// <summary>
    /// The head that is fitted without the row predicts another class: the label may be wrong already.
    /// </summary>
    Contradicted,

    /// <summary>
    /// Certified predictions depend on the label: once it is known to be right, they survive more flips of the others.
    /// </summary>
    Relied,
}
