using CertiFlip.Cli.Output;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests;

public class TerminalTests
{
    [Theory]
    [InlineData(true, "", true)]
    [InlineData(false, "", false)]
    [InlineData(true, "NO_COLOR=1", false)]
    [InlineData(true, "NO_COLOR=", true)]
    [InlineData(true, "NO_COLOR=0", false)]
    [InlineData(false, "CLICOLOR_FORCE=1", true)]
    [InlineData(false, "CLICOLOR_FORCE=0", false)]
    [InlineData(false, "FORCE_COLOR=1", true)]
    [InlineData(false, "FORCE_COLOR=3", true)]
    [InlineData(false, "FORCE_COLOR=0", false)]
    [InlineData(false, "NO_COLOR=1 FORCE_COLOR=1", false)]
    [InlineData(true, "CLICOLOR=0", false)]
    [InlineData(true, "CLICOLOR=1", true)]
    [InlineData(true, "CLICOLOR=0 CLICOLOR_FORCE=1", true)]
    [InlineData(true, "TERM=dumb", false)]
    public void The_environment_says_whether_output_is_coloured(bool isTerminal, string environment, bool expected)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('='))
            .ToDictionary(entry => entry[0], entry => entry[1]);
        Assert.Equal(expected, Terminal.IsColoured(isTerminal, name => variables.GetValueOrDefault(name)));
    }

    /// <summary>Neither a build's log nor a forced colour may put escapes where a program reads.</summary>
    [Theory]
    [InlineData("GITHUB_ACTIONS")]
    [InlineData("NO_COLOR")]
    [InlineData("FORCE_COLOR")]
    public async Task Redirected_output_has_no_escapes(string variable)
    {
        using var process = CommandProcess.Start(new Dictionary<string, string> { [variable] = "1", ["TERM"] = "xterm-256color" }, "demo");
        Invocation run = await process.Finish();
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.DoesNotContain('\u001b', run.Error);
    }

    [Fact]
    public async Task The_version_has_the_commit()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+(\+[0-9a-f]{40}| \(commit unknown: built outside a git repository\))\n$",
            (await Invocation.Of("--version")).Output);
        Assert.Equal("0.1.0 (commit unknown: built outside a git repository)", CommandVersion.InWords("0.1.0"));
        Assert.Equal("0.1.0+abc", CommandVersion.InWords("0.1.0+abc"));
    }
}
