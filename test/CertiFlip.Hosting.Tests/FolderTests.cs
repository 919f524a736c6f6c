// Meters belong to the process: what one test measures, another would hear.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CertiFlip.Hosting.Tests;

/// <summary>All of the package is one idea.</summary>
public class FolderTests
{
    [Fact]
    public void There_is_one_folder() => FolderRules.Hold("CertiFlip.Hosting", ".");
}
