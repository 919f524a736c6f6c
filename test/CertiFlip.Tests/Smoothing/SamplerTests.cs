using CertiFlip.Kernels;
using CertiFlip.Smoothing;
using MathNet.Numerics.Distributions;

namespace CertiFlip.Tests.Smoothing;

/// <summary>What measures draw against the probabilities that they state.</summary>
public class SamplerTests
{
    private const int Samples = 40_000;

    // Φ⁻¹ of 0.1, …, 0.9.
    private static readonly double[] Deciles =
    [
        -1.2815515655446004, -0.8416212335729143, -0.5244005127080407, -0.2533471031357997, 0,
        0.2533471031357997, 0.5244005127080407, 0.8416212335729143, 1.2815515655446004,
    ];

    public static TheoryData<double, int> Alphas => new() { { 0, 1 }, { 0, 3 }, { 0.05, 2 }, { 0.5, 1 }, { 0.7, 2 }, { 0.9, 3 }, { 1, 2 } };

    [Theory]
    [MemberData(nameof(Alphas))]
    public void Discrete_measure_draws_points_as_often_as_they_are_probable(double alpha, int others)
    {
        var mu = new DiscreteMeasure([1, 0, others], alpha, others);
        AssertFits(mu, point => point.Aggregate(0, (number, value) => number * (others + 1) + value));
    }

    [Fact]
    public void Label_noise_draws_labellings_as_often_as_they_are_probable() =>
        AssertFits(
            DiscreteMeasure.AroundLabels(new ClassLabels([2, 0, 1], 3), new Noise(0.4, 3)),
            point => (point[0] * 3 + point[1]) * 3 + point[2]);

    [Fact]
    public void Label_noise_is_that_of_the_paper()
    {
        // (23): a label stays with 1 − q and becomes each other class with q/(K − 1).
        var atoms = DiscreteMeasure.AroundLabels(new ClassLabels([1], 4), new Noise(0.3, 4)).Atoms()
            .ToDictionary(atom => atom.Point[0], atom => atom.Probability);
        Assert.Equal([0.1, 0.7, 0.1, 0.1], Enumerable.Range(0, 4).Select(c => atoms[c]), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Finite_measure_draws_points_as_often_as_they_are_probable() =>
        AssertFits(new FiniteMeasure([0, 3, 1, 0, 0.5, 1e-300, 2, 0]), point => point);

    [Fact]
    public void Gaussian_draws_each_decile_of_every_coordinate_alike_and_coordinates_apart()
    {
        var mu = new GaussianMeasure([3, -100], 0.25);
        int[] first = new int[10], second = new int[10], both = new int[4];
        for (int i = 0; i < Samples; i++)
        {
            double[] z = [.. mu.Sample(new PhiloxRandom(5, (ulong)i)).Zip(mu.Center, (x, center) => (x - center) / mu.Sigma)];
            first[Deciles.Count(decile => decile < z[0])]++;
            second[Deciles.Count(decile => decile < z[1])]++;
            both[(z[0] > 0 ? 1 : 0) + (z[1] > 0 ? 2 : 0)]++;
        }

        double[] tenths = [.. Enumerable.Repeat(0.1, 10)];
        ChiSquare.AssertFits(first, tenths);
        ChiSquare.AssertFits(second, tenths);
        ChiSquare.AssertFits(both, [0.25, 0.25, 0.25, 0.25]);
    }

    [Fact]
    public void Gaussian_draws_what_another_implementation_of_the_polar_method_draws()
    {
        var mu = new GaussianMeasure([3, -100, 0], 0.25);
        for (ulong stream = 0; stream < 500; stream++)
        {
            var random = new PhiloxRandom(6, stream);
            double[] expected = [.. mu.Center.Select(x => Normal.Sample(random, x, mu.Sigma))];
            double[] drawn = mu.Sample(new PhiloxRandom(6, stream));
            Assert.All(expected.Zip(drawn), pair => Assert.Equal(pair.First, pair.Second, 1e-15 * Math.Abs(pair.First)));
        }
    }

    [Fact]
    public void Values_are_in_range_however_many_there_are()
    {
        var mu = new DiscreteMeasure([int.MaxValue, 0, int.MaxValue / 2], 0.1, int.MaxValue);
        for (int i = 0; i < 1000; i++)
            Assert.DoesNotContain(mu.Sample(new PhiloxRandom(0, (ulong)i)), value => value < 0);
        Assert.Throws<InvalidOperationException>(mu.Atoms);
    }

    [Fact]
    public void Atoms_are_all_points_once_and_add_up_to_one()
    {
        var atoms = new DiscreteMeasure([0, 2, 1, 1], 0.35, 2).Atoms().ToList();
        Assert.Equal(81, atoms.Select(atom => string.Join(' ', atom.Point)).Distinct().Count());
        Assert.Equal(1, atoms.Sum(atom => atom.Probability), 1e-14);
        Assert.Equal(Math.Pow(0.35, 4), atoms.Single(atom => atom.Point.SequenceEqual([0, 2, 1, 1])).Probability, 1e-15);
    }

    [Fact]
    public void Source_of_randomness_is_required()
    {
        Assert.Throws<ArgumentNullException>("random", () => new GaussianMeasure([0], 1).Sample(null!));
        Assert.Throws<ArgumentNullException>("random", () => new FiniteMeasure([1]).Sample(null!));
        Assert.Throws<ArgumentNullException>("random", () => new DiscreteMeasure([0], 0.5, 1).Sample(null!));
    }

    private static void AssertFits<TPoint>(IEnumerableMeasure<TPoint> mu, Func<TPoint, int> numberOf)
    {
        var probabilities = mu.Atoms().ToDictionary(atom => numberOf(atom.Point), atom => atom.Probability);
        int[] counts = new int[probabilities.Count];
        for (int i = 0; i < Samples; i++)
            counts[numberOf(mu.Sample(new PhiloxRandom(3, (ulong)i)))]++;
        ChiSquare.AssertFits(counts, [.. Enumerable.Range(0, counts.Length).Select(number => probabilities[number])]);
    }
}
