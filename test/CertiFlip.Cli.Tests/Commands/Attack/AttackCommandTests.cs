using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;
using CertiFlip.Heads;
using CertiFlip.Votes;

namespace CertiFlip.Cli.Tests.Commands.Attack;

public sealed partial class AttackCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_table_reads_as_approved()
    {
        Invocation invocation = await Invocation.Of([.. Arguments(), "--attacks", "all", "--threads", "2"]);
        Assert.Equal(0, invocation.ExitCode);
        Golden.Matches(Seconds().Replace(invocation.Output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden", "attack-table.txt");
    }

    [Fact]
    public async Task The_file_that_out_names_is_the_same_for_every_number_of_threads_and_as_approved()
    {
        foreach (string threads in (string[])["1", "3"])
            Assert.Equal(
                new Invocation(0, "", ""),
                await Invocation.Of([.. Arguments(), "--out", _folder[$"{threads}.csv"], "--threads", threads, "--quiet"]));
        string csv = File.ReadAllText(_folder["1.csv"]);
        Assert.Equal(csv, File.ReadAllText(_folder["3.csv"]));
        Golden.Matches(csv, "test", "CertiFlip.Cli.Tests", "Golden", "attack-out.csv");
    }

    [Fact]
    public async Task Json_tells_what_the_table_tells()
    {
        Invocation invocation = await Invocation.Of([.. Arguments(), "--json", "--quiet"]);
        using JsonDocument json = JsonDocument.Parse(invocation.Output);
        JsonElement[] classifiers = [.. json.RootElement.GetProperty("classifiers").EnumerateArray()];
        Assert.Equal(["logistic", "ridge"], classifiers.Select(classifier => classifier.GetProperty("name").GetString()));
        Assert.All(classifiers, classifier =>
        {
            Assert.Equal(10, classifier.GetProperty("broken").GetInt32());
            Assert.Equal(10, classifier.GetProperty("best_attacks").EnumerateArray().Sum(best => best.GetProperty("rows").GetInt32()));
            Assert.Equal(0, classifier.GetProperty("under_attack").EnumerateArray().Last().GetProperty("accuracy").GetDouble());
        });
    }

    [Fact]
    public async Task Beyond_the_budget_nothing_is_said_to_survive()
    {
        Invocation invocation = await Invocation.Of([.. Arguments(), "--attacks", "distance", "--budget", "2", "--json", "--quiet"]);
        using JsonDocument json = JsonDocument.Parse(invocation.Output);
        JsonElement last = json.RootElement.GetProperty("classifiers")[0].GetProperty("under_attack").EnumerateArray().Last();
        Assert.Equal((3, 0), (last.GetProperty("flips").GetInt32(), last.GetProperty("accuracy").GetDouble()));
    }

    [Fact]
    public async Task Witnesses_have_one_flip_more_than_the_exact_radius_and_change_the_class()
    {
        string[] arguments = Arguments();
        await Invocation.Of([.. arguments, "--attacks", "witness", "--out", _folder["witness.csv"], "--quiet"]);
        arguments[0] = "certify";
        await Invocation.Of([.. arguments, "--certificates", "exact", "--out", _folder["exact.csv"], "--quiet"]);
        string[][] witnesses = Rows("witness.csv"), exact = Rows("exact.csv");
        Assert.Equal(
            exact.Select(row => int.Parse(row[^2], CultureInfo.InvariantCulture) + 1),
            witnesses.Select(row => int.Parse(row[6], CultureInfo.InvariantCulture)));

        (double[][] training, int[] labels) = Points("train.csv");
        (double[][] tests, _) = Points("test.csv");
        RidgeHead head = RidgeHead.Fit(Matrix(training), new RelativeRidge(1));
        double[] weights = new double[4 * 48];
        foreach ((int row, string[] witness) in witnesses.Index())
        {
            head.ComputeWeights(Matrix(tests), row, 1, weights, 48);
            int[] flipped = [.. labels];
            foreach (int flip in witness[7].Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture)))
                flipped[flip] = 1 - flipped[flip];
            int before = new Vote(weights.AsMemory(0, 40), new ClassLabels(labels, 2)).HeadPrediction,
                after = new Vote(weights.AsMemory(0, 40), new ClassLabels(flipped, 2)).HeadPrediction;
            Assert.NotEqual(before, after);
        }
    }

    [Theory]
    [InlineData("--attacks", "spam")]
    [InlineData("--budget", "0")]
    [InlineData("--c", "-1")]
    public async Task A_value_that_makes_no_sense_is_wrong_usage_and_named(string option, string value)
    {
        Invocation invocation = await Invocation.Of([.. Arguments(), option, value]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {option} '{value}': expected ", invocation.Error, StringComparison.Ordinal);
        Assert.Equal("certiflip: See 'certiflip attack --help'.", invocation.LastError);
    }

    [Theory]
    [InlineData("--attacks witness --budget 3", "certiflip: --budget has no effect with witness: leave it out.")]
    [InlineData(
        "--attacks distance,influence --ridge fixed:1", "certiflip: --ridge has no effect with distance and influence: leave it out.")]
    public async Task An_option_without_effect_is_wrong_usage(string options, string expected)
    {
        Invocation invocation = await Invocation.Of([.. Arguments(), .. options.Split(' '), "--quiet"]);
        Assert.Equal((2, expected), (invocation.ExitCode, invocation.LastError));
    }

    [Fact]
    public async Task More_than_two_classes_have_witnesses_only()
    {
        string[] arguments = Arguments();
        _folder.Write("train.csv", SmallData.Csv(40) + "5,5,eggs\n");
        Invocation invocation = await Invocation.Of([.. arguments, "--quiet"]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains("need two classes, but", invocation.LastError, StringComparison.Ordinal);
        Assert.Equal(0, (await Invocation.Of([.. arguments, "--attacks", "witness", "--quiet"])).ExitCode);
    }

    private static FeatureMatrix Matrix(double[][] rows) => new(rows.Length, 2, [.. rows.SelectMany(row => row)]);

    private string[][] Rows(string name) => [.. File.ReadLines(_folder[name]).Skip(1).Select(line => line.Split(','))];

    private (double[][] Points, int[] Labels) Points(string name)
    {
        string[][] rows = Rows(name);
        return (
            [
                .. rows.Select(row =>
                    (double[])[double.Parse(row[0], CultureInfo.InvariantCulture), double.Parse(row[1], CultureInfo.InvariantCulture)]),
            ], [.. rows.Select(row => row[2] == "ham" ? 0 : 1)]);
    }

    private string[] Arguments() => ["attack", .. SmallData.WriteTo(_folder)[1..]];

    [GeneratedRegex(@"\d+\.\d+ s")]
    private static partial Regex Seconds();
}
