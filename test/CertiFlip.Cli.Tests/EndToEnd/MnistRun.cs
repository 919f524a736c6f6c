using System.Globalization;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>One run of certify over all of MNIST 1/7, for all tests that read its rows.</summary>
internal static class MnistRun
{
    public const double Noise = 0.1;

    // Not a fixture: where the data are absent, the tests themselves must skip.
    private static readonly Lazy<Task<IReadOnlyList<CsvRow>>> Run = new(Certify);

    public static Task<IReadOnlyList<CsvRow>> Rows() => Run.Value;

    private static async Task<IReadOnlyList<CsvRow>> Certify()
    {
        using var folder = new TestFolder();
        Write(folder, "train", OnesAndSevens.Training);
        Write(folder, "test", OnesAndSevens.Test);
        Invocation invocation = await Invocation.Of(
            "certify", "--train", folder["train.npy"], "--train-labels", folder["train-labels.npy"],
            "--test", folder["test.npy"], "--test-labels", folder["test-labels.npy"],
            "--noise", Noise.ToString(CultureInfo.InvariantCulture), "--out", folder["out.csv"], "--report", folder["report.html"],
            "--quiet");
        Assert.Equal(new Invocation(0, "", ""), invocation);
        return CsvRow.ReadAll(folder["out.csv"]);
    }

    private static void Write(TestFolder folder, string name, OnesAndSevens data)
    {
        folder.Write($"{name}.npy", NpyBytes.Doubles(data.Features.Length, data.Features[0].Length, [.. data.Features.SelectMany(x => x)]));
        folder.Write($"{name}-labels.npy", NpyBytes.Array("<i4", [data.Labels.Length], data.Labels.Cast<object>()));
    }
}
