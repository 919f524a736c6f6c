using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Instances;

/// <summary>
/// Generates one to four parts, some of them empty, with weights of every kind and labels that agree, contradict or do
/// neither.
/// </summary>
internal static class SmallPartitions
{
    private const int MostParts = 4;

    /// <summary>Two classes, up to eight rows.</summary>
    public static Gen<SmallPartition> OfTwoClasses { get; } = Of(classes: 2, mostRows: 8);

    /// <summary>Three classes, up to six rows.</summary>
    public static Gen<SmallPartition> OfThreeClasses { get; } = Of(classes: 3, mostRows: 6);

    /// <summary>Two or three classes.</summary>
    public static Gen<SmallPartition> Any { get; } = Gen.OneOf(OfTwoClasses, OfThreeClasses);

    private static Gen<SmallPartition> Of(int classes, int mostRows) =>
        from sizes in Sizes(mostRows)
        from leader in Gen.Choose(0, classes - 1)
        from parts in Gen.CollectToArray(sizes, size => Part(size, classes, leader))
        select new SmallPartition([.. parts.Select(part => part.Weights)], [.. parts.Select(part => part.Labels)], classes);

    private static Gen<int[]> Sizes(int mostRows) => (
        from parts in Gen.Choose(1, MostParts)
        from sizes in LabelWeights.ArrayOf(Gen.Frequency((1, Gen.Constant(0)), (9, Gen.Choose(1, mostRows))), parts)
        select sizes).Where(sizes => sizes.Sum() is > 0 and var rows && rows <= mostRows);

    private static Gen<(double[] Weights, int[] Labels)> Part(int rows, int classes, int leader) =>
        from weights in rows == 0 ? Gen.Constant(Array.Empty<double>()) : LabelWeights.Of(rows)
        from others in LabelWeights.ArrayOf(Gen.Choose(1, classes - 1), rows)
        from labels in Gen.Frequency(
            (3, LabelWeights.ArrayOf(Gen.Choose(0, classes - 1), rows)),
            (3, Gen.Constant(weights.Select((weight, row) => weight > 0 ? leader : (leader + others[row]) % classes).ToArray())),
            (1, Gen.Constant(weights.Select((weight, row) => weight < 0 ? leader : (leader + others[row]) % classes).ToArray())),
            (1, Gen.Constant(Enumerable.Repeat(leader, rows).ToArray())))
        select (weights, labels);
}
