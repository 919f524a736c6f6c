namespace CertiFlip.Data.Formats;

/// <summary>One NumPy array in a file: format versions 1.0, 2.0 and 3.0.</summary>
internal sealed class NpyFormat : IArrayFormat
{
    /// <summary>Whether a file that begins with these bytes is in this format.</summary>
    public static bool IsNpy(ReadOnlySpan<byte> start) => start.StartsWith(NpyHeader.Magic);

    public Dataset ReadDataset(InputFile file)
    {
        NumberRows rows = ReadRows(file);
        return new Dataset(rows.Features, file.Path) { RowShape = rows.RowShape };
    }

    public NumberRows ReadRows(InputFile file)
    {
        using Stream stream = file.Open();
        StoredArray array = Open(stream, file.Length, file.Path, file.Budget);
        FeatureMatrix? features = file.IsPlain && array.Shape.Count == 2
            ? array.FeaturesInFile(file, ReadBudget.ShareOfMemory) ?? array.ReadFeaturesInPlace(file)
            : null;
        return features is null ? ReadRows(array) : new NumberRows(features, [features.Columns], IsScaled: false);
    }

    public RowValues ReadLabels(InputFile file, int? rows)
    {
        using Stream stream = file.Open();
        return new RowValues(file.Path, Open(stream, file.Length, file.Path, file.Budget).ReadLabels());
    }

    public ImageList ReadImages(InputFile file)
    {
        using Stream stream = file.Open();
        return ImageList.ReadOrLeave(Open(stream, file.Length, file.Path, file.Budget), file);
    }

    /// <summary>Reads an array of n×k features, or of n images.</summary>
    /// <remarks>
    /// Images are n×height×width, or with channels first or last, and come out with channels first. Bytes are divided
    /// by 255.
    /// </remarks>
    /// <exception cref="DataException">The array has another shape, or does not hold features.</exception>
    public static NumberRows ReadRows(StoredArray array) => array.Shape switch
    {
        [_, var columns] => new NumberRows(array.ReadFeatures(), [(int)columns], IsScaled: false),
        [_] => throw new DataException(
            $"{array.Name}: features must have two dimensions, but the shape is {array.ShapeText}; "
            + "if it is one feature of n rows, reshape it to n×1 (in NumPy, X.reshape(-1, 1))."),
        [_, _, _] or [_, _, _, _] => array.ReadImages(),
        _ => throw new DataException(
            $"{array.Name}: features must have two dimensions (rows, columns), or three or four as images, but the shape is "
            + $"{array.ShapeText}; reshape it (in NumPy, X.reshape(len(X), -1))."),
    };

    /// <summary>Reads the header of an array.</summary>
    /// <param name="stream">The array in its file format.</param>
    /// <param name="length">Bytes in <paramref name="stream"/>.</param>
    /// <param name="name">The file, and the array in it where there are several, as messages name it.</param>
    /// <param name="budget">How much may be read of the file.</param>
    /// <exception cref="DataException">The header is damaged, or of an array that cannot be read.</exception>
    public static StoredArray Open(Stream stream, long length, string name, ReadBudget budget)
    {
        try
        {
            NpyHeader header = NpyHeader.Read(stream, length);
            return new StoredArray(name, header.Shape, header.ElementType, header.FortranOrder, stream, length - header.Length, budget);
        }
        catch (FormatException e)
        {
            throw new DataException($"{name}: the array's header cannot be used: {e.Message}.", e);
        }
    }
}
