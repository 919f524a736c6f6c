using CertiFlip.Kernels;

namespace CertiFlip.Tests.Kernels;

/// <summary>Sums of what products have beyond a threshold: the same bits at every width, and the right ones.</summary>
public class PoolKernelTests
{
    private const int Places = 3;
    private const double Threshold = 0.25;

    public static TheoryData<string> Names => KernelTestData.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Sums_take_columns_in_order_and_products_are_chains(string name)
    {
        foreach ((int inner, int columns, int groups) in new[] { (1, 8, 1), (5, 16, 3), (37, 24, 2), (64, 104, 5), (3, 40, 4) })
        {
            var random = new Random(inner);
            int strideA = columns + 8, strideB = groups * Tile.PoolHeight + 3;
            double[] a = Numbers(random, inner * strideA), b = Numbers(random, inner * strideB);
            int[] places = [.. Enumerable.Range(0, strideB).Select(_ => random.Next(Places) * columns)];
            int[] some = [.. Enumerable.Range(0, groups).Where(group => group != 1).Select(group => group * Tile.PoolHeight)];
            double[] sums = new double[Places * columns], expected = new double[sums.Length];
            KernelTestData.Named(name).AddBeyond(inner, columns, in a[0], strideA, b, strideB, some, places, Threshold, sums);
            foreach (int first in some)
            {
                for (int i = first; i < first + Tile.PoolHeight; i++)
                {
                    for (int column = 0; column < columns; column++)
                    {
                        double product = 0;
                        for (int row = 0; row < inner; row++)
                            product = Math.FusedMultiplyAdd(a[row * strideA + column], b[row * strideB + i], product);
                        expected[places[i] + column] += Math.Max(0, product - Threshold);
                    }
                }
            }

            Assert.Equal(expected, sums);
        }
    }

    private static double[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.45)];
}
