namespace CertiFlip.Tests.Kernels;

/// <summary>Exponential decay for every register width, against Math.Exp.</summary>
public class DecayKernelTests
{
    public static TheoryData<string> Names => KernelTestData.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Numbers_are_those_of_the_definition(string name)
    {
        foreach (int length in KernelTestData.Lengths)
        {
            double[] values = KernelTestData.Weights(length), powers = [.. values];
            KernelTestData.Named(name).Decay(powers, -0.4, 30);
            Assert.All(values.Zip(powers), pair => Assert.Equal(Math.Exp(-30 * (pair.First + 0.4)), pair.Second, 1e-14));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Least_is_one_and_what_is_too_far_is_nought(string name)
    {
        double[] values = [5, 6, 712, 714, 1e300, double.PositiveInfinity, 5, 5, 5];
        KernelTestData.Named(name).Decay(values, 5, 1);
        Assert.Equal(1, values[0]);
        Assert.Equal(Math.Exp(-707), values[2], 1e-320);
        Assert.Equal([0, 0, 0, 1, 1, 1], values[3..]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bits_are_those_of_the_scalar_twin(string name)
    {
        double[] values = [.. KernelTestData.Weights(2051)], twin = [.. values];
        KernelTestData.Named(name).Decay(values, -0.4, 700);
        KernelTestData.Scalar.Decay(twin, -0.4, 700);
        Assert.Equal(twin, values);
    }
}
