using System.Globalization;
using System.Text;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--noise", "0")]
    [InlineData("--noise", "1")]
    [InlineData("--noise", "0,1")]
    [InlineData("--noise", "NaN")]
    [InlineData("--ridge", "relative")]
    [InlineData("--ridge", "relative:0")]
    [InlineData("--ridge", "fixed:-1")]
    [InlineData("--ridge", "fixed:1e999")]
    [InlineData("--certificates", "kl,loose")]
    [InlineData("--certificates", "")]
    [InlineData("--method", "sampling")]
    [InlineData("--threads", "0")]
    [InlineData("--threads", "two")]
    [InlineData("--max-unpacked", "0")]
    [InlineData("--max-unpacked", "-1GB")]
    [InlineData("--max-unpacked", "much")]
    [InlineData("--max-unpacked", "5XB")]
    [InlineData("--max-unpacked", "9999999TB")]
    public async Task A_value_that_makes_no_sense_is_wrong_usage_and_named(string option, string value)
    {
        Invocation invocation = await Invocation.Of("certify", "--train", "a.csv", "--test", "b.csv", option, value);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {option} '{value}': expected ", invocation.Error, StringComparison.Ordinal);
        Assert.Equal("certiflip: See 'certiflip certify --help'.", invocation.LastError);
        Assert.Empty(invocation.Output);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("500B", 500)]
    [InlineData("2KB", 2000)]
    [InlineData("2KiB", 2048)]
    [InlineData("1.5m", 1572864)]
    [InlineData("4gb", 4_000_000_000)]
    [InlineData("1TiB", 1L << 40)]
    public void Sizes_have_units_of_1000_or_1024_bytes(string text, long bytes) => Assert.Equal(bytes, OptionValue.Bytes(text));

    [Theory]
    [InlineData("certify --train {0} --test {0} --label text")]
    [InlineData("audit --train {0} --label text")]
    [InlineData("features fit --map standard-scaler --train {0} --out {0}.map --label text")]
    [InlineData("features fit --map latent-semantics --train {0} --out {0}.map")]
    public async Task Every_command_takes_a_limit_on_what_files_become(string command)
    {
        using var folder = new TestFolder();
        string path = folder.Write("train.csv", SmallData.Csv(40).Replace("label", "text", StringComparison.Ordinal));
        Invocation invocation = await Invocation.Of(
            [.. command.Split(' ').Select(word => word.Replace("{0}", path, StringComparison.Ordinal)), "--max-unpacked", "20B"]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.Contains("more than 20 bytes", invocation.LastError, StringComparison.Ordinal);
        Assert.Equal(["train.csv"], folder.Names);
    }

    [Fact]
    public async Task Noise_beyond_what_the_number_of_classes_allows_is_wrong_usage()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(folder), "--noise", "0.5", "--quiet"]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith(
            "certiflip: --noise '0.5': expected a number strictly between 0 and 1/2, ", invocation.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frontier", "--train", "a.csv")]
    [InlineData("certify", "--train", "a.csv", "--test", "b.csv", "--nois", "0.1")]
    [InlineData("certfy")]
    [InlineData]
    public async Task A_command_line_that_cannot_be_understood_is_wrong_usage(params string[] arguments)
    {
        Invocation invocation = await Invocation.Of(arguments);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith("certiflip: ", invocation.Error, StringComparison.Ordinal);
        Assert.Empty(invocation.Output);
    }

    [Theory]
    [InlineData("certfy --train x", "'certfy' is not a command of certiflip; did you mean certify?", "certiflip")]
    [InlineData("help certfy", "'certfy' is not a command of certiflip; did you mean certify?", "certiflip")]
    [InlineData("help features ft", "'ft' is not a command of certiflip features; did you mean fit?", "certiflip features")]
    [InlineData("train --report r.html", "'--report' is not an option of certiflip train.", "certiflip train")]
    [InlineData("features ft --map x", "'ft' is not a command of certiflip features; did you mean fit?", "certiflip features")]
    [InlineData(
        "certify --trian a.csv --tset b.csv", "'--trian' is not an option of certiflip certify; did you mean --train?",
        "certiflip certify")]
    [InlineData("certify --train a.csv --test b.csv -x", "'-x' is not an option of certiflip certify.", "certiflip certify")]
    [InlineData("certify --train a.csv b.csv", "'b.csv' is not an argument of certiflip certify.", "certiflip certify")]
    [InlineData(
        "",
        "a command is missing; expected certiflip with one of certify, train, serve, compare, diff, frontier, attack, audit, "
        + "labels, coefficients, "
            + "check, features, plan, shard, merge, run, status, look, demo, reproduce, completions, man, schema.", "certiflip")]
    [InlineData("features", "a command is missing; expected certiflip features with one of fit, apply.", "certiflip features")]
    [InlineData("frontier --train a.csv", "Option '--validation' is required.", "certiflip frontier")]
    public async Task A_word_that_is_not_known_is_told_in_one_line_with_what_is_like_it(string arguments, string expected, string helpOf)
    {
        Invocation invocation = await Invocation.Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, $"certiflip: {expected}\ncertiflip: See '{helpOf} --help'.\n"), (invocation.ExitCode, invocation.Error));
    }

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help certify", "certify --help")]
    [InlineData("help features fit", "features fit --help")]
    public async Task Help_can_be_asked_for_as_a_command(string asked, string same)
    {
        Invocation invocation = await Invocation.Of(asked.Split(' '));
        Assert.Equal(await Invocation.Of(same.Split(' ')), invocation);
        Assert.Equal(0, invocation.ExitCode);
    }

    [Theory]
    [InlineData("certify --train a.csv --test b.csv --report r.pdf", "--report 'r.pdf': this writes an HTML page")]
    [InlineData("audit --train a.csv --report r.json", "--report 'r.json': this writes an HTML page")]
    [InlineData("demo --report r.docx", "--report 'r.docx': this writes an HTML page")]
    [InlineData("certify --train a.csv --test b.csv --out r.xlsx", "--out 'r.xlsx': this writes comma-separated values and no other")]
    [InlineData("compare --train a.csv --test b.csv --out r.csv.gz", "--out 'r.csv.gz': this writes comma-separated values and no other")]
    [InlineData("features apply --model m --in i --out o.csv", "--out 'o.csv': this writes an array of NumPy")]
    [InlineData("reproduce bounds --out -", "--out '-': several files are written; expected a folder for them.")]
    [InlineData("demo --save -", "--save '-': several files are written; expected a folder for them.")]
    [InlineData("certify --train a.csv --test b.csv --out - --json", "--json prints to standard output, and '-' is standard output, too")]
    [InlineData("certify --train a.csv --test b.csv --spreadsheet", "--spreadsheet has no effect without --out")]
    public async Task An_output_that_would_not_be_what_its_name_says_is_refused(string arguments, string expected)
    {
        Invocation invocation = await Invocation.Of(arguments.Split(' '));
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {expected}", invocation.Error, StringComparison.Ordinal);
        Assert.Empty(invocation.Output);
    }

    [Fact]
    public async Task Help_reads_as_approved()
    {
        string[] commands =
        [
            "", "certify", "train", "serve", "compare", "frontier", "attack", "audit",
            "features", "features fit", "features apply", "demo", "reproduce",
        ];
        var pages = new StringBuilder();
        foreach (string command in commands)
        {
            string[] arguments = [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"];
            Invocation invocation = await Invocation.Of(arguments);
            Assert.Equal(0, invocation.ExitCode);
            pages.Append(CultureInfo.InvariantCulture, $"$ certiflip {string.Join(' ', arguments)}\n{invocation.Output}\n");
        }

        // The program is named by whatever runs the tests.
        string help = pages.ToString().Replace("CertiFlip.Cli.Tests", "certiflip", StringComparison.Ordinal)
            .Replace("testhost", "certiflip", StringComparison.Ordinal);
        Golden.Matches(help, "test", "CertiFlip.Cli.Tests", "Golden", "help.txt");
    }
}
