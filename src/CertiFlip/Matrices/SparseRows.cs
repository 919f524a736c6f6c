using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>A matrix of which few numbers are not zero, row by row.</summary>
/// <param name="columns">Number of columns.</param>
/// <param name="starts">Where each row begins in the two others, and at last their length.</param>
/// <param name="indices">The columns of the numbers, ascending within a row.</param>
/// <param name="values">The numbers.</param>
internal sealed class SparseRows(int columns, int[] starts, int[] indices, double[] values)
{
    public int Rows => starts.Length - 1;

    public int Columns => columns;

    /// <summary>Each row with its numbers' columns.</summary>
    public static SparseRows Of(int columns, IReadOnlyList<(int[] Indices, double[] Values)> rows)
    {
        int[] starts = new int[rows.Count + 1];
        for (int row = 0; row < rows.Count; row++)
            starts[row + 1] = checked(starts[row] + rows[row].Indices.Length);
        int[] indices = new int[starts[^1]];
        double[] values = new double[starts[^1]];
        for (int row = 0; row < rows.Count; row++)
        {
            rows[row].Indices.CopyTo(indices, starts[row]);
            rows[row].Values.CopyTo(values, starts[row]);
        }

        return new SparseRows(columns, starts, indices, values);
    }

    public SparseRows Transposed()
    {
        int[] begins = new int[columns + 1];
        foreach (int index in indices)
            begins[index + 1]++;
        for (int column = 0; column < columns; column++)
            begins[column + 1] += begins[column];
        int[] next = begins[..^1], rows = new int[indices.Length];
        double[] turned = new double[indices.Length];
        for (int row = 0; row < Rows; row++)
        {
            for (int i = starts[row]; i < starts[row + 1]; i++)
            {
                int at = next[indices[i]]++;
                (rows[at], turned[at]) = (row, values[i]);
            }
        }

        return new SparseRows(Rows, begins, rows, turned);
    }

    /// <summary>The product with a dense matrix of as many rows as this one has columns.</summary>
    public double[] Multiply(double[] dense, int width, ParallelOptions parallel)
    {
        double[] product = new double[(long)Rows * width];
        Parallel.For(0, Rows, parallel, row =>
        {
            Span<double> sums = product.AsSpan(row * width, width);
            for (int i = starts[row]; i < starts[row + 1]; i++)
                Elementwise.AddMultiple(values[i], dense.AsSpan(indices[i] * width, width), sums);
        });
        return product;
    }
}
