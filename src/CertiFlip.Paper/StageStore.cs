using System.Reflection;
using CertiFlip.Data;
using CertiFlip.Data.Models;

namespace CertiFlip.Paper.Stages;

/// <summary>Keeps what a stage of an experiment found out in a folder, so that a run that was interrupted goes on where it was.</summary>
/// <param name="folder">The folder; it is made when the first stage is done.</param>
/// <remarks>A result is used again only for the very same key and version of this program. What cannot be read is computed anew.</remarks>
public sealed class StageStore(string folder)
{
    private const string KeyName = "key";

    // Another version may compute otherwise.
    private static readonly string Version = typeof(StageStore).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The result of a stage: as kept, or else computed and kept.</summary>
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
        if (Kept(path, wholeKey) is { } kept)
            return kept;
        StoredModel result = compute();
        result.Add(KeyName, wholeKey);
        Make(folder);
        result.Write(path);
        return result;
    }

    private static StoredModel? Kept(string path, IReadOnlyList<string> key)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            StoredModel kept = StoredModel.Read(path);
            return kept.Texts(KeyName).SequenceEqual(key) ? kept : null;
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
