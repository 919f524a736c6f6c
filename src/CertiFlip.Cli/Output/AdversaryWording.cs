namespace CertiFlip.Cli.Output;

/// <summary>What an adversary can do, in sentences, and what radii then count.</summary>
internal static class AdversaryWording
{
    private const int MostDirectionsNamed = 6;

    /// <summary>What can have been done to the labels; null where that is anything.</summary>
    public static string? Sentence(RunData data) => data switch
    {
        { RowAdversary: { } ofRows } => RowThreat.Sentence(ofRows),
        { Adversary.IsUnlimited: true, CountsVotes: false } => null,
        _ => Sentence(
            data.Adversary, data.Labels.Count, ChangeableLabels(data),
            data.Adversary.Directions.Count == 0 ? [] : [$"only {InWords(data.Adversary.Directions, data.Classes)}"],
            data.CountsVotes ? VoteWording.Costs(ChangeableCosts(data), data.Classes.Count) : null),
    };

    /// <inheritdoc cref="Sentence(RunData)"/>
    public static string? Sentence(NumericData data) => data.Adversary.IsUnlimited ? null : Sentence(
        data.Adversary, data.Labels.Count, data.Labels.Count - data.Adversary.TrustedRows.Count, []);

    private static string Sentence(LabelFlipAdversary adversary, int rows, int able, string[] directions, string? votes = null)
    {
        int trusted = adversary.TrustedRows.Count;
        string[] limits =
        [
            .. directions,
            .. trusted == 0 ? [] : (string[])[$"{Wording.Count(trusted, "row")} {(trusted == 1 ? "is" : "are")} trusted"],
        ];
        string can = $"The adversary can change {(able == rows ? "each" : $"{able:N0}")} of "
            + $"{Wording.Count(rows, "training label")}{(limits.Length == 0 ? "" : $": {string.Join("; ", limits)}")}.";
        return votes is not null ? $"{can} {votes}" : adversary.HasUnitCosts ? can : $"{can} {Costs(adversary.Costs)}";
    }

    /// <summary>What a prediction of radius r survives.</summary>
    /// <param name="data">The data, with the adversary.</param>
    /// <param name="flips">What the flips are called.</param>
    public static string Survived(this RunData data, string flips = "flips") =>
        data.RowAdversary is { } ofRows ? RowThreat.Survived(ofRows)
            : data.CountsVotes ? "any r changed votes" : data.Adversary.Survived(flips);

    /// <summary>What a prediction of radius r survives.</summary>
    /// <param name="adversary">The adversary.</param>
    /// <param name="flips">What the flips are called.</param>
    public static string Survived(this LabelFlipAdversary adversary, string flips = "flips") => adversary switch
    {
        { IsUnlimited: true } => $"any r {flips}",
        { HasUnitCosts: true } => $"any r {flips} that the adversary can make",
        _ => $"any {flips} that the adversary can make at a cost of r",
    };

    /// <summary>What the radius <c>any</c> means.</summary>
    public static string Any(RunData data)
    {
        string adversary = Sentence(data) is null ? "an adversary" : "this adversary";
        string condition = ClassWording.Limit(data).Length == 0 ? "" : " while the list of classes stays the same";
        return $"The radius any means that nothing {adversary} can do changes the prediction{condition}.";
    }

    /// <summary>After a number of labels: nothing where any of them may be changed to anything.</summary>
    public static string WithinLimits(this LabelFlipAdversary adversary) =>
        adversary.TrustedRows.Count == 0 && adversary.Directions.Count == 0 ? "" : " within the adversary’s limits";

    /// <summary>How many labels can be changed at all.</summary>
    public static int ChangeableLabels(RunData data)
    {
        LabelFlipAdversary adversary = data.Adversary;
        HashSet<int> trusted = [.. adversary.TrustedRows], origins = [.. adversary.Directions.Select(direction => direction.From)];
        return Enumerable.Range(0, data.Labels.Count)
            .Count(row => !trusted.Contains(row) && (origins.Count == 0 || origins.Contains(data.Labels[row])));
    }

    /// <summary>What it costs to change each label that can be changed.</summary>
    private static IReadOnlyList<int> ChangeableCosts(RunData data)
    {
        HashSet<int> trusted = [.. data.Adversary.TrustedRows];
        return [.. data.Adversary.Costs.Where((_, row) => !trusted.Contains(row))];
    }

    private static string InWords(IReadOnlyList<FlipDirection> directions, ClassList classes)
    {
        int more = directions.Count - MostDirectionsNamed;
        return string.Join(
            " or ",
            [
                .. directions.Take(MostDirectionsNamed)
                    .Select(direction => $"{Wording.Name(classes[direction.From])} to {Wording.Name(classes[direction.To])}"),
                .. more > 0 ? [$"in {more:N0} more ways"] : (string[])[],
            ]);
    }

    private static string Costs(IReadOnlyList<int> costs)
    {
        (int least, int most) = (costs.Min(), costs.Max());
        return $"Changing a label costs {(least == most ? $"{least:N0}" : $"{least:N0} to {most:N0}")}, and radii are costs.";
    }
}
