namespace CertiFlip.Paper.Sources;

/// <summary>A file as a run found it.</summary>
/// <param name="File">What it should be.</param>
/// <param name="Path">Its full path.</param>
/// <param name="Sha256">Its checksum, in small hexadecimal digits.</param>
public sealed record UsedFile(DataFile File, string Path, string Sha256)
{
    /// <summary>Whether it is the copy that documented numbers were made from.</summary>
    public bool IsKnown => File.Sha256 == Sha256;
}
