namespace CertiFlip.Testing;

/// <summary>
/// Compares text with a file that was read and approved once. CERTIFLIP_APPROVE=1 writes what there is now.
/// </summary>
internal static class Golden
{
    public const string EnvironmentVariable = "CERTIFLIP_APPROVE";

    public static void Matches(string actual, params string[] path)
    {
        string file = Repository.File(path);
        string normal = actual.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, normal);
        }

        Assert.True(
            File.Exists(file),
            $"{Path.Combine(path)} is missing. Run the tests with {EnvironmentVariable}=1 and read what it writes.");
        Assert.True(
            File.ReadAllText(file).ReplaceLineEndings("\n") == normal,
            $"{Path.Combine(path)} differs. If the change is meant, run the tests with {EnvironmentVariable}=1 and read the difference "
            + $"before you commit it. Now:\n{normal}");
    }
}
