using System.Text;

namespace CertiFlip.Data;

/// <summary>Writes several files so that each appears whole, at the end, or not at all.</summary>
/// <remarks>
/// Each file is written under a temporary name in its own directory. <see cref="Commit"/> gives all of them their
/// names; disposing before that leaves everything as it was. A target that is a symbolic link stays one: the file that
/// it leads to is replaced.
/// </remarks>
public sealed class OutputFiles : IDisposable
{
    private readonly HashSet<string> _inputs;
    private readonly Dictionary<string, Pending> _pending = new(RealPath.Comparer);

    /// <summary>Prepares to write next to files that are read.</summary>
    /// <param name="inputs">Paths of the files that are read, none of which may be written.</param>
    /// <exception cref="DataException">An input's path leads round in a circle.</exception>
    public OutputFiles(params IEnumerable<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        _inputs = inputs.Select(Resolve).ToHashSet(RealPath.Comparer);
    }

    /// <summary>Announces a file, so that what would prevent writing it shows before the work and not after.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <exception cref="DataException">
    /// The directory does not exist or cannot be written in; or the path is a directory, a device, a read-only file, an
    /// input, or was announced before.
    /// </exception>
    public void Add(string path)
    {
        string target = Resolve(path);
        if (Directory.Exists(target) || Path.EndsInDirectorySeparator(path))
            throw new DataException($"{path}: this is a directory; name a file in it.");
        if (IsDevice(Path.GetFullPath(path)) || IsDevice(target))
            throw new DataException($"{path}: this is a device, which would be replaced by a file; name an ordinary file.");
        string directory = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(directory))
            throw new DataException($"{path}: the directory {directory} does not exist; create it first.");
        if (_inputs.Contains(target))
            throw new DataException($"{path}: this file is read as data; write to another.");
        if (_pending.ContainsKey(target))
            throw new DataException($"{path}: two outputs would be written to this file; name another for one of them.");
        if (File.Exists(target) && new FileInfo(target).IsReadOnly)
            throw new DataException($"{path}: this file is read-only; name another or make it writable.");

        string temporary = Path.Combine(directory, $".certiflip-{Path.GetRandomFileName()}");
        Explain(path, () => new FileStream(temporary, FileMode.CreateNew).Dispose());
        _pending.Add(target, new Pending(path, temporary));
    }

    /// <summary>Writes all of a file that was announced, as UTF-8 with \n between lines.</summary>
    /// <param name="path">The path that was given to <see cref="Add"/>.</param>
    /// <param name="write">
    /// Writes the content. What it throws is passed on, but a full disk and the like become a
    /// <see cref="DataException"/>.
    /// </param>
    /// <exception cref="ArgumentException">The file was not announced.</exception>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void Write(string path, Action<TextWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        WriteBytes(path, file =>
        {
            var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            using StreamWriter writer = new(file, utf8, leaveOpen: true) { NewLine = "\n" };
            write(writer);
        });
    }

    /// <summary>Writes all of a file that was announced, byte by byte.</summary>
    /// <param name="path">The path that was given to <see cref="Add"/>.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="ArgumentException">The file was not announced.</exception>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void WriteBytes(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (!_pending.TryGetValue(Resolve(path), out Pending? pending))
            throw new ArgumentException($"{path} was not announced.", nameof(path));
        Explain(path, () =>
        {
            using FileStream file = new(pending.Temporary, FileMode.Create);
            write(file);
            // Otherwise a crash soon after the renaming can leave an empty file under the final name.
            file.Flush(flushToDisk: true);
        });
        pending.IsWritten = true;
    }

    /// <summary>Gives every file its name, replacing what had it.</summary>
    /// <exception cref="InvalidOperationException">A file was announced but not written.</exception>
    /// <exception cref="DataException">A file cannot be replaced; files announced before it have been.</exception>
    public void Commit()
    {
        if (_pending.Values.FirstOrDefault(pending => !pending.IsWritten) is { } unwritten)
            throw new InvalidOperationException($"{unwritten.Path} was announced but not written.");
        foreach ((string target, Pending pending) in _pending)
        {
            Explain(pending.Path, () =>
            {
                if (!OperatingSystem.IsWindows() && File.Exists(target))
                    File.SetUnixFileMode(pending.Temporary, File.GetUnixFileMode(target));
                File.Move(pending.Temporary, target, overwrite: true);
            });
            _ = _pending.Remove(target);
        }
    }

    /// <summary>Removes what was written but not committed.</summary>
    public void Dispose()
    {
        foreach (Pending pending in _pending.Values)
        {
            try
            {
                File.Delete(pending.Temporary);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // As a rule something went wrong before, and this must not hide it.
            }
        }
        _pending.Clear();
    }

    private static string Resolve(string path)
    {
        DataException.ThrowIfNotAFileName(path);
        string real = "";
        Explain(path, () => real = RealPath.Of(path));
        return real;
    }

    private static bool IsDevice(string path) =>
        path.StartsWith("/proc/", StringComparison.Ordinal)
        || (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal));

    private static void Explain(string path, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: the file cannot be written: {e.Message}", e);
        }
    }

    private sealed record Pending(string Path, string Temporary)
    {
        public bool IsWritten { get; set; }
    }
}

/// <summary>The one path behind the many by which a file can be named.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>Compares real paths as the file system usually does.</summary>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The full path with every symbolic link in it followed. The file need not exist.</summary>
    /// <exception cref="IOException">Links lead to each other in a circle.</exception>
    public static string Of(string path)
    {
        int linksLeft = MostLinks;
        return Resolve(Path.GetFullPath(path), ref linksLeft);
    }

    private static string Resolve(string fullPath, ref int linksLeft)
    {
        string path = Path.TrimEndingDirectorySeparator(fullPath);
        if (Path.GetDirectoryName(path) is not { } parent)
            return path;
        string realParent = Resolve(parent, ref linksLeft);
        string here = Path.Combine(realParent, Path.GetFileName(path));
        if (new FileInfo(here).LinkTarget is not { } target)
            return here;
        if (--linksLeft < 0)
            throw new IOException("Too many symbolic links.");
        return Resolve(Path.GetFullPath(target, realParent), ref linksLeft);
    }
}
