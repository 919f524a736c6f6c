using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>Labels, columns and files with names that a terminal, a browser or a reader would be misled by.</summary>
public sealed partial class HostileTextTests : IDisposable
{
    // Clears the screen, turns the direction of writing, breaks the line, cannot be seen, and closes markup.
    private const string Hostile = "x\u001b[2J\u009b\u202e\u2066\u200f\u200b\u2028\r\n\tTime: 0 </td><script>[red]";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Commands =>
    [
        "certify --train {0} --test {1}",
        "certify --train {0} --test {1} --method partition --partitions 4",
        "certify --train {0} --test {1} --direction \"{2}>{3}\"",
        "compare --train {0} --test {1}",
        "attack --train {0} --test {1} --attacks witness",
        "audit --train {0}",
        "frontier --train {0} --validation {1} --heads ridge --ridges relative:1",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task No_output_obeys_what_a_label_or_a_file_name_says(string command)
    {
        string name = OperatingSystem.IsWindows() ? "train" : Hostile.Replace("/", "", StringComparison.Ordinal);
        string train = _folder.Write($"{name}.csv", Table(40, 1)), test = _folder.Write("test.csv", Table(10, 2));
        bool hasReport = !command.StartsWith("attack", StringComparison.Ordinal);
        string[] arguments =
        [
            .. command.Split(' ').Select(word => word.Trim('"').Replace("{0}", train, StringComparison.Ordinal)
                .Replace("{1}", test, StringComparison.Ordinal).Replace("{2}", $"{Hostile}0", StringComparison.Ordinal)
                .Replace("{3}", $"{Hostile}1", StringComparison.Ordinal)),
        ];
        string[] files = ["--out", _folder["out.csv"], .. hasReport ? ["--report", _folder["report.html"]] : (string[])[]];
        Invocation table = await Invocation.Of([.. arguments, .. files]);
        Assert.True(table.ExitCode == 0, table.Error);
        Invocation json = await Invocation.Of([.. arguments, "--json"]);
        AssertPlain(table.Output);
        AssertPlain(table.Error);
        AssertPlain(json.Output);
        AssertPlain(json.Error);
        if (hasReport)
        {
            string page = File.ReadAllText(_folder["report.html"]);
            AssertPlain(page);
            AssertPlain(System.Net.WebUtility.HtmlDecode(Entities().Replace(page, "$0")));
            Assert.DoesNotContain("</td><script>[", page, StringComparison.Ordinal);
        }

        // For programs they are what they were.
        using JsonDocument document = JsonDocument.Parse(json.Output);
        Assert.Equal($"{Hostile}0", document.RootElement.GetProperty("classes")[0].GetString());
    }

    [Theory]
    [InlineData("certify --train {0}none.csv --test {1}")]
    [InlineData("certify --train {1} --test {1} --label {0}")]
    [InlineData("certify --train {1} --test {1} --classes {0},b")]
    [InlineData("certify --train {1} --test {1} --noise {0}")]
    [InlineData("certify --train {1} --test {1} --{0}")]
    [InlineData("certify --train {1} --test {1} --out {0}/out.csv")]
    [InlineData("{0}")]
    [InlineData("serve --model {0}")]
    public async Task An_error_is_one_line_whatever_it_quotes(string command)
    {
        string test = _folder.Write("test.csv", Table(10, 2));
        string[] words = [.. command.Split(' ').Select(word => word.Replace("{0}", Hostile, StringComparison.Ordinal)
            .Replace("{1}", test, StringComparison.Ordinal))];
        Invocation invocation = await Invocation.Of(words);
        Assert.NotEqual(0, invocation.ExitCode);
        AssertPlain(invocation.Error);
        Assert.StartsWith("certiflip: ", invocation.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_files_keep_labels_as_they_are()
    {
        string train = _folder.Write("train.csv", Table(40, 1)), test = _folder.Write("test.csv", Table(10, 2));
        Invocation invocation =
            await Invocation.Of("certify", "--train", train, "--test", test, "--out", _folder["out.csv"], "--certificates", "exact");
        Assert.Equal(0, invocation.ExitCode);
        Assert.Contains($"\n0,\"{Hostile}0\",", File.ReadAllText(_folder["out.csv"]), StringComparison.Ordinal);
        Assert.StartsWith("certiflip", (await Invocation.Of("certify", "--train", _folder["out.csv"], "--test", test)).LastError,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+cmd", "'+cmd")]
    [InlineData("-1+1|cmd", "'-1+1|cmd")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData(" =1", "' =1")]
    [InlineData("＝1", "'＝1")]
    [InlineData("a=1", "a=1")]
    [InlineData("-1", "-1")]
    [InlineData("+2.5e3", "+2.5e3")]
    public async Task Texts_that_a_spreadsheet_would_run_are_marked_where_that_was_asked_for(string label, string marked)
    {
        string other = double.TryParse(label, CultureInfo.InvariantCulture, out _) ? "7" : "zz";
        string train = _folder.Write("train.csv", Table(40, 1, label, other));
        string test = _folder.Write("test.csv", Table(10, 2, label, other));
        string[] arguments = ["certify", "--train", train, "--test", test, "--certificates", "exact", "--quiet", "--out"];
        Assert.Equal(0, (await Invocation.Of([.. arguments, _folder["exact.csv"]])).ExitCode);
        Assert.Equal(0, (await Invocation.Of([.. arguments, _folder["marked.csv"], "--spreadsheet"])).ExitCode);
        Assert.Equal(label, LabelOf("exact.csv"));
        Assert.Equal(marked, LabelOf("marked.csv"));
    }

    [Fact]
    public async Task Long_labels_are_cut_in_tables_and_sentences_and_whole_in_files()
    {
        string first = string.Concat(Enumerable.Repeat("a\u0301", 200)), second = new('b', 5000);
        string train = _folder.Write("train.csv", Table(40, 1, first, second));
        string test = _folder.Write("test.csv", Table(10, 2, first, second));
        Invocation audit = await Invocation.Of("audit", "--train", train, "--out", _folder["out.csv"], "--report", _folder["report.html"]);
        Assert.Equal(0, audit.ExitCode);
        Assert.All(audit.Output.Split('\n'), line => Assert.True(new StringInfo(line).LengthInTextElements <= 80, line));
        Assert.Contains($"{string.Concat(Enumerable.Repeat("a\u0301", 23))}…", audit.Output, StringComparison.Ordinal);
        Assert.Contains(second, File.ReadAllText(_folder["out.csv"]), StringComparison.Ordinal);
        string page = File.ReadAllText(_folder["report.html"]);
        Assert.Contains($"<span title=\"{second}\">{second[..39]}…</span>", page, StringComparison.Ordinal);
        Assert.Contains($"<li>{second}</li>", page, StringComparison.Ordinal);
        Invocation json = await Invocation.Of("certify", "--train", train, "--test", test, "--json", "--report", _folder["certify.html"]);
        Assert.DoesNotContain($"<th scope=\"row\">{second}", File.ReadAllText(_folder["certify.html"]), StringComparison.Ordinal);
        Assert.Contains(second, json.Output, StringComparison.Ordinal);
        Assert.Contains(first, json.Output, StringComparison.Ordinal);
    }

    /// <summary>Numbers with commas, another minus and other groups: what cultures differ in.</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public async Task No_culture_changes_a_byte(string command)
    {
        string train = _folder.Write("train.csv", Table(40, 1, "a", "b")), test = _folder.Write("test.csv", Table(10, 2, "a", "b"));
        bool hasReport = !command.StartsWith("attack", StringComparison.Ordinal);
        string[] arguments =
        [
            .. string.Format(CultureInfo.InvariantCulture, command, train, test, "a", "b")
                .Replace("\"", "", StringComparison.Ordinal).Split(' '),
        ];
        async Task<string[]> Outputs()
        {
            string[] files = ["--out", _folder["out.csv"], .. hasReport ? ["--report", _folder["report.html"]] : (string[])[]];
            Invocation table = await Invocation.Of([.. arguments, .. files]), json = await Invocation.Of([.. arguments, "--json"]);
            Assert.Equal(0, table.ExitCode);
            string report = hasReport ? File.ReadAllText(_folder["report.html"]) : "";
            return [.. ((string[])[table.Output, json.Output, File.ReadAllText(_folder["out.csv"]), report]).Select(WithoutTimes)];
        }

        string[] expected = await Outputs();
        CultureInfo before = CultureInfo.CurrentCulture;
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NumberDecimalSeparator = ",";
        foreign.NumberFormat.NumberGroupSeparator = ".";
        foreign.NumberFormat.NegativeSign = "\u200f-";
        foreign.NumberFormat.PositiveInfinitySymbol = "∞";
        CultureInfo.CurrentCulture = foreign;
        try
        {
            Assert.Equal(expected, await Outputs());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string WithoutTimes(string text) => Times().Replace(text, "TIME");

    [GeneratedRegex(@"\d+\.\d+ s|""seconds"": [0-9.E-]+|, in \d+\.\d+")]
    private static partial Regex Times();

    [GeneratedRegex("&#x[0-9A-Fa-f]+;")]
    private static partial Regex Entities();

    private string LabelOf(string file)
    {
        string line = File.ReadAllText(_folder[file]).Split('\n')[1];
        string cell = line.Split(',')[1];
        return cell.StartsWith('"') ? cell[1..^1] : cell;
    }

    private static void AssertPlain(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isPlain = rune.Value == '\n' || Rune.GetUnicodeCategory(rune) is not
                (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            Assert.True(isPlain, $"U+{rune.Value:X4} in {text}");
        }

        Assert.DoesNotContain("\n\tTime: 0", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nTime: 0 ", text, StringComparison.Ordinal);
    }

    private static string Table(int rows, int seed, string first = $"{Hostile}0", string second = $"{Hostile}1")
    {
        string Quoted(string label) => $"\"{label.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return SmallData.Csv(rows, Quoted(first), Quoted(second), seed);
    }
}
