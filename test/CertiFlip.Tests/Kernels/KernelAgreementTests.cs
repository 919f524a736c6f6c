using CertiFlip.Kernels;
using CertiFlip.Smoothed;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Kernels;

/// <summary>
/// Every kernel that adds rows up gives the bits of its scalar twin, at every width: results do not depend on the
/// processor. Kernels whose lanes do not meet are held against chains of their own, beside them.
/// </summary>
public class KernelAgreementTests
{
    private static readonly double[] Hostile = [0, -0.0, 1, -1, 1e-300, -1e-320, 1e300, 1e-17, -3];

    public static TheoryData<string> Names => KernelTestData.Names;

    private static Gen<(int Rows, int Hostile, double Q, int Classes, double HalfT, int Seed)> Cases =>
        from rows in Gen.Frequency(
            (3, Gen.Choose(0, 70)), (1, Gen.Choose(2030, 2070)), (1, Gen.Elements(1023, 1024, 1025, 4095, 4096, 4097)))
        from hostile in Gen.Choose(0, 3)
        from q in Gen.Elements(0.1, 0.3, 1e-12, 1e-300)
        from classes in Gen.Choose(2, 12)
        from halfT in Gen.Elements(0, 1e-5, 0.7, 20, 1000, 1e9)
        from seed in Gen.Choose(0, int.MaxValue)
        select (rows, hostile, q, classes, halfT, seed);

    [Theory]
    [MemberData(nameof(Names))]
    public void Sums_over_rows_have_the_bits_of_the_scalar_twin(string name) => Claim.HoldsFor(Cases, t =>
    {
        (KernelSet kernels, KernelSet twin) = (KernelTestData.Named(name), KernelTestData.Scalar);
        double[] weights = Weights(t.Rows, t.Hostile, t.Seed);
        var noise = new Noise(t.Q, t.Classes);
        RoleProbabilities[] roles = [NoisyRole.Winner(noise), NoisyRole.Rival(noise), NoisyRole.Bystander(noise)];
        foreach (RoleProbabilities role in roles)
        {
            AreSame(twin.SumMoments(weights, t.HalfT, role), kernels.SumMoments(weights, t.HalfT, role));
            AreSame(twin.SumTilt(weights, t.HalfT, role), kernels.SumTilt(weights, t.HalfT, role));
            AreSame(twin.SumRoughTilt(weights, t.HalfT, role), kernels.SumRoughTilt(weights, t.HalfT, role));
        }

        (double first, double second) = kernels.SumTwoMoments(weights, t.HalfT, roles[0], roles[1]);
        AreSame(twin.SumTwoMoments(weights, t.HalfT, roles[0], roles[1]).First, first);
        AreSame(twin.SumTwoMoments(weights, t.HalfT, roles[0], roles[1]).Second, second);
        (WeightSums expected, WeightSums sums) = (twin.SumWeights(weights, 0.25), kernels.SumWeights(weights, 0.25));
        AreSame(expected.Total, sums.Total);
        AreSame(expected.Magnitude, sums.Magnitude);
        AreSame(expected.Squares, sums.Squares);
        double[] powers = new double[PowerSums.Degree], ofTwin = new double[PowerSums.Degree];
        kernels.AddPowers(weights, 0.5, powers);
        twin.AddPowers(weights, 0.5, ofTwin);
        AreSame(ofTwin, powers);
    }, count: 200);

