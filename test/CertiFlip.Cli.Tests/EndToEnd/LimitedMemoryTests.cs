using System.Buffers.Binary;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>Features that do not fit into the memory a process may use stay in their file.</summary>
[Trait("Tier", "Slow")]
public sealed class LimitedMemoryTests : IDisposable
{
    private const int Rows = 120_000, Columns = 128; // 123 MB as doubles.

    private static readonly Dictionary<string, string> Unlimited = [];
    private static readonly Dictionary<string, string> AHundredMegabytes = new() { ["DOTNET_GCHeapHardLimit"] = "6400000" };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("<f4")]
    [InlineData(">f8")]
    public async Task Features_larger_than_memory_give_the_bytes_that_they_give_in_memory(string type)
    {
        WriteFiles(type, odd: null);
        Assert.Equal(0, (await Certify(Unlimited, "free.csv")).ExitCode);
        Invocation limited = await Certify(AHundredMegabytes, "limited.csv");
        Assert.Equal(("", 0), (limited.Error, limited.ExitCode));
        Assert.Equal(
            await File.ReadAllTextAsync(_folder["free.csv"], TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(_folder["limited.csv"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_number_that_is_not_finite_is_found_where_it_is()
    {
        WriteFiles("<f4", odd: (Rows - 2, 5));
        Invocation limited = await Certify(AHundredMegabytes, "limited.csv");
        Assert.Equal(1, limited.ExitCode);
        Assert.Contains($"train.npy, row {Rows - 2}, column 5", limited.Error, StringComparison.Ordinal);
    }

    private async Task<Invocation> Certify(Dictionary<string, string> environment, string output)
    {
        using CommandProcess process = CommandProcess.Start(
            environment, "certify", "--train", _folder["train.npy"], "--train-labels", _folder["labels.csv"], "--test", _folder["test.npy"],
            "--out", _folder[output], "--quiet", "--accept", "shared-rows");
        return await process.Finish();
    }

    private void WriteFiles(string type, (int Row, int Column)? odd)
    {
        File.WriteAllText(
            _folder["labels.csv"], "label\n" + string.Concat(Enumerable.Range(0, Rows).Select(row => row % 7 < 3 ? "spam\n" : "ham\n")));
        Write("train.npy", type, Rows, odd);
        Write("test.npy", type, 8, null);
    }

    private void Write(string name, string type, int rows, (int Row, int Column)? odd)
    {
        using FileStream file = File.Create(_folder[name]);
        file.Write(NpyBytes.WithHeader(NpyBytes.Header(type, [rows, Columns]), []));
        int size = type[2] - '0';
        byte[] stored = new byte[Columns * size];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                float value = (row, column) == odd ? float.NaN : (row % 7 < 3 ? 0.25f : 0) + MathF.Sin(row * 0.37f * (column + 1));
                if (size == 4)
                    BinaryPrimitives.WriteSingleLittleEndian(stored.AsSpan(column * size), value);
                else
                    BinaryPrimitives.WriteDoubleBigEndian(stored.AsSpan(column * size), value);
            }

            file.Write(stored);
        }
    }
}
