using System.Globalization;
using System.Text.Json;
using CertiFlip.Cli.Tests.EndToEnd;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Certify;

/// <summary>Labels by several people, and radii that count their votes.</summary>
public sealed class VotesTests : IDisposable
{
    private const int Rows = 40, People = 5;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_radius_of_two_classes_is_that_of_what_each_label_takes()
    {
        (string wide, _, string plain) = Data("ham", "spam");
        string[] labels = [.. Votes("ham", "spam").Select(Commonest)];
        string costs = string.Join('\n', Votes("ham", "spam").Select((votes, row) =>
        {
            int own = votes.Count(vote => vote == labels[row]), other = votes.Count(vote => vote.Length > 0 && vote != labels[row]);

            // The first class keeps a tie, the second wins only beyond it.
            return labels[row] == "ham" ? (own - other) / 2 + 1 : (own - other + 1) / 2;
        }));
        string[] asked = ["--noise", "0.05"];
        IReadOnlyList<CsvRow> votes = await Certify(["--train", wide, "--votes", Names, "--count", "votes", .. asked]);
        IReadOnlyList<CsvRow> priced = await Certify(
        [
            "--train", plain, "--train-labels", _folder.Write("labels.csv", "label\n" + string.Join('\n', labels)), "--costs",
            _folder.Write("costs.csv", "cost\n" + costs), .. asked,
        ]);
        Assert.Equal(priced.Select(row => string.Join(',', row.Fields)), votes.Select(row => string.Join(',', row.Fields)));
        Assert.Contains(votes, row => row.Radius("exact_radius") > 5);
    }

    [Fact]
    public async Task Columns_and_a_file_of_votes_say_the_same_and_are_no_features()
    {
        (string wide, string list, string plain) = Data("ham", "spam");
        IReadOnlyList<CsvRow> columns = await Certify(["--train", wide, "--votes", Names, "--count", "votes"]);
        IReadOnlyList<CsvRow> items = await Certify(["--train", plain, "--votes", list, "--count", "votes"]);
        Assert.Equal(columns.Select(row => string.Join(',', row.Fields)), items.Select(row => string.Join(',', row.Fields)));

        // Without --count they are labels like others, and a model of them predicts rows with such columns or without.
        IReadOnlyList<CsvRow> labels = await Certify(["--train", wide, "--votes", Names, "--test", wide]);
        IReadOnlyList<CsvRow> other = await Certify(["--train", plain, "--votes", list, "--test", plain]);
        Assert.Equal(labels.Select(row => string.Join(',', row.Fields)), other.Select(row => string.Join(',', row.Fields)));
        Invocation trained = await Invocation.Of("train", "--train", wide, "--votes", Names, "--out", _folder["model"], "--quiet");
        Assert.True(trained.ExitCode == 0, trained.Error);
        IReadOnlyList<CsvRow> model = await Certify(["--model", _folder["model"], "--test", plain]);
        Assert.Equal(labels.Select(row => string.Join(',', row.Fields)), model.Select(row => string.Join(',', row.Fields)));
    }

