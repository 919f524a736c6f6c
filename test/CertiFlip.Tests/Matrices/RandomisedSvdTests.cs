using CertiFlip.Matrices;

namespace CertiFlip.Tests.Matrices;

public class RandomisedSvdTests
{
    [Theory]
    [InlineData(60, 90, 5)]
    [InlineData(90, 60, 8)]
    [InlineData(10, 12, 10)]
    public void Vectors_and_values_are_those_of_the_whole_decomposition(int rows, int columns, int rank)
    {
        (SparseRows matrix, double[] dense) = Random(rows, columns);
        (double[] vectors, double[] values) = RandomisedSvd.Leading(matrix, rank, seed: 1, new ParallelOptions());
        Assert.Equal(rank, values.Length);
        double[] gram = new double[columns * columns];
        for (int a = 0; a < columns; a++)
        {
            for (int b = 0; b < columns; b++)
                gram[a * columns + b] = Enumerable.Range(0, rows).Sum(row => dense[row * columns + a] * dense[row * columns + b]);
        }

        var whole = SymmetricEigen.Of(columns, gram, columns, new ParallelOptions());
        for (int i = 0; i < rank; i++)
        {
            Assert.Equal(Math.Sqrt(whole.Values[i]), values[i], 1e-5 * values[0]);
            double alike = 0;
            for (int column = 0; column < columns; column++)
                alike += whole.Vector(i)[column] * vectors[i * columns + column];
            Assert.Equal(1, alike, 1e-3);
        }
    }

    [Fact]
    public void A_matrix_of_low_rank_has_no_more_vectors()
    {
        var matrix = SparseRows.Of(4, [([0, 1], [1, 2]), ([0, 1], [2, 4]), ([3], [1]), ([], [])]);
        (_, double[] values) = RandomisedSvd.Leading(matrix, 4, seed: 1, new ParallelOptions());
        Assert.Equal(2, values.Length);
        Assert.Equal(5, values[0], 1e-9);
        Assert.Equal(1, values[1], 1e-9);
    }

    [Fact]
    public void A_transposed_matrix_transposed_is_the_matrix()
    {
        (SparseRows matrix, double[] dense) = Random(7, 5);
        double[] unit = [.. Enumerable.Range(0, 25).Select(i => i % 6 == 0 ? 1.0 : 0)];
        Assert.Equal(dense, matrix.Transposed.Transposed.Multiply(unit, 5, new ParallelOptions()));
    }

    private static (SparseRows Matrix, double[] Dense) Random(int rows, int columns)
    {
        var random = new Random(rows);
        double[] dense = new double[rows * columns];
        for (int i = 0; i < dense.Length; i++)
            dense[i] = random.Next(3) == 0 ? random.NextDouble() * Math.Pow(0.8, i % columns) * Math.Pow(0.8, i / columns % 11) : 0;
        return (SparseRows.Of(columns, [.. Enumerable.Range(0, rows).Select(row =>
        {
            int[] indices = [.. Enumerable.Range(0, columns).Where(column => dense[row * columns + column] != 0)];
            return (indices, (double[])[.. indices.Select(column => dense[row * columns + column])]);
        })]), dense);
    }
}
