using System.Globalization;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Plan;

/// <summary>Fits that are shared out write the same bytes as the command alone.</summary>
public sealed class FitPlanTests(FitPlanTests.Files files) : IClassFixture<FitPlanTests.Files>
{
    private const int Rows = 263_000, Columns = 3; // Five blocks, the last of which is short.

    private static readonly string[] Sums = ["largest", "means", "residuals", "products"];

    private static readonly string[] Rounds =
        ["terms", "vocabulary", "subspace", "power-1", "power-2", "power-3", "power-4", "power-5", "values"];

    public static TheoryData<int, string, string[]> Fits =>
    [
        .. from fit in (TheoryDataRow<string, string[]>[])
        [
            new("train --train {dir}/X.npy --train-labels {dir}/y.npy", Sums),
            new("features fit --map principal-components --components 2 --train {dir}/X.npy", Sums),
        ]
           from shards in (int[])[1, 2, 5]
           select (shards, fit.Data.Item1, fit.Data.Item2),
        (2, "train --train {dir}/few.csv --label c --head saturated-ridge --gain 2 --ridge fixed:3", Sums),
        (2, "train --train {dir}/few.csv --label c --no-intercept --ridge relative:0.5", Sums),
        (2, "train --train {dir}/few.csv --label c --missing-labels drop --preprocess auto", Sums),
        (2, "features fit --map standard-scaler --train {dir}/X.npy", Sums),
        (2, "features fit --map standard-scaler --train {dir}/few.csv --label c", Sums),
        (2, "features fit --map latent-semantics --components 3 --train {dir}/texts.txt", Rounds),
        (5, "features fit --map latent-semantics --components 3 --train {dir}/texts.txt", Rounds),
        .. from shards in (int[])[1, 2, 5] from recall in (string[])["", " --neighbour-recall 0.8"]
           select (shards, $"features fit --map spectral --components 2 --train {{dir}}/few.csv --label c{recall}",
               (string[])["cells", "neighbours"]),
    ];

    [Theory]
    [MemberData(nameof(Fits))]
    public async Task Shards_write_the_same_bytes_as_the_command_alone(int shards, string line, string[] stages)
    {
        string name = Guid.NewGuid().ToString("N"), job = files.Folder[$"{name}-job"];
        string[] words = line.Replace("{dir}", files.Folder[""].TrimEnd('/'), StringComparison.Ordinal).Split(' ');
        string shared = files.Folder[$"{name}-shared"];
        (string alone, Invocation single) = await files.Alone(line, words);
        Invocation plan = await Invocation.Of(
            ["plan", "--shards", shards.ToString(CultureInfo.InvariantCulture), "--out", $"{job}/", "--quiet", .. words, "--out", shared]);
        Assert.Equal((0, ""), (plan.ExitCode, plan.Error));
        Assert.Equal(stages.Order(), Directory.GetDirectories(job).Select(path => Path.GetFileName(path)).Order());
        foreach (string stage in stages)
        {
            for (int index = CountOf(job, stage) - 1; index >= 0; index--)
            {
                Invocation shard = await Invocation.Of(
                    "shard", job, "--stage", stage, "--index", index.ToString(CultureInfo.InvariantCulture), "--quiet", "--threads", "1");
                Assert.Equal((0, ""), (shard.ExitCode, shard.Error));
            }
        }

        Invocation merge = await Invocation.Of("merge", job);
        Assert.Equal(0, merge.ExitCode);
        Assert.Equal(File.ReadAllBytes(alone), File.ReadAllBytes(shared));
        string Said(Invocation said) =>
            string.Join('\n', $"{said.Output}{said.Error}".Replace(shared, alone, StringComparison.Ordinal).Split('\n')
                .Select(text => text.Split("fitted in")[0]));
        Assert.Equal(Said(single), Said(merge));
    }

