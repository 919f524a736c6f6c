using CertiFlip.Certificates;
using CertiFlip.Cli.Methods;

namespace CertiFlip.Cli.Adversaries;

/// <summary>What an adversary can do, in sentences, and what radii then count.</summary>
internal static class AdversaryWording
{
    private const int MostDirectionsNamed = 6;

    /// <summary>What can have been done to the labels; null where that is anything.</summary>
    public static string? Sentence(Problem problem)
    {
        LabelFlipAdversary adversary = problem.Adversary;
        if (adversary.IsUnlimited)
            return null;
        int rows = problem.Labels.Count, able = ChangeableLabels(problem);
        string[] limits =
        [
            .. adversary.Directions.Count == 0 ? [] : (string[])[$"only {InWords(adversary.Directions, problem.Classes)}"],
            .. adversary.TrustedRows.Count == 0 ? [] : (string[])[$"{Wording.Count(adversary.TrustedRows.Count, "row")} {(adversary.TrustedRows.Count == 1 ? "is" : "are")} trusted"],
        ];
        string can = $"The adversary can change {(able == rows ? "each" : $"{able:N0}")} of {Wording.Count(rows, "training label")}{(limits.Length == 0 ? "" : $": {string.Join("; ", limits)}")}.";
        return adversary.HasUnitCosts ? can : $"{can} {Costs(adversary.Costs)}";
    }

    /// <summary>Over a column of radii.</summary>
    public static string RadiusHeading(this LabelFlipAdversary adversary) => adversary.HasUnitCosts ? "flips r" : "cost r";

    /// <summary>What a prediction of radius r survives.</summary>
    public static string FlipsSurvived(this LabelFlipAdversary adversary) => adversary switch
    {
        { IsUnlimited: true } => "any r flips",
        { HasUnitCosts: true } => "any r flips that the adversary can make",
        _ => "any flips that the adversary can make at a cost of r",
    };

    /// <summary>How many labels can be changed at all.</summary>
    private static int ChangeableLabels(Problem problem)
    {
        LabelFlipAdversary adversary = problem.Adversary;
        HashSet<int> trusted = [.. adversary.TrustedRows], origins = [.. adversary.Directions.Select(direction => direction.From)];
        return Enumerable.Range(0, problem.Labels.Count).Count(row => !trusted.Contains(row) && (origins.Count == 0 || origins.Contains(problem.Labels[row])));
    }

    private static string InWords(IReadOnlyList<FlipDirection> directions, IReadOnlyList<string> classes)
    {
        string named = string.Join(", ", directions.Take(MostDirectionsNamed).Select(direction => $"{classes[direction.From]} to {classes[direction.To]}"));
        int more = directions.Count - MostDirectionsNamed;
        return more > 0 ? $"{named} and {more:N0} more ways" : named;
    }

    private static string Costs(IReadOnlyList<int> costs)
    {
        (int least, int most) = (costs.Min(), costs.Max());
        return $"A change costs {(least == most ? $"{least:N0}" : $"{least:N0} to {most:N0}")}; radii are costs, of which all labels together have {costs.Sum():N0}.";
    }
}
