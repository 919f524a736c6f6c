using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CertiFlip.Data;

/// <summary>Writes several files so that each appears whole, at the end, or not at all.</summary>
/// <remarks>
/// Each file is written under a temporary name in its own directory, by one handle that stays open until
/// <see cref="Commit"/> gives all of them their names; disposing before that leaves everything as it was. A target that
/// is a symbolic link stays one: the file that it leads to is replaced. Temporary files of runs that were killed are
/// removed when a later run writes to the directory.
/// </remarks>
public sealed class OutputFiles : IDisposable
{
    private const string Discard = "/dev/null", StandardOutputDevice = "/dev/stdout", Dash = "-";
    private const string TemporaryPrefix = ".certiflip-";
    private const int MostAttempts = 10;

    // Held while files get their names and while all is abandoned, so that a signal finds either none renamed or all.
    private static readonly Lock Gate = new();
    private static readonly HashSet<OutputFiles> Unfinished = [];
    private static bool _isAbandoned, _hasCommitted;

    private readonly HashSet<string> _inputs;
    private readonly HashSet<string> _tidied = new(RealPath.Comparer);
    private readonly Dictionary<string, Pending> _pending = new(RealPath.Comparer);

    /// <summary>Prepares to write next to files that are read.</summary>
    /// <param name="inputs">Paths of the files that are read, none of which may be written.</param>
    /// <exception cref="DataException">An input's path leads round in a circle.</exception>
    public OutputFiles(params IEnumerable<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        _inputs = inputs.Select(path => Resolve(path, RealPath.Of)).ToHashSet(RealPath.Comparer);
        lock (Gate)
            Unfinished.Add(this);
    }

    /// <summary>
    /// What a path that <see cref="NamesStandardOutput"/> writes to, at once and not at the end. Null where <c>-</c> is
    /// the name of a file and the device is refused; that is the default.
    /// </summary>
    public Stream? StandardOutput { get; init; }

    /// <summary>Whether a path stands for standard output: <c>-</c> or <c>/dev/stdout</c>.</summary>
    /// <param name="path">The path of an output.</param>
    public static bool NamesStandardOutput(string? path) => path is Dash or StandardOutputDevice;

    /// <summary>
    /// Removes what all instances have written but not committed, as the process is told to end. A commit that has
    /// begun is finished first; afterwards files are neither announced nor committed.
    /// </summary>
    /// <returns>Whether the process has committed nothing.</returns>
    public static bool Abandon()
    {
        lock (Gate)
        {
            _isAbandoned = true;
            foreach (OutputFiles files in Unfinished)
                files.Remove();
            Unfinished.Clear();
            return !_hasCommitted;
        }
    }

    /// <summary>Announces a file, so that what would prevent writing it shows before the work and not after.</summary>
    /// <param name="path">The file to make or replace; <c>/dev/null</c> writes none.</param>
    /// <exception cref="DataException">
    /// The directory does not exist or cannot be written in; or the path is a directory, a device, a pipe, a socket, a
    /// read-only file, an input, a link where everybody may make links, or was announced before.
    /// </exception>
    /// <exception cref="OperationCanceledException">All was abandoned.</exception>
    public void Add(string path)
    {
        string target = TargetOf(path);
        if (_pending.ContainsKey(target) && target != Discard)
            throw new DataException($"{path}: two outputs would be written to this file; name another for one of them.");
        if (target is Dash or Discard)
        {
            _pending[target] = new Pending(path, target == Dash ? StandardOutput! : Stream.Null, Temporary: null);
            return;
        }

        if (Directory.Exists(target) || Path.EndsInDirectorySeparator(path))
            throw new DataException($"{path}: this is a directory; name a file in it.");
        string? special = FileKind.Special(target) ?? (IsDevice(Path.GetFullPath(path)) || IsDevice(target) ? "a device" : null);
        if (special is { } kind)
            throw new DataException($"{path}: this is {kind}, which would be replaced by a file; name an ordinary file.");
        string directory = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(directory))
            throw new DataException($"{path}: the directory {directory} does not exist; create it first.");
        if (_inputs.Contains(target))
            throw new DataException($"{path}: this file is read as data; write to another.");
        if (File.Exists(target) && new FileInfo(target).IsReadOnly)
            throw new DataException($"{path}: this file is read-only; name another or make it writable.");

