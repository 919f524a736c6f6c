using CertiFlip.Smoothing;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Instances;

/// <summary>
/// Two measures over the same few points whose probabilities are whole numbers over a power of two, and so exact as
/// doubles.
/// </summary>
/// <param name="Mu">μ, as whole numbers.</param>
/// <param name="Rho">ρ, over the same sum.</param>
internal sealed record DyadicMeasures(int[] Mu, int[] Rho)
{
    public FiniteMeasure MuMeasure => Measure(Mu);

    public FiniteMeasure RhoMeasure => Measure(Rho);

    /// <summary>Unrelated pairs, pairs a little apart, and points that one or both lack.</summary>
    public static Gen<DyadicMeasures> Any { get; } =
        from points in Gen.Choose(1, 10)
        from bits in Gen.Choose(1, 30)
        let all = 1 << bits
        from mu in Gen.Choose(0, all).ArrayOf(points - 1)
        from away in Gen.Elements(all, 1 + all / 8, 1 + all / 64, 1, 0)
        from steps in Gen.Choose(-away, away).ArrayOf(points - 1)
        from skewed in Gen.Elements(0, 0, 3, 12)
        let low = mu.Select(cut => all - (all - cut >> skewed)).ToArray()
        select new DyadicMeasures(
            Parts(low, all), Parts([.. low.Zip(steps, (cut, step) => (int)Math.Clamp((long)cut + step, 0, all))], all));

    public override string ToString() => $"μ [{string.Join(' ', Mu)}], ρ [{string.Join(' ', Rho)}]";

    private static FiniteMeasure Measure(int[] weights) => new([.. weights.Select(weight => (double)weight)]);

    private static int[] Parts(int[] cuts, int all)
    {
        int[] sorted = [0, .. cuts.Order(), all];
        return [.. sorted.Zip(sorted.Skip(1), (from, to) => to - from)];
    }
}
