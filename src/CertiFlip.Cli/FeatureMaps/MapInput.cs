using CertiFlip.Data;

namespace CertiFlip.Cli.FeatureMaps;

/// <summary>A file of inputs.</summary>
/// <param name="Path">The file.</param>
/// <param name="LabelColumn">Its column of labels, which maps do not see.</param>
/// <param name="TextColumn">Its column of texts.</param>
internal sealed record MapInput(string Path, string LabelColumn, string TextColumn)
{
    public Dataset ReadFeatures() => DatasetReader.Read(Path, LabelColumn);

    public IReadOnlyList<string> ReadTexts() => TextListReader.Read(Path, TextColumn);
}