    [Theory]
    [InlineData("train --train {dir}/few.csv --label c --head knn:3", "a knn head keeps its training rows and fits nothing.")]
    [InlineData("train --train {dir}/few.csv --label c --head kernel", "the bandwidth of a kernel head comes from a few rows")]
    [InlineData("train --train {dir}/few.csv --label c --head pairs --classes 0,1,2", "pairs")]
    [InlineData("train --train {dir}/few.csv --label c --ridge paper", "the paper's λ is computed from labels")]
    [InlineData("train --train {dir}/wide.csv", "there are fewer training rows (4) than features (5)")]
    [InlineData("features fit --map principal-components --train {dir}/wide.csv", "there are fewer rows (4) than columns (5)")]
    [InlineData("features fit --map patches --patch-size 2 --components 2 --train {dir}/images.csv",
        "kinds of patch are learned from as many patches, drawn at random, however many images there are.")]
    [InlineData(
        "features fit --map averaged-word-vectors --train {dir}/vectors.txt", "this command line has no rows that could be shared out")]
    public async Task What_cannot_be_shared_is_refused_with_a_reason(string line, string reason)
    {
        string[] words = line.Replace("{dir}", files.Folder[""].TrimEnd('/'), StringComparison.Ordinal).Split(' ');
        string job = files.Folder["refused"];
        Invocation plan = await Invocation.Of(["plan", "--shards", "2", "--out", $"{job}/", .. words, "--out", files.Folder["none"]]);
        Assert.NotEqual(0, plan.ExitCode);
        Assert.Contains(reason, plan.Error);
        Assert.False(File.Exists(files.Folder["none"]));
        Assert.False(Directory.Exists(job));
    }

    [Fact]
    public async Task A_row_that_is_no_number_is_named_by_the_plan()
    {
        double[] numbers = [.. Enumerable.Range(0, 3 * 70_000).Select(i => (double)(i % 7))];
        numbers[^1] = double.NaN;
        string train = files.Folder.Write("nan.npy", NpyBytes.Doubles(70_000, 3, numbers));
        Invocation plan = await Invocation.Of(
            "plan", "--shards", "2", "--out", files.Folder["nan/"], "features", "fit", "--map", "principal-components",
            "--train", train, "--out", files.Folder["nan.map"]);
        Assert.Equal(1, plan.ExitCode);
        Assert.Contains("NaN", plan.Error);
    }

    private static int CountOf(string job, string stage)
    {
        using var manifest = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Path.Combine(job, "manifest.json")));
        return manifest.RootElement.GetProperty("stages").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == stage).GetProperty("shards").GetArrayLength();
    }

    /// <summary>Files that all tests read.</summary>
    public sealed class Files : IDisposable
    {
        public Files()
        {
            var random = new Random(7);
            double[] numbers = [.. Enumerable.Range(0, Rows * Columns).Select(i => Math.Round(random.NextDouble() * (i % 3 + 1), 4))];
            Folder.Write("X.npy", NpyBytes.Doubles(Rows, Columns, numbers));
            Folder.Write("y.npy", NpyBytes.Array("<i8", [Rows], Enumerable.Range(0, Rows).Select(row => (object)(long)(row % 3 / 2))));
            string Row(int row) => string.Create(
                CultureInfo.InvariantCulture,
                $"{random.NextDouble() * 2:F4},{random.NextDouble():F3},{random.NextDouble():F3},{random.NextDouble():F3},{row % 3}");
            Folder.Write("few.csv", $"a,b,d,e,c\n{string.Join('\n', Enumerable.Range(0, 500).Select(Row))}\n");
            Folder.Write("wide.csv", "a,b,c,d,e,label\n1,2,3,4,5,0\n2,3,4,5,7,1\n3,1,4,1,5,0\n2,7,1,8,2,1\n");
            Folder.Write("images.csv", $"{string.Join(',', Enumerable.Range(0, 16).Select(i => $"p{i}"))}\n"
                + string.Concat(Enumerable.Range(0, 9).Select(row =>
                    $"{string.Join(',', Enumerable.Range(0, 16).Select(i => (i * (row + 3)) % 7))}\n")));
            string[] some = ["good", "bad", "film", "plot", "actor", "dull", "bright", "a1", "long", "short"];
            Folder.Write("texts.txt", string.Concat(Enumerable.Range(0, 131_100).Select(_ =>
                $"{some[random.Next(10)]} {some[random.Next(10)]}\n")));
            Folder.Write("vectors.txt", "good 1 2\nbad 2 1\n");
        }

        internal TestFolder Folder { get; } = new();

        private Dictionary<string, (string Path, Invocation Said)> Done { get; } = [];

        public void Dispose() => Folder.Dispose();

        /// <summary>What the command alone writes and says, which is done once.</summary>
        internal async Task<(string Path, Invocation Said)> Alone(string line, string[] words)
        {
            if (!Done.TryGetValue(line, out (string Path, Invocation Said) done))
            {
                string path = Folder[$"alone-{Done.Count}"];
                done = (path, await Invocation.Of([.. words, "--out", path]));
                Assert.Equal((0, ""), (done.Said.ExitCode, done.Said.ExitCode == 0 ? "" : done.Said.Error));
                Done.Add(line, done);
            }

            return done;
        }
    }
}
