using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CertiFlip.Data;

namespace CertiFlip.Cli.Output;

/// <summary>What a finding is about, and what to do: a rule in SARIF.</summary>
/// <param name="Id">Its name, which does not change.</param>
/// <param name="Level"><c>error</c>, <c>warning</c> or <c>note</c>.</param>
/// <param name="Title">What it is, in a sentence.</param>
/// <param name="Help">What to do.</param>
internal sealed record SarifRule(string Id, string Level, string Title, string Help);

/// <summary>Something that was found in a file.</summary>
/// <param name="Rule">The name of its rule.</param>
/// <param name="Level"><c>error</c>, <c>warning</c> or <c>note</c>.</param>
/// <param name="Message">What was found.</param>
/// <param name="Data">The data that it is in.</param>
/// <param name="Rows">
/// The rows it is about, by their place in the data: the first is pointed at. Empty where it is about the file.
/// </param>
/// <param name="Identity">What stays the same when other rows come or go.</param>
internal sealed record SarifFinding(
    string Rule, string Level, string Message, Dataset Data, IReadOnlyList<int> Rows, string Identity)
{
    /// <summary>Whether it is in the file of labels, where that is another.</summary>
    public bool IsOfLabel { get; init; }

    /// <summary>Whether the user has said that it is meant to be so.</summary>
    public bool IsAccepted { get; init; }
}

/// <summary>
/// Findings as SARIF 2.1.0, which code-review pages show beside the lines of a file. docs/sarif.md says how.
/// </summary>
internal static partial class SarifFile
{
    /// <summary>An option that names such a file.</summary>
    public static readonly string[] Extensions = [".sarif", ".json"];

    private const string Root = "%SRCROOT%", FingerprintName = "certiflip/v1";
    private const int FingerprintBytes = 16;

    /// <param name="writer">Where to.</param>
    /// <param name="command">The command that found it.</param>
    /// <param name="rules">All rules of the command.</param>
    /// <param name="findings">What was found, in order.</param>
    /// <param name="labelColumn">The column that holds labels in files of their own.</param>
    public static void Write(
        TextWriter writer, string command, IReadOnlyList<SarifRule> rules, IEnumerable<SarifFinding> findings, string labelColumn)
    {
        var log = new Log("https://json.schemastore.org/sarif-2.1.0.json", "2.1.0",
        [
            new Run(
                new Tool(new Driver(
                    "CertiFlip", CommandVersion.Number, CommandVersion.Text,
                    [
                        .. rules.Select(rule => new Rule(
                            rule.Id, Name(rule.Id), new Text(rule.Title), new Text(rule.Title), new Help(rule.Help, rule.Help),
                            new Configuration(rule.Level))),
                    ])),
                new Automation($"certiflip/{command}/"),
                [
                    new Invocation(true, UsedConfiguration.Current is { } used
                        ? [new Notification("note", new Text(used.Said().Sentence))]
                        : null),
                ],
                new Dictionary<string, Base> { [Root] = new(new Text("The folder in which the command ran.")) },
                [.. Results(rules, findings, labelColumn)],
                "utf16CodeUnits"),
        ]);
        writer.WriteLine(JsonSerializer.Serialize(log, SarifTypes.Default.Log).ReplaceLineEndings("\n"));
    }

