using CertiFlip.Data.Delimited;
using CertiFlip.Data.Idx;
using CertiFlip.Data.Npy;
using CertiFlip.Data.Npz;

namespace CertiFlip.Data.Files;

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
        if (file.Start.StartsWith(NpyFormat.Magic))
            return new NpyFormat();
        if (NpzFormat.Magics.Any(magic => file.Start.StartsWith(magic)))
            return new NpzFormat();
        if (IdxFormat.IsIdx(file.Start))
            return new IdxFormat();
        return Extension(file) switch
        {
            ".csv" => new DelimitedFormat(',', labelColumn),
            ".tsv" => new DelimitedFormat('\t', labelColumn),
            _ => throw new DataException(
                $"{file.Path}: the format is not known. Files that can be read are .npz, .npy and IDX, which this does not begin like; .csv and .tsv by that extension; and .gz of any of these."),
        };
    }

    /// <summary>The file's extension in small letters, that of what is compressed where it is compressed.</summary>
    public static string Extension(InputFile file)
    {
        string name = file.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file.Path[..^3] : file.Path;
        return Path.GetExtension(name).ToLowerInvariant();
    }
}
