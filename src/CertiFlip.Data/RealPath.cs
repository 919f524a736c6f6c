namespace CertiFlip.Data;

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
