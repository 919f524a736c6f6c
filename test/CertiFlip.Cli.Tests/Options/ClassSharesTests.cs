using System.Globalization;
using System.Text;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

/// <summary>Shares of classes, by which a head whose weights do not sum to 1 lifts scores.</summary>
public sealed class ClassSharesTests : IDisposable
{
    private const string Shares = "benign=0.9,malware=0.1";

    private readonly TestFolder _folder = new();

    private string[] Train => ["--train", _folder.Write("train.csv", Csv(100, 1))];

    private string[] Test => ["--test", _folder.Write("test.csv", Csv(50, 2))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("saturated-ridge:classes")]
    [InlineData("two-means")]
    public async Task Shares_give_the_common_class_back_what_unlike_rows_take_and_are_said_everywhere(string head)
    {
        string[] certify = ["certify", "--certificates", "exact", "--head", head, .. Train, .. Test];
        Invocation plain = await Invocation.Of([.. certify, "--classes", "benign,malware", "--json"]);
        Invocation lifted = await Invocation.Of(
            [.. certify, "--class-shares", "malware=0.1, benign=0.9", "--json", "--report", _folder["report.html"]]);
        Assert.Equal((0, ""), (lifted.ExitCode, lifted.ExitCode == 0 ? "" : lifted.Error));
        using JsonDocument without = JsonDocument.Parse(plain.Output), with = JsonDocument.Parse(lifted.Output);
        Assert.InRange(Rare(with), 0, Rare(without) - 1);
        Assert.Equal([0.9, 0.1], with.RootElement.GetProperty("class_shares").EnumerateArray().Select(share => share.GetDouble()));
        Assert.True(with.RootElement.GetProperty("classes_stated").GetBoolean());
        Assert.False(without.RootElement.TryGetProperty("class_shares", out _));
        Assert.Contains("Shares: benign 0.9, malware 0.1. Scores", File.ReadAllText(_folder["report.html"]), StringComparison.Ordinal);

        static int Rare(JsonDocument document) => document.RootElement.GetProperty("rows").GetProperty("certificates")[0]
            .GetProperty("predictions").EnumerateArray().Count(prediction => prediction.ToString() is "1" or "malware");
    }

