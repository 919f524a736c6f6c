using System.Collections.Concurrent;
using CertiFlip.Kernels;
using CertiFlip.Smoothed;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Kernels;

/// <summary>
/// The sums of (24) and their derivatives against fifty-digit ones, for every register width, role of a label and
/// number of classes.
/// </summary>
public class MomentAndTiltKernelTests
{
    private static readonly double[] HalfTs = [1e-5, 0.7, 20, 1000, 1e9];

    // By number of weights: the same for every width, and slow to compute.
    private static readonly ConcurrentDictionary<(int Length, double HalfT, RoleProbabilities Role), Rational> LogMoments = new();

    public static TheoryData<string> Names => KernelTestData.Names;

    public static TheoryData<string, double, int> NamesAndNoise => new(
        from name in Names.Select(row => (string)row.Data)
        from noise in new[] { (0.1, 2), (0.1, 3), (0.6, 10), (1e-12, 4), (1e-300, 2) }
        select (name, noise.Item1, noise.Item2));

    [Theory]
    [MemberData(nameof(NamesAndNoise))]
    public void Log_moment_is_within_the_stated_margin(string name, double q, int classes)
    {
        var noise = new Noise(q, classes);
        foreach ((double[] weights, double halfT, RoleProbabilities role) in Inputs(noise))
        {
            double computed = KernelTestData.Named(name).SumMoments(weights, halfT, role);
            double magnitude = weights.Sum(weight => Math.Abs(halfT * weight) + noise.Logit + 2);
            Rational exact = LogMoments.GetOrAdd((weights.Length, halfT, role), _ => LogMoment(weights, halfT, role));
            AssertClose(exact, computed, Rounding.OfBlockedSum(weights.Length, parts: 1, role.MostFactors) * magnitude);
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndNoise))]
    public void Derivatives_are_those_of_the_definition(string name, double q, int classes)
    {
        // The kernel lets no power fall below e^(−708). Next to the least noise that shows, though it costs a search
        // for t nothing.
        double precision = q < 1e-280 ? 1e-7 : 1e-12;
        foreach ((double[] weights, double halfT, RoleProbabilities role) in Inputs(new Noise(q, classes)))
        {
            AssertDerivatives(weights, halfT, role, KernelTestData.Named(name).SumTilt(weights, halfT, role), precision);
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndNoise))]
    public void Rough_derivatives_are_good_to_five_digits(string name, double q, int classes)
    {
        foreach ((double[] weights, double halfT, RoleProbabilities role) in Inputs(new Noise(q, classes)))
        {
            if (q > 1e-15 && halfT <= 1000)
                AssertDerivatives(weights, halfT, role, KernelTestData.Named(name).SumRoughTilt(weights, halfT, role), 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sums_stay_finite_where_every_label_is_certain(string name)
    {
        foreach (RoleProbabilities role in Roles(new Noise(0.1, 3)))
        {
            double[] weights = [1, -1, 1e-300, 0];
            TiltSums sums = KernelTestData.Named(name).SumTilt(weights, 1e200, role);
            Assert.True(double.IsFinite(sums.Slope) && sums.Curvature >= 0, sums.ToString());
            Assert.True(double.IsFinite(KernelTestData.Named(name).SumMoments(weights, 1e200, role)));
        }
    }

    private static RoleProbabilities[] Roles(Noise noise) =>
        [NoisyRole.Winner(noise), NoisyRole.Rival(noise), NoisyRole.Bystander(noise)];

    private static IEnumerable<(double[] Weights, double HalfT, RoleProbabilities Role)> Inputs(Noise noise) =>
        from length in KernelTestData.Lengths
        from halfT in HalfTs
        from role in Roles(noise)
        where length < 300 || (halfT == 0.7 && role.For > role.Against)
        select (KernelTestData.Weights(length), halfT, role);

    private static void AssertDerivatives(double[] weights, double halfT, RoleProbabilities role, TiltSums sums, double precision)
    {
        double[] xs = [.. weights.Select(weight => halfT * weight)];
        (double Mean, double Variance)[] tilted = [.. xs.Select(x => Tilted(x, role))];
        Assert.Equal(xs.Zip(tilted, (x, s) => -x * s.Mean).Sum(), sums.Slope, precision * xs.Sum(Math.Abs));
        Assert.Equal(xs.Zip(tilted, (x, s) => x * x * s.Variance).Sum(), sums.Curvature, precision * xs.Sum(x => x * x));
    }

    private static (double Mean, double Variance) Tilted(double x, RoleProbabilities role)
    {
        double size = Math.Abs(x);
        double up = role.For * Math.Exp(-x - size), idle = role.Neither * Math.Exp(-size), down = role.Against * Math.Exp(x - size);
        double all = up + idle + down;
        (up, idle, down) = (up / all, idle / all, down / all);
        return (up - down, (up + down) * idle + 4 * up * down);
    }

    /// <summary>Σ log E[e^(−xs)], as |x| + log(E[e^(−xs−|x|)]) so that no power grows.</summary>
    private static Rational LogMoment(double[] weights, double halfT, RoleProbabilities role)
    {
        Rational sum = 0;
        foreach (double weight in weights)
        {
            Rational x = (Rational)halfT * weight;
            (Rational hurts, Rational helps) = x.Sign > 0 ? (role.Against, role.For) : ((Rational)role.For, (Rational)role.Against);
            Rational size = Rational.Abs(x);
            Rational fading = size < 800 ? HighPrecision.Exp(-size) : 0;
            sum += size + HighPrecision.Log(hurts + role.Neither * fading + helps * fading * fading);
        }

        return sum;
    }

    private static void AssertClose(Rational exact, double computed, double margin) =>
        Assert.True(Rational.Abs(exact - computed) <= margin,
            $"{computed:R} is off by {(exact - computed).ToDouble():R}, more than {margin:R}");
}
