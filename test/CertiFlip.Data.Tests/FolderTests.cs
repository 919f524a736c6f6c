namespace CertiFlip.Data.Tests;

/// <summary>Data are in the root, readers in Formats, and what makes features of rows in Pipelines.</summary>
public class FolderTests
{
    [Fact]
    public void Folders_use_each_other_in_one_direction_only() =>
        FolderRules.HoldWithEntryPoints("CertiFlip.Data", "Formats Pipelines", ".", "Formats .", "Pipelines Formats .");
}
