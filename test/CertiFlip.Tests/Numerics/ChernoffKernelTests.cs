using CertiFlip.Numerics;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Numerics;

/// <summary>The sums of (7) against fifty-digit ones, for every register width.</summary>
public class ChernoffKernelTests
{
    private const double Logit = 2.1972245773362196; // q = 0.1

    public static TheoryData<string> Names => KernelTestData.Names;

    public static TheoryData<string, double> NamesAndT => new(
        from name in Names.Select(row => (string)row.Data)
        from t in new[] { -3.5, 1e-5, 0.7, 40, -2000, 1e9 }
        select (name, t));

    [Theory]
    [MemberData(nameof(NamesAndT))]
    public void Softplus_is_within_the_stated_margin(string name, double t)
    {
        foreach (int length in KernelTestData.Lengths)
        {
            (double[] weights, double[] signs) = KernelTestData.Votes(length);
            double computed = KernelTestData.Named(name).SumChernoff(weights, signs, t, Logit).Softplus;
            double magnitude = weights.Sum(weight => Math.Abs(t * weight) + Logit + 2);
            AssertClose(Softplus(weights, signs, t), computed, Rounding.OfBlockedSum(length) * magnitude);
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndT))]
    public void Derivatives_are_those_of_the_definition(string name, double t)
    {
        foreach (int length in KernelTestData.Lengths)
        {
            (double[] weights, double[] signs) = KernelTestData.Votes(length);
            ChernoffSums sums = KernelTestData.Named(name).SumChernoff(weights, signs, t, Logit);
            double[] xs = [.. weights.Select(weight => t * weight)];
            double[] tilted = [.. xs.Select((x, j) => 1 / (1 + Math.Exp(x - Logit * signs[j])))];
            Assert.Equal(xs.Zip(tilted, (x, s) => x * s).Sum(), sums.TiltedMean, 1e-12 * xs.Sum(Math.Abs));
            Assert.Equal(xs.Zip(tilted, (x, s) => x * x * s * (1 - s)).Sum(), sums.TiltedVariance, 1e-12 * xs.Sum(x => x * x));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sums_stay_finite_where_every_label_is_certain(string name)
    {
        ChernoffSums sums = KernelTestData.Named(name).SumChernoff([1, -1, 1e-300, 0], [1, 1, -1, -1], 1e200, Logit);
        Assert.True(double.IsFinite(sums.Softplus) && double.IsFinite(sums.TiltedMean) && sums.TiltedVariance >= 0, sums.ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Widths_differ_by_rounding_alone(string name)
    {
        (double[] weights, double[] signs) = KernelTestData.Votes(4099);
        ChernoffSums sums = KernelTestData.Named(name).SumChernoff(weights, signs, 0.7, Logit);
        ChernoffSums twin = KernelTestData.Scalar.SumChernoff(weights, signs, 0.7, Logit);
        Assert.Equal(twin.Softplus, sums.Softplus, 1e-12 * twin.Softplus);
        Assert.Equal(twin.TiltedVariance, sums.TiltedVariance, 1e-12 * twin.TiltedVariance);
    }

    private static Rational Softplus(double[] weights, double[] signs, double t)
    {
        Rational sum = 0;
        for (int j = 0; j < weights.Length; j++)
        {
            Rational z = (Rational)signs[j] * Logit - (Rational)t * weights[j];
            sum += z.Sign > 0 ? z : 0;
            if (Rational.Abs(z) < 300)
                sum += HighPrecision.Log(1 + HighPrecision.Exp(-Rational.Abs(z)));
        }

        return sum;
    }

    private static void AssertClose(Rational exact, double computed, double margin) =>
        Assert.True(Rational.Abs(exact - computed) <= margin, $"{computed:R} is off by {(exact - computed).ToDouble():R}, more than {margin:R}");
}
