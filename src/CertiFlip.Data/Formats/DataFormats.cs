namespace CertiFlip.Data.Formats;

/// <summary>
/// A file format that holds features or labels. Its methods may throw what <see cref="InputFile.Read"/> explains.
/// </summary>
internal interface IDataFormat
{
    /// <summary>Reads the file as features, with labels if it holds them.</summary>
    Dataset ReadDataset(InputFile file);

    /// <summary>Reads the file as labels alone.</summary>
    /// <param name="file">The file.</param>
    /// <param name="rows">How many rows there are, if that is known; where it is not, callers compare.</param>
    RowValues ReadLabels(InputFile file, int? rows);
}

/// <summary>A format of arrays, which may have more dimensions than two and so hold images.</summary>
internal interface IArrayFormat : IDataFormat
{
    /// <summary>Reads the file as rows of numbers.</summary>
    NumberRows ReadRows(InputFile file);

    /// <summary>Reads the file as images, n×height×width or n×height×width×channels.</summary>
    ImageList ReadImages(InputFile file);
}

/// <summary>Finds the format of a file: arrays by how the file begins, tables by its extension.</summary>
internal static class DataFormats
{
    /// <param name="file">The file.</param>
    /// <param name="labelColumn">The column that holds labels, in formats with named columns.</param>
    /// <param name="ignored">Columns to pass over, in such formats.</param>
    /// <exception cref="DataException">The file is empty or in no format that can be read.</exception>
    public static IDataFormat Recognise(InputFile file, string labelColumn, IReadOnlyCollection<string>? ignored = null)
    {
        ArgumentNullException.ThrowIfNull(labelColumn);
        file.ThrowIfEmpty();
        IArrayFormat? arrays = RecogniseArrays(file);
        if (file.Part is not null && arrays is not NpzFormat)
            throw new DataException($"{file.Path}: only arrays of an .npz are named after '#'; name the file alone.");
        if (arrays is not null)
            return arrays;
        if (ForeignFormat.Of(file) is { } kind)
            throw kind.Refusal(file.Path);
        return file.Extension switch
        {
            ".csv" => new DelimitedFormat(',', labelColumn, ignored ?? []),
            ".tsv" => new DelimitedFormat('\t', labelColumn, ignored ?? []),
            _ => throw new DataException(
                $"{file.Path}: the format is not known. Files that can be read are .npz, .npy and IDX, which this does not begin like; "
                + ".csv and .tsv by that extension; and .gz of any of these."),
        };
    }

    /// <summary>The format of a file of arrays, or null if it is none.</summary>
    public static IArrayFormat? RecogniseArrays(InputFile file)
    {
        if (NpyFormat.IsNpy(file.Start))
            return new NpyFormat();
        if (NpzFormat.IsNpz(file.Start))
            return new NpzFormat();
        return IdxFormat.IsIdx(file.Start) ? new IdxFormat() : null;
    }
}
