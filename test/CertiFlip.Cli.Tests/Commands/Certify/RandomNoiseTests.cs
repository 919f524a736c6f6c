using System.Text.Json;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Certify;

/// <summary>Labels that are wrong at random: a sentence, a section and a key, never too small.</summary>
public class RandomNoiseTests
{
    [Theory]
    [InlineData(0, "that is not bounded below 1")]
    [InlineData(-1e-12, "that is not bounded below 1")]
    [InlineData(-0.1, "of at most 0.91")]
    [InlineData(-0.6931471805599453, "of at most 0.51")] // ½ or a little more.
    [InlineData(-2.4, "of at most 0.091")]
    [InlineData(-6.907755278982137, "of at most 0.002")]
    [InlineData(-6.91, "below 10⁻³")]
    [InlineData(-20, "below 10⁻⁸")]
    [InlineData(-700, "below 10⁻³⁰⁴")]
    [InlineData(-5e8, "below 10⁻²¹⁷¹⁴⁷²⁴⁰")]
    [InlineData(double.NegativeInfinity, "of 0: no labels change it")]
    public void Probabilities_are_rounded_up(double log, string expected) => Assert.Equal(expected, RandomNoise.Probability(log));

    [Fact]
    public async Task Table_report_and_json_say_on_how_many_rows_it_is_below_a_power_of_ten()
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);
        Invocation table = await Invocation.Of([.. arguments, "--noise", "0.05", "--report", folder["report.html"]]);
        Assert.Contains(
            "With each label wrong at random with probability 5 %, the head gives another class with probability below 10⁻¹² on ",
            OneLine(table.Output), StringComparison.Ordinal);
        string page = File.ReadAllText(folder["report.html"]);
        Assert.Contains("<section id=\"random\"", page, StringComparison.Ordinal);
        Assert.Contains(
            "With each label wrong at random with probability 5 %, it changes with a probability", page, StringComparison.Ordinal);

        Invocation json = await Invocation.Of([.. arguments, "--noise", "0.05", "--json", "--out", folder["out.csv"]]);
        using var document = JsonDocument.Parse(json.Output);
        JsonElement noise = document.RootElement.GetProperty("random_noise");
        Assert.Equal(0.05, noise.GetProperty("rate").GetDouble());
        double[] logs = [.. File.ReadLines(folder["out.csv"]).Skip(1).Select(line => double.Parse(line.Split(',')[3]))];
        Assert.Equal(
            [.. ((double[])[1e-3, 1e-6, 1e-12]).Select(p => (p, logs.Count(log => log < Math.Log(p)) / (double)logs.Length))],
            noise.GetProperty("rows_below").EnumerateArray()
                .Select(one => (one.GetProperty("probability").GetDouble(), one.GetProperty("value").GetDouble())));
    }

    [Fact]
    public async Task Sampled_bounds_name_their_confidence()
    {
        using var folder = new TestFolder();
        Invocation table = await Invocation.Of([.. SmallData.WriteTo(folder), "--method", "monte-carlo", "--samples", "50"]);
        Assert.Contains("the learner gives another class", OneLine(table.Output), StringComparison.Ordinal);
        Assert.Contains("Each holds with confidence 0.999.", OneLine(table.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--certificates exact")]
    [InlineData("--method partition")]
    public async Task Without_a_smoothed_certificate_nothing_is_said(string options)
    {
        using var folder = new TestFolder();
        string[] arguments = [.. SmallData.WriteTo(folder), .. options.Split(' ')];
        Assert.DoesNotContain("wrong at random", (await Invocation.Of(arguments)).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("random_noise", (await Invocation.Of([.. arguments, "--json"])).Output, StringComparison.Ordinal);
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
