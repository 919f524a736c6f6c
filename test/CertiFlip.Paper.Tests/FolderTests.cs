namespace CertiFlip.Paper.Tests;

/// <summary>What experiments share is in the root and uses no experiment.</summary>
public class FolderTests
{
    [Fact]
    public void Folders_use_each_other_in_one_direction_only() => FolderRules.Hold("CertiFlip.Paper", ".");
}
