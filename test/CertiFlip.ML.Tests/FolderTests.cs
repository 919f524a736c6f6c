namespace CertiFlip.ML.Tests;

public class FolderTests
{
    [Fact]
    public void There_are_no_folders_below() => FolderRules.Hold("CertiFlip.ML", ".");
}
