using CertiFlip.Kernels;

namespace CertiFlip.Tests.Kernels;

/// <summary>The kernel sets this processor runs, by name, and inputs of awkward lengths for them.</summary>
internal static class KernelTestData
{
    public static TheoryData<string> Names => [.. KernelSet.All.Select(kernels => kernels.Name)];

    /// <summary>Around the widths of registers, and beyond one block.</summary>
    public static int[] Lengths => [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 255, 256, 257, 2048, 4099];

    public static KernelSet Named(string name) => KernelSet.Choose(name);

    public static KernelSet Scalar => KernelSet.Choose("scalar");

    public static double[] Weights(int length)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.4)];
    }
}
