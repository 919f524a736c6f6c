namespace CertiFlip.Auditing;

/// <summary>Which training labels to check first.</summary>
/// <param name="Suggestions">The labels, the first to check first.</param>
/// <param name="AuditedRows">Number of rows whose predictions were audited: test rows, or training rows each left out of its own head.</param>
/// <param name="CountedRows">Number of those whose radii are counted: where the true classes are known, the rows predicted rightly.</param>
/// <param name="TotalRadius">The sum of the exact radii of the counted rows while no label is verified.</param>
/// <param name="Contradicted">How many labels that are not trusted the head contradicts when it is fitted without their rows.</param>
public sealed record LabelAudit(IReadOnlyList<Suggestion> Suggestions, int AuditedRows, int CountedRows, long TotalRadius, int Contradicted);
