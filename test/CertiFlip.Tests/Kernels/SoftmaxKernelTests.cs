using CertiFlip.Kernels;

namespace CertiFlip.Tests.Kernels;

/// <summary>Class probabilities for every register width, against their definition.</summary>
public class SoftmaxKernelTests
{
    private const double Tolerance = 1e-14;

    private static readonly int[] ClassCounts = [2, 3, 40];

    public static TheoryData<string, int> Cases => new(
        from kernels in KernelSet.All
        from classes in ClassCounts
        select (kernels.Name, classes));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Probabilities_and_log_sums_are_those_of_the_definition(string name, int classes)
    {
        foreach (int rows in KernelTestData.Lengths)
        {
            int stride = rows + 3;
            double[] scores = [.. KernelTestData.Weights(classes * stride).Select(value => 50 * value)], probabilities = [.. scores];
            double logSum = KernelTestData.Named(name).Softmax(probabilities, classes, stride, rows);
            double expected = 0;
            for (int row = 0; row < rows; row++)
            {
                double sum = Enumerable.Range(0, classes).Sum(c => Math.Exp(scores[c * stride + row]));
                expected += Math.Log(sum);
                for (int c = 0; c < classes; c++)
                    Assert.Equal(Math.Exp(scores[c * stride + row]) / sum, probabilities[c * stride + row], Tolerance);
            }

            Assert.Equal(expected, logSum, Tolerance * rows * 50);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Probabilities_of_extreme_scores_are_finite(string name, int classes)
    {
        double[] scores = [.. Enumerable.Range(0, classes * 20).Select(i => i % 3 == 0 ? 1e300 : -1e300)];
        double logSum = KernelTestData.Named(name).Softmax(scores, classes, 20, 20);
        Assert.True(double.IsFinite(logSum));
        Assert.All(scores, p => Assert.InRange(p, 0, 1));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Probabilities_have_the_bits_of_the_scalar_twin(string name, int classes)
    {
        double[] scores = KernelTestData.Weights(classes * 37), twin = [.. scores];
        KernelTestData.Named(name).Softmax(scores, classes, 37, 37);
        KernelTestData.Scalar.Softmax(twin, classes, 37, 37);
        Assert.Equal(twin, scores);
    }
}