    [Theory]
    [InlineData("saturated-ridge")]
    [InlineData("two-means")]
    [InlineData("bounded-ridge")]
    [InlineData("hierarchy")]
    public async Task The_witness_of_a_prediction_changes_it_for_real(string head)
    {
        string[] own = ["--head", head, "--class-shares", Shares, "--quiet"];
        await Invocation.Of(["attack", "--attacks", "witness", .. Train, .. Test, .. own, "--out", _folder["attack.csv"]]);
        string[] training = File.ReadAllLines(_folder["train.csv"]);
        IEnumerable<string[]> all = File.ReadLines(_folder["attack.csv"]).Skip(1).Select(line => line.Split(','));
        string[][] attacks = [.. all.Where(row => row[^1] != "").Take(8)]; // Some predictions no flips change.
        Assert.NotEmpty(attacks);
        foreach (string[] attack in attacks)
        {
            // The columns end with the rows flipped and what they are flipped to.
            string[] flipped = [.. training], to = attack[^1].Split(' ');
            int[] rows = [.. attack[^2].Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            for (int i = 0; i < rows.Length; i++)
                flipped[rows[i] + 1] = $"{flipped[rows[i] + 1][..flipped[rows[i] + 1].LastIndexOf(',')]},{to[to.Length == 1 ? 0 : i]}";
            await Invocation.Of(
                ["certify", "--certificates", "exact", "--train", _folder.Write("flipped.csv", string.Join('\n', flipped)), .. Test,
                    .. own, "--out", _folder["after.csv"]]);
            int row = int.Parse(attack[0], CultureInfo.InvariantCulture);
            Assert.NotEqual(attack[3], File.ReadLines(_folder["after.csv"]).ElementAt(1 + row).Split(',')[2]);
        }
    }

    [Theory]
    [InlineData("saturated-ridge")]
    [InlineData("saturated-ridge --lift 0.25 --gain 0.5")]
    [InlineData("two-means")]
    [InlineData("two-means --lift 0.25 --gain 0.5")]
    [InlineData("bounded-ridge:1")]
    [InlineData("hierarchy")]
    public async Task A_model_keeps_its_shares(string head)
    {
        string[] fit = [.. Train, "--class-shares", Shares, .. $"--head {head}".Split(' '), "--quiet"];
        await Invocation.Of(["train", .. fit, "--out", _folder["model"]]);
        Assert.Equal(4, File.ReadAllBytes(_folder["model"])[8]); // Programs that know no shares refuse it.
        await Invocation.Of(["certify", "--model", _folder["model"], .. Test, "--out", _folder["model.csv"], "--quiet"]);
        await Invocation.Of(["certify", .. fit, .. Test, "--out", _folder["train-out.csv"]]);
        Assert.Equal(File.ReadAllText(_folder["train-out.csv"]), File.ReadAllText(_folder["model.csv"]));
        Invocation refused = await Invocation.Of(["certify", "--model", _folder["model"], .. Test, "--class-shares", Shares]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--class-shares", refused.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("saturated-ridge --lift 0.25")]
    [InlineData("two-means")]
    [InlineData("two-means --lift 0.25")]
    [InlineData("bounded-ridge")]
    [InlineData("hierarchy")]
    public async Task Any_number_of_threads_gives_the_same_bytes(string head)
    {
        string[] certify = ["certify", .. Train, "--class-shares", Shares, .. $"--head {head}".Split(' '), "--noise", "0.05", "--quiet"];
        foreach (string[] rows in (string[][])[[], Test])
        {
            await Invocation.Of([.. certify, .. rows, "--threads", "1", "--out", _folder["one.csv"]]);
            await Invocation.Of([.. certify, .. rows, "--threads", "3", "--out", _folder["three.csv"]]);
            Assert.Equal(File.ReadAllText(_folder["one.csv"]), File.ReadAllText(_folder["three.csv"]));
        }
    }

    [Theory]
    [InlineData("certify --noise 0.05 --certificates kl,tight,structured,exact")]
    [InlineData("certify --method partition --partitions 3")]
    [InlineData("certify --collective 1,3 --certificates exact")]
    [InlineData("audit --budget 3")]
    [InlineData("audit --budget 3 --second-opinion none")]
    [InlineData("compare --methods exact,kl,partition --partitions 3")]
    [InlineData("certify --noise 0.05 --certificates kl,tight,structured,exact", "two-means")]
    [InlineData("certify --method partition --partitions 3", "two-means")]
    [InlineData("certify --collective 1,3 --certificates exact", "two-means")]
    [InlineData("audit --budget 3", "two-means")]
    [InlineData("certify --method partition --partitions 3", "hierarchy")]
    [InlineData("audit --budget 3", "hierarchy")]
    [InlineData("compare --methods exact,kl,partition --partitions 3", "bounded-ridge")]
    [InlineData("audit --budget 3 --second-opinion none", "bounded-ridge")]
    public async Task Whatever_takes_the_head_takes_its_shares(string command, string head = "saturated-ridge")
    {
        Invocation invocation = await Invocation.Of(
            [.. command.Split(' '), .. Train, .. Test, "--head", head, "--class-shares", Shares, "--quiet", "--json"]);
        Assert.Equal((0, ""), (invocation.ExitCode, invocation.ExitCode == 0 ? "" : invocation.Error));
        Assert.Contains("\"class_shares\"", invocation.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certify", "--class-shares has no effect with --head ridge, which lifts no scores: give --class-prior")]
    [InlineData("certify --head kernel --method partition --partitions 3", "--class-shares has no effect with --head kernel")]
    [InlineData("audit --head knn", "--class-shares has no effect with --head knn")]
    [InlineData("attack --attacks witness", "--class-shares has no effect with --head ridge")]
    [InlineData("attack --attacks distance", "--class-shares: that is a head's, and logistic regression has none")]
    [InlineData("certify --method monte-carlo", "--class-shares: that is a head's")]
    [InlineData("certify --head knn --threat rows", "--class-shares has no effect with --threat rows")]
    [InlineData("certify --head saturated-ridge --class-prior benign=0.5,malware=0.5", "--class-prior has no effect with --class-shares")]
    public async Task What_lifts_no_scores_refuses_shares(string command, string reason)
    {
        Invocation invocation = await Invocation.Of([.. command.Split(' '), .. Train, .. Test, "--class-shares", Shares]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains(reason, invocation.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train --out MODEL", "--class-shares has no effect with --head ridge")]
    [InlineData("frontier --validation VALIDATION --heads saturated-ridge,ridge", "--class-shares has no effect with --heads ridge")]
    public async Task Training_and_choosing_refuse_them_too(string command, string reason)
    {
        string[] words = command.Replace("MODEL", _folder["model"], StringComparison.Ordinal)
            .Replace("VALIDATION", _folder.Write("validation.csv", Csv(50, 2)), StringComparison.Ordinal).Split(' ');
        Invocation invocation = await Invocation.Of([.. words, .. Train, "--class-shares", Shares]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains(reason, invocation.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("benign=0.5,malware=0.6", "must add up to 1, not to 1.1")]
    [InlineData("benign=-0.5,malware=1.5", "between 0 and 1")]
    [InlineData("benign=1", "at least two classes")]
    public async Task Shares_that_are_none_are_refused_with_what_is_wrong(string shares, string reason)
    {
        Invocation invocation = await Invocation.Of(["certify", .. Train, .. Test, "--class-shares", shares]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith(
            $"certiflip: --class-shares '{shares}': expected a number between 0 and 1 for every class", invocation.LastError,
            StringComparison.Ordinal);
        Assert.Contains(reason, invocation.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_shares_has_names_with_commas()
    {
        string train = _folder.Write("commas.csv", Csv(100, 1).Replace("benign", "\"harmless, so far\"", StringComparison.Ordinal));
        string shares = _folder.Write("shares.txt", "malware=0.1\nharmless, so far=0.9\n");
        string[] certify = ["certify", "--train", train, "--holdout", "0.2", "--head", "saturated-ridge", "--json", "--quiet"];
        Invocation invocation = await Invocation.Of([.. certify, "--class-shares", shares]);
        Assert.Equal((0, ""), (invocation.ExitCode, invocation.ExitCode == 0 ? "" : invocation.Error));
        using var json = JsonDocument.Parse(invocation.Output);
        Assert.Equal("harmless, so far", json.RootElement.GetProperty("classes")[0].GetString());
        Assert.Equal(0.9, json.RootElement.GetProperty("class_shares")[0].GetDouble());
    }

    [Theory]
    [InlineData("coefficients")]
    [InlineData("labels apply")]
    public async Task What_predicts_nothing_has_no_such_option(string command)
    {
        Invocation invocation = await Invocation.Of([.. command.Split(' '), .. Train, "--class-shares", Shares]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains("class-shares", invocation.Error, StringComparison.Ordinal);
    }

    /// <summary>One row in ten is malware, a little to the right of the others.</summary>
    private static string Csv(int rows, int seed)
    {
        var random = new Random(seed);
        var csv = new StringBuilder("a,b,label\n");
        for (int row = 0; row < rows; row++)
        {
            bool isMalware = row % 10 == 3;
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{random.NextDouble() + (isMalware ? 0.4 : 0):F3},{random.NextDouble():F3},{(isMalware ? "malware" : "benign")}\n");
        }

        return csv.ToString();
    }
}
