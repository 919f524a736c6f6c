using CertiFlip.Certification;
using CertiFlip.Cli.Methods;

namespace CertiFlip.Cli.Attacking;

/// <summary>A classifier and what became of its predictions.</summary>
/// <param name="Name">The classifier in a word.</param>
/// <param name="Sentence">How it was fitted and attacked.</param>
/// <param name="Findings">One for each test row.</param>
/// <param name="Problem">The data.</param>
/// <param name="MostFlips">The most flips that were tried: rows for which nothing was found are known to survive no more.</param>
internal sealed record AttackedMethod(string Name, string Sentence, IReadOnlyList<Finding> Findings, Problem Problem, int MostFlips)
{
    /// <summary>What is left under up to r flips for each row: the accuracy, or where truth is not known, the part of predictions that stay.</summary>
    public AccuracyCurve Curve => AccuracyCurve.UnderAttack(
        Findings.Count,
        Findings.Where((finding, row) => !Problem.HasTruth || finding.Prediction == Problem.Truth[row]).Select(finding => finding.IsBroken ? finding.Flips.Count : (int?)null),
        MostFlips);

    /// <summary>The predictions that an attack was found for.</summary>
    public int Broken => Findings.Count(finding => finding.IsBroken);
}
