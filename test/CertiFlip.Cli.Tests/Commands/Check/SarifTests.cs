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
