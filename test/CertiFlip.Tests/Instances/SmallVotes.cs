using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Instances;

/// <summary>Generates votes of every kind that a certificate could stumble over: ties, zeros, one sign, extreme scales, strong majorities.</summary>
internal static class SmallVotes
{
    private const int MostRows = 9;

    // The sum of so many magnitudes is still finite; twice the sum need not be.
    private const double LargestScale = double.MaxValue / (MostRows + 0.5);

    /// <summary>Any weights, labels, threshold and noise.</summary>
    public static Gen<SmallVote> Any { get; } = WithThreshold(AnyThreshold);

    /// <summary>Any weights, labels and noise at the paper's threshold ½.</summary>
    public static Gen<SmallVote> AtOneHalf { get; } = WithThreshold(_ => Gen.Constant(0.5));

    private static Gen<double> Unit => Gen.Choose(-(1 << 30), 1 << 30).Select(i => Math.ScaleB(i, -30));

    private static Gen<double> Dyadic => Gen.Choose(-8, 8).Select(i => i / 8.0);

    private static Gen<double> Noise => Gen.Frequency(
        (4, Gen.Elements(1e-6, 0.001, 0.01, 0.1, 0.2, 0.3, 0.45, 0.499999)),
        (1, Gen.Choose(1, (1 << 29) - 1).Select(i => Math.ScaleB(i, -30))));

    private static Gen<SmallVote> WithThreshold(Func<double[], Gen<double>> thresholdFor) =>
        from rows in Gen.Choose(1, MostRows)
        from weights in Gen.Frequency(
            (3, ArrayOf(Unit, rows)),
            (3, ArrayOf(Unit, rows).Select(SummingToOne)),
            (3, ArrayOf(Dyadic, rows)),
            (1, ArrayOf(Gen.OneOf(Unit, Gen.Constant(0.0)), rows)),
            (1, ArrayOf(Unit, rows).Select(values => Map(values, Math.Abs))),
            (1, ArrayOf(Unit, rows).Select(values => Map(values, value => -Math.Abs(value)))),
            (1, ArrayOf(Unit, 2).SelectMany(pair => ArrayOf(Gen.Elements(pair), rows))),
            (1, ArrayOf(Unit, rows).Select(values => Map(values, value => value * 1e150))),
            (1, ArrayOf(Unit, rows).Select(values => Map(values, value => value * 1e-150))),
            (1, ArrayOf(Unit, rows).Select(values => Map(values, value => value * LargestScale))),
            (1, ArrayOf(Unit, rows).Select(values => Map(values, value => value * double.Epsilon * 1000))),
            (1, ArrayOf(Dyadic, rows).Select(values => Map(values, value => value * 8 * double.Epsilon))),
            (1, ArrayOf(Unit.SelectMany(value => Gen.Elements(1e-150, 1e-9, 1, 1e4, 1e150).Select(scale => value * scale)), rows)))
        from labels in Gen.Frequency(
            (3, ArrayOf(Gen.Choose(0, 1), rows)),
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
        (1, Unit));

    /// <summary>What some labelling scores, to rounding: for dyadic weights an exact tie.</summary>
    private static Gen<double> SubsetSum(double[] weights) =>
        ArrayOf(Gen.Choose(0, 1), weights.Length).Select(labels => weights.Zip(labels, (weight, label) => weight * label).Sum());

    private static Gen<T[]> ArrayOf<T>(Gen<T> item, int length) => Gen.ArrayOf(item, length);

    private static double[] Map(double[] values, Func<double, double> map) => [.. values.Select(map)];

    private static double[] SummingToOne(double[] weights)
    {
        double shift = (1 - weights.Sum()) / weights.Length;
        return Map(weights, weight => weight + shift);
    }
}
