using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>
/// What the command writes does not depend on the processor: the same bytes at every vector width, and with vector
/// instructions and fused multiply-adds switched off.
/// </summary>
[Trait("Tier", "Slow")]
public sealed class SameBytesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Commands =>
    [
        "certify --train two.csv --test test.csv --collective 3",
        "audit --train ten.csv --head saturated-ridge --budget 5",
        "audit --train two.csv --test two.csv --head two-means --lift 0.25 --class-shares 0=0.8,1=0.2 --budget 5",
        "certify --train ten.csv --test test.csv --map principal-components:3 --head knn:5",
        "certify --train ten.csv --test test.csv --map spectral:4 --head kernel",
        "certify --train texts.csv --test texts.csv --map latent-semantics:4",
        "certify --train two.csv --test test.csv --method monte-carlo --learner logistic:1 --samples 40",
    ];

    public static string[][] Processors =>
        [["CERTIFLIP_KERNEL", "vector256"], ["CERTIFLIP_KERNEL", "vector128"], ["DOTNET_EnableHWIntrinsic", "0"]];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Rows_have_the_same_bytes_on_every_processor(string command)
    {
        WriteData();
        string[] kernels = [.. await Bytes(command, "DOTNET_TieredPGO", "1")];
        Assert.True(kernels.Length > 5);
        foreach (string[] processor in Processors)
            Assert.Equal(kernels, await Bytes(command, processor[0], processor[1]));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string[]> Bytes(string command, string name, string value)
    {
        string[] words = command.Split(' ');
        IEnumerable<string> arguments = words.Select(word => word.EndsWith(".csv", StringComparison.Ordinal) ? _folder[word] : word);
        using var process = CommandProcess.Start(
            new Dictionary<string, string> { [name] = value }, [.. arguments, "--out", _folder["out.csv"], "--quiet"]);
        Invocation invocation = await process.Finish();

        // A processor of another make has not all of these widths.
        if (invocation.LastError.Contains("but this processor runs", StringComparison.Ordinal))
            return await Bytes(command, "CERTIFLIP_KERNEL", "");
        Assert.Equal(0, invocation.ExitCode);
        return await File.ReadAllLinesAsync(_folder["out.csv"], TestContext.Current.CancellationToken);
    }

    private void WriteData()
    {
        var random = new Random(3);
        _folder.Write("two.csv", Csv(331, 2));
        _folder.Write("ten.csv", Csv(331, 10));
        _folder.Write("test.csv", Csv(21, 0));
        string[] words = ["river", "stone", "light", "field", "house", "water", "tree", "road", "bird"];
        _folder.Write("texts.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 90).Select(row =>
            $"{string.Join(' ', Enumerable.Range(0, 9).Select(i => words[(random.Next(5) + row % 3 * 2) % 9]))},{row % 3}\n")));

        string Csv(int rows, int classes) => (classes == 0 ? "a,b,c,d\n" : "a,b,c,d,label\n")
            + string.Concat(Enumerable.Range(0, rows).Select(row => FormattableString.Invariant(
                $"{random.NextDouble() + row % 2:F4},{random.NextDouble() + row % 5:F4},{random.NextDouble():F4},{random.NextDouble():F4}")
                + (classes == 0 ? "\n" : $",{row % classes}\n")));
    }
}