        lock (Gate)
        {
            if (_isAbandoned)
                throw new OperationCanceledException();
            Pending pending = null!;
            Explain(path, () => pending = Create(path, target, directory));
            _pending.Add(target, pending);
            if (_tidied.Add(directory))
                RemoveLeftOvers(directory, pending.Temporary!);
        }
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
    /// <param name="write">Writes the content, and leaves the stream open.</param>
    /// <exception cref="ArgumentException">The file was not announced.</exception>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void WriteBytes(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (!_pending.TryGetValue(TargetOf(path), out Pending? pending))
            throw _isAbandoned ? new OperationCanceledException() : new ArgumentException($"{path} was not announced.", nameof(path));
        Explain(path, () =>
        {
            if (pending.Stream is not FileStream file || pending.Temporary is null)
            {
                write(pending.Stream);
                pending.Stream.Flush();
                return;
            }

            file.SetLength(0);
            write(file);
            // Otherwise a crash soon after the renaming can leave an empty file under the final name.
            file.Flush(flushToDisk: true);
        });
        pending.IsWritten = true;
    }

    /// <summary>Gives every file its name, replacing what had it.</summary>
    /// <exception cref="InvalidOperationException">A file was announced but not written.</exception>
    /// <exception cref="DataException">A file cannot be replaced; files announced before it have been.</exception>
    /// <exception cref="OperationCanceledException">All was abandoned.</exception>
    public void Commit()
    {
        lock (Gate)
        {
            if (_isAbandoned)
                throw new OperationCanceledException();
            if (_pending.Values.FirstOrDefault(pending => !pending.IsWritten) is { } unwritten)
                throw new InvalidOperationException($"{unwritten.Path} was announced but not written.");
            foreach ((string target, Pending pending) in _pending)
            {
                if (pending.Temporary is { } temporary)
                {
                    Explain(pending.Path, () => File.Move(temporary, target, overwrite: true));
                    pending.Stream.Dispose();
                }

                _ = _pending.Remove(target);
                _hasCommitted = true;
            }
        }
    }

    /// <summary>Removes what was written but not committed.</summary>
    public void Dispose()
    {
        lock (Gate)
        {
            Unfinished.Remove(this);
            Remove();
        }
    }

    private void Remove()
    {
        foreach (Pending pending in _pending.Values)
        {
            if (pending.Temporary is not { } temporary)
                continue;
            try
            {
                File.Delete(temporary);
                pending.Stream.Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // As a rule something went wrong before, and this must not hide it.
            }
        }
        _pending.Clear();
    }

    /// <summary>
    /// Makes the temporary file and keeps it open: nothing that takes its name later is written to. Nobody may read
    /// more of it than of the final file, not even for a moment.
    /// </summary>
    private static Pending Create(string path, string target, string directory)
    {
        for (int attempt = 1; ; attempt++)
        {
            string temporary = Path.Combine(directory, $"{TemporaryPrefix}{Path.GetRandomFileName()}");
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,

                // On Unix this is a lock, by which other runs know that the file is not left over. Windows needs to
                // rename it.
                Share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None,
            };
            UnixFileMode? mode = OperatingSystem.IsWindows() || !File.Exists(target) ? null : File.GetUnixFileMode(target);
            if (!OperatingSystem.IsWindows() && mode is { } replaced)
                options.UnixCreateMode = replaced;
            FileStream file;
            try
            {
                file = new FileStream(temporary, options);
            }
            catch (IOException) when (attempt < MostAttempts && File.Exists(temporary))
            {
                // Another run looked whether it is left over before it was locked.
                continue;
            }

            if (!File.Exists(temporary) && attempt < MostAttempts)
            {
                file.Dispose();
                continue;
            }

            if (!OperatingSystem.IsWindows() && mode is { } exact)
                File.SetUnixFileMode(file.SafeFileHandle, exact);
            return new Pending(path, file, temporary);
        }
    }

    /// <summary>
    /// Removes the temporary files of runs that were killed: those that nobody has locked. Where the file system has no
    /// locks nobody can tell, and all stay.
    /// </summary>
    private static void RemoveLeftOvers(string directory, string own)
    {
        try
        {
            if (TryLock(own, File.Exists))
                return;
            foreach (string path in Directory.EnumerateFiles(directory, $"{TemporaryPrefix}*"))
            {
                if (path != own && FileKind.IsOrdinary(path))
                {
                    _ = TryLock(path, file =>
                    {
                        File.Delete(file);
                        return true;
                    });
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A directory that cannot be listed can still be written in.
        }
    }

    private static bool TryLock(string path, Func<string, bool> then)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return then(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string TargetOf(string path) => path switch
    {
        _ when StandardOutput is not null && NamesStandardOutput(path) => Dash,
        Discard when !OperatingSystem.IsWindows() => Discard,
        _ => Resolve(path, RealPath.OfOutput),
    };

    private static string Resolve(string path, Func<string, string> resolve)
    {
        DataException.ThrowIfNotAFileName(path);
        string real = "";
        Explain(path, () => real = resolve(path));
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
        catch (ObjectDisposedException) when (_isAbandoned)
        {
            throw new OperationCanceledException();
        }
    }

    /// <summary>An output that was announced.</summary>
    /// <param name="Path">Its path as it was given.</param>
    /// <param name="Stream">Where it is written.</param>
    /// <param name="Temporary">The file that gets its name at the end; null for what is no file.</param>
    private sealed record Pending(string Path, Stream Stream, string? Temporary)
    {
        public bool IsWritten { get; set; }
    }
}

/// <summary>What a user names where a part of a file may be meant.</summary>
internal static class NamedPart
{
    /// <summary>
    /// The file and the part of it that <c>FILE#NAME</c> names, where there is no file of the whole name.
    /// </summary>
    public static (string Path, string? Part) Of(string path)
    {
        int mark = path.LastIndexOf('#');
        return mark > 0 && mark < path.Length - 1 && !File.Exists(path) && File.Exists(path[..mark])
            ? (path[..mark], path[(mark + 1)..])
            : (path, null);
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
        return Resolve(Path.GetFullPath(path), ref linksLeft, _ => { });
    }

    /// <summary>Whether a path leads to a folder or to what is below it, with every link in it followed.</summary>
    /// <exception cref="IOException">Links lead to each other in a circle.</exception>
    public static bool IsWithin(string folder, string path)
    {
        string relative = Path.GetRelativePath(Of(folder), Of(path));
        return !Path.IsPathRooted(relative) && relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)[0] != "..";
    }

    /// <summary>
    /// The same of a path to write to: a link is not followed where everybody may make links, and so choose the file
    /// that is written.
    /// </summary>
    /// <exception cref="IOException">Links lead to each other in a circle.</exception>
    /// <exception cref="DataException">There is such a link.</exception>
    public static string OfOutput(string path)
    {
        int linksLeft = MostLinks;
        return Resolve(Path.GetFullPath(path), ref linksLeft, link =>
        {
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(Path.GetDirectoryName(link)!).HasFlag(UnixFileMode.OtherWrite))
            {
                throw new DataException(
                    $"{path}: {link} is a link in a directory that everybody may write in, so anybody may have made it; name the file "
                    + "that it leads to.");
            }
        });
    }

    private static string Resolve(string fullPath, ref int linksLeft, Action<string> follow)
    {
        string path = Path.TrimEndingDirectorySeparator(fullPath);
        if (Path.GetDirectoryName(path) is not { } parent)
            return path;
        string realParent = Resolve(parent, ref linksLeft, follow);
        string here = Path.Combine(realParent, Path.GetFileName(path));
        if (new FileInfo(here).LinkTarget is not { } target)
            return here;
        if (--linksLeft < 0)
            throw new IOException("Too many symbolic links.");
        follow(here);
        return Resolve(Path.GetFullPath(target, realParent), ref linksLeft, follow);
    }
}

