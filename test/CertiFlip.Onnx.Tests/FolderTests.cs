namespace CertiFlip.Onnx.Tests;

/// <summary>All of the package is one idea.</summary>
public class FolderTests
{
    [Fact]
    public void There_is_one_folder() => FolderRules.Hold("CertiFlip.Onnx", ".");
}
