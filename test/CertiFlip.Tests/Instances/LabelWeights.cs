using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Instances;

/// <summary>
/// Generates label weights of every kind: generic, on a grid so that scores tie, zero, of one sign, repeated, of
/// extreme scale.
/// </summary>
internal static class LabelWeights
{
    /// <summary>With more, the sum of magnitudes could overflow.</summary>
    public const int MostRows = 9;

    // The sum of so many magnitudes is still finite; twice the sum need not be.
    private const double LargestScale = double.MaxValue / (MostRows + 0.5);

    /// <summary>A number from −1 to 1.</summary>
    public static Gen<double> Unit => Gen.Choose(-(1 << 30), 1 << 30).Select(i => Math.ScaleB(i, -30));

    private static Gen<double> Dyadic => Gen.Choose(-8, 8).Select(i => i / 8.0);

    /// <summary>The weights of so many rows.</summary>
    public static Gen<double[]> Of(int rows) => Gen.Frequency(
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
        (1, ArrayOf(Dyadic, rows).Select(values => Map(values, value => value * 8 * double.Epsilon))),
        (1, ArrayOf(Unit.SelectMany(value => Gen.Elements(1e-150, 1e-9, 1, 1e4, 1e150).Select(scale => value * scale)), rows)));

    public static Gen<T[]> ArrayOf<T>(Gen<T> item, int length) => Gen.ArrayOf(item, length);

    private static double[] Map(double[] values, Func<double, double> map) => [.. values.Select(map)];

    private static double[] SummingToOne(double[] weights)
    {
        double shift = (1 - weights.Sum()) / weights.Length;
        return Map(weights, weight => weight + shift);
    }
}
