namespace CertiFlip.Cli.Report;

/// <summary>Text files that are part of the command.</summary>
internal static class Resource
{
    public static string Read(string name)
    {
        using Stream stream = typeof(Resource).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not part of the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
