namespace CertiFlip.Tests.Kernels;

/// <summary>Saturation for every register width, against Math.Tanh.</summary>
public class SaturationKernelTests
{
    public static TheoryData<string> Names => KernelTestData.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Numbers_are_those_of_the_definition(string name)
    {
        foreach (int length in KernelTestData.Lengths)
        {
            double[] values = KernelTestData.Weights(length), saturated = [.. values];
            KernelTestData.Named(name).Saturate(saturated, 12, -0.5, 0.25);
            Assert.All(values.Zip(saturated), pair => Assert.Equal(0.25 * Math.Tanh(12 * pair.First - 0.5), pair.Second, 1e-15));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Large_numbers_are_saturated_to_the_bit(string name)
    {
        double[] values = [20, -20, 1e6, -1e6, 1e308, -1e308, 0, 1e-300, -1e-300];
        KernelTestData.Named(name).Saturate(values, 1e10, 0, 1.0 / 7);
        Assert.Equal([1.0 / 7, -1.0 / 7, 1.0 / 7, -1.0 / 7, 1.0 / 7, -1.0 / 7, 0, 0, 0], values);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bits_are_those_of_the_scalar_twin(string name)
    {
        double[] values = [.. KernelTestData.Weights(2051).Select(value => 40 * value)], twin = [.. values];
        KernelTestData.Named(name).Saturate(values, 1.1, 0.3, 0.7);
        KernelTestData.Scalar.Saturate(twin, 1.1, 0.3, 0.7);
        Assert.Equal(twin, values);
    }
}
