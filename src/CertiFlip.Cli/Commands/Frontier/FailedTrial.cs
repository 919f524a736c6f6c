namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>A setting of which nothing came.</summary>
/// <param name="Candidate">The setting.</param>
/// <param name="Reason">What was wrong, in a sentence.</param>
internal sealed record FailedTrial(Candidate Candidate, string Reason);