    /// <summary>What a row is known by when others come or go: its id, or else its features.</summary>
    public static string IdentityOf(Dataset data, int row)
    {
        if (data.Ids.Count > 0)
            return data.Ids[row];
        double[] features = new double[data.Features.Columns];
        data.Features.CopyRow(row, features);
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<double>(features)));
    }

    private static IEnumerable<Result> Results(
        IReadOnlyList<SarifRule> rules, IEnumerable<SarifFinding> findings, string labelColumn)
    {
        Dictionary<string, RowValues?> labelsOf = [];
        string[] ids = [.. rules.Select(rule => rule.Id)];
        Dictionary<string, int> seen = [];
        foreach (SarifFinding finding in findings)
        {
            string source = finding.IsOfLabel ? finding.Data.LabelSource : finding.Data.Source;
            string text = string.Join('\0', finding.Rule, Path.GetFileName(source), finding.Identity);
            string print = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, FingerprintBytes));
            int before = CollectionsMarshal.GetValueRefOrAddDefault(seen, print, out _)++;
            Func<int, long?> lineOf = row => source == finding.Data.Source && finding.Data.LinesOfRows.Count > 0
                ? finding.Data.LinesOfRows[row]
                : null;
            // Votes are on several lines for a row.
            if (source != finding.Data.Source && finding.Data.Votes is null)
            {
                if (!labelsOf.TryGetValue(source, out RowValues? labels))
                    labelsOf[source] = labels = LabelsOf(source, labelColumn, finding.Data);
                lineOf = row => labels?.LineOf(finding.Data.NumberOf(row));
            }

            Location[] places =
                [.. finding.Rows.Select((row, index) => PlaceOf(finding.Data, source, row, lineOf(row), index == 0 ? null : index))];
            yield return new Result(
                finding.Rule, Array.IndexOf(ids, finding.Rule), finding.Level, new Text(finding.Message),
                places.Length == 0 ? [new Location(null, new Physical(ArtifactOf(source), null), null, null)] : [places[0]],
                places.Length > 1 ? places[1..] : null,
                new Dictionary<string, string> { [FingerprintName] = string.Create(CultureInfo.InvariantCulture, $"{print}:{before + 1}") },
                finding.IsAccepted ? [new Suppression("external", "Accepted with --accept.")] : null);
        }
    }

    /// <summary>A file of labels read again, for its lines; null where they cannot be told.</summary>
    private static RowValues? LabelsOf(string source, string column, Dataset data)
    {
        try
        {
            return LabelReader.ReadValues(source, column, data);
        }
        catch (DataException)
        {
            return null;
        }
    }

    /// <summary>A line where the file has lines, and always the row.</summary>
    private static Location PlaceOf(Dataset data, string source, int row, long? line, int? id)
    {
        string name = data.NameOf(row);
        return new Location(
            id, new Physical(ArtifactOf(source), line is { } known ? new Region(known) : null),
            [new Logical(name, string.Create(CultureInfo.InvariantCulture, $"row {data.NumberOf(row)}"), "element")],
            id is null ? null : new Text($"Row {name}."));
    }

    /// <summary>A file as an address that is relative to the folder of the run, where it lies below it.</summary>
    private static Artifact ArtifactOf(string source)
    {
        (string path, _) = NamedPart.Of(source);
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        if (Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal))
            return new Artifact(new Uri(Path.GetFullPath(path)).AbsoluteUri, null);
        return new Artifact(string.Join('/', relative.Split(Path.DirectorySeparatorChar, '/').Select(Uri.EscapeDataString)), Root);
    }

    /// <summary>A rule's name in the form that SARIF wants: <c>MissingLabels</c>.</summary>
    private static string Name(string id) => string.Concat(id.Split('-').Select(word => $"{char.ToUpperInvariant(word[0])}{word[1..]}"));

    internal sealed record Log([property: JsonPropertyName("$schema")] string Schema, string Version, IReadOnlyList<Run> Runs);

    internal sealed record Run(
        Tool Tool, Automation AutomationDetails, IReadOnlyList<Invocation> Invocations,
        IReadOnlyDictionary<string, Base> OriginalUriBaseIds, IReadOnlyList<Result> Results, string ColumnKind);

    internal sealed record Tool(Driver Driver);

    internal sealed record Driver(string Name, string SemanticVersion, string Version, IReadOnlyList<Rule> Rules);

    internal sealed record Rule(
        string Id, string Name, Text ShortDescription, Text FullDescription, Help Help, Configuration DefaultConfiguration);

    internal sealed record Configuration(string Level);

    internal sealed record Help(string Text, string Markdown);

    internal sealed record Automation(string Id);

    internal sealed record Invocation(bool ExecutionSuccessful, IReadOnlyList<Notification>? ToolConfigurationNotifications);

    internal sealed record Notification(string Level, Text Message);

    internal sealed record Base(Text Description);

    internal sealed record Result(
        string RuleId, int RuleIndex, string Level, Text Message, IReadOnlyList<Location> Locations,
        IReadOnlyList<Location>? RelatedLocations, IReadOnlyDictionary<string, string> PartialFingerprints,
        IReadOnlyList<Suppression>? Suppressions);

    internal sealed record Location(int? Id, Physical PhysicalLocation, IReadOnlyList<Logical>? LogicalLocations, Text? Message);

    internal sealed record Physical(Artifact ArtifactLocation, Region? Region);

    internal sealed record Artifact(string Uri, string? UriBaseId);

    internal sealed record Region(long StartLine);

    internal sealed record Logical(string Name, string FullyQualifiedName, string Kind);

    internal sealed record Suppression(string Kind, string Justification);

    internal sealed record Text([property: JsonPropertyName("text")] string Value);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Log))]
    internal sealed partial class SarifTypes : JsonSerializerContext;
}
