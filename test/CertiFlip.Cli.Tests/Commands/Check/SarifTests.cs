using System.Text;
using System.Text.Json.Nodes;
using CertiFlip.Cli.Commands.Check;
using CertiFlip.Cli.Tests.Support;
using CertiFlip.Data;

namespace CertiFlip.Cli.Tests.Commands.Check;

/// <summary>Findings as code-review pages read them.</summary>
public sealed class SarifTests : IDisposable
{
    // What SARIF 2.1.0 allows for result.level.
    private static readonly string[] Levels = ["none", "note", "warning", "error"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<JsonNode> Log(params string[] arguments)
    {
        Invocation run = await Invocation.Of([.. arguments, "--sarif", _folder["found.sarif"]]);
        Assert.True(run.ExitCode is 0 or 1, run.Error);
        JsonNode log = JsonNode.Parse(await File.ReadAllTextAsync(_folder["found.sarif"], TestContext.Current.CancellationToken))!;
        AssertIsSarif(log);
        return log;
    }

    [Fact]
    public async Task A_contradicted_label_is_found_at_its_line()
    {
        // Line 1 is the header, so row 7 is on line 9.
        string[] lines = SmallData.Csv(40).Split('\n');
        lines[8] = lines[8].Replace("spam", "ham", StringComparison.Ordinal);
        string train = _folder.Write("train.csv", string.Join('\n', lines));
        JsonNode log = await Log("audit", "--train", train, "--budget", "5", "--quiet");
        JsonNode first = log["runs"]![0]!["results"]![0]!;
        Assert.Equal("contradicted-label", (string)first["ruleId"]!);
        Assert.Equal("warning", (string)first["level"]!);
        Assert.StartsWith("Row 7: label 'ham' is contradicted. Without the row, 'spam' leads by ", (string)first["message"]!["text"]!);
        JsonNode place = first["locations"]![0]!;
        Assert.Equal(9, (int)place["physicalLocation"]!["region"]!["startLine"]!);
        Assert.Equal(new Uri(train).AbsoluteUri, (string)place["physicalLocation"]!["artifactLocation"]!["uri"]!);
        Assert.Equal("row 7", (string)place["logicalLocations"]![0]!["fullyQualifiedName"]!);
        Assert.Contains(log["runs"]![0]!["results"]!.AsArray(), result => (string)result!["ruleId"]! == "decisive-label");
    }

    /// <summary>A finding is the same one after other rows came in before it.</summary>
    [Fact]
    public async Task A_fingerprint_stays_when_other_rows_come_or_go()
    {
        string[] lines = SmallData.Csv(40).Split('\n');
        lines[8] = lines[8].Replace("spam", "ham", StringComparison.Ordinal);
        string train = _folder.Write("train.csv", string.Join('\n', lines));
        string Print(JsonNode log) => (string)log["runs"]![0]!["results"]![0]!["partialFingerprints"]!["certiflip/v1"]!;
        string before = Print(await Log("audit", "--train", train, "--budget", "1", "--quiet"));
        _folder.Write("train.csv", string.Join('\n', [lines[0], "-1.1,0.5,ham", .. lines[1..]]));
        JsonNode log = await Log("audit", "--train", train, "--budget", "1", "--quiet");
        Assert.Equal(before, Print(log));
        Assert.Equal(10, (int)log["runs"]![0]!["results"]![0]!["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!);
    }

    private static JsonNode[] Results(JsonNode log) => [.. log["runs"]![0]!["results"]!.AsArray().Select(result => result!)];

    private static string Print(JsonNode result) => (string)result["partialFingerprints"]!["certiflip/v1"]!;

    /// <summary>
    /// What is before the colon says which row it is; what is after it counts rows that are the same.
    /// </summary>
    [Fact]
    public async Task A_fingerprint_tells_rows_apart_and_counts_those_that_are_the_same()
    {
        string[] lines = SmallData.Csv(40).Split('\n')[..41];
        lines[8] = lines[8].Replace("spam", "ham", StringComparison.Ordinal);
        lines[12] = lines[12].Replace("spam", "ham", StringComparison.Ordinal);
        string train = _folder.Write("train.csv", string.Join('\n', [.. lines, lines[8], lines[8], ""]));
        JsonNode[] found = Results(await Log("audit", "--train", train, "--budget", "6", "--quiet"));
        int LineOf(JsonNode result) => (int)result["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!;
        string[] same = [.. found.Where(result => LineOf(result) is 9 or 42 or 43).Select(Print)];
        Assert.Equal(3, same.Length);
        string one = Assert.Single(same.Select(print => print.Split(':')[0]).Distinct());
        Assert.Equal(["1", "2", "3"], same.Select(print => print.Split(':')[1]));
        string other = Print(found.Single(result => LineOf(result) == 13));
        Assert.NotEqual(one, other.Split(':')[0]);
        Assert.EndsWith(":1", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fingerprint_is_that_of_the_id_where_rows_have_one()
    {
        string[] lines = [.. SmallData.Csv(40).Split('\n')[..41].Select((line, at) => at == 0 ? $"id,{line}" : $"m{at},{line}")];
        lines[8] = lines[8].Replace("spam", "ham", StringComparison.Ordinal);
        string[] Args(string train) => ["audit", "--train", train, "--id", "id", "--budget", "3", "--quiet"];
        JsonNode[] before = Results(await Log(Args(_folder.Write("train.csv", string.Join('\n', lines)))));
        Assert.StartsWith("Row m8: ", (string)before[0]["message"]!["text"]!);
        Assert.Equal(before.Length, before.Select(result => Print(result).Split(':')[0]).Distinct().Count());

        // Other features of the same row: the same finding. The same features under another id: another one.
        string[] cells = lines[8].Split(',');
        lines[8] = $"m8,{cells[1]}1,{cells[2]},ham";
        Assert.Equal(Print(before[0]), Print(Results(await Log(Args(_folder.Write("train.csv", string.Join('\n', lines)))))[0]));
        lines[8] = $"n8,{cells[1]},{cells[2]},ham";
        Assert.NotEqual(Print(before[0]), Print(Results(await Log(Args(_folder.Write("train.csv", string.Join('\n', lines)))))[0]));
    }

    /// <summary>Rows that are left out leave the others where they are in the file of labels.</summary>
    [Fact]
    public async Task A_row_after_one_that_is_left_out_is_found_at_its_line_in_the_file_of_labels()
    {
        string[] rows = SmallData.Csv(40).Split('\n')[1..41];
        string train = _folder.Write("train.csv", "a,b\n" + string.Concat(rows.Select(row => $"{row[..row.LastIndexOf(',')]}\n")));
        string[] labels = [.. rows.Select(row => row[(row.LastIndexOf(',') + 1)..])];
        (labels[2], labels[7]) = ("", "ham");
        string file = _folder.Write("labels.csv", "label,note\n" + string.Concat(labels.Select(label => $"{label},x\n")));
        JsonNode first = Results(await Log(
            "audit", "--train", train, "--train-labels", file, "--missing-labels", "drop", "--budget", "1", "--quiet"))[0];
        Assert.StartsWith("Row 7: label 'ham' is contradicted.", (string)first["message"]!["text"]!);
        JsonNode place = first["locations"]![0]!["physicalLocation"]!;
        Assert.EndsWith("/labels.csv", (string)place["artifactLocation"]!["uri"]!);
        Assert.Equal(9, (int)place["region"]!["startLine"]!);
    }

    /// <summary>Below the folder of the run, a path is relative, and written as an address is.</summary>
    [Theory]
    [InlineData("a b#1%.csv", "below/a%20b%231%25.csv")]
    [InlineData("data.csv", "below/data.csv")]
    public async Task The_name_of_a_file_becomes_an_address(string name, string expected)
    {
        Directory.CreateDirectory(_folder["below"]);
        _folder.Write($"below/{name}", "a,b,label\n1,2,x\n1,2,y\n3,4,x\n5,7,y\n8,1,\n");
        _folder.Write("below/a b", "another file");
        System.Diagnostics.ProcessStartInfo start =
            CommandFile.Start(["check", "--train", $"below/{name}", "--quiet", "--sarif", "found.sarif"]);
        (start.WorkingDirectory, start.RedirectStandardError) = (_folder[""], true);
        using (var process = System.Diagnostics.Process.Start(start)!)
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        JsonNode log = JsonNode.Parse(await File.ReadAllTextAsync(_folder["found.sarif"], TestContext.Current.CancellationToken))!;
        AssertIsSarif(log);
        JsonNode artifact = Results(log)[0]["locations"]![0]!["physicalLocation"]!["artifactLocation"]!;
        Assert.Equal(expected, (string)artifact["uri"]!);
        Assert.Equal("%SRCROOT%", (string)artifact["uriBaseId"]!);
    }

    /// <summary>A part that is named after the file is no part of the file's name.</summary>
    [Fact]
    public async Task A_named_part_of_a_file_is_found_in_the_file()
    {
        double[] values = [.. Enumerable.Range(0, 40).SelectMany(row => (double[])[row % 2, row / 40d, row * 0.37 % 1])];
        using (var zip = new System.IO.Compression.ZipArchive(File.Create(_folder["a.npz"]), System.IO.Compression.ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("some.npy").Open();
            entry.Write(NpyBytes.Doubles(40, 3, values));
        }

        string labels = _folder.Write("labels.csv", "label\n" + string.Concat(Enumerable.Range(0, 40).Select(_ => "a\n")));
        JsonNode log = await Log("check", "--train", $"{_folder["a.npz"]}#some", "--train-labels", labels, "--quiet");
        Assert.All(Results(log), result => Assert.DoesNotContain(
            "some", (string)result["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]!, StringComparison.Ordinal));
    }

    /// <summary>Editors and SARIF count \r\n and \n. A \r alone inside quotes is a letter of a cell.</summary>
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task A_carriage_return_alone_in_quotes_is_no_line(string newline)
    {
        string[] rows =
            ["a,note,label", "1,\"one\rtwo\rthree\",x", "2,\"one\r\ntwo\",y", "3,\"\r\",x", "4,\"\n\",", "7,\"plain\",x", "1,,y"];
        string content = string.Concat(rows.Select(row => row + newline));
        string train = _folder.Write("train.csv", content);
        JsonNode log = await Log("check", "--train", train, "--ignore", "note", "--quiet");
        int LineOf(string row) => content[..content.IndexOf(row, StringComparison.Ordinal)].Count(c => c == '\n') + 1;
        JsonNode missing = Results(log).Single(result => (string)result["ruleId"]! == "missing-labels");
        Assert.Equal(LineOf("4,\"\n\""), (int)missing["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!);
        JsonNode same = Results(log).Single(result => (string)result["ruleId"]! == "contradicting-rows");
        Assert.Equal(2, (int)same["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!);
        Assert.Equal(LineOf("1,,y"), (int)same["relatedLocations"]![0]!["physicalLocation"]!["region"]!["startLine"]!);
    }

    [Fact]
    public async Task Rows_of_arrays_have_no_line_but_a_name()
    {
        double[] values = [.. Enumerable.Range(0, 40).SelectMany(row => (double[])[row % 2, row / 40d, row * 0.37 % 1])];
        string train = _folder["train.npy"];
        await File.WriteAllBytesAsync(train, NpyBytes.Doubles(40, 3, values), TestContext.Current.CancellationToken);
        string labels = _folder.Write(
            "labels.csv", "label\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{(row % 2 == 0 ? "a" : "b")}\n")));
        JsonNode log = await Log("audit", "--train", train, "--train-labels", labels, "--budget", "2", "--quiet");
        JsonNode place = log["runs"]![0]!["results"]![0]!["locations"]![0]!;
        Assert.EndsWith("labels.csv", (string)place["physicalLocation"]!["artifactLocation"]!["uri"]!);
        string row = (string)place["logicalLocations"]![0]!["fullyQualifiedName"]!;
        Assert.Equal(row, $"row {(int)place["physicalLocation"]!["region"]!["startLine"]! - 2}");

        // The same labels as an array: there are no lines.
        await File.WriteAllBytesAsync(
            _folder["labels.npy"], NpyBytes.Array("<i8", [40], Enumerable.Range(0, 40).Select(at => (object)(long)(at % 2))),
            TestContext.Current.CancellationToken);
        log = await Log("audit", "--train", train, "--train-labels", _folder["labels.npy"], "--budget", "2", "--quiet");
        place = log["runs"]![0]!["results"]![0]!["locations"]![0]!;
        Assert.Null(place["physicalLocation"]!["region"]);
        Assert.Equal(row, (string)place["logicalLocations"]![0]!["fullyQualifiedName"]!);
    }

    [Fact]
    public async Task Labels_that_are_numbers_are_found_too()
    {
        var csv = new StringBuilder("a,label\n");
        for (int row = 0; row < 20; row++)
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"{row},{(row == 4 ? 50 : 2 * row)}\n");
        string train = _folder.Write("train.csv", csv.ToString());
        JsonNode log = await Log(
            "audit", "--train", train, "--task", "regression", "--tolerance", "10", "--label-range", "0,60", "--budget", "2", "--quiet",
            "--accept", "row-number-column");
        JsonNode first = log["runs"]![0]!["results"]![0]!;
        Assert.Equal("contradicted-label", (string)first["ruleId"]!);
        Assert.Equal(6, (int)first["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!);
    }

    [Fact]
    public async Task Remarks_of_the_check_are_findings()
    {
        string train = _folder.Write("train.csv", "a,b,label\n1,2,x\n1,2,y\n3,4,x\n5,7,y\n8,1,\n9,9,x\n2,5,y\n");
        JsonNode log = await Log("check", "--train", train, "--accept", "contradicting-rows", "--quiet");
        JsonNode[] results = [.. log["runs"]![0]!["results"]!.AsArray().Select(result => result!)];
        JsonNode missing = results.Single(result => (string)result["ruleId"]! == "missing-labels");
        Assert.Equal("error", (string)missing["level"]!);
        Assert.Equal(6, (int)missing["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!);
        JsonNode same = results.Single(result => (string)result["ruleId"]! == "contradicting-rows");
        Assert.Equal("note", (string)same["level"]!);
        Assert.Equal("external", (string)same["suppressions"]![0]!["kind"]!);
        Assert.Equal(2, (int)same["locations"]![0]!["physicalLocation"]!["region"]!["startLine"]!);
        Assert.Equal(3, (int)same["relatedLocations"]![0]!["physicalLocation"]!["region"]!["startLine"]!);
    }

    [Fact]
    public void Every_kind_of_remark_has_a_rule() =>
        Assert.Equal(RemarkKind.All.Select(kind => kind.Code).Order(), CheckSarif.Rules.Select(rule => rule.Id).Order());

    [Fact]
    public async Task The_file_is_not_written_over_data_and_not_beside_json_on_standard_output()
    {
        string train = _folder.Write("train.json", "[{\"a\":1,\"label\":\"x\"},{\"a\":2,\"label\":\"y\"}]");
        Invocation over = await Invocation.Of("check", "--train", train, "--sarif", train);
        Assert.Equal(1, over.ExitCode);
        Assert.StartsWith("[{", await File.ReadAllTextAsync(train, TestContext.Current.CancellationToken));
        Invocation both = await Invocation.Of("check", "--train", train, "--sarif", "-", "--json");
        Assert.Equal(2, both.ExitCode);
        Invocation named = await Invocation.Of("check", "--train", train, "--sarif", "found.xml");
        Assert.Equal(2, named.ExitCode);
        Assert.Contains("this writes SARIF (JSON) and no other format; expected a name that ends in .sarif or .json.",
            named.Error.Replace("\n", " "));
    }

    /// <summary>
    /// What SARIF 2.1.0 requires of a log (OASIS, sections 3.13 to 3.58), as far as the command writes such objects,
    /// and what GitHub's code scanning asks for on top.
    /// </summary>
    private static void AssertIsSarif(JsonNode log)
    {
        Assert.Equal("2.1.0", (string)log["version"]!);
        Assert.NotNull(log["$schema"]);
        JsonNode run = Assert.Single(log["runs"]!.AsArray())!;
        JsonNode driver = run["tool"]!["driver"]!;
        Assert.Equal("CertiFlip", (string)driver["name"]!);
        Assert.Matches(@"^\d+\.\d+\.\d+$", (string)driver["semanticVersion"]!);
        JsonArray rules = driver["rules"]!.AsArray();
        Assert.Equal(rules.Count, rules.Select(rule => (string)rule!["id"]!).Distinct().Count());
        Assert.All(rules, rule =>
        {
            Assert.NotEmpty((string)rule!["shortDescription"]!["text"]!);
            Assert.NotEmpty((string)rule["fullDescription"]!["text"]!);
            Assert.NotEmpty((string)rule["help"]!["text"]!);
            Assert.Contains((string)rule["defaultConfiguration"]!["level"]!, Levels);
        });
        Assert.All(run["invocations"]!.AsArray(), invocation => Assert.True((bool)invocation!["executionSuccessful"]!));
        Assert.EndsWith("/", (string)run["automationDetails"]!["id"]!);
        JsonArray results = run["results"]!.AsArray();
        Assert.All(results, result =>
        {
            Assert.Equal((string)result!["ruleId"]!, (string)rules[(int)result["ruleIndex"]!]!["id"]!);
            Assert.NotEmpty((string)result["message"]!["text"]!);
            Assert.Contains((string)result["level"]!, Levels);
            JsonNode place = Assert.Single(result["locations"]!.AsArray())!["physicalLocation"]!;
            string uri = (string)place["artifactLocation"]!["uri"]!;
            Assert.True(Uri.IsWellFormedUriString(uri, UriKind.RelativeOrAbsolute), uri);
            if (place["artifactLocation"]!["uriBaseId"] is { } root)
                Assert.NotNull(run["originalUriBaseIds"]![(string)root!]);
            if (place["region"] is { } region)
                Assert.True((int)region["startLine"]! >= 1);
            foreach (JsonNode? related in result["relatedLocations"]?.AsArray() ?? [])
                Assert.True((int)related!["id"]! >= 0);
        });
        string[] prints = [.. results.Select(result => (string)result!["partialFingerprints"]!["certiflip/v1"]!)];
        Assert.Equal(prints.Length, prints.Distinct().Count());
    }
}
