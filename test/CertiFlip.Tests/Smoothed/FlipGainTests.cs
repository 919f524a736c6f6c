using CertiFlip.Smoothed;

namespace CertiFlip.Tests.Smoothed;

/// <summary>Half moves and whole moves that gain the same.</summary>
public class FlipGainTests
{
    public static TheoryData<double, int> NoiseLevels =>
        new() { { 1e-300, 3 }, { 1e-160, 10 }, { 1e-12, 4 }, { 0.01, 3 }, { 0.1, 10 }, { 0.3, 3 }, { 0.6, 10 }, { 0.66, 3 } };

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Weights_of_the_two_kinds_that_are_alike_have_the_same_gain(double q, int classes)
    {
        var noise = new Noise(q, classes);
        FlipGain whole = FlipGain.OfWhole(noise), half = FlipGain.OfHalf(noise);
        for (double x = 1e-9; x < 1000; x *= 1.7)
        {
            Assert.Equal(whole.At(x), half.At(half.WeightLike(whole, x)), 1e-12);
            Assert.Equal(half.At(x), whole.At(whole.WeightLike(half, x)), 1e-12);
        }
    }
}
