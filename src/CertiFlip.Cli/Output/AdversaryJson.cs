namespace CertiFlip.Cli.Output;

/// <summary>An adversary with limits as JSON.</summary>
/// <param name="Sentence">All of them in words.</param>
/// <param name="ChangeableLabels">How many labels can be changed.</param>
/// <param name="TrustedRows">How many labels nobody can have changed.</param>
/// <param name="Directions">The only changes that are possible, left out if all are.</param>
/// <param name="TotalCost">What all labels cost together, left out where radii are numbers of flips.</param>
internal sealed record AdversaryJson(string Sentence, int ChangeableLabels, int TrustedRows, IReadOnlyList<AdversaryJson.Direction>? Directions, int? TotalCost)
{
    /// <summary>Null where there are no limits.</summary>
    public static AdversaryJson? Of(RunData data)
    {
        LabelFlipAdversary adversary = data.Adversary;
        return AdversaryWording.Sentence(data) is not { } sentence ? null : new AdversaryJson(
            sentence,
            AdversaryWording.ChangeableLabels(data),
            adversary.TrustedRows.Count,
            adversary.Directions.Count == 0 ? null : [.. adversary.Directions.Select(direction => new Direction(data.Classes[direction.From], data.Classes[direction.To]))],
            adversary.HasUnitCosts ? null : data.TotalCost);
    }

    internal sealed record Direction(string From, string To);
}
