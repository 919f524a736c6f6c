namespace CertiFlip.Paper.Sources;

/// <summary>A file that an experiment starts from, and where the public can get it.</summary>
/// <param name="Path">Where it lies in the data folder, with / between folders.</param>
/// <param name="What">What it is and where to fetch it, or what to make it from.</param>
/// <param name="Sha256">The checksum of the copy that documented numbers were made from, of its content where it is a .gz; empty where it differs from one machine to another.</param>
public sealed record DataFile(string Path, string What, string Sha256)
{
    /// <summary>What to do where the file is missing.</summary>
    public string Advice => Sha256.Length == 0
        ? $"It is {What}."
        : $"It is {What}; SHA-256{(Path.EndsWith(".gz", StringComparison.Ordinal) ? " unpacked" : "")} {Sha256}.";
}
