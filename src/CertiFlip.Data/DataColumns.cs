namespace CertiFlip.Data;

/// <summary>
/// The columns of data: how many there are, what they are called, and what shape a row has. Other data are brought into
/// their order or refused, so that a column means the same in both.
/// </summary>
/// <remarks>
/// Columns are matched by name if both sides have names, and by position if one side has none. Rows must have the same
/// shape: 144 numbers are no image of 12 × 12, and that is none of 9 × 16.
/// </remarks>
public sealed class DataColumns
{
    private const string NamesArray = "feature names", ShapeArray = "image shape";
    private const int MostNames = 5;

    private DataColumns(int count, IReadOnlyList<string> names, IReadOnlyList<int> rowShape, string source) =>
        (Count, Names, RowShape, Source) = (count, names, rowShape, source);

    /// <summary>k, how many there are.</summary>
    public int Count { get; }

    /// <summary>Their k names in order; empty if they have none.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <inheritdoc cref="Dataset.RowShape"/>
    public IReadOnlyList<int> RowShape { get; }

    /// <summary>
    /// The shape of images, if rows are known to be images: by the format, or by columns named in order
    /// <c>pixel_R_C</c> or <c>RxC</c> (row, column), or <c>pixelI</c> in a square.
    /// </summary>
    public ImageShape? Image => PixelShape.Of(Names, RowShape);

    /// <summary>The file that they are from, as messages name it.</summary>
    public string Source { get; }

    /// <summary>The columns of data.</summary>
    /// <param name="data">The data.</param>
    public static DataColumns Of(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new DataColumns(data.Features.Columns, data.FeatureNames, data.RowShape, data.Source);
    }

    /// <summary>Restores columns that were stored with a model or a feature map.</summary>
    /// <param name="arrays">What <see cref="Store"/> made. Files of earlier versions may lack names and shape.</param>
    /// <param name="count">How many columns there are.</param>
    /// <param name="source">The file, as messages name it.</param>
    /// <exception cref="ArgumentException">Names or shape are not those of so many columns.</exception>
    public static DataColumns Restore(ModelArrays arrays, int count, string source)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        string[] names = arrays.All.ContainsKey(NamesArray) ? arrays.Texts(NamesArray) : [];
        if (names.Length > 0 && (names.Length != count || names.Distinct().Count() != count))
            throw new ArgumentException($"The {names.Length} names of columns are not {count} different ones.", nameof(arrays));
        int[] shape = !arrays.All.ContainsKey(ShapeArray) ? [] : arrays.Integers(ShapeArray) is { Length: > 0 } stored ? stored : [count];
        return PixelShape.Holds(shape, count)
            ? new DataColumns(count, names, shape, source)
            : throw new ArgumentException($"The image shape is not that of {count} features.", nameof(arrays));
    }

    /// <summary>Stores names and shape.</summary>
    /// <param name="arrays">Receives them.</param>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add(NamesArray, [.. Names]);
        if (RowShape.Count > 0)
            arrays.Add(ShapeArray, RowShape.Count == 1 ? Array.Empty<int>() : [.. RowShape]);
    }

    /// <summary>Other data with their columns in this order.</summary>
    /// <param name="data">
    /// The data; returned as they are if they are in this order, or if either side has no names.
    /// </param>
    /// <exception cref="DataException">
    /// Rows have another shape, the number of columns differs, or a column of one side is missing from the other.
    /// </exception>
    public Dataset Align(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (RowShape.Count > 0 && data.RowShape.Count > 0 && RowShape.Count + data.RowShape.Count > 2
            && !RowShape.SequenceEqual(data.RowShape))
        {
            throw new DataException(
                $"{data.Source}: the shape is {InWords(data.RowShape)}, but that of {Source} is {InWords(RowShape)}; both need the same.");
        }

        if (Names.Count > 0 && data.FeatureNames.Count > 0)
            return AlignByName(data);
        return data.Features.Columns == Count
            ? data
            : throw new DataException(
                $"{data.Source}: has {data.Features.Columns} features, but {Source} has {Count}; both need the same.");
    }

    /// <summary>
    /// What is to be said if columns could not be matched by name; null if they were, or if neither side has names.
    /// </summary>
    /// <param name="data">The other data.</param>
    public DataRemark? RemarkOn(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return (Names.Count > 0) == (data.FeatureNames.Count > 0)
            ? null
            : new DataRemark(
                RemarkKind.ColumnsByPosition, data.Source, RemarkSeverity.Remark,
                $"columns are taken by position, because only {(Names.Count > 0 ? Source : "this file")} has names for them",
                $"make sure that {(Names.Count > 0 ? "they have its order" : $"they have the order of {Source}")}");
    }

    private Dataset AlignByName(Dataset data)
    {
        if (Names.SequenceEqual(data.FeatureNames))
            return data;
        string[] missing = [.. Names.Except(data.FeatureNames)];
        string[] extra = [.. data.FeatureNames.Except(Names)];
        if (missing.Length + extra.Length > 0)
        {
            throw new DataException(
                $"{data.Source}: {Describe(missing, extra)}, compared with {Source}; both need the same columns.");
        }

        Dictionary<string, int> position = data.FeatureNames.Index().ToDictionary(column => column.Item, column => column.Index);
        int[] from = [.. Names.Select(name => position[name])];
        double[] values = new double[checked(data.Features.Rows * Count)];
        for (int row = 0; row < data.Features.Rows; row++)
        {
            ReadOnlySpan<double> old = data.Features.Row(row);
            Span<double> aligned = values.AsSpan(row * Count, Count);
            for (int column = 0; column < Count; column++)
                aligned[column] = old[from[column]];
        }

        return data.WithFeatures(new FeatureMatrix(data.Features.Rows, Count, values)) with { FeatureNames = Names };
    }

    private static string InWords(IReadOnlyList<int> rowShape) => $"n × {string.Join(" × ", rowShape)}";

    private static string Describe(string[] missing, string[] extra) => (missing, extra) switch
    {
        (_, []) => $"lacks {List(missing)}",
        ([], _) => $"has {List(extra)} too many",
        _ => $"lacks {List(missing)} and has {List(extra)} too many",
    };

    private static string List(string[] names)
    {
        string shown = string.Join(", ", names.Take(MostNames).Select(DataException.Quote));
        string noun = names.Length == 1 ? "column" : "columns";
        return names.Length <= MostNames ? $"{noun} {shown}" : $"{noun} {shown} and {names.Length - MostNames} more";
    }
}
