using System.Diagnostics;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>Standard streams that are files, closed, full, or read by somebody who goes away.</summary>
public sealed class StreamTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public StreamTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs a shell of Unix.");
        SmallData.WriteTo(_folder);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(">/dev/full")]
    [InlineData(">&-")]
    [InlineData(">/dev/null 2>&-")]
    [InlineData(">/dev/null 2>/dev/full")]
    [InlineData("<&- >&- 2>&-")]
    [InlineData("2>/dev/null | true")]
    public async Task A_stream_that_cannot_be_written_leaves_the_files_as_they_should_be_and_exit_code_1(string redirection)
    {
        await Shell($"$C {Arguments} --out expected.csv --report expected.html --quiet");
        (string output, string error) =
            await Shell($"exec 9>code; {{ $C {Arguments} --out out.csv --report report.html; echo $? >&9; }} {redirection}");
        Assert.Equal("1\n", File.ReadAllText(_folder["code"]));
        Assert.Equal(File.ReadAllText(_folder["expected.csv"]), File.ReadAllText(_folder["out.csv"]));
        Assert.Equal(File.ReadAllText(_folder["expected.html"]), File.ReadAllText(_folder["report.html"]));
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Names, name => name.StartsWith(".certiflip", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_full_disk_under_standard_output_is_told()
    {
        (_, string error) = await Shell($"$C {Arguments} --json --quiet >/dev/full");
        Assert.StartsWith("certiflip: standard output cannot be written: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_streams_in_one_file_do_not_write_over_each_other()
    {
        await Shell($"$C {Arguments} >both 2>&1");
        string both = await File.ReadAllTextAsync(_folder["both"], TestContext.Current.CancellationToken);
        Assert.Contains("certifying 10 rows", both, StringComparison.Ordinal);
        Assert.Contains("40 training rows, 2 features", both, StringComparison.Ordinal);
        Assert.Contains("Time: ", both, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("/dev/stdout")]
    public async Task A_dash_is_standard_output_and_nothing_else_goes_there(string name)
    {
        await Shell($"$C {Arguments} --out out.csv --report report.html --quiet");
        (string output, string error) = await Shell($"$C {Arguments} --out {name}");
        Assert.Equal(File.ReadAllText(_folder["out.csv"]), output);
        Assert.Contains("median r", error, StringComparison.Ordinal);
        (output, _) = await Shell($"$C {Arguments} --report {name}");
        Assert.Equal(File.ReadAllText(_folder["report.html"]), output);
        (output, error) = await Shell($"$C {Arguments} --report {name} --out {name}");
        Assert.Equal("", output);
        Assert.Contains("two outputs would be written to this file", error, StringComparison.Ordinal);
        (output, error) = await Shell($"$C {Arguments} --out {name} --quiet");
        Assert.Equal((File.ReadAllText(_folder["out.csv"]), ""), (output, error));
    }

    [Fact]
    public async Task A_model_and_a_map_go_through_standard_output_byte_by_byte()
    {
        await Shell("$C train --train train.csv --out model --quiet; $C train --train train.csv --out - >piped");
        Assert.Equal(File.ReadAllBytes(_folder["model"]), File.ReadAllBytes(_folder["piped"]));
        await Shell(
            "$C features fit --map standard-scaler --train train.csv --out - >map; "
                + "$C features apply --model map --in test.csv --out - >a.npy; "
                + "$C features apply --model map --in test.csv --out b.npy --quiet");
        Assert.Equal(File.ReadAllBytes(_folder["b.npy"]), File.ReadAllBytes(_folder["a.npy"]));
    }

    private static string Arguments => "certify --train train.csv --test test.csv";

    private async Task<(string Output, string Error)> Shell(string script)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"certiflip() {{ {CommandFile.InShell} \"$@\"; }}; C=certiflip; {script}"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (await output, await error);
    }
}
