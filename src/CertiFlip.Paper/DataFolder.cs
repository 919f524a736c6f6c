using System.IO.Compression;
using System.Security.Cryptography;
using CertiFlip.Data;

namespace CertiFlip.Paper;

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

            // Compressing a file again changes its bytes, not its content.
            using Stream content =
                file.Path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            var used = new UsedFile(file, full, Convert.ToHexStringLower(SHA256.HashData(content)));
            _used.Add(file, used);
            return used;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            string advice = file.What.Length == 0
                ? ""
                : $" {file.Advice} Put it there, or name the folder that holds {file.Path} with --data.";
            throw new DataException($"{full}: there is no such file.{advice}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new DataException($"{full}: the file cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>A file that an experiment starts from, and where the public can get it.</summary>
/// <param name="Path">Where it lies in the data folder, with / between folders.</param>
/// <param name="What">What it is and where to fetch it, or what to make it from.</param>
/// <param name="Sha256">
/// The checksum of the copy that documented numbers were made from, of its content where it is a .gz; empty where it
/// differs between machines.
/// </param>
public sealed record DataFile(string Path, string What, string Sha256)
{
    /// <summary>What to do where the file is missing.</summary>
    public string Advice => Sha256.Length == 0
        ? $"It is {What}."
        : $"It is {What}; SHA-256{(Path.EndsWith(".gz", StringComparison.Ordinal) ? " unpacked" : "")} {Sha256}.";
}

/// <summary>A file as a run found it.</summary>
/// <param name="File">What it should be.</param>
/// <param name="Path">Its full path.</param>
/// <param name="Sha256">Its checksum, in small hexadecimal digits.</param>
public sealed record UsedFile(DataFile File, string Path, string Sha256)
{
    /// <summary>Whether it is the copy that documented numbers were made from.</summary>
    public bool IsKnown => File.Sha256 == Sha256;
}
