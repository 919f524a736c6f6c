using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CertiFlip.Data;

/// <summary>
/// A file of which this user, on this machine, has checked all before: its checksum, and that what is in it fits
/// together. It need not be read whole again.
/// </summary>
/// <remarks>
/// That is remembered by an empty file in a folder that nobody else can write, named by a hash of all that tells
/// whether the file is still the same: its path, device, number, length, the times of its last change, to the
/// nanosecond, and the checksum at its end. Writing to a file changes a time that nobody can set back; what is written
/// through a mapping, by a process of the same user, may not. Where the folder or the file could be another user's
/// work, nothing is believed and nothing is remembered.
/// </remarks>
internal sealed class VerifiedFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _path, _folder, _marker;
    private readonly string _identity;

    private VerifiedFile(string path, string identity, string folder, string name) =>
        (_path, _identity, _folder, _marker) = (path, identity, folder, Path.Combine(folder, name));

    /// <summary>Whether the file was verified before.</summary>
    public bool IsVerified => IsOwnFolder(_folder) && File.Exists(_marker)
        && (OperatingSystem.IsWindows() || FileStatus.Of(_marker) is { IsPrivate: true, IsOrdinary: true });

    /// <summary>An open file; null where others can write it, or nothing can be remembered.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="file">The same, open.</param>
    /// <param name="checksum">The checksum that it ends with.</param>
    public static VerifiedFile? Of(string path, SafeFileHandle file, ReadOnlySpan<byte> checksum)
    {
        path = Path.GetFullPath(path);
        if (FileStatus.Of(file) is not { IsPrivate: true } || Folder() is not { } folder || IdentityOf(path, file) is not { } identity)
            return null;
        string all = $"{path}\n{identity}\n{Convert.ToHexStringLower(checksum)}\n{Arithmetic.Contract}\n"
            + typeof(VerifiedFile).Assembly.GetName().Version;
        return new VerifiedFile(path, identity, folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all))));
    }

    /// <summary>
    /// Remembers that the file was verified, if it is still the same. Where that fails, it is verified again.
    /// </summary>
    public void Mark()
    {
        try
        {
            using SafeFileHandle now = File.OpenHandle(_path);
            if (IsVerified || IdentityOf(_path, now) != _identity)
                return;
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(_folder);
            else
                Directory.CreateDirectory(_folder, Private);
            if (IsOwnFolder(_folder))
                new FileStream(_marker, FileMode.CreateNew).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next run checks the file whole, as this one did.
        }
    }

    /// <summary>All that tells whether a file is still the same.</summary>
    private static string? IdentityOf(string path, SafeFileHandle file)
    {
        if (!OperatingSystem.IsWindows())
            return FileStatus.Of(file)?.Identity;
        var info = new FileInfo(path);
        return $"{info.Length} {info.LastWriteTimeUtc.Ticks} {info.CreationTimeUtc.Ticks}";
    }

    private static bool IsOwnFolder(string folder) => OperatingSystem.IsWindows()
        ? Directory.Exists(folder)
        : FileStatus.Of(folder) is { IsFolder: true, IsHidden: true };

    /// <summary><c>certiflip/verified</c> in the folder of the user's caches.</summary>
    private static string? Folder()
    {
        string root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".cache")
            : "";
        return root.Length > 0 ? Path.Combine(root, "certiflip", "verified") : null;
    }
}

/// <summary>Who can write a file, and what tells whether it is still the same.</summary>
internal sealed class FileStatus
{
    // The runtime's own record, the same on every system: flags and mode, owner and group, size, four times with their
    // nanoseconds, device, the device that it is, number.
    private const int Mode = 0, Owner = 1, Size = 2, Written = 5, Changed = 7, Device = 11, Number = 13;
    private const uint TypeMask = 0xF000, Folder = 0x4000, Ordinary = 0x8000, OthersWrite = 0x12, Others = 0x3F;

    private readonly long[] _record;

    private FileStatus(long[] record) => _record = record;

    /// <summary>
    /// Whether nobody but the user who runs the process, or the system's administrator, can write it.
    /// </summary>
    public bool IsPrivate => OperatingSystem.IsWindows()
        || ((ModeBits & OthersWrite) == 0 && ((uint)_record[Owner] == FileKind.User || (uint)_record[Owner] == 0));

    /// <summary>Whether it is the user's own, and nobody else can even look into it.</summary>
    public bool IsHidden => (ModeBits & Others) == 0 && (uint)_record[Owner] == FileKind.User;

    public bool IsFolder => (ModeBits & TypeMask) == Folder;

    public bool IsOrdinary => (ModeBits & TypeMask) == Ordinary;

    /// <summary>
    /// Device, number, length, and when it was written and changed in any way: the latter cannot be set by hand.
    /// </summary>
    public string Identity => string.Join(
        ' ', _record[Device], _record[Number], _record[Size], _record[Written], _record[Written + 1], _record[Changed],
        _record[Changed + 1]);

    private uint ModeBits => (uint)(_record[Mode] >> 32);

    /// <summary>The status of an open file; null where the system does not say.</summary>
    public static FileStatus? Of(SafeFileHandle file) =>
        OperatingSystem.IsWindows() ? new FileStatus(new long[16]) : FileKind.Record(file) is { } record ? new FileStatus(record) : null;

    /// <summary>The status of what stands under a name, links themselves; null where there is nothing.</summary>
    public static FileStatus? Of(string path) =>
        OperatingSystem.IsWindows() ? new FileStatus(new long[16]) : FileKind.Record(path) is { } record ? new FileStatus(record) : null;
}
