using System.Diagnostics;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Describe;

public sealed class ManTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_command_has_a_page_with_every_option()
    {
        Assert.Equal(0, (await Invocation.Of("man", "--out", _folder["man"])).ExitCode);
        CommandNode[] nodes = [.. CommandNode.All(CertiFlipCommand.Whole())];
        Assert.Equal(nodes.Length, Directory.GetFiles(_folder["man"]).Length);
        foreach (CommandNode node in nodes)
        {
            string name = node.Name.Length == 0 ? "certiflip" : $"certiflip-{node.Name.Replace(' ', '-')}";
            string page = await File.ReadAllTextAsync(Path.Combine(_folder["man"], $"{name}.1"), TestContext.Current.CancellationToken);
            Assert.All(node.Options, option => Assert.Contains(option.Name.Replace("-", "\\-"), page, StringComparison.Ordinal));
            Assert.All(ExitCode.All, code => Assert.Contains($".B {code.Code}\n", page, StringComparison.Ordinal));
        }

        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(_folder["man"], "certiflip-features-fit.1"), TestContext.Current.CancellationToken),
            (await Invocation.Of("man", "features", "fit")).Output);
    }

    [Theory]
    [InlineData("man", "--warnings -E UTF-8 -l")]
    [InlineData("groff", "-man -ww -z -K utf8")]
    [InlineData("mandoc", "-T lint -W warning")]
    public async Task A_reader_of_manuals_has_nothing_to_say_of_a_page(string program, string options)
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Any(folder => File.Exists(Path.Combine(folder, program))),
            $"{program} is not installed.");
        Assert.Equal(0, (await Invocation.Of("man", "--out", _folder["man"])).ExitCode);
        foreach (string page in Directory.GetFiles(_folder["man"]))
        {
            var start = new ProcessStartInfo(program, [.. options.Split(' '), page])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["MANWIDTH"] = "80";
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string said = program == "mandoc" ? await output + error : error;

            // A page that is the same whenever it is made has no date.
            string[] lines = [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("missing date"))];
            Assert.Empty(lines);
            if (program == "man")
                Assert.Contains("EXIT STATUS", await output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_page_of_an_unknown_command_is_refused()
    {
        Invocation run = await Invocation.Of("man", "certfy");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("certiflip: man 'certfy': expected a command: certify, train, ", run.Error, StringComparison.Ordinal);
    }
}
