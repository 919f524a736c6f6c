using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>A classifier and what became of its predictions.</summary>
/// <param name="Name">The classifier in a word.</param>
/// <param name="Sentence">How it was fitted and attacked.</param>
/// <param name="Findings">One for each test row.</param>
/// <param name="Data">The data.</param>
/// <param name="Most">The most flips that were tried, or the most that they may cost: rows for which nothing was found are known to survive no more.</param>
internal sealed record AttackedMethod(string Name, string Sentence, IReadOnlyList<Finding> Findings, RunData Data, int Most)
{
    /// <summary>What is left when each row is attacked with up to r flips, or flips that cost up to r: the accuracy, or where truth is not known, the part of predictions that stay.</summary>
    public AccuracyCurve Curve => AccuracyCurve.UnderAttack(
        Findings.Count,
        Findings.Where((finding, row) => !Data.HasTruth || finding.Prediction == Data.Truth[row]).Select(finding => finding.IsBroken ? finding.Cost : (int?)null),
        Most);

    /// <summary>The predictions that an attack was found for.</summary>
    public int Broken => Findings.Count(finding => finding.IsBroken);
}
