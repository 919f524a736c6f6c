namespace CertiFlip.Data.Formats;

/// <summary>One way of writing data down. Its methods may throw what <see cref="InputFile.Read"/> explains.</summary>
internal interface IDataFormat
{
    /// <summary>Reads the file as features, with labels if it holds them.</summary>
    Dataset ReadDataset(InputFile file);

    /// <summary>Reads the file as nothing but labels.</summary>
    IReadOnlyList<string> ReadLabels(InputFile file);
}
