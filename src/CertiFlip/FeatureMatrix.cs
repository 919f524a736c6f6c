using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CertiFlip;

/// <summary>
/// A dense matrix of features, one row per example: float64 or float32 numbers in memory, this program's or lent by
/// another, or rows that are read from elsewhere when they are needed.
/// </summary>
/// <remarks>
/// float32 numbers are kept as they are. Every computation widens them row by row, which loses nothing.
/// </remarks>
public sealed class FeatureMatrix
{
    private readonly ReadOnlyMemory<double>? _doubles;
    private readonly ReadOnlyMemory<float>? _singles;
    private readonly RowReader? _read;

    /// <summary>Wraps float64 values without copying them.</summary>
    /// <param name="rows">Number of examples (n or m), at least 0.</param>
    /// <param name="columns">Number of features (k), at least 1.</param>
    /// <param name="values">rows × columns numbers, row by row, all finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="rows"/> or <paramref name="columns"/> is too small.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The length of <paramref name="values"/> is not rows × columns, or a value is NaN or infinite; the message names
    /// its row and column.
    /// </exception>
    [OverloadResolutionPriority(1)] // For collection expressions, which could be either.
    public FeatureMatrix(int rows, int columns, double[] values)
        : this(rows, columns, new ReadOnlyMemory<double>(values ?? throw new ArgumentNullException(nameof(values))))
    {
    }

    /// <summary>Wraps float32 values, such as embeddings, without copying or widening them.</summary>
    /// <inheritdoc cref="FeatureMatrix(int, int, double[])"/>
    public FeatureMatrix(int rows, int columns, float[] values)
        : this(rows, columns, new ReadOnlyMemory<float>(values ?? throw new ArgumentNullException(nameof(values))))
    {
    }

    /// <summary>
    /// Wraps float64 values without copying them, wherever they are: a part of an array, or memory that another program
    /// owns and lends. They must stay as they are for as long as the matrix, or anything fitted to it, is used.
    /// </summary>
    /// <inheritdoc cref="FeatureMatrix(int, int, double[])"/>
    public FeatureMatrix(int rows, int columns, ReadOnlyMemory<double> values)
        : this(rows, columns)
    {
        CheckValues(values.Span, nameof(values));
        _doubles = values;
    }

    /// <summary>The same of float32 values.</summary>
    /// <inheritdoc cref="FeatureMatrix(int, int, ReadOnlyMemory{double})"/>
    public FeatureMatrix(int rows, int columns, ReadOnlyMemory<float> values)
        : this(rows, columns)
    {
        CheckValues(values.Span, nameof(values));
        _singles = values;
    }

    /// <summary>A matrix that is stored elsewhere, such as in a file that is larger than memory.</summary>
    /// <param name="rows">Number of examples (n or m), at least 0.</param>
    /// <param name="columns">Number of features (k), at least 1.</param>
    /// <param name="read">
    /// Reads a row, from any thread, always the same numbers. The caller has checked that all are finite.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="rows"/> or <paramref name="columns"/> is too small.
    /// </exception>
    public FeatureMatrix(int rows, int columns, RowReader read)
        : this(rows, columns)
    {
        ArgumentNullException.ThrowIfNull(read);
        _read = read;
    }

    private FeatureMatrix(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (Rows, Columns) = (rows, columns);
    }

    /// <summary>Reads the features of one example.</summary>
    /// <param name="row">Index of the example, from 0.</param>
    /// <param name="features">Receives k numbers.</param>
    public delegate void RowReader(int row, Span<double> features);

    /// <summary>Number of examples: n for training rows, m for test rows.</summary>
    public int Rows { get; }

    /// <summary>Number of features, k.</summary>
    public int Columns { get; }

    /// <summary>
    /// All values, row by row (rows × columns). Without a copy where they are float64 numbers in memory; otherwise
    /// everything is widened or read for this.
    /// </summary>
    public ReadOnlySpan<double> Values => _doubles is { } doubles ? doubles.Span : First(Rows);

    /// <summary>A matrix of rows of float64 numbers. The numbers are copied.</summary>
    /// <param name="rows">The rows: as many numbers each, at least one, all finite.</param>
    /// <exception cref="ArgumentException">
    /// There are no rows, they differ in length, or a value is NaN or infinite.
    /// </exception>
    [OverloadResolutionPriority(1)]
    public static FeatureMatrix FromRows(IReadOnlyList<double[]> rows) => new(CountOf(rows), rows[0].Length, Joined(rows));

    /// <summary>A matrix of rows of float32 numbers, which stay float32. The numbers are copied.</summary>
    /// <inheritdoc cref="FromRows(IReadOnlyList{double[]})"/>
    public static FeatureMatrix FromRows(IReadOnlyList<float[]> rows) => new(CountOf(rows), rows[0].Length, Joined(rows));

    /// <summary>All values where they are, row by row (rows × columns): never a copy.</summary>
    /// <typeparam name="T">The type of the numbers, <c>double</c> or <c>float</c>.</typeparam>
    /// <param name="values">The numbers, where the result is true.</param>
    /// <returns>Whether the matrix is numbers of this type in memory.</returns>
    public bool TryGetValues<T>(out ReadOnlySpan<T> values)
        where T : unmanaged
    {
        values = default;
        if (typeof(T) == typeof(double) && _doubles is { } doubles)
            values = MemoryMarshal.Cast<double, T>(doubles.Span);
        else if (typeof(T) == typeof(float) && _singles is { } singles)
            values = MemoryMarshal.Cast<float, T>(singles.Span);
        else
            return false;
        return true;
    }

