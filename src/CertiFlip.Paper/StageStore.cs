using System.Reflection;
using CertiFlip.Data;

namespace CertiFlip.Paper;

/// <summary>
/// Saves the results of an experiment's stages in a folder, so that an interrupted run resumes where it was.
/// </summary>
/// <param name="folder">The folder; it is made when the first stage is done.</param>
/// <remarks>
/// A result is used again only for the same key and version of this program. A file that cannot be read is computed
/// anew.
/// </remarks>
public sealed class StageStore(string folder)
{
    private const string KeyName = "key";

    // Another version may compute other numbers.
    private static readonly string Version =
        typeof(StageStore).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The result of a stage: read if it was saved, else computed and saved.</summary>
    /// <param name="stage">Its name, of letters that a file name may hold.</param>
    /// <param name="key">Everything that the result depends on: checksums of data, options, seed.</param>
    /// <param name="compute">Computes it.</param>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public StoredModel Get(string stage, IReadOnlyList<string> key, Func<StoredModel> compute)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(compute);
        string path = Path.Combine(folder, $"{stage}.stage");
        string[] wholeKey = [Version, .. key];
        if (Saved(path, wholeKey) is { } saved)
            return saved;
        StoredModel result = compute();
        result.Add(KeyName, wholeKey);
        Make(folder);
        result.Write(path);
        return result;
    }

    private static StoredModel? Saved(string path, IReadOnlyList<string> key)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            StoredModel saved = StoredModel.Read(path);
            return saved.Texts(KeyName).SequenceEqual(key) ? saved : null;
        }
        catch (DataException)
        {
            return null;
        }
    }

    private static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder}: the folder cannot be made: {e.Message}", e);
        }
    }
}
