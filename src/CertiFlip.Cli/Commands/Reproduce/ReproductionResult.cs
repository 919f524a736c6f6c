using CertiFlip.Paper;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary>A reproduction with all that its files say of it.</summary>
/// <param name="Experiment">Which experiment.</param>
/// <param name="Options">What was chosen.</param>
/// <param name="Reproduction">What came out.</param>
/// <param name="Files">The raw data.</param>
internal sealed record ReproductionResult(IExperiment Experiment, ExperimentOptions Options, Reproduction Reproduction, IReadOnlyList<UsedFile> Files);
