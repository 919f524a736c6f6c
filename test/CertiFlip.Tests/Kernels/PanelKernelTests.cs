using CertiFlip.Kernels;

namespace CertiFlip.Tests.Kernels;

/// <summary>Products of packed columns: the same bits at every width, and the right ones.</summary>
public class PanelKernelTests
{
    private const int StrideA = 3 * Tile.Width;

    public static TheoryData<string> Names => KernelTestData.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_part_is_a_chain_of_fused_multiply_adds_over_the_panels(string name)
    {
        foreach (int panels in new[] { 0, 1, 2, 17 })
        {
            int strideB = panels * Tile.Width + 5;
            double[] a = KernelTestData.Weights(panels * StrideA + Tile.Width), b = KernelTestData.Weights(Tile.Height * strideB + 1);
            double[] parts = KernelTestData.Weights(Tile.Height * Tile.Width), expected = [.. parts];
            for (int at = 0; at < expected.Length; at++)
            {
                (int column, int lane) = (at / Tile.Width, at % Tile.Width);
                for (int panel = 0; panel < panels; panel++)
                    expected[at] = Math.FusedMultiplyAdd(
                        a[panel * StrideA + lane], b[column * strideB + panel * Tile.Width + lane], expected[at]);
            }

            KernelTestData.Named(name).MultiplyAddPanels(panels, in a[0], StrideA, in b[0], strideB, ref parts[0]);
            Assert.Equal(expected, parts);
        }
    }
}