    /// <summary>The features of one example (length k). A copy, unless they are float64 numbers in memory.</summary>
    /// <param name="row">Index of the example, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is not a row of this matrix.</exception>
    public ReadOnlySpan<double> Row(int row)
    {
        CheckRow(row);
        if (_doubles is { } doubles)
            return doubles.Span.Slice(row * Columns, Columns);
        double[] features = new double[Columns];
        CopyRow(row, features);
        return features;
    }

    /// <summary>A matrix of the same shape, each of its rows made of one of these.</summary>
    /// <param name="columns">How many columns there must be.</param>
    /// <param name="change">Changes a copy of a row in place.</param>
    /// <param name="parallel">How many threads may work; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">There are more or fewer columns.</exception>
    internal FeatureMatrix MapRows(int columns, Action<Span<double>> change, ParallelOptions? parallel)
    {
        if (Columns != columns)
            throw new ArgumentException($"The map takes {columns} inputs a row, but there are {Columns}.");
        double[] features = new double[(long)Rows * columns];
        Parallel.For(0, Rows, parallel ?? new ParallelOptions(), row =>
        {
            Span<double> numbers = features.AsSpan(row * columns, columns);
            CopyRow(row, numbers);
            change(numbers);
        });
        return new FeatureMatrix(Rows, columns, features);
    }

    /// <summary>Copies the features of one example.</summary>
    /// <param name="row">Index of the example, from 0.</param>
    /// <param name="destination">Receives k numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is not a row of this matrix.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has not room for k numbers.</exception>
    public void CopyRow(int row, Span<double> destination)
    {
        CheckRow(row);
        destination = destination[..Columns];
        if (_doubles is { } doubles)
            doubles.Span.Slice(row * Columns, Columns).CopyTo(destination);
        else if (_singles is { } singles)
            Widen(singles.Span.Slice(row * Columns, Columns), destination);
        else
            _read!(row, destination);
    }

    /// <summary>
    /// The first columns alone, for features that come in order of importance. In memory it is a copy of the same type.
    /// </summary>
    /// <param name="columns">How many, from 1 to k; k gives this matrix itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many columns.</exception>
    public FeatureMatrix FirstColumns(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, Columns);
        if (columns == Columns)
            return this;
        if (_read is not null)
            return new FeatureMatrix(Rows, columns, (row, features) => Row(row)[..columns].CopyTo(features));
        int[] all = [.. Enumerable.Range(0, Rows)];
        return _singles is { } singles
            ? new FeatureMatrix(Rows, columns, Selected(singles.Span, all, columns))
            : new FeatureMatrix(Rows, columns, Selected(_doubles!.Value.Span, all, columns));
    }

    /// <summary>A copy of some rows, of the same type.</summary>
    /// <param name="rows">Their indices, from 0, in the order that they are to have; one may come twice.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not a row of this matrix.</exception>
    public FeatureMatrix SelectRows(params ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
            CheckRow(row);
        if (_singles is { } singles)
            return new FeatureMatrix(rows.Length, Columns, Selected(singles.Span, rows, Columns));
        if (_doubles is { } doubles)
            return new FeatureMatrix(rows.Length, Columns, Selected(doubles.Span, rows, Columns));
        double[] values = new double[checked(rows.Length * Columns)];
        for (int i = 0; i < rows.Length; i++)
            CopyRow(rows[i], values.AsSpan(i * Columns, Columns));
        return new FeatureMatrix(rows.Length, Columns, values);
    }

    /// <summary>A copy of the first rows, row by row.</summary>
    /// <param name="rows">How many, at most all.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many rows.</exception>
    public double[] First(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Rows);
        double[] values = new double[checked(rows * Columns)];
        for (int row = 0; row < rows; row++)
            CopyRow(row, values.AsSpan(row * Columns, Columns));
        return values;
    }

    private static void Widen(ReadOnlySpan<float> singles, Span<double> doubles)
    {
        for (int i = 0; i < singles.Length; i++)
            doubles[i] = singles[i];
    }

    private static int CountOf<T>(IReadOnlyList<T[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Count > 0 ? rows.Count : throw new ArgumentException("There must be at least one row.", nameof(rows));
    }

    private static T[] Joined<T>(IReadOnlyList<T[]> rows)
    {
        int columns = rows[0].Length;
        var values = new T[checked(rows.Count * columns)];
        for (int row = 0; row < rows.Count; row++)
        {
            if (rows[row].Length != columns)
                throw new ArgumentException($"Row {row} has {rows[row].Length} features, but row 0 has {columns}.", nameof(rows));
            rows[row].CopyTo(values, row * columns);
        }

        return values;
    }

    private T[] Selected<T>(ReadOnlySpan<T> values, ReadOnlySpan<int> rows, int columns)
    {
        var selected = new T[checked(rows.Length * columns)];
        for (int i = 0; i < rows.Length; i++)
            values.Slice(rows[i] * Columns, columns).CopyTo(selected.AsSpan(i * columns));
        return selected;
    }

    private void CheckRow(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
    }

    private void CheckValues<T>(ReadOnlySpan<T> values, string name)
        where T : IFloatingPointIeee754<T>
    {
        if (values.Length != (long)Rows * Columns)
            throw new ArgumentException(
                $"{Rows} rows of {Columns} features need {(long)Rows * Columns} values, but there are {values.Length}.", name);
        if (values.Length == 0 || TensorPrimitives.IsFiniteAll(values))
            return;
        int bad = 0;
        while (T.IsFinite(values[bad]))
            bad++;
        throw new ArgumentException($"Row {bad / Columns}, column {bad % Columns} is {values[bad]}: features must be finite.", name);
    }
}
