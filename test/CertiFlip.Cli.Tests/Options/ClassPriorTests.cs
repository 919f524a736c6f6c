using System.Globalization;
using System.Text;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

/// <summary>A prior is stated by the user; weights that are counted in the labels are refused.</summary>
public sealed class ClassPriorTests : IDisposable
{
    private const string Prior = "benign=0.9,malware=0.1";

    private readonly TestFolder _folder = new();

    private string[] Train => ["--train", _folder.Write("train.csv", Csv(100, 1))];

    private string[] Test => ["--test", _folder.Write("test.csv", Csv(50, 2))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("certify --certificates exact")]
    [InlineData("certify --method partition --partitions 3")]
    [InlineData("audit --budget 3")]
    [InlineData("attack --attacks witness")]
    [InlineData("compare --methods exact,kl")]
    public async Task Weights_of_classes_are_refused_with_the_reason(string command)
    {
        Invocation invocation = await Invocation.Of([.. command.Split(' '), .. Train, .. Test, "--class-weight", "balanced"]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith(
            "certiflip: --class-weight 'balanced': weights of classes are counted in the training labels. One flipped label would change "
                + "all of them, and no radius covers that. State what you expect instead",
            invocation.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prior_finds_the_rare_class_and_is_said_everywhere()
    {
        string[] certify = ["certify", "--certificates", "exact", .. Train, .. Test];
        Invocation plain = await Invocation.Of(certify);
        Assert.Contains("Every row is predicted benign", plain.Output, StringComparison.Ordinal);
        Invocation invocation = await Invocation.Of(
            [.. certify, "--class-prior", Prior, "--out", _folder["out.csv"], "--report", _folder["report.html"]]);
        Assert.Equal(0, invocation.ExitCode);
        Assert.DoesNotContain("Every row is predicted", invocation.Output, StringComparison.Ordinal);
        const string Sentence = "Prior: benign 0.9, malware 0.1. The class whose score exceeds its prior most is";
        Assert.Contains(Sentence, invocation.Output, StringComparison.Ordinal);
        Assert.Contains(Sentence, File.ReadAllText(_folder["report.html"]), StringComparison.Ordinal);
        Assert.Contains(File.ReadLines(_folder["out.csv"]), line => line.Contains(",malware,", StringComparison.Ordinal));

        // The list of classes is stated with it, so no radius depends on which classes occur.
        Assert.DoesNotContain("occur in the training labels", invocation.Output, StringComparison.Ordinal);
        invocation = await Invocation.Of([.. certify, "--class-prior", "malware=0.1, benign=0.9", "--json"]);
        using JsonDocument document = JsonDocument.Parse(invocation.Output);
        Assert.Equal(
            [0.9, 0.1], document.RootElement.GetProperty("class_prior").EnumerateArray().Select(share => share.GetDouble()));
    }

    [Fact]
    public async Task The_witness_of_a_prediction_changes_it_for_real()
    {
        await Invocation.Of(
            ["attack", "--attacks", "witness", .. Train, .. Test, "--class-prior", Prior, "--out", _folder["attack.csv"], "--quiet"]);
        string[] training = File.ReadAllLines(_folder["train.csv"]);
        foreach (string[] attack in File.ReadLines(_folder["attack.csv"]).Skip(1).Take(8).Select(line => line.Split(',')))
        {
            // The columns end with the rows flipped and what they are flipped to.
            string[] flipped = [.. training];
            foreach (int flip in attack[^2].Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture)))
                flipped[flip + 1] = $"{flipped[flip + 1][..flipped[flip + 1].LastIndexOf(',')]},{attack[^1]}";
            await Invocation.Of(
                ["certify", "--certificates", "exact", "--train", _folder.Write("flipped.csv", string.Join('\n', flipped)), .. Test,
                    "--class-prior", Prior, "--out", _folder["after.csv"], "--quiet"]);
            int row = int.Parse(attack[0], CultureInfo.InvariantCulture);
            Assert.NotEqual(attack[3], File.ReadLines(_folder["after.csv"]).ElementAt(1 + row).Split(',')[2]);
        }
    }

    [Fact]
    public async Task A_model_keeps_its_prior()
    {
        await Invocation.Of(["train", .. Train, "--class-prior", Prior, "--out", _folder["model"], "--quiet"]);
        await Invocation.Of(["certify", "--model", _folder["model"], .. Test, "--out", _folder["model.csv"], "--quiet"]);
        await Invocation.Of(["certify", .. Train, .. Test, "--class-prior", Prior, "--out", _folder["train-out.csv"], "--quiet"]);
        Assert.Equal(File.ReadAllText(_folder["train-out.csv"]), File.ReadAllText(_folder["model.csv"]));
        Invocation refused = await Invocation.Of(
            ["certify", "--model", _folder["model"], .. Test, "--class-prior", Prior]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--class-prior", refused.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certify --method monte-carlo", "--class-prior: that is a head's")]
    [InlineData("attack --attacks distance", "--class-prior: that is a head's, and logistic regression has none")]
    public async Task What_knows_no_prior_refuses_it(string command, string reason)
    {
        Invocation invocation = await Invocation.Of([.. command.Split(' '), .. Train, .. Test, "--class-prior", Prior]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains(reason, invocation.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("benign", "'benign' has no '='")]
    [InlineData("benign=1", "at least two classes")]
    [InlineData("benign=0.5,malware=x", "'malware=x' has no number")]
    [InlineData("benign=0.5,malware=0.6", "must add up to 1, not to 1.1")]
    [InlineData("benign=0,malware=1", "strictly between 0 and 1")]
    [InlineData("benign=0.5,benign=0.5", "comes twice")]
    [InlineData("benign=0.5,malware=0.5", "There is none for the class 'worm'", "benign,malware,worm")]
    [InlineData("benign=0.5,malware=0.3,worm=0.2", "'worm' is not one of the classes that --classes states", "benign,malware")]
    public async Task A_prior_that_is_none_is_refused_with_what_is_wrong(string prior, string reason, string? classes = null)
    {
        Invocation invocation = await Invocation.Of(
            ["certify", .. Train, .. Test, "--class-prior", prior, .. classes is null ? [] : (string[])["--classes", classes]]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith(
            $"certiflip: --class-prior '{prior}': expected a number between 0 and 1 for every class", invocation.LastError,
            StringComparison.Ordinal);
        Assert.Contains(reason, invocation.LastError, StringComparison.Ordinal);
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
