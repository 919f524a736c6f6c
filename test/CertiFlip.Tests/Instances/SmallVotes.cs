using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Instances;

/// <summary>
/// Generates votes of every kind that a certificate could stumble over: ties, zeros, one sign, extreme scales, strong
/// majorities.
/// </summary>
internal static class SmallVotes
{
    /// <summary>Any weights, labels, threshold and noise.</summary>
    public static Gen<SmallVote> Any { get; } = WithThreshold(AnyThreshold);

    /// <summary>Any weights, labels and noise at the paper's threshold ½.</summary>
    public static Gen<SmallVote> AtOneHalf { get; } = WithThreshold(_ => Gen.Constant(0.5));

    private static Gen<double> Noise => Gen.Frequency(
        (4, Gen.Elements(1e-6, 0.001, 0.01, 0.1, 0.2, 0.3, 0.45, 0.499999)),
        (1, Gen.Choose(1, (1 << 29) - 1).Select(i => Math.ScaleB(i, -30))));

    private static Gen<SmallVote> WithThreshold(Func<double[], Gen<double>> thresholdFor) =>
        from rows in Gen.Choose(1, LabelWeights.MostRows)
        from weights in LabelWeights.Of(rows)
        from labels in Gen.Frequency(
            (3, LabelWeights.ArrayOf(Gen.Choose(0, 1), rows)),
            (3, Gen.Constant(weights.Select(weight => weight > 0 ? 1 : 0).ToArray())),
            (2, Gen.Constant(weights.Select(weight => weight > 0 ? 0 : 1).ToArray())),
            (1, Gen.Elements(0, 1).Select(label => Enumerable.Repeat(label, rows).ToArray())))
        from threshold in thresholdFor(weights)
        from q in Noise
        select new SmallVote(weights, labels, threshold, q);

    private static Gen<double> AnyThreshold(double[] weights) => Gen.Frequency(
        (3, Gen.Constant(0.5)),
        (1, Gen.Constant(0.0)),
        (1, Gen.Choose(-4, 4).Select(i => i * double.Epsilon)),
        (2, Gen.Constant(weights.Sum() / 2)),
        (2, SubsetSum(weights)),
        (1, LabelWeights.Unit));

    /// <summary>What some labelling scores, to rounding: for dyadic weights an exact tie.</summary>
    private static Gen<double> SubsetSum(double[] weights) =>
        LabelWeights.ArrayOf(Gen.Choose(0, 1), weights.Length)
            .Select(labels => weights.Zip(labels, (weight, label) => weight * label).Sum());
}
