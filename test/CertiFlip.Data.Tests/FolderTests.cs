namespace CertiFlip.Data.Tests;

/// <summary>Data are in the root, readers in Formats, and what is fitted and saved in Models.</summary>
public class FolderTests
{
    [Fact]
    public void Folders_use_each_other_in_one_direction_only() =>
        FolderRules.HoldWithEntryPoints("CertiFlip.Data", "Formats", ".", "Formats .", "Pipelines Formats .");
}
