namespace CertiFlip.Data;

/// <summary>
/// A column of a <see cref="Table"/>: a <see cref="NumberColumn"/>, <see cref="TextColumn"/>,
/// <see cref="VectorColumn"/> or <see cref="ImageColumn"/>.
/// </summary>
public abstract class TableColumn
{
    private protected TableColumn(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
    }

    /// <summary>The name in the file, or its place (c1, c2…) where the file has no names.</summary>
    public string Name { get; }

    /// <summary>n, how many rows there are.</summary>
    public abstract int Rows { get; }

    /// <summary>The values of some of the rows.</summary>
    /// <param name="rows">Which, from 0.</param>
    public abstract TableColumn OfRows(IReadOnlyList<int> rows);
}

/// <summary>A number for each row.</summary>
/// <param name="name">The column's name.</param>
/// <param name="values">The n numbers, finite, or NaN where the file has none. They are not copied.</param>
public sealed class NumberColumn(string name, double[] values) : TableColumn(name)
{
    /// <inheritdoc/>
    public override int Rows => values.Length;

    /// <inheritdoc/>
    public override TableColumn OfRows(IReadOnlyList<int> rows) => new NumberColumn(Name, [.. rows.Select(row => values[row])]);

    /// <summary>The n numbers; NaN where there is none.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>Whether a row has no number.</summary>
    public bool HasGaps => Array.Exists(values, double.IsNaN);
}

/// <summary>A text for each row: a category, a label, an id, or a text to read.</summary>
/// <param name="name">The column's name.</param>
/// <param name="values">The n texts as they are written; null where the file has none. They are not copied.</param>
public sealed class TextColumn(string name, IReadOnlyList<string?> values) : TableColumn(name)
{
    /// <inheritdoc/>
    public override int Rows => values.Count;

    /// <inheritdoc/>
    public override TableColumn OfRows(IReadOnlyList<int> rows) => new TextColumn(Name, [.. rows.Select(row => values[row])]);

    /// <summary>The n texts; null where there is none.</summary>
    public IReadOnlyList<string?> Values => values;
}

/// <summary>A vector for each row, such as an embedding.</summary>
/// <param name="name">The column's name.</param>
/// <param name="values">n×k numbers.</param>
public sealed class VectorColumn(string name, FeatureMatrix values) : TableColumn(name)
{
    /// <inheritdoc/>
    public override int Rows => values.Rows;

    /// <inheritdoc/>
    public override TableColumn OfRows(IReadOnlyList<int> rows) =>
        new VectorColumn(Name, values.SelectRows([.. rows])) { RowShape = RowShape };

    /// <summary>The n×k numbers.</summary>
    public FeatureMatrix Values => values;

    /// <inheritdoc cref="Dataset.RowShape"/>
    public IReadOnlyList<int> RowShape { get; init; } = [values.Columns];

    /// <summary>
    /// The number of the first column in a sparse format, 0 or 1; null in others. Test rows are read with the same
    /// number, and with as many columns (<see cref="TableOptions.FirstIndex"/>,
    /// <see cref="TableOptions.SparseColumns"/>).
    /// </summary>
    public int? FirstIndex { get; init; }
}

/// <summary>An image for each row, as it is stored.</summary>
/// <param name="name">The column's name.</param>
/// <param name="values">The n images.</param>
public sealed class ImageColumn(string name, IReadOnlyList<StoredImage> values) : TableColumn(name)
{
    /// <inheritdoc/>
    public override int Rows => values.Count;

    /// <inheritdoc/>
    public override TableColumn OfRows(IReadOnlyList<int> rows) => new ImageColumn(Name, [.. rows.Select(row => values[row])]);

    /// <summary>The n images.</summary>
    public IReadOnlyList<StoredImage> Values => values;
}

/// <summary>An image in a file, an archive or memory, in a format such as JPEG or PNG.</summary>
/// <param name="name">What messages call it: a path, or the archive and the path in it.</param>
/// <param name="open">Opens its bytes, from any thread.</param>
public sealed class StoredImage(string name, Func<Stream> open)
{
    /// <summary>What messages call it.</summary>
    public string Name => name;

    /// <summary>Opens its bytes; may be called from any thread.</summary>
    public Stream Open() => open();
}
