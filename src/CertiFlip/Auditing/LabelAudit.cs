namespace CertiFlip.Auditing;

/// <summary>Which training labels to check first.</summary>
/// <param name="Suggestions">The labels, the first to check first.</param>
/// <param name="AuditedRows">Number of rows whose predictions were audited: test rows, or training rows each left out of its own head.</param>
/// <param name="CountedRows">Number of those whose radii are counted: where the true classes are known, the rows predicted rightly.</param>
/// <param name="TotalRadius">The sum of the exact radii of the counted rows while no label is verified.</param>
/// <param name="Contradicted">How many labels are contradicted, of those that can be wrong.</param>
/// <param name="ClearlyContradicted">How many of these are so clearly: without its row, the class suggested is ahead by no less than it is for a tenth of the rows that are rightly labelled with it.</param>
public sealed record LabelAudit(IReadOnlyList<Suggestion> Suggestions, int AuditedRows, int CountedRows, long TotalRadius, int Contradicted, int ClearlyContradicted);
