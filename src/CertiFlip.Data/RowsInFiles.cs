using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>
/// Plain .npy arrays that stay in their files: only the rows that are asked for are read, so n may be larger than
/// memory. Numbers are looked at when they are read; a row with NaN or infinity is refused then.
/// </summary>
public static class RowsInFiles
{
    /// <summary>n×k features.</summary>
    /// <param name="path">A .npy file of two dimensions, row by row, not packed.</param>
    /// <exception cref="DataException">It is something else.</exception>
    public static Dataset Features(string path) =>
        Open(path, (array, file) => new Dataset(array.LeaveRowsInFile(file), path));

    /// <summary>n×k features, or null where they are kept in any other way.</summary>
    /// <param name="path">The file.</param>
    public static Dataset? TryFeatures(string path)
    {
        try
        {
            return Features(path);
        }
        catch (DataException)
        {
            return null;
        }
    }

    /// <summary>n labels.</summary>
    /// <param name="path">A .npy file of one dimension, not packed.</param>
    /// <exception cref="DataException">It is something else.</exception>
    public static IReadOnlyList<string> Labels(string path) => Open(path, (array, file) => array.LeaveLabelsInFile(file));

    private static T Open<T>(string path, Func<StoredArray, InputFile, T> use) => InputFile.Read(path, file =>
    {
        if (!file.IsPlain || !NpyFormat.IsNpy(file.Start))
            throw new DataException($"{path}: rows that stay in their file are a plain .npy array; in NumPy, np.save makes one.");
        using Stream stream = file.Open();
        return use(NpyFormat.Open(stream, file.Length, path, file.Budget), file);
    });
}
