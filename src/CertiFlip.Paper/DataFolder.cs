using System.IO.Compression;
using System.Security.Cryptography;
using CertiFlip.Data;

namespace CertiFlip.Paper.Sources;

/// <summary>The folder with the raw data.</summary>
/// <param name="path">Its path.</param>
public sealed class DataFolder(string path)
{
    private readonly Dictionary<DataFile, UsedFile> _used = [];

    /// <summary>The files that were asked for, in that order.</summary>
    public IReadOnlyList<UsedFile> Used => [.. _used.Values];

    /// <summary>Finds a file and takes its checksum.</summary>
    /// <param name="file">Which.</param>
    /// <exception cref="DataException">It is not there or cannot be read; the message says where to get it.</exception>
    public UsedFile Find(DataFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (_used.TryGetValue(file, out UsedFile? known))
            return known;
        return Use(file, System.IO.Path.Combine([path, .. file.Path.Split('/')]));
    }

    /// <summary>Takes the checksum of a file that the user named.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="DataException">It is not there or cannot be read.</exception>
    public UsedFile FindElsewhere(string path) => Use(new DataFile(path, "", ""), path);

    private UsedFile Use(DataFile file, string full)
    {
        try
        {
            using FileStream stream = File.OpenRead(full);

            // What was compressed again differs in its bytes and not in what it says.
            using Stream content = file.Path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            var used = new UsedFile(file, full, Convert.ToHexStringLower(SHA256.HashData(content)));
            _used.Add(file, used);
            return used;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"{full}: there is no such file.{(file.What.Length == 0 ? "" : $" {file.Advice} Put it there, or name the folder that holds {file.Path} with --data.")}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new DataException($"{full}: the file cannot be read: {e.Message}", e);
        }
    }
}
