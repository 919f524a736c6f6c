using CertiFlip.Matrices;

namespace CertiFlip.Tests.Matrices;

public class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(160)]
    public void Vectors_are_eigenvectors_and_orthonormal(int size) => AssertDecomposes(size, Random(size));

    [Fact]
    public void Rank_one_and_zero_matrices_are_decomposed()
    {
        AssertDecomposes(30, new double[30, 30]);
        AssertDecomposes(30, Filled(30, (_, _) => 1));
        AssertDecomposes(30, Filled(30, (i, j) => i == j ? 2 : 0));
    }

    [Fact]
    public void Eigenvalues_close_together_are_decomposed() =>
        AssertDecomposes(40, Filled(40, (i, j) => i == j ? 1 + i % 4 : Math.Abs(i - j) == 1 ? 1e-9 : 0));

    [Theory]
    [InlineData(1e-140)]
    [InlineData(1e140)]
    public void Units_do_not_matter(double unit)
    {
        double[,] matrix = Random(12);
        AssertDecomposes(12, Filled(12, (i, j) => unit * matrix[i, j]));
    }

    [Fact]
    public void Known_values_are_found()
    {
        // The second difference has eigenvalues 2 − 2cos(jπ/(n + 1)).
        const int n = 25;
        SymmetricEigen eigen = Decompose(n, Filled(n, (i, j) => i == j ? 2 : Math.Abs(i - j) == 1 ? -1 : 0));
        for (int j = 0; j < n; j++)
            Assert.Equal(2 - 2 * Math.Cos((n - j) * Math.PI / (n + 1)), eigen.Values[j], 1e-13);
    }

    private static void AssertDecomposes(int size, double[,] matrix)
    {
        double largest = Math.Max(double.Epsilon, matrix.Cast<double>().Max(Math.Abs));
        SymmetricEigen eigen = Decompose(size, matrix);
        for (int a = 0; a < size; a++)
        {
            double[] v = eigen.Vector(a).ToArray();
            for (int i = 0; i < size; i++)
                Assert.Equal(eigen.Values[a] / largest * v[i],
                    Enumerable.Range(0, size).Sum(j => matrix[i, j] / largest * v[j]), 1e-14 * (size + 10));
            for (int b = 0; b <= a; b++)
            {
                double[] w = eigen.Vector(b).ToArray();
                Assert.Equal(a == b ? 1 : 0, Enumerable.Range(0, size).Sum(i => v[i] * w[i]), 1e-14 * (size + 10));
            }
        }

        Assert.Equal(eigen.Values.OrderDescending(), eigen.Values);
    }

    private static SymmetricEigen Decompose(int size, double[,] matrix) =>
        SymmetricEigen.Of(size, [.. matrix.Cast<double>()], size, new ParallelOptions());

    private static double[,] Random(int size)
    {
        var random = new Random(size);
        double[,] half = Filled(size, (_, _) => random.NextDouble() - 0.5);
        return Filled(size, (i, j) => half[i, j] + half[j, i]);
    }

    private static double[,] Filled(int size, Func<int, int, double> entry)
    {
        double[,] matrix = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
                matrix[i, j] = entry(i, j);
        }

        return matrix;
    }
}
