namespace CertiFlip;

/// <summary>A dense matrix of features, one row per example, stored row by row in memory, or read row by row from where somebody else keeps it.</summary>
public sealed class FeatureMatrix
{
    private readonly double[]? _values;
    private readonly RowReader? _read;

    /// <summary>Wraps <paramref name="values"/> without copying them.</summary>
    /// <param name="rows">Number of examples (n or m), at least 0.</param>
    /// <param name="columns">Number of features (k), at least 1.</param>
    /// <param name="values">rows × columns numbers, row by row, all finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> or <paramref name="columns"/> is too small.</exception>
    /// <exception cref="ArgumentException">
    /// The length of <paramref name="values"/> is not rows × columns, or a value is NaN or infinite; the message names its row and column.
    /// </exception>
    public FeatureMatrix(int rows, int columns, double[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)rows * columns)
            throw new ArgumentException($"{rows} rows of {columns} features need {(long)rows * columns} values, but there are {values.LongLength}.", nameof(values));
        int bad = Array.FindIndex(values, value => !double.IsFinite(value));
        if (bad >= 0)
            throw new ArgumentException($"Row {bad / columns}, column {bad % columns} is {values[bad]}: features must be finite.", nameof(values));
        (Rows, Columns, _values) = (rows, columns, values);
    }

    /// <summary>A matrix that is kept elsewhere, such as in a mapped file that is larger than memory.</summary>
    /// <param name="rows">Number of examples (n or m), at least 0.</param>
    /// <param name="columns">Number of features (k), at least 1.</param>
    /// <param name="read">Reads a row, from any thread, always the same numbers, all finite. The caller has checked that they are.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> or <paramref name="columns"/> is too small.</exception>
    public FeatureMatrix(int rows, int columns, RowReader read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentNullException.ThrowIfNull(read);
        (Rows, Columns, _read) = (rows, columns, read);
    }

    /// <summary>Reads the features of one example.</summary>
    /// <param name="row">Index of the example, from 0.</param>
    /// <param name="features">Receives k numbers.</param>
    public delegate void RowReader(int row, Span<double> features);

    /// <summary>Number of examples: n for training rows, m for test rows.</summary>
    public int Rows { get; }

    /// <summary>Number of features, k.</summary>
    public int Columns { get; }

    /// <summary>All values, row by row (rows × columns). A matrix that is kept elsewhere is read whole for this.</summary>
    public ReadOnlySpan<double> Values => _values ?? First(Rows);

    /// <summary>The features of one example (length k). Of a matrix that is kept elsewhere, a copy.</summary>
    /// <param name="row">Index of the example, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="row"/> is not a row of this matrix.</exception>
    public ReadOnlySpan<double> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        if (_values is not null)
            return _values.AsSpan(row * Columns, Columns);
        double[] features = new double[Columns];
        _read!(row, features);
        return features;
    }

    /// <summary>The first columns alone, for features that come in order of importance. In memory it is a copy; what is kept elsewhere stays there.</summary>
    /// <param name="columns">How many, from 1 to k; k gives this matrix itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many columns.</exception>
    public FeatureMatrix FirstColumns(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, Columns);
        if (columns == Columns)
            return this;
        if (_values is null)
            return new FeatureMatrix(Rows, columns, (row, features) => Row(row)[..columns].CopyTo(features));
        double[] values = new double[checked(Rows * columns)];
        for (int row = 0; row < Rows; row++)
            Row(row)[..columns].CopyTo(values.AsSpan(row * columns));
        return new FeatureMatrix(Rows, columns, values);
    }

    /// <summary>A copy of some rows.</summary>
    /// <param name="rows">Their indices, from 0, in the order that they are to have; one may come twice.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not a row of this matrix.</exception>
    public FeatureMatrix SelectRows(params ReadOnlySpan<int> rows)
    {
        double[] values = new double[checked(rows.Length * Columns)];
        for (int i = 0; i < rows.Length; i++)
            Row(rows[i]).CopyTo(values.AsSpan(i * Columns));
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
            Row(row).CopyTo(values.AsSpan(row * Columns));
        return values;
    }
}
