namespace CertiFlip.Paper.Tests;

/// <summary>Experiments use what they share, and that knows no experiment.</summary>
public class FolderTests
{
    [Fact]
    public void Folders_use_each_other_in_one_direction_only() => new SourceFolders("CertiFlip.Paper").KeepTo("root", "Experiments root");
}
