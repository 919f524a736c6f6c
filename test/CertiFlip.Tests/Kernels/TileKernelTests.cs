using CertiFlip.Kernels;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Kernels;

/// <summary>The tile product: the same bits at every width, and the right ones.</summary>
public class TileKernelTests
{
    private const int StrideA = 2 * Tile.Width;
    private const int StrideB = Tile.Height + 1;
    private const int StrideC = Tile.Width + 3;

    public static TheoryData<string> Names => KernelTestData.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Product_has_the_bits_of_the_scalar_twin(string name)
    {
        foreach (int inner in new[] { 0, 1, 2, 5, 64, 257 })
            Assert.Equal(Multiply(KernelTestData.Scalar, inner), Multiply(KernelTestData.Named(name), inner));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_entry_is_a_chain_of_fused_multiply_adds_in_order(string name)
    {
        const int Inner = 37;
        (double[] a, double[] b, double[] expected) = Operands(Inner);
        for (int column = 0; column < Tile.Height; column++)
        {
            for (int row = 0; row < Tile.Width; row++)
            {
                ref double entry = ref expected[column * StrideC + row];
                for (int i = 0; i < Inner; i++)
                    entry = Fused(a[i * StrideA + row], b[i * StrideB + column], entry);
            }
        }

        Assert.Equal(expected, Multiply(KernelTestData.Named(name), Inner));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Product_with_a_panel_has_the_bits_of_its_tiles(string name)
    {
        const int Inner = 21;
        KernelSet kernels = KernelTestData.Named(name);
        foreach (int columns in new[] { 4, 8, 12, 16, 20 })
        {
            var random = new Random(columns);
            double[] a = Numbers(Inner * Tile.Width), b = Numbers(Inner * columns), start = Numbers(columns * StrideC);
            foreach (double? constant in new double?[] { null, 0, 0.3 })
            {
                double[] expected = [.. start], products = [.. start];
                for (int column = 0; column < columns && constant is not null; column++)
                    expected.AsSpan(column * StrideC, Tile.Width).Fill(constant.Value);
                for (int column = 0; column < columns; column += Tile.Height)
                    KernelTestData.Scalar.MultiplyAddTile(
                        Inner, in a[0], Tile.Width, in b[column], columns, ref expected[column * StrideC], StrideC);
                kernels.MultiplyPanel(Inner, in a[0], in b[0], columns, columns, constant, ref products[0], StrideC);
                Assert.Equal(expected, products);
            }

            double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
        }
    }

    /// <summary>
    /// a·b + c rounded once: the nearest double to the exact value, found among the neighbours of the doubly rounded
    /// one.
    /// </summary>
    private static double Fused(double a, double b, double c)
    {
        Rational exact = (Rational)a * b + c;
        double near = a * b + c;
        double[] candidates = [Math.BitDecrement(near), near, Math.BitIncrement(near)];
        while (exact < candidates[0] || exact > candidates[2])
        {
            near = exact < candidates[0] ? candidates[0] : candidates[2];
            candidates = [Math.BitDecrement(near), near, Math.BitIncrement(near)];
        }

        return candidates.MinBy(candidate => Rational.Abs(exact - candidate));
    }

    private static double[] Multiply(KernelSet kernels, int inner)
    {
        (double[] a, double[] b, double[] c) = Operands(inner);
        kernels.MultiplyAddTile(inner, in a[0], StrideA, in b[0], StrideB, ref c[0], StrideC);
        return c;
    }

    private static (double[] A, double[] B, double[] C) Operands(int inner)
    {
        var random = new Random(inner);
        return (Numbers(inner * StrideA + 1), Numbers(inner * StrideB + 1), Numbers(Tile.Height * StrideC));

        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
    }
}
