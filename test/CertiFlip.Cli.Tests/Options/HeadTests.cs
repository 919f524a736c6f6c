using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

/// <summary>Heads other than ridge, by every command that has one.</summary>
public sealed partial class HeadTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("saturated-ridge", "--head saturated-ridge --ridge relative:0.01")]
    [InlineData("saturated-ridge-conditional", "--head saturated-ridge --ridge paper --gain 2 --offset -0.5 --certificates exact")]
    [InlineData("knn", "--head knn:7 --noise 0.05")]
    [InlineData("kernel", "--head kernel --certificates structured,exact")]
    [InlineData("partition-heads", "--head saturated-ridge --method partition --partitions 3")]
    [InlineData("partition-knn", "--head knn:5 --method partition --partitions 20")]
    public async Task What_certify_prints_reads_as_approved(string golden, string options)
    {
        Invocation invocation = await Invocation.Of([.. Arguments("certify"), "--threads", "2", .. options.Split(' ')]);
        Assert.Equal((0, ""), (invocation.ExitCode, invocation.ExitCode == 0 ? "" : invocation.Error));
        Golden.Matches(Seconds().Replace(invocation.Output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden", $"certify-{golden}.txt");
    }

    [Theory]
    [InlineData("compare", "--head knn:5 --partitions 3")]
    [InlineData("attack", "--head saturated-ridge --gain 3 --attacks witness")]
    public async Task What_other_commands_print_reads_as_approved(string command, string options)
    {
        Invocation invocation = await Invocation.Of([.. Arguments(command), "--threads", "2", .. options.Split(' ')]);
        Assert.Equal(0, invocation.ExitCode);
        Golden.Matches(Seconds().Replace(invocation.Output, "#.## s"), "test", "CertiFlip.Cli.Tests", "Golden", $"{command}-heads.txt");
    }

    [Theory]
    [InlineData("ridge", "head,ridge,lambda,intercept")]
    [InlineData("saturated-ridge", "head,ridge,lambda,gain")]
    [InlineData("saturated-ridge --offset 2e-1", "head,ridge,lambda,gain,offset")]
    [InlineData("saturated-ridge --lift 0.5", "head,ridge,lambda,gain,lift")]
    [InlineData("two-means", "head,ridge,lambda,gain")]
    [InlineData("two-means --lift 0.5", "head,ridge,lambda,gain,lift")]
    [InlineData("tempered-ridge:2", "head,ridge,lambda,gain")]
    [InlineData("bounded-ridge:0.5", "head,ridge,lambda,bound")]
    [InlineData("hierarchy:3", "head,ridge,lambda,levels")]
    [InlineData("hierarchy:3 --levels 1,2", "head,ridge,lambda,levels")]
    [InlineData("knn", "head,neighbours")]
    [InlineData("kernel", "head,bandwidth")]
    [InlineData("kernel:0.5", "head,bandwidth")]
    [InlineData("kernel:0.5 --method partition", "head,bandwidth")]
    [InlineData("kernel --method partition", "head")]
    public async Task Json_and_the_report_name_the_head_and_what_it_has(string head, string keys)
    {
        Invocation invocation = await Invocation.Of(
            [.. Arguments("certify"), "--head", .. head.Split(' '), "--report", _folder["report.html"], "--json", "--quiet"]);
        using JsonDocument json = JsonDocument.Parse(invocation.Output);
        string[] all = ["head", "ridge", "lambda", "intercept", "gain", "offset", "lift", "levels", "bound", "neighbours", "bandwidth"];
        Assert.Equal(keys, string.Join(',', all.Where(key => json.RootElement.TryGetProperty(key, out _))));
        Assert.Equal(head.Split(' ')[0], json.RootElement.GetProperty("head").GetString());
        Assert.Equal(
            head != "ridge", File.ReadAllText(_folder["report.html"]).Contains("The features, the head", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--head saturated-ridge")]
    [InlineData("--head knn:3")]
    [InlineData("--head kernel")]
    [InlineData("--head kernel --method partition --partitions 4")]
    public async Task Every_number_of_threads_writes_the_same_bytes(string options)
    {
        string[] arguments = Arguments("certify");
        _folder.Write("test.csv", SmallData.Csv(101, seed: 3));
        foreach (string threads in (string[])["1", "2", "5"])
            await Invocation.Of([.. arguments, "--threads", threads, "--out", _folder[$"{threads}.csv"], "--quiet", .. options.Split(' ')]);
        Assert.Equal(File.ReadAllText(_folder["1.csv"]), File.ReadAllText(_folder["2.csv"]));
        Assert.Equal(File.ReadAllText(_folder["1.csv"]), File.ReadAllText(_folder["5.csv"]));
    }

    [Theory]
    [InlineData("saturated-ridge")]
    [InlineData("knn:5")]
    [InlineData("kernel")]
    public async Task Witnesses_have_one_flip_more_than_the_exact_radius(string head)
    {
        await Invocation.Of([.. Arguments("attack"), "--attacks", "witness", "--head", head, "--out", _folder["witness.csv"], "--quiet"]);
        await Invocation.Of([.. Arguments("certify"), "--certificates", "exact", "--head", head, "--out", _folder["exact.csv"], "--quiet"]);
        string[][] witnesses = Rows("witness.csv"), exact = Rows("exact.csv");
        Assert.All(witnesses, row => Assert.Equal(head, row[2]));
        Assert.Equal(exact.Select(row => int.Parse(row[^2], null) + 1), witnesses.Select(row => int.Parse(row[6], null)));
    }

    [Theory]
    [InlineData(
        "certify --head forest",
        "--head 'forest': expected ridge, saturated-ridge, saturated-ridge:K with K ≥ 2 or the word classes, "
        + "bounded-ridge, bounded-ridge:B with B > 0, two-means, tempered-ridge, "
        + "tempered-ridge:K with K ≥ 2 or the word classes, hierarchy, hierarchy:K with K ≥ 2 or the word classes, pairs, "
        + "knn, knn:N with N ≥ 1, kernel, or kernel:H with H > 0.")]
    [InlineData("certify --head saturated-ridge --gain 0", "--gain '0': expected a number above 0.")]
    [InlineData("certify --head saturated-ridge --offset half", "--offset 'half': expected a number, or auto.")]
    [InlineData("certify --head saturated-ridge --lift 2", "--lift '2': expected a number from 0 to 1.")]
    [InlineData("certify --head bounded-ridge --lift 1", "--lift has no effect with --head bounded-ridge: leave it out.")]
    [InlineData("certify --head saturated-ridge:classes", "--head 'saturated-ridge:classes': expected a list of classes, ")]
    [InlineData("audit --head saturated-ridge:classes", "--head 'saturated-ridge:classes': expected a list of classes, ")]
    [InlineData("attack --head saturated-ridge:classes", "--head 'saturated-ridge:classes': expected a list of classes, ")]
    [InlineData("compare --head saturated-ridge:classes", "--head 'saturated-ridge:classes': expected a list of classes, ")]
    [InlineData("certify --head hierarchy", "--head 'hierarchy': expected a list of classes, as --classes states, or their number, as in")]
    [InlineData("certify --head hierarchy:3 --levels 2,1", "--levels '2,1': expected rising numbers from 1 on, separated by commas.")]
    [InlineData("certify --head ridge --levels 2", "--levels has no effect with --head ridge: leave it out.")]
    [InlineData("certify --head knn:41", "--head 'knn:41': this head needs 41 training rows, but ")]
    [InlineData("certify --head knn:41 --method partition", "--head 'knn:41': this head needs 41 training rows, but ")]
    [InlineData("audit --head knn:41", "--head 'knn:41': this head needs 41 training rows, but ")]
    [InlineData("audit --second-opinion knn:41", "--second-opinion 'knn:41': this head needs 41 training rows, but ")]
    [InlineData("attack --head knn:41 --attacks witness", "--head 'knn:41': this head needs 41 training rows, but ")]
    [InlineData("certify --head knn --ridge fixed:1", "--ridge has no effect with --head knn: leave it out.")]
    [InlineData(
        "certify --head kernel:2 --method partition --no-intercept", "--no-intercept has no effect with --head kernel:2: leave it out.")]
    [InlineData("certify --head saturated-ridge --no-intercept", "--no-intercept has no effect with --head saturated-ridge: leave it out.")]
    [InlineData("certify --head pairs --no-intercept", "--no-intercept has no effect with --head pairs: leave it out.")]
    [InlineData("certify --gain 3", "--gain has no effect with --head ridge: leave it out.")]
    [InlineData("attack --offset auto", "--offset has no effect with --head ridge: leave it out.")]
    [InlineData("attack --attacks distance --head knn", "--head has no effect with distance: leave it out.")]
    [InlineData("certify --method monte-carlo --head knn", "--head has no effect with monte-carlo: leave it out.")]
    [InlineData("certify --method monte-carlo --gain 2", "--gain has no effect with monte-carlo: leave it out.")]
    [InlineData(
        "compare --methods kl,monte-carlo --head knn --learner knn --ridge fixed:1",
        "--ridge has no effect with --head knn and monte-carlo of knn: leave it out.")]
    [InlineData("compare --methods kl,partition --head saturated-ridge --ridge paper", "--ridge 'paper': expected relative:C or fixed:L")]
    public async Task What_makes_no_sense_is_wrong_usage(string line, string message)
    {
        string[] words = line.Split(' ');
        Invocation invocation = await Invocation.Of([.. Arguments(words[0]), "--quiet", .. words[1..]]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {message}", invocation.Error, StringComparison.Ordinal);
    }

    /// <summary>Maps make as many features as they make.</summary>
    [Fact]
    public async Task A_level_beyond_the_features_is_named()
    {
        Invocation invocation = await Invocation.Of([.. Arguments("certify"), "--quiet", "--head", "hierarchy:3", "--levels", "1,500"]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.Contains(
            "The hierarchy has a level of the first 500 features, but there are ", invocation.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certify")]
    [InlineData("certify --method partition --partitions 2")]
    [InlineData("audit")]
    [InlineData("attack --attacks witness")]
    public async Task Head_for_the_stated_classes_is_that_of_their_number(string line)
    {
        string[] words = line.Split(' '), own = ["--classes", "ham,spam,other", "--json", "--quiet"];
        Invocation stated = await Invocation.Of([.. Arguments(words[0]), .. words[1..], .. own, "--head", "saturated-ridge:classes"]);
        Invocation counted = await Invocation.Of([.. Arguments(words[0]), .. words[1..], .. own, "--head", "saturated-ridge:3"]);
        Assert.Equal((0, ""), (stated.ExitCode, stated.Error));
        Assert.Contains("\"saturated-ridge:3\"", stated.Output, StringComparison.Ordinal);
        Assert.Equal(Findings(counted), Findings(stated));

        // All but the time, and how the head was written.
        static IEnumerable<string> Findings(Invocation invocation) =>
            from line in invocation.Output.Split('\n')
            where !line.Contains("\"seconds\"", StringComparison.Ordinal) && !line.Contains("\"value\"", StringComparison.Ordinal)
            select line;
    }

    [Fact]
    public async Task Ridge_rule_may_be_for_the_learner_alone()
    {
        Invocation invocation = await Invocation.Of(
            [.. Arguments("compare"), "--methods", "exact,monte-carlo", "--head", "knn:3", "--ridge", "paper", "--samples", "10"]);
        Assert.Equal(0, invocation.ExitCode);
        Assert.Contains("learner ridge paper", invocation.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    private string[] Arguments(string command) => [command, .. SmallData.WriteTo(_folder)[1..]];

    private string[][] Rows(string name) => [.. File.ReadLines(_folder[name]).Skip(1).Select(line => line.Split(','))];

    [GeneratedRegex(@"[0-9]+\.[0-9]{2} s")]
    private static partial Regex Seconds();
}
