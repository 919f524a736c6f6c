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
        int[] rowOf = new int[indices.Length];
        for (int row = 0; row < Rows; row++)
            rowOf.AsSpan(starts[row]..starts[row + 1]).Fill(row);

        var byColumn = new Groups(indices, columns);
        int[] begins = [.. Enumerable.Range(0, columns).Select(column => byColumn.RangeOf(column).Start.Value), indices.Length];
        int[] rows = new int[indices.Length];
        double[] turned = new double[indices.Length];
        for (int at = 0; at < rows.Length; at++)
            (rows[at], turned[at]) = (rowOf[byColumn.Members[at]], values[byColumn.Members[at]]);
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
