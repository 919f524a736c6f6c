namespace CertiFlip.Data.Formats;

/// <summary>Recognises the format of a file: binary formats by how they begin, text by the file's extension.</summary>
internal static class DataFormats
{
    /// <param name="file">The file.</param>
    /// <param name="labelColumn">The column that holds labels, in formats with named columns.</param>
    /// <exception cref="DataException">The file is empty or in no format that can be read.</exception>
    public static IDataFormat Recognise(InputFile file, string labelColumn)
    {
        ArgumentNullException.ThrowIfNull(labelColumn);
        if (file.Length == 0)
            throw new DataException($"{file.Path}: the file is empty.");
        return RecogniseArrays(file) ?? (IDataFormat)(Extension(file.Path) switch
        {
            ".csv" => new DelimitedFormat(',', labelColumn),
            ".tsv" => new DelimitedFormat('\t', labelColumn),
            _ => throw new DataException(
                $"{file.Path}: the format is not known. Files that can be read are .npz, .npy and IDX, which this does not begin like; .csv and .tsv by that extension; and .gz of any of these."),
        });
    }

    /// <summary>The format of a file of arrays, or null if it is none.</summary>
    public static IArrayFormat? RecogniseArrays(InputFile file)
    {
        if (file.Start.StartsWith(NpyFormat.Magic))
            return new NpyFormat();
        if (NpzFormat.Magics.Any(magic => file.Start.StartsWith(magic)))
            return new NpzFormat();
        return IdxFormat.IsIdx(file.Start) ? new IdxFormat() : null;
    }

    /// <summary>The file's extension in small letters, that of what is compressed where it is compressed.</summary>
    public static string Extension(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant();
    }
}
