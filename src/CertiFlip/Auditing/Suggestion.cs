namespace CertiFlip.Auditing;

/// <summary>A training label to check, and why.</summary>
/// <param name="Row">The training row, from 0.</param>
/// <param name="Label">The class that it is labelled with.</param>
/// <param name="Reason">Why it is suggested.</param>
/// <param name="SuggestedClass">Without its row: the class with the largest score, of its own and those that it may be changed into.</param>
/// <param name="ContradictionRadius">
/// The largest budget within which no flips of other labels that the adversary can make bring <paramref name="Label"/> past <paramref name="SuggestedClass"/>: a number of flips, or their cost where labels have costs. −1 where the
/// two are the same.
/// </param>
/// <param name="Lead">By how much the score of <paramref name="SuggestedClass"/> is ahead of that of <paramref name="Label"/>, about the difference of the classes' probabilities; 0 where the two are the same.</param>
/// <param name="WitnessCount">In how many smallest witnesses of the audited rows the label is; a row that several sets of equal moves would do for counts in parts.</param>
/// <param name="RadiusGain">By how much the sum of the exact radii grows if this label alone is known to be right, in the same units.</param>
/// <param name="TotalRadius">The sum of the exact radii once this label and all that were suggested before it are known to be right.</param>
public sealed record Suggestion(
    int Row, int Label, SuggestionReason Reason, int SuggestedClass, int ContradictionRadius, double Lead, double WitnessCount, long RadiusGain, long TotalRadius);
