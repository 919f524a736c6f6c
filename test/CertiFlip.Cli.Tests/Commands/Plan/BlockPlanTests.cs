using System.Globalization;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Plan;

/// <summary>Training rows that stay in their file and are shared out in blocks.</summary>
public sealed class BlockPlanTests(BlockPlanTests.Files files) : IClassFixture<BlockPlanTests.Files>
{
    private const int Rows = 70_000, Columns = 3, Tests = 24; // Two blocks, the second of which is short.

    private static readonly string[] Stages =
        ["largest", "means", "residuals", "products", "fit", "coarse", "choose", "fine", "narrow", "last"];

    [Fact]
    public async Task Shards_of_blocks_write_the_same_bytes_as_the_command_alone()
    {
        Invocation alone = await Invocation.Of(files.Command("alone", "--by-blocks"));
        Assert.Equal((0, ""), (alone.ExitCode, alone.ExitCode == 0 ? "" : alone.Error));
        string job = files.Folder["job"];
        Invocation plan = await Invocation.Of(
            ["plan", "--shards", "2", "--out", $"{job}/", "--quiet", .. files.Command("shared", "--by-blocks")]);
        Assert.Equal((0, ""), (plan.ExitCode, plan.Error));
        Assert.Equal(Stages.Order(), Directory.GetDirectories(job).Select(path => Path.GetFileName(path)).Order());
        foreach (string stage in Stages)
        {
            int shards = stage is "fit" or "choose" or "narrow" ? 1 : 2;
            for (int index = shards - 1; index >= 0; index--)
            {
                Invocation shard = await Invocation.Of(
                    "shard", job, "--stage", stage, "--index", index.ToString(CultureInfo.InvariantCulture), "--quiet", "--threads", "1");
                Assert.Equal((0, ""), (shard.ExitCode, shard.Error));
            }
        }

        Assert.Equal(0, (await Invocation.Of("merge", job)).ExitCode);
        foreach (string name in (string[])["csv", "html"])
            Assert.Equal(File.ReadAllBytes(files.Folder[$"alone.{name}"]), File.ReadAllBytes(files.Folder[$"shared.{name}"]));
    }

    [Fact]
    public async Task Exact_radii_are_those_of_rows_in_memory()
    {
        Assert.Equal(0, (await Invocation.Of(files.Command("blocks", "--by-blocks"))).ExitCode);
        Assert.Equal(0, (await Invocation.Of(files.Command("memory"))).ExitCode);
        string[] blocks = File.ReadAllLines(files.Folder["blocks.csv"]), memory = File.ReadAllLines(files.Folder["memory.csv"]);
        Assert.Equal(memory[0], blocks[0]);
        int log = memory[0].Split(',').IndexOf("log_failure");
        for (int row = 1; row < memory.Length; row++)
        {
            // log B is a bound at another t.
            string[] one = memory[row].Split(','), other = blocks[row].Split(',');
            Assert.Equal(
                double.Parse(one[log], CultureInfo.InvariantCulture), double.Parse(other[log], CultureInfo.InvariantCulture), 0.05);
            Assert.Equal(one[^2..], other[^2..]);
        }
    }

    [Fact]
    public async Task A_stage_waits_for_the_one_before()
    {
        string job = files.Folder["early"];
        Assert.Equal(0, (await Invocation.Of(
            ["plan", "--shards", "2", "--out", $"{job}/", "--quiet", .. files.Command("early", "--by-blocks")])).ExitCode);
        Invocation shard = await Invocation.Of("shard", job, "--stage", "means", "--index", "0");
        Assert.Equal(75, shard.ExitCode);
        Assert.Contains("largest/0.part: this part is not there yet, and the stage means begins when all before it are done.", shard.Error);
        Assert.Equal(75, (await Invocation.Of("merge", job)).ExitCode);
    }

    [Theory]
    [InlineData("--certificates", "structured", "--certificates 'structured': expected any of kl,tight,exact")]
    [InlineData("--head", "knn:3", "--by-blocks: Training rows in blocks need the head ridge, not knn.")]
    [InlineData("--ridge", "paper", "--by-blocks: Training rows in blocks need a λ that comes from no label")]
    [InlineData("--trusted", "rows.npy", "--trusted has no effect with --by-blocks: leave it out.")]
    [InlineData("--holdout", "0.1", "--holdout has no effect with --by-blocks: leave it out.")]
    [InlineData("--method", "partition", "--method 'partition': expected smoothing with --by-blocks.")]
    public async Task What_cannot_be_done_in_blocks_is_refused(string option, string value, string reason)
    {
        string[] command = files.Command("refused", "--by-blocks");
        int given = command.IndexOf(option);
        Invocation refused = await Invocation.Of(
            [.. given < 0 ? command : [.. command[..given], .. command[(given + 2)..]], option, value]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(reason, refused.Error);
        Assert.False(File.Exists(files.Folder["refused.csv"]));
    }

    [Fact]
    public async Task What_blocks_need_is_named()
    {
        Invocation missing = await Invocation.Of(
            "certify", "--train", files.Folder["X.npy"], "--train-labels", files.Folder["y.npy"], "--test", files.Folder["T.npy"],
            "--by-blocks");
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("--classes is missing: --by-blocks needs --train and --train-labels as .npy", missing.Error);
    }

    [Fact]
    public async Task A_row_that_is_no_number_is_named_when_its_block_is_read()
    {
        double[] numbers = [1, 2, 3, 4, double.NaN, 6, 7, 8, 9];
        string train = files.Folder.Write("nan.npy", NpyBytes.Doubles(3, 3, numbers));
        string labels = files.Folder.Write("nan-labels.npy", NpyBytes.Array("<i8", [3], [0L, 1L, 0L]));
        Invocation refused = await Invocation.Of(
            "certify", "--train", train, "--train-labels", labels, "--classes", "0,1", "--test", files.Folder["T.npy"], "--by-blocks");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"{train}, row 1, column 1 (from 0): NaN is not a feature", refused.Error);
    }

    /// <summary>Files that all tests read.</summary>
    public sealed class Files : IDisposable
    {
        public Files()
        {
            var random = new Random(5);
            long[] labels = [.. Enumerable.Range(0, Rows).Select(_ => (long)random.Next(3))];
            double Number(int row, int column) => Math.Round(random.NextDouble() + (labels[row] == column ? 0.2 : 0), 3);
            Folder.Write("X.npy", NpyBytes.Doubles(
                Rows, Columns, [.. Enumerable.Range(0, Rows * Columns).Select(i => Number(i / Columns, i % Columns))]));
            Folder.Write("y.npy", NpyBytes.Array("<i8", [Rows], labels.Cast<object>()));
            Folder.Write("T.npy",
                NpyBytes.Doubles(Tests, Columns, [.. Enumerable.Range(0, Tests * Columns).Select(i => Number(i, i % 3))]));
            Folder.Write("t.npy", NpyBytes.Array("<i8", [Tests], labels[..Tests].Cast<object>()));
        }

        internal TestFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();

        internal string[] Command(string name, params string[] more) =>
        [
            "certify", "--train", Folder["X.npy"], "--train-labels", Folder["y.npy"], "--test", Folder["T.npy"], "--test-labels",
            Folder["t.npy"], "--classes", "0,1,2", "--certificates", "exact,kl,tight", "--out", Folder[$"{name}.csv"], "--report",
            Folder[$"{name}.html"], "--name", "blocks", "--quiet", .. more,
        ];
    }
}
