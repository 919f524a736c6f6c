namespace CertiFlip.Cli.Tests.Docs;

/// <summary>
/// Whoever follows docs/getting-started.md sees what it shows. Its installation and its part in Python are run by
/// .ci/run.
/// </summary>
public sealed class GettingStartedTests
{
    private static readonly string[] Page = ["docs", "getting-started.md"];

    [Fact]
    public async Task The_page_shows_what_its_commands_print()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The page's commands are for a Unix shell.");
        using var folder = new TestFolder();
        string page = (await File.ReadAllTextAsync(Repository.File(Page), TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        Golden.Matches(await ShownOutput.Renewed(page, folder), Page);
    }
}
