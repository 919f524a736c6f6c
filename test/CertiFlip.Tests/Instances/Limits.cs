using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Instances;

/// <summary>
/// Generates adversaries of every kind: trusted rows, one-way changes, costs that are alike or differ, and all of these
/// together.
/// </summary>
internal static class Limits
{
    public static Gen<LabelFlipAdversary> Of(int rows, int classes) =>
        from trusted in Gen.OneOf(Gen.Constant(Array.Empty<bool>()), LabelWeights.ArrayOf(Gen.Elements(false, false, true), rows))
        from directions in Gen.OneOf(Gen.Constant(Array.Empty<bool>()), LabelWeights.ArrayOf(Gen.Elements(false, true), classes * classes))
        from costs in Gen.OneOf(
            Gen.Constant(Array.Empty<int>()),
            LabelWeights.ArrayOf(Gen.Choose(1, 3), rows),
            LabelWeights.ArrayOf(Gen.Elements(1, 7, 1000), rows),
            LabelWeights.ArrayOf(Gen.Constant(5), rows),
            LabelWeights.ArrayOf(Gen.Choose(1, 100), rows))
        select new LabelFlipAdversary
        {
            TrustedRows = [.. trusted.Index().Where(row => row.Item).Select(row => row.Index)],
            Directions = [.. directions.Index().Where(way => way.Item && way.Index / classes != way.Index % classes)
                .Select(way => new FlipDirection(way.Index / classes, way.Index % classes))],
            Costs = costs,
        };

    /// <summary>The limits as an oracle takes them: what a change costs, null where it is not allowed.</summary>
    public static Func<int, int, int, int?> Price(this LabelFlipAdversary adversary) => (row, from, to) =>
        adversary.TrustedRows.Contains(row)
        || (adversary.Directions.Count > 0 && !adversary.Directions.Contains(new FlipDirection(from, to)))
            ? null
            : adversary.Costs.Count > 0 ? adversary.Costs[row] : 1;

    /// <summary>The radius that says that nothing changes the prediction.</summary>
    public static int Total(this LabelFlipAdversary adversary, int rows) => adversary.Costs.Count > 0 ? adversary.Costs.Sum() : rows;
}
