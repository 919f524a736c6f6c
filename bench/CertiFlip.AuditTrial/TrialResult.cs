namespace CertiFlip.AuditTrial;

/// <summary>What one order found.</summary>
/// <param name="Data">The data set.</param>
/// <param name="How">How labels were flipped.</param>
/// <param name="Order">The order in which labels are checked.</param>
/// <param name="Flipped">N, how many labels were flipped.</param>
/// <param name="Found">How many of them are among the first N, 2N and 5N.</param>
/// <param name="Contradicted">How many labels the leave-one-out head contradicts.</param>
internal sealed record TrialResult(string Data, string How, string Order, int Flipped, IReadOnlyList<int> Found, int Contradicted);