    [Theory]
    [InlineData("certify --certificates exact")]
    [InlineData("compare --methods exact")]
    [InlineData("audit --budget 3")]
    [InlineData("attack --attacks witness --holdout 0.2")]
    [InlineData("certify --method partition --partitions 3 --holdout 0.2")]
    [InlineData("certify --collective 2 --certificates exact --holdout 0.2")]
    public async Task Tables_say_that_radii_count_votes(string command)
    {
        (string wide, _, _) = Data("ham", "spam");
        Invocation invocation = await Invocation.Of([.. command.Split(' '), "--train", wide, "--votes", Names, "--count", "votes"]);
        Assert.True(invocation.ExitCode == 0, invocation.Error);
        string output = string.Join(' ', invocation.Output.Split('\n', StringSplitOptions.TrimEntries));
        Assert.Contains("of the votes are for the label of their row (ham ", output, StringComparison.Ordinal);
        Assert.Contains("Radii count votes: changing a label takes 1 to ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("at least r", output, StringComparison.Ordinal);
        Assert.DoesNotContain("flips r", output, StringComparison.Ordinal);
        Assert.DoesNotContain("cost", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_and_report_say_it_too_and_with_more_classes_at_least()
    {
        (string wide, _, _) = Data("ham", "spam", "eggs");
        Invocation invocation = await Invocation.Of(
            "certify", "--train", wide, "--votes", Names, "--count", "votes", "--json", "--report", _folder["r.html"]);
        using var document = JsonDocument.Parse(invocation.Output);
        JsonElement votes = document.RootElement.GetProperty("votes");
        Assert.True(votes.GetProperty("counted").GetBoolean());
        Assert.True(votes.GetProperty("at_least").GetBoolean());
        Assert.Equal(3, votes.GetProperty("by_class").GetArrayLength());
        Assert.InRange(votes.GetProperty("agreement").GetDouble(), 0.6, 1);
        Assert.Contains(
            "survive at least r", document.RootElement.GetProperty("adversary").GetProperty("sentence").GetString()!,
            StringComparison.Ordinal);
        string page = File.ReadAllText(_folder["r.html"]);
        Assert.Contains("How many changed votes do these predictions survive?", page, StringComparison.Ordinal);
        Assert.Contains("votes changed, r", page, StringComparison.Ordinal);
        Assert.DoesNotContain("training labels flipped", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ignore ann4")]
    [InlineData("--category ann4")]
    [InlineData("--features a,b,ann4")]
    public async Task A_column_of_names_of_classes_is_passed_over_or_named(string option)
    {
        (string wide, _, _) = Data("ham", "spam");
        await Certify(["--train", wide, "--votes", Names.Replace(",ann4", "", StringComparison.Ordinal), .. option.Split(' ')]);
    }

    [Fact]
    public async Task Rows_that_nobody_voted_on_are_refused_with_the_file_of_votes()
    {
        string votes = _folder.Write("votes.csv", "item,annotator,label\n0,x,a\n1,x,b\n");
        Invocation invocation = await Invocation.Of(
            "certify", "--train", _folder.Write("rows.csv", "f,g\n1,2\n2,3\n3,5\n"), "--votes", votes, "--count", "votes");
        Assert.Equal(1, invocation.ExitCode);
        Assert.Contains(
            $"{votes}: one label is missing (empty, NaN or infinite): row 2 (from 0); fill it in", invocation.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_may_be_called_none_where_it_is_stated()
    {
        (string wide, _, _) = Data("ham", "none");
        IReadOnlyList<CsvRow> none = await Certify(["--train", wide, "--votes", Names, "--classes", "ham,none", "--count", "votes"]);
        (wide, _, _) = Data("ham", "spam");
        IReadOnlyList<CsvRow> spam = await Certify(["--train", wide, "--votes", Names, "--classes", "ham,spam", "--count", "votes"]);
        Assert.Equal(
            spam.Select(row => string.Join(',', row.Fields).Replace("spam", "none", StringComparison.Ordinal)),
            none.Select(row => string.Join(',', row.Fields)));
    }

    [Theory]
    [InlineData("certify --train W --count votes", 2, "--count has no effect without --votes")]
    [InlineData("certify --train W --votes N --count votes --costs c.csv", 2, "--costs has no effect with --count votes")]
    [InlineData("certify --train W --votes ann0,ann1,ann0", 2, "--votes names column 'ann0' twice")]
    [InlineData("audit --train W --votes ann0,ann0", 2, "--votes names column 'ann0' twice")]
    [InlineData("certify --train W --votes ann0,ann1,ann2,ann3", 1, "column 'ann4' holds names of classes only: add it to --votes, or")]
    [InlineData("certify --train W --votes V", 1, "column 'ann0' holds names of classes only: add it to --votes, or")]
    [InlineData("certify --train W --votes ann0,nobody", 1, "there is no column 'nobody', but --votes names it")]
    [InlineData("certify --train L --votes N", 1, "there are labels beside the votes; use one or the other, such as with --ignore label")]
    [InlineData("certify --train P --train-labels L --votes V", 1, "there are labels beside the votes")]
    [InlineData("certify --train P --votes P", 1, "there is no column 'item'; a file of votes has the columns item, annotator, label")]
    [InlineData("certify --model P --votes V", 2, "--votes has no effect with --model")]
    [InlineData("certify --train W --votes N --holdout 0.2 --threat rows --classes ham,spam --count votes", 2, "--count has no effect")]
    [InlineData("certify --train P --task regression --tolerance 1 --label-range 0,1 --votes V", 2, "--votes")]
    public async Task What_does_not_fit_is_refused_in_one_line(string command, int exitCode, string expected)
    {
        (string wide, string list, string plain) = Data("ham", "spam");
        string labelled = _folder.Write(
            "labelled.csv", string.Join('\n', File.ReadAllLines(wide).Select((line, i) => line + (i == 0 ? ",label" : ",ham"))));
        _folder.Write("c.csv", "cost\n1\n");
        Invocation invocation = await Invocation.Of([.. command.Split(' ').Select(word => word switch
        {
            "W" => wide,
            "P" => plain,
            "V" => list,
            "L" => labelled,
            "N" => Names,
            "c.csv" => _folder["c.csv"],
            _ => word,
        })]);
        string labels = invocation.Error;
        Assert.Equal(exitCode, invocation.ExitCode);
        Assert.Contains(expected, labels, StringComparison.Ordinal);
    }

    private static string Names => string.Join(',', Enumerable.Range(0, People).Select(person => $"ann{person}"));

    private static string Commonest(string[] votes) => votes.Where(vote => vote.Length > 0).GroupBy(vote => vote)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).First().Key;

    /// <summary>Most people are right about most rows; some have not voted.</summary>
    private static string[][] Votes(params string[] classes)
    {
        var random = new Random(3);
        return
        [
            .. Enumerable.Range(0, Rows).Select(row => (string[])
            [
                .. Enumerable.Range(0, People).Select(person =>
                    person > 0 && random.NextDouble() < 0.2 ? ""
                    : random.NextDouble() < 0.8 ? classes[row % classes.Length] : classes[random.Next(classes.Length)]),
            ]),
        ];
    }

    /// <summary>The rows with votes in columns, the votes in a file of their own, and the rows without votes.</summary>
    private (string Wide, string List, string Plain) Data(params string[] classes)
    {
        string[][] votes = Votes(classes);
        var random = new Random(4);
        string[] features =
        [
            .. Enumerable.Range(0, Rows).Select(row => string.Create(
                CultureInfo.InvariantCulture, $"{row % classes.Length * 2 + random.NextDouble():F3},{random.NextDouble():F3}")),
        ];
        string plain = "a,b\n" + string.Join('\n', features) + "\n";
        string wide = $"a,b,{Names}\n" + string.Join('\n', features.Zip(votes, (own, given) => $"{own},{string.Join(',', given)}")) + "\n";
        string list = "item,annotator,label\n" + string.Join('\n', votes.SelectMany((given, row) =>
            given.Select((label, person) => $"{row},ann{person},{label}"))) + "\n";
        return (_folder.Write("wide.csv", wide), _folder.Write("list.csv", list), _folder.Write("plain.csv", plain));
    }

    private async Task<IReadOnlyList<CsvRow>> Certify(string[] options)
    {
        Invocation invocation = await Invocation.Of(["certify", .. options, "--quiet", "--out", _folder["out.csv"]]);
        Assert.True(invocation.ExitCode == 0, invocation.Error);
        return CsvRow.ReadAll(_folder["out.csv"]);
    }
}
