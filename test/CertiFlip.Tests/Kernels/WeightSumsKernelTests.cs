using CertiFlip.Kernels;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Kernels;

/// <summary>The sums over the label weights against exact ones, for every register width.</summary>
public class WeightSumsKernelTests
{
    private const double Scale = 0.25;

    public static TheoryData<string> Names => KernelTestData.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Total_is_within_the_stated_margin(string name) =>
        AssertClose(name, sums => sums.Total, weight => weight);

    [Theory]
    [MemberData(nameof(Names))]
    public void Magnitude_is_within_the_stated_margin(string name) =>
        AssertClose(name, sums => sums.Magnitude, weight => Rational.Abs(weight));

    [Theory]
    [MemberData(nameof(Names))]
    public void Squares_are_scaled_first(string name) =>
        AssertClose(name, sums => sums.Squares, weight => weight * Scale * weight * Scale);

    private static void AssertClose(string name, Func<WeightSums, double> sumOf, Func<Rational, Rational> term)
    {
        foreach (int length in KernelTestData.Lengths)
        {
            double[] weights = KernelTestData.Weights(length);
            double computed = sumOf(KernelTestData.Named(name).SumWeights(weights, Scale));
            Rational exact = weights.Aggregate((Rational)0, (sum, weight) => sum + term(weight));
            double margin = Rounding.OfBlockedSum(length, parts: 1) * weights.Sum(Math.Abs);
            Assert.True(Rational.Abs(exact - computed) <= margin, $"{length} weights: {computed:R} is not {exact.ToDouble():R}");
        }
    }
}