    [Theory]
    [MemberData(nameof(Names))]
    public void Functions_of_each_row_have_the_bits_of_the_scalar_twin(string name) => Claim.HoldsFor(Cases, t =>
    {
        (KernelSet kernels, KernelSet twin) = (KernelTestData.Named(name), KernelTestData.Scalar);
        int stride = t.Rows + t.Seed % 3;
        double[] scores = Weights(stride * t.Classes, 0, t.Seed), ofTwin = [.. scores];
        AreSame(twin.Softmax(ofTwin, t.Classes, stride, t.Rows), kernels.Softmax(scores, t.Classes, stride, t.Rows));
        AreSame(ofTwin, scores);
        twin.Saturate(ofTwin, 1 + t.HalfT, -0.1, 0.25);
        kernels.Saturate(scores, 1 + t.HalfT, -0.1, 0.25);
        AreSame(ofTwin, scores);
        (scores, ofTwin) = (Weights(t.Rows, t.Hostile, t.Seed), Weights(t.Rows, t.Hostile, t.Seed));
        double least = scores.DefaultIfEmpty().Min();
        twin.Decay(ofTwin, least, t.HalfT);
        kernels.Decay(scores, least, t.HalfT);
        AreSame(ofTwin, scores);
    }, count: 100);

    [Fact]
    public void Plain_sums_have_the_same_order_on_every_processor()
    {
        foreach (int length in KernelTestData.Lengths)
        {
            double[] x = KernelTestData.Weights(length), y = [.. x.Reverse().Select(value => value * 3 - 0.1)];
            AreSame(InLanes(x, 8, (sum, value, _) => sum + value, y), Elementwise.Sum(x));
            AreSame(InLanes(x, 8, (sum, value, _) => sum + Math.Abs(value), y), Elementwise.SumOfMagnitudes(x));
            AreSame(InLanes(x, 16, (sum, value, other) => Math.FusedMultiplyAdd(value, other, sum), y), Elementwise.Dot(x, y));
            AreSame(
                InLanes(x, 8, (sum, value, other) => Math.FusedMultiplyAdd(value - other, value - other, sum), y),
                Elementwise.SquaredDistance(x, y));
            double[] quotients = [.. x], combined = [.. x];
            double sum = Elementwise.DivideAndSum(quotients, 0.7);
            AreSame([.. x.Select(value => value / 0.7)], quotients);
            AreSame(Elementwise.SumOfMagnitudes(quotients), sum);
            Assert.Equal((Elementwise.SumOfMagnitudes(x), Elementwise.SumOfMagnitudes(y)), Elementwise.Combine(0.8, combined, 0.2, y));
            AreSame([.. x.Zip(y, (value, other) => 0.8 * value + 0.2 * other)], combined);
            AreSame(x.Select(Math.Abs).DefaultIfEmpty().Max(), Elementwise.LargestMagnitude(x));
        }
    }

    /// <summary>Sums side by side, added by halves, and what is left over one by one.</summary>
    private static double InLanes(double[] x, int lanes, Func<double, double, double, double> add, double[] y)
    {
        double[] sums = new double[lanes];
        int whole = x.Length - x.Length % lanes;
        for (int i = 0; i < whole; i++)
            sums[i % lanes] = add(sums[i % lanes], x[i], y[i]);
        double[] four = lanes == 8
            ? [.. Enumerable.Range(0, 4).Select(i => sums[i] + sums[4 + i])]
            : [.. Enumerable.Range(0, 4).Select(i => sums[i] + sums[4 + i] + (sums[8 + i] + sums[12 + i]))];
        double sum = four[0] + four[1] + (four[2] + four[3]);
        for (int i = whole; i < x.Length; i++)
            sum = add(sum, x[i], y[i]);
        return sum;
    }

    private static double[] Weights(int rows, int hostile, int seed)
    {
        var random = new Random(seed);
        double[] weights = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() - 0.4)];
        for (int i = 0; i < hostile && rows > 0; i++)
            weights[random.Next(rows)] = Hostile[random.Next(Hostile.Length)];
        return weights;
    }

    private static void AreSame(TiltSums expected, TiltSums actual)
    {
        AreSame(expected.Slope, actual.Slope);
        AreSame(expected.Curvature, actual.Curvature);
    }

    private static void AreSame(double[] expected, double[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            AreSame(expected[i], actual[i]);
    }

    // What is not a number has many bit patterns, and no result.
    private static void AreSame(double expected, double actual) => Assert.True(
        BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual)
        || (double.IsNaN(expected) && double.IsNaN(actual)),
        $"{actual:R} is not {expected:R}");
}
