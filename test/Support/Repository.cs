namespace CertiFlip.Testing;

/// <summary>Where the clone is, and the data sets beside it that are too large to ship.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    /// <summary>
    /// A file of a public data set: under CERTIFLIP_DATA, or else in ../shared/data. The test skips where it is not
    /// there.
    /// </summary>
    public static string SharedData(params string[] path)
    {
        string? given = Environment.GetEnvironmentVariable("CERTIFLIP_DATA");
        string root = string.IsNullOrEmpty(given) ? Path.Combine(Root, "..", "shared", "data") : given;
        string file = Path.Combine([root, .. path]);
        Assert.SkipUnless(
            System.IO.File.Exists(file), $"{Path.Combine(path)} is not here; set CERTIFLIP_DATA to the folder that holds {path[0]}/.");
        return file;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "CertiFlip.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests must run inside a clone: CertiFlip.slnx is in no folder above them.");
    }
}
