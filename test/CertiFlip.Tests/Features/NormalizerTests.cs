using CertiFlip.Features;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Features;

public class NormalizerTests
{
    [Fact]
    public void Rows_are_divided_by_their_length_and_zeros_stay()
    {
        var inputs = new FeatureMatrix(3, 2, [3, -4, 0, 0, 0, 0.5]);
        Assert.Equal([0.6, -0.8, 0, 0, 0, 1], new Normalizer(2).Transform(inputs).Values.ToArray());
    }

    /// <summary>In exact fractions: the square of a number, over the sum of all squares.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(1e-320)]
    [InlineData(1e-200)]
    [InlineData(1e300)]
    public void The_square_of_a_number_is_its_part_of_all_squares(double unit)
    {
        var random = new Random(1);
        var inputs = new FeatureMatrix(20, 7, [.. Enumerable.Range(0, 140).Select(_ => unit * (random.NextDouble() - 0.5))]);
        FeatureMatrix features = new Normalizer(7).Transform(inputs);
        for (int row = 0; row < inputs.Rows; row++)
        {
            Rational[] numbers = [.. inputs.Row(row).ToArray().Select(number => (Rational)number)];
            Rational sum = numbers.Aggregate((Rational)0, (total, number) => total + number * number);
            for (int i = 0; i < numbers.Length; i++)
            {
                double own = features.Row(row)[i];
                Assert.Equal((numbers[i] * numbers[i] / sum).ToDouble(), own * own, 1e-15);
                Assert.Equal(Math.Sign(inputs.Row(row)[i]), Math.Sign(own));
            }
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var random = new Random(2);
        var inputs = new FeatureMatrix(50, 9, [.. Enumerable.Range(0, 450).Select(_ => random.NextDouble() - 0.5)]);
        var map = new Normalizer(9);
        Assert.Equal(
            map.Transform(inputs, new ParallelOptions { MaxDegreeOfParallelism = 1 }).Values.ToArray(),
            map.Transform(inputs, new ParallelOptions { MaxDegreeOfParallelism = 3 }).Values.ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Normalizer(0));
        Assert.Throws<ArgumentException>(() => new Normalizer(3).Transform(new FeatureMatrix(1, 2, [1, 2])));
    }
}
