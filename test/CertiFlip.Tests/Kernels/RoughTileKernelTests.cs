using CertiFlip.Kernels;

namespace CertiFlip.Tests.Kernels;

/// <summary>The tile of products in single precision.</summary>
public class RoughTileKernelTests
{
    public static TheoryData<string> Names => KernelTestData.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_entry_is_a_chain_of_fused_multiply_adds_and_bits_tell_what_is_within_limits(string name)
    {
        const int Stride = RoughTile.Width + 5;
        foreach (int inner in new[] { 0, 1, 7, 100 })
        {
            var random = new Random(inner);
            float[] a = Numbers(inner * RoughTile.Width + 1), b = Numbers(inner * RoughTile.Height + 1), start = Numbers(RoughTile.Width);
            float[] products = new float[RoughTile.Height * Stride], expected = new float[products.Length];
            for (int column = 0; column < RoughTile.Height; column++)
            {
                for (int row = 0; row < RoughTile.Width; row++)
                {
                    float sum = start[row];
                    for (int i = 0; i < inner; i++)
                        sum = MathF.FusedMultiplyAdd(a[i * RoughTile.Width + row], b[i * RoughTile.Height + column], sum);
                    expected[column * Stride + row] = sum;
                }
            }

            float[] least = [.. Enumerable.Range(0, RoughTile.Height)
                .Select(column => expected[(column * Stride)..].Take(RoughTile.Width).Min())];
            float[] limits = [.. least.Select((value, column) => (column % 3) switch
            {
                0 => value,
                1 => MathF.BitDecrement(value),
                _ => column == 2 ? float.PositiveInfinity : float.NegativeInfinity,
            })];
            uint within = KernelTestData.Named(name).MultiplyRoughTile(
                inner, in a[0], in b[0], in start[0], in limits[0], ref products[0], Stride);
            Assert.Equal(expected, products);
            Assert.Equal(0b0100_1101u, within);

            float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        }
    }
}
