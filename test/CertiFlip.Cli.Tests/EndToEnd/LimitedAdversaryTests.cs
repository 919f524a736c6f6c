using System.Globalization;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>
/// What the command says of adversaries with limits, held against every set of flips that they can make, and against
/// the command itself on labels flipped by hand.
/// </summary>
public sealed class LimitedAdversaryTests : IDisposable
{
    private const string Trusted = "--trusted trusted.csv", Costs = "--costs costs.csv";

    private readonly TestFolder _folder = new();

    public static TheoryData<string> Limits =>
    [
        "", Trusted, "--direction ham>spam", "--direction spam>ham", Costs, $"{Costs} {Trusted}", $"--direction ham>spam {Costs}",
        $"--direction spam>ham {Trusted} {Costs}",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task The_exact_radius_is_one_less_than_the_cheapest_set_of_all_that_the_adversary_can_flip(string limits)
    {
        Data data = WriteData(rows: 14);
        await Run("certify", limits, "--certificates", "exact", "--out", _folder["exact.csv"]);
        var head = new PlainHead(data.Points);
        int[] flippable = [.. data.FlippableUnder(limits)];
        foreach ((CsvRow row, double[] test) in CsvRow.ReadAll(_folder["exact.csv"]).Zip(data.Tests))
        {
            double[] weights = head.Weights(test);
            int[] costs = data.CostsUnder(limits);
            int[] found =
                [.. Enumerable.Range(1, (1 << flippable.Length) - 1).Select(Chosen).Where(Changes).Select(set => set.Sum(j => costs[j]))];
            Assert.Equal(found.Length == 0 ? "any" : $"{found.Min() - 1}", row["exact_radius"]);

            int[] Chosen(int set) => [.. flippable.Where((_, bit) => (set >> bit & 1) == 1)];
            bool Changes(int[] set) => Class(set) != Class([]);
            bool Class(int[] set) => weights.Where((_, j) => data.Labels[j] == 1 != set.Contains(j)).Sum() >= 0.5;
        }
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task A_witness_is_within_the_limits_costs_one_more_than_the_radius_and_changes_the_prediction(string limits)
    {
        Data data = WriteData(rows: 40);
        await Run("certify", limits, "--certificates", "exact", "--out", _folder["exact.csv"]);
        await Run("attack", limits, "--attacks", "witness", "--out", _folder["witness.csv"]);
        int[] costs = data.CostsUnder(limits);
        int found = 0;
        foreach ((CsvRow exact, CsvRow witness) in CsvRow.ReadAll(_folder["exact.csv"]).Zip(CsvRow.ReadAll(_folder["witness.csv"])))
        {
            if (witness["flips"].Length == 0)
            {
                Assert.Equal("any", exact["exact_radius"]);
                continue;
            }

            int[] flips = [.. witness["flipped_rows"].Split(' ').Select(row => int.Parse(row, CultureInfo.InvariantCulture))];
            Assert.Empty(flips.Except(data.FlippableUnder(limits)));
            Assert.Equal(exact.Whole("exact_radius") + 1, flips.Sum(row => costs[row]));
            _folder.Write("flipped.csv", data.CsvWith(flips));
            await Run("certify", "", "--train", _folder["flipped.csv"], "--certificates", "exact", "--out", _folder["after.csv"]);
            Assert.NotEqual(exact["exact_prediction"], CsvRow.ReadAll(_folder["after.csv"])[exact.Whole("row")]["exact_prediction"]);
            found++;
        }

        Assert.True(found > 0);
    }

    [Theory]
    [InlineData("--certificates all")]
    [InlineData("--method partition --partitions 9")]
    [InlineData("--method monte-carlo --samples 500 --noise 0.3")]
    [InlineData("--head knn:9")]
    public async Task No_radius_is_smaller_where_the_adversary_can_do_less(string method)
    {
        WriteData(rows: 40);
        string[] limits = ["", Trusted, $"{Trusted} --direction ham>spam"],
            columns = ["radius_kl", "radius_tight", "radius_structured", "exact_radius", "radius_partition", "radius_white_box"];
        List<IReadOnlyList<CsvRow>> results = [];
        foreach ((int i, string limit) in limits.Index())
        {
            await Run("certify", $"{limit} {method}".Trim(), "--out", _folder[$"{i}.csv"]);
            results.Add(CsvRow.ReadAll(_folder[$"{i}.csv"]));
        }

        foreach ((IReadOnlyList<CsvRow> more, IReadOnlyList<CsvRow> less) in results.Zip(results.Skip(1)))
        {
            foreach (string column in columns.Intersect(more[0].Header))
                Assert.All(more.Zip(less), pair => Assert.True(pair.First.Radius(column) <= pair.Second.Radius(column)));
            Assert.Equal(more.Select(row => row["prediction"]), less.Select(row => row["prediction"]));
        }

        if (!method.Contains("monte-carlo", StringComparison.Ordinal))
            Assert.Contains(results[0].Zip(results[2]), pair => pair.First.Fields[^2] != pair.Second.Fields[^2]);
    }

    [Fact]
    public async Task A_model_certifies_against_the_adversary_as_its_training_data_do()
    {
        WriteData(rows: 40);
        await Run("certify", $"{Trusted} {Costs} --direction spam>ham", "--out", _folder["direct.csv"]);
        Assert.Equal(0, (await Invocation.Of("train", "--train", _folder["train.csv"], "--out", _folder["model"], "--quiet")).ExitCode);
        Invocation later = await Invocation.Of(
            "certify", "--model", _folder["model"], "--test", _folder["test.csv"], "--trusted", _folder["trusted.csv"],
            "--costs", _folder["costs.csv"], "--direction", "spam>ham", "--out", _folder["later.csv"], "--quiet");
        Assert.Equal(0, later.ExitCode);
        Assert.Equal(File.ReadAllBytes(_folder["direct.csv"]), File.ReadAllBytes(_folder["later.csv"]));
    }

    private async Task Run(string command, string limits, params string[] more)
    {
        string[] train = more.Contains("--train") ? [] : ["--train", _folder["train.csv"]];
        string[] words =
        [
            .. limits.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.EndsWith(".csv", StringComparison.Ordinal) ? _folder[word] : word),
        ];
        Assert.Equal(
            new Invocation(0, "", ""),
            await Invocation.Of([command, .. train, "--test", _folder["test.csv"], .. words, .. more, "--quiet"]));
    }

    private Data WriteData(int rows)
    {
        var data = new Data(SmallData.Csv(rows), SmallData.Csv(10, seed: 2));
        _folder.Write("train.csv", data.Training);
        _folder.Write("test.csv", data.Test);
        _folder.Write("trusted.csv", $"row\n{string.Join('\n', Data.TrustedRows)}\n");
        _folder.Write("costs.csv", $"cost\n{string.Join('\n', data.Costs)}\n");
        return data;
    }

    /// <summary>The data as the command gets them, and what limits mean for them.</summary>
    private sealed record Data(string Training, string Test)
    {
        public static int[] TrustedRows { get; } = [0, 1, 6, 9];

        public double[][] Points { get; } = PointsOf(Training);

        public double[][] Tests { get; } = PointsOf(Test);

        public int[] Labels { get; } =
            [.. Training.TrimEnd('\n').Split('\n').Skip(1).Select(line => line.EndsWith("spam", StringComparison.Ordinal) ? 1 : 0)];

        public int[] Costs => [.. Labels.Select((_, row) => 1 + row * row % 5)];

        public int[] CostsUnder(string limits) => limits.Contains("--costs", StringComparison.Ordinal) ? Costs : [.. Labels.Select(_ => 1)];

        public IEnumerable<int> FlippableUnder(string limits) => Enumerable.Range(0, Labels.Length).Where(row =>
            !(limits.Contains("--trusted", StringComparison.Ordinal) && TrustedRows.Contains(row))
            && !(limits.Contains("ham>spam", StringComparison.Ordinal) && Labels[row] == 1)
            && !(limits.Contains("spam>ham", StringComparison.Ordinal) && Labels[row] == 0));

        public string CsvWith(IReadOnlyCollection<int> flips) => string.Join('\n', Training.TrimEnd('\n').Split('\n').Select((line, i) =>
            !flips.Contains(i - 1) ? line : $"{line[..line.LastIndexOf(',')]},{(Labels[i - 1] == 1 ? "ham" : "spam")}")) + "\n";

        private static double[][] PointsOf(string csv) =>
        [
            .. csv.TrimEnd('\n').Split('\n').Skip(1)
                .Select(line => (double[])[.. line.Split(',')[..2].Select(number => double.Parse(number, CultureInfo.InvariantCulture))]),
        ];
    }
}
