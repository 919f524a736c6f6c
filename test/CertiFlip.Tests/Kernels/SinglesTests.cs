using CertiFlip.Kernels;

namespace CertiFlip.Tests.Kernels;

/// <summary>One number at a time gives the same bits as registers of any width.</summary>
public class SinglesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(45)]
    [InlineData(256)]
    public void Products_are_those_of_sixteen_sums(int length)
    {
        float[] x = Noise(length, 1), y = Noise(length, 2);
        (float product, float square) = Singles.Products(x, y);
        Assert.Equal(Sum(x, y), product);
        Assert.Equal(Sum(y, y), square);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(45)]
    public void A_turn_is_that_of_each_number(int length)
    {
        const float c = 0.37f, s = 0.021f;
        float[] x = Noise(length, 1), y = Noise(length, 2), turns = Noise(length, 3);
        float[] expectedTurns = [.. y.Zip(turns, (own, turn) => MathF.FusedMultiplyAdd(own, c, turn))];
        float[] expected = [.. x.Zip(y, (other, own) => MathF.FusedMultiplyAdd(other, c, own * (1 - s)))];
        Singles.Turn(x, y, c, s, turns);
        Assert.Equal(expected, y);
        Assert.Equal(expectedTurns, turns);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(45)]
    public void Scaling_and_adding_is_that_of_each_number(int length)
    {
        const float c = 0.37f;
        float[] x = Noise(length, 1), y = Noise(length, 2);
        float[] expected = [.. x.Zip(y, (own, other) => MathF.FusedMultiplyAdd(own, c, other))];
        Singles.ScaleAndAdd(x, c, y);
        Assert.Equal(expected, x);
    }

    [Fact]
    public void Asking_for_numbers_changes_none()
    {
        float[] numbers = Noise(45, 1);
        Singles.Prefetch(numbers);
        Singles.Prefetch([]);
        Assert.Equal(Noise(45, 1), numbers);
    }

    private static float Sum(float[] x, float[] y)
    {
        float[] sums = new float[16];
        int whole = x.Length - x.Length % sums.Length;
        for (int i = 0; i < whole; i++)
            sums[i % sums.Length] = MathF.FusedMultiplyAdd(x[i], y[i], sums[i % sums.Length]);
        float[] eight = [.. sums.Take(8).Zip(sums.Skip(8), (low, high) => low + high)];
        float sum = ((eight[0] + eight[1]) + (eight[2] + eight[3])) + ((eight[4] + eight[5]) + (eight[6] + eight[7]));
        for (int i = whole; i < x.Length; i++)
            sum = MathF.FusedMultiplyAdd(x[i], y[i], sum);
        return sum;
    }

    private static float[] Noise(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