/// <summary>What stands under a name, without opening it: to open a pipe waits for whoever writes to it.</summary>
internal static unsafe partial class FileKind
{
    // The runtime's own lstat, the same on every system: flags, then the mode, then the owner, then more.
    private const int StatusBytes = 512, ModeOffset = 4, OwnerOffset = 8;
    private const int TypeMask = 0xF000, Ordinary = 0x8000;

    /// <summary>Whether it is a file as such, and no link to one.</summary>
    public static bool IsOrdinary(string path) => TypeOf(path) is null or Ordinary;

    /// <summary>What it is where it is no file, no directory and no link; null otherwise.</summary>
    public static string? Special(string path) => TypeOf(path) switch
    {
        0x1000 => "a named pipe",
        0x2000 or 0x6000 => "a device",
        0xC000 => "a socket",
        _ => null,
    };

    /// <summary>
    /// Whether an open file, and the name by which it was opened, belong to the user who runs the process. Windows has
    /// no such question.
    /// </summary>
    public static bool IsOwn(string path, SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
            return true;
        byte* name = stackalloc byte[StatusBytes], content = stackalloc byte[StatusBytes];
        uint user = GetEUid();
        return LStat(path, name) == 0 && *(uint*)(name + OwnerOffset) == user
            && FStat(file, content) == 0 && *(uint*)(content + OwnerOffset) == user;
    }

    /// <summary>
    /// The runtime's record of an open file's status, or of what stands under a name; null where there is none.
    /// </summary>
    public static long[]? Record(SafeFileHandle file)
    {
        long[] record = new long[StatusBytes / sizeof(long)];
        fixed (long* status = record)
            return FStat(file, (byte*)status) == 0 ? record : null;
    }

    /// <inheritdoc cref="Record(SafeFileHandle)"/>
    public static long[]? Record(string path)
    {
        long[] record = new long[StatusBytes / sizeof(long)];
        fixed (long* status = record)
            return LStat(path, (byte*)status) == 0 ? record : null;
    }

    /// <summary>The user who runs the process.</summary>
    public static uint User => GetEUid();

    private static int? TypeOf(string path)
    {
        if (OperatingSystem.IsWindows())
            return null;
        byte* status = stackalloc byte[StatusBytes];
        return LStat(path, status) == 0 ? *(int*)(status + ModeOffset) & TypeMask : null;
    }

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_LStat", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int LStat(string path, byte* status);

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_FStat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FStat(SafeFileHandle file, byte* status);

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_GetEUid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint GetEUid();
}
