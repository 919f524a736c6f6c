using System.Numerics;

namespace CertiFlip.Matrices;

/// <summary>A matrix of which few numbers are not zero, row by row.</summary>
/// <param name="columns">Number of columns.</param>
/// <param name="starts">Where each row begins in the two others, and at last their length.</param>
/// <param name="indices">The columns of the numbers, ascending within a row.</param>
/// <param name="values">The numbers.</param>
internal sealed class SparseRows(int columns, int[] starts, int[] indices, double[] values)
{
    // Rows that one piece of parallel work takes.
    private const int BlockRows = 256;

    public int Rows => starts.Length - 1;

    public int Columns => columns;

    /// <summary>The same, column by column.</summary>
    public SparseRows Transposed => field ??= Turned();

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

    /// <summary>Some of the rows.</summary>
    public SparseRows Slice(int first, int count)
    {
        if (count == Rows)
            return this;
        Range own = starts[first]..starts[first + count];
        return new SparseRows(
            columns, [.. starts.AsSpan(first, count + 1).ToArray().Select(start => start - starts[first])], indices[own], values[own]);
    }

    private SparseRows Turned()
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
        Multiply(dense, width, product, parallel);
        return product;
    }

    /// <summary>The same, written to <paramref name="product"/>.</summary>
    public void Multiply(double[] dense, int width, double[] product, ParallelOptions parallel) =>
        ForRows(parallel, row => MultiplyRow(row, dense, width, product.AsSpan(row * width, width)));

    /// <summary>Of a square matrix A: Y ← factor·(AX − centre·X) − share·Y, in one pass.</summary>
    /// <param name="x">X, row by row.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="factor">A factor of the product less <paramref name="centre"/> times X.</param>
    /// <param name="centre">What is subtracted from the diagonal of A.</param>
    /// <param name="share">How much of Y is subtracted.</param>
    /// <param name="y">Y, another matrix than X.</param>
    /// <param name="parallel">How many threads may work; the result does not depend on it.</param>
    public void MultiplyShifted(
        double[] x, int width, double factor, double centre, double share, double[] y, ParallelOptions parallel) =>
        Parallel.For(0, (Rows + BlockRows - 1) / BlockRows, parallel, () => new double[width], (block, _, product) =>
        {
            for (int row = block * BlockRows; row < Math.Min((block + 1) * BlockRows, Rows); row++)
            {
                MultiplyRow(row, x, width, product);
                ReadOnlySpan<double> own = x.AsSpan(row * width, width);
                Span<double> result = y.AsSpan(row * width, width);
                for (int i = 0; i < result.Length; i++)
                    result[i] = factor * (product[i] - centre * own[i]) - share * result[i];
            }

            return product;
        }, static _ => { });

    /// <summary>Does something for each row, on all threads.</summary>
    public void ForRows(ParallelOptions parallel, Action<int> work) =>
        Parallel.For(0, (Rows + BlockRows - 1) / BlockRows, parallel, block =>
        {
            for (int row = block * BlockRows; row < Math.Min((block + 1) * BlockRows, Rows); row++)
                work(row);
        });

    /// <summary>
    /// A row of the product, a few registers of it at a time. Each number is one chain of fused multiply-adds.
    /// </summary>
    private void MultiplyRow(int row, double[] dense, int width, Span<double> product)
    {
        int step = Vector<double>.Count, at = 0;
        ReadOnlySpan<int> columns = indices.AsSpan(starts[row]..starts[row + 1]);
        ReadOnlySpan<double> numbers = values.AsSpan(starts[row], columns.Length);
        for (; at + 4 * step <= width; at += 4 * step)
        {
            Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
            for (int i = 0; i < columns.Length; i++)
            {
                ReadOnlySpan<double> x = dense.AsSpan(columns[i] * width + at, 4 * step);
                var number = new Vector<double>(numbers[i]);
                s0 = Vector.FusedMultiplyAdd(new Vector<double>(x), number, s0);
                s1 = Vector.FusedMultiplyAdd(new Vector<double>(x[step..]), number, s1);
                s2 = Vector.FusedMultiplyAdd(new Vector<double>(x[(2 * step)..]), number, s2);
                s3 = Vector.FusedMultiplyAdd(new Vector<double>(x[(3 * step)..]), number, s3);
            }

            s0.CopyTo(product[at..]);
            s1.CopyTo(product[(at + step)..]);
            s2.CopyTo(product[(at + 2 * step)..]);
            s3.CopyTo(product[(at + 3 * step)..]);
        }

        for (; at + step <= width; at += step)
        {
            Vector<double> sum = default;
            for (int i = 0; i < columns.Length; i++)
                sum = Vector.FusedMultiplyAdd(new Vector<double>(dense.AsSpan(columns[i] * width + at, step)), new(numbers[i]), sum);
            sum.CopyTo(product[at..]);
        }

        for (; at < width; at++)
        {
            double sum = 0;
            for (int i = 0; i < columns.Length; i++)
                sum = Math.FusedMultiplyAdd(dense[columns[i] * width + at], numbers[i], sum);
            product[at] = sum;
        }
    }
}
