namespace CertiFlip.Paper.Results;

/// <summary>A number of the paper beside ours.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Paper">What the paper says, in its words.</param>
/// <param name="Here">What this run found.</param>
public sealed record Claim(string What, string Paper, string Here);
