using System.Globalization;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Models;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "")]
    [InlineData("--no-intercept", "")]
    [InlineData("--ridge fixed:3", "--noise 0.3 --certificates exact,kl")]
    [InlineData("--ridge paper", "")]
    [InlineData("--ridge paper --noise 0.2 --no-intercept", "--noise 0.2")]
    [InlineData("--head saturated-ridge --gain 2 --offset -0.1", "--noise 0.3")]
    [InlineData("--head saturated-ridge --ridge paper", "--certificates structured")]
    [InlineData("--head knn:7", "--noise 0.05 --test-rows 4")]
    [InlineData("--head kernel", "--threads 3")]
    [InlineData("--head kernel:0.5", "--threads 1 --test-rows 3")]
    public async Task A_model_writes_the_same_bytes_as_its_training_data(string fit, string rest)
    {
        SmallData.WriteTo(_folder);
        await AssertSame(_folder["train.csv"], _folder["test.csv"], fit, rest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--no-intercept")]
    [InlineData("--head saturated-ridge --offset 0.2")]
    [InlineData("--head saturated-ridge:3 --gain 2")]
    [InlineData("--head saturated-ridge:3 --lift 0.5")]
    [InlineData("--head knn:3")]
    [InlineData("--head kernel")]
    public async Task Many_classes_and_more_features_than_rows_write_the_same_bytes_too(string fit)
    {
        await AssertSame(_folder.Write("train.csv", Table(60, 4, seed: 1)), _folder.Write("test.csv", Table(9, 4, seed: 2)), fit, "");
        await AssertSame(
            _folder.Write("wide-train.csv", Table(12, 30, seed: 3)), _folder.Write("wide-test.csv", Table(9, 30, seed: 4)), fit, "");
    }

    [Theory]
    [InlineData("ridge")]
    [InlineData("saturated-ridge")]
    [InlineData("knn")]
    [InlineData("kernel")]
    public async Task Every_number_of_threads_trains_the_same_model(string head)
    {
        SmallData.WriteTo(_folder);
        foreach (string threads in (string[])["1", "3"])
            Assert.Equal(
                0,
                (
                    await Invocation.Of(
                        "train", "--train", _folder["train.csv"], "--head", head, "--threads", threads, "--out", _folder[$"model{threads}"],
                        "--quiet")).ExitCode);
        Assert.Equal(File.ReadAllBytes(_folder["model1"]), File.ReadAllBytes(_folder["model3"]));
    }

    [Fact]
    public async Task Columns_are_matched_by_name_and_labels_found_where_they_were()
    {
        SmallData.WriteTo(_folder);
        string train =
            _folder.Write("named.csv", File.ReadAllText(_folder["train.csv"]).Replace("label", "verdict", StringComparison.Ordinal));
        string turned = _folder.Write("turned.csv", "verdict,b,a\nspam,0.5,1\nham,0.5,-1\n"),
            strange = _folder.Write("strange.csv", "a,c\n1,2\n");
        Assert.Equal(
            0, (await Invocation.Of("train", "--train", train, "--label", "verdict", "--out", _folder["model"], "--quiet")).ExitCode);
        Assert.Equal(
            0,
            (
                await Invocation.Of(
                    "certify", "--model", _folder["model"], "--test", turned, "--out", _folder["out.csv"], "--quiet")).ExitCode);
        Assert.Equal(
            ["0,spam,spam", "1,ham,ham"],
            File.ReadLines(_folder["out.csv"]).Skip(1).Select(line => string.Join(',', line.Split(',').Take(3))));
        Invocation invocation = await Invocation.Of("certify", "--model", _folder["model"], "--test", strange, "--quiet");
        Assert.Equal(
            (
                1,
                $"certiflip: {strange}: lacks column 'b' and has column 'c' too many, compared with {_folder["model"]}; both need the "
                    + $"same columns."), (invocation.ExitCode, invocation.LastError));
    }

    [Fact]
    public async Task What_is_printed_says_what_was_fitted_and_what_radii_depend_on()
    {
        SmallData.WriteTo(_folder);
        Invocation invocation =
            await Invocation.Of("train", "--train", _folder["train.csv"], "--ridge", "paper", "--out", _folder["model"]);
        Assert.Equal(0, invocation.ExitCode);
        Assert.Matches(
            @"model: ridge paper, λ = [0-9.E-]+, with intercept; 40 training rows, 2 features; fitted in [0-9.]+ s\.\n$",
            invocation.Output);
        Assert.Equal(
            "certiflip: radii with this model are conditional on λ, which --ridge paper computes from the labels.", invocation.LastError);
        Invocation json = await Invocation.Of("certify", "--model", _folder["model"], "--test", _folder["test.csv"], "--json", "--quiet");
        Assert.Contains("\"conditional_on_lambda\": true", json.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--head saturated-ridge:4", "saturated ridge relative:1, λ = [0-9.]+, gain 5, offset auto for 4 classes")]
    [InlineData("--head saturated-ridge --offset 0.5", "saturated ridge relative:1, λ = [0-9.]+, gain 5, offset 0.5")]
    [InlineData("--head knn", "10 nearest neighbours")]
    [InlineData("--head kernel", "Gaussian kernel of bandwidth 0.[0-9]+")]
    public async Task Every_head_is_named(string head, string words)
    {
        SmallData.WriteTo(_folder);
        Invocation invocation = await Invocation.Of(["train", "--train", _folder["train.csv"], .. Words(head), "--out", _folder["model"]]);
        Assert.Matches($@"model: {words}; 40 training rows, 2 features; fitted in [0-9.]+ s\.\n$", invocation.Output);
    }

    [Theory]
    [InlineData("--head knn --ridge fixed:1", "--ridge has no effect with --head knn: leave it out.")]
    [InlineData("--head saturated-ridge --no-intercept", "--no-intercept has no effect with --head saturated-ridge: leave it out.")]
    [InlineData("--gain 3", "--gain has no effect with --head ridge: leave it out.")]
    [InlineData("--head knn:41", "--head 'knn:41': this head needs 41 training rows, but ")]
    [InlineData("--head kernel --noise 0.2", "--noise has no effect with --head kernel: leave it out here, and give it to certify.")]
    [InlineData("--noise 0.2", "--noise has no effect with --ridge relative:1: leave it out here, and give it to certify.")]
    public async Task Options_that_do_nothing_are_wrong_usage(string options, string expected)
    {
        SmallData.WriteTo(_folder);
        Invocation invocation =
            await Invocation.Of(["train", "--train", _folder["train.csv"], "--out", _folder["model"], "--quiet", .. Words(options)]);
        Assert.Equal((2, false), (invocation.ExitCode, File.Exists(_folder["model"])));
        Assert.StartsWith($"certiflip: {expected}", invocation.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "--train {0}/train.csv", "--train has no effect with --model, which holds the training data: leave it out, or leave out --model.")]
    [InlineData(
        "--train-labels {0}/train.csv",
        "--train-labels has no effect with --model, which holds the training data: leave it out, or leave out --model.")]
    [InlineData("--ridge relative:1", "--ridge has no effect with --model, whose head is fitted: leave it out.")]
    [InlineData("--no-intercept", "--no-intercept has no effect with --model, whose head is fitted: leave it out.")]
    [InlineData("--head knn", "--head has no effect with --model, whose head is fitted: leave it out.")]
    [InlineData("--gain 2", "--gain has no effect with --model, whose head is fitted: leave it out.")]
    [InlineData("--partitions 3", "--partitions has no effect with smoothing: leave it out.")]
    [InlineData("--learner knn", "--learner has no effect with smoothing: leave it out.")]
    [InlineData("--certificates white-box", "--certificates 'white-box': expected any of kl,tight,structured,exact")]
    [InlineData("--method partition", "--method 'partition': expected smoothing, because --model holds a head that is fitted already.")]
    [InlineData("--noise 0.3", "--noise '0.3': expected 0.1, for which ")]
    [InlineData("--noise 0.7", "--noise '0.7': expected 0.1, for which ")]
    public async Task Options_of_a_fit_are_refused_with_a_model(string options, string expected)
    {
        SmallData.WriteTo(_folder);
        await Invocation.Of("train", "--train", _folder["train.csv"], "--ridge", "paper", "--out", _folder["model"], "--quiet");
        Invocation invocation = await Invocation.Of(
            [
                "certify", "--model", _folder["model"], "--test", _folder["test.csv"], "--quiet",
                .. string.Format(null, options, _folder.Path).Split(' '),
            ]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {expected}", invocation.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_model_nor_training_data_is_wrong_usage()
    {
        Invocation neither = await Invocation.Of("certify", "--test", "b.csv");
        Assert.Equal(
            (2, "certiflip: --train is missing: name the training data, or a trained model with --model."),
            (neither.ExitCode, neither.LastError));
    }

    [Fact]
    public async Task A_damaged_model_is_named()
    {
        SmallData.WriteTo(_folder);
        await Invocation.Of("train", "--train", _folder["train.csv"], "--out", _folder["model"], "--quiet");
        byte[] bytes = File.ReadAllBytes(_folder["model"]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(_folder["model"], bytes);
        Invocation invocation = await Invocation.Of("certify", "--model", _folder["model"], "--test", _folder["test.csv"], "--quiet");
        Assert.Equal(1, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {_folder["model"]}: the model file is damaged", invocation.LastError, StringComparison.Ordinal);
    }

    /// <summary>The file that <c>certify --out</c> writes is the same from training data and from a model.</summary>
    private async Task AssertSame(string train, string test, string fit, string rest)
    {
        string[] fitting = Words(fit), certifying = ["--test", test, "--quiet", .. Words(rest)];
        Assert.Equal(
            0,
            (
                await Invocation.Of(
                    [
                        "certify", "--train", train, .. fitting,
                        .. certifying.Except(fitting.Contains("--noise") ? ["--noise", "0.2"] : []), "--out", _folder["direct.csv"],
                    ])).ExitCode);
        Assert.Equal(0, (await Invocation.Of(["train", "--train", train, .. fitting, "--out", _folder["model"], "--quiet"])).ExitCode);
        Assert.Equal(
            0, (await Invocation.Of(["certify", "--model", _folder["model"], .. certifying, "--out", _folder["later.csv"]])).ExitCode);
        Assert.Equal(File.ReadAllBytes(_folder["direct.csv"]), File.ReadAllBytes(_folder["later.csv"]));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Table(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        IEnumerable<string> lines = Enumerable.Range(0, rows).Select(row => string.Join(
            ',',
            [
                .. Enumerable.Range(0, columns)
                    .Select(column => random.NextDouble() + (column == row % 3 ? 1 : 0))
                    .Select(value => value.ToString(CultureInfo.InvariantCulture)),
                "abc"[row % 3].ToString(),
            ]));
        return string.Join('\n', [string.Join(',', Enumerable.Range(0, columns).Select(column => $"x{column}").Append("label")), .. lines])
            + "\n";
    }
}
