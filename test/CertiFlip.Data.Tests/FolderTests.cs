namespace CertiFlip.Data.Tests;

/// <summary>Folders use each other in one direction only: what data are, the formats they are read from, models made of them.</summary>
public class FolderTests
{
    [Fact]
    public void Folders_use_each_other_in_one_direction_only() =>
        new SourceFolders("CertiFlip.Data").KeepTo("root", "Formats root", "Models Formats root");
}
