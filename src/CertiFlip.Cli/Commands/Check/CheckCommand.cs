using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Serialization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using Spectre.Console;
using Table = Spectre.Console.Table;
using TableColumn = Spectre.Console.TableColumn;

namespace CertiFlip.Cli.Commands.Check;

/// <summary><c>certiflip check</c>: the check of the data that every command makes, alone.</summary>
internal sealed partial class CheckCommand : Command
{
    private static readonly JsonForm<Document> Form = new("check", 1, CheckTypes.Default);

    private readonly TrainingOptions _training = new(required: true);
    private readonly Other _test = new("--test", "Test data, in any of these formats; labels are optional.");
    private readonly Other _validation = new("--validation", "Validation data, likewise.");
    private readonly Option<bool> _json = new("--json") { Description = "Print the remarks as JSON instead of a table." };
    private readonly Option<string> _sarif = CommandOptions.SarifOption();
    private readonly Option<bool> _quiet = CommandOptions.Quiet();
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public CheckCommand(IAnsiConsole output, IAnsiConsole status)
        : base("check", "Check data: what in them would make a result misleading. Every command that reads training data does the same.")
    {
        (_output, _status) = (output, status);
        this.AddOptions(
        [
            _training.Train, _test.File, _validation.File, _training.TrainLabels, _test.Labels, _validation.Labels, _training.Label,
            .. _training.Input.All, .. _training.Classes, _training.Votes.Votes, _training.Corrections.Apply,
            .. _training.Check.All, _json, _sarif, _quiet,
        ]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        bool isQuiet = parsed.GetValue(_quiet);
        ClassList? classes = _training.StatedClasses(parsed);
        string? sarif = parsed.GetValue(_sarif);
        if (parsed.GetValue(_json) && OutputFiles.NamesStandardOutput(sarif))
            throw new UsageException($"--json prints to standard output, and '{sarif}' is standard output, too; name a file instead.");
        IAnsiConsole output = CommandOptions.Beside(sarif, _output, _status);
        using OutputFiles files = CommandOptions.Files(
            [.. _training.Files(parsed), .. _test.Files(parsed), .. _validation.Files(parsed)]);
        if (sarif is not null)
            files.Add(sarif);
        CheckResult result = ProgressDisplay.Run(
            _status, isQuiet ? ProgressDisplay.Detail.None : ProgressDisplay.Detail.Full, progress =>
            {
                Dataset training = _training.Read(parsed, progress);
                Dataset[] others =
                [
                    .. ((Other[])[_test, _validation])
                        .Select(other => other.Read(parsed, _training, training, progress)).OfType<Dataset>(),
                ];
                cancellation.ThrowIfCancellationRequested();
                progress.Report("checking the data");
                return new CheckResult([training, .. others], _training.Check.Check(parsed, training, others, classes));
            });
        if (sarif is not null)
        {
            files.Write(sarif, writer => CheckSarif.Write(writer, result.Data, result.Check.Remarks, parsed.GetValue(_training.Label)!));
            files.Commit();
        }

        if (parsed.GetValue(_json))
            JsonText.Write(output, Form, result.ToJson(watch.Elapsed));
        else if (!isQuiet)
            result.Write(output);
        if (!result.Check.IsRefused)
            return ExitCode.Done;
        if (isQuiet && !parsed.GetValue(_json))
            result.Check.ThrowIfRefused();
        _status.Complain($"the data are refused: {Wording.Count(result.Refusals, "refusal")}.");
        return ExitCode.Failure;
    }

    /// <summary>Options that name other data.</summary>
    private sealed record Other(Option<string> File, Option<string> Labels)
    {
        public Other(string name, string description)
            : this(
                CommandOptions.File(name, description),
                CommandOptions.File($"{name}-labels", $"Their labels, if {name} holds features only."))
        {
        }

        public IEnumerable<string> Files(ParseResult parsed) =>
            ((string?[])[parsed.GetValue(File), parsed.GetValue(Labels)]).OfType<string>();

        public Dataset? Read(ParseResult parsed, TrainingOptions options, Dataset training, IWorkProgress progress)
        {
            if (parsed.GetValue(File) is { } path)
                return options.ReadOther(parsed, training, path, parsed.GetValue(Labels), progress);
            CommandOptions.RefuseWithout(parsed, [Labels], File.Name);
            return null;
        }
    }

    /// <summary>What a check came to.</summary>
    /// <param name="Data">The training data, then the others.</param>
    /// <param name="Check">What is to be said.</param>
    private sealed record CheckResult(IReadOnlyList<Dataset> Data, DataCheck Check)
    {
        public int Refusals => Check.Remarks.Count(remark => remark.Severity == RemarkSeverity.Refusal);

        public void Write(IAnsiConsole console)
        {
            foreach (Dataset data in Data)
            {
                console.WriteSentence(
                    $"{data.Source}: {Wording.Count(data.Features.Rows, "row")}, {Wording.Count(data.Features.Columns, "feature")}, "
                        + $"{(data.HasLabels ? "labelled" : "no labels")}.");
            }

            if (Check.Remarks.Count == 0)
            {
                console.WriteSentence("Nothing to remark.");
                return;
            }

            Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("").NoWrap().PadLeft(0)).AddColumn("remark");
            foreach (DataRemark remark in Check.Remarks)
            {
                table.AddRow(
                    RemarkJson.Named(remark.Severity),
                    ConsoleText.Whole($"{remark.Kind.Code}: {remark.Line}"));
            }

            console.Write(table);
            int others = Check.Remarks.Count - Refusals;
            console.WriteSentence($"{Wording.Count(Refusals, "refusal")}, {Wording.Count(others, "other remark")}.");
        }

        public Document ToJson(TimeSpan elapsed) => new(
            [
                .. Data.Select(data =>
                    new DataFile(data.Source, data.Features.Rows, data.Features.Columns, data.HasLabels)),
            ],
            Check.IsRefused,
            RemarkJson.Of(Check.Remarks),
            elapsed.TotalSeconds);
    }

    /// <summary>What <c>check --json</c> prints.</summary>
    /// <param name="Files">The files that were checked, the training data first.</param>
    /// <param name="Refused">Whether a command would refuse the data.</param>
    /// <param name="Remarks">What is to be said of them.</param>
    /// <param name="Seconds">How long the run took.</param>
    private sealed record Document(IReadOnlyList<DataFile> Files, bool Refused, IReadOnlyList<RemarkJson> Remarks, double Seconds);

    /// <summary>A file that was checked.</summary>
    /// <param name="File">Its path.</param>
    /// <param name="Rows">How many rows it has.</param>
    /// <param name="Features">How many features.</param>
    /// <param name="Labelled">Whether it has labels.</param>
    private sealed record DataFile(string File, int Rows, int Features, bool Labelled);

    [JsonSerializable(typeof(Document))]
    private sealed partial class CheckTypes : JsonSerializerContext;
}

/// <summary>
/// The file that <c>check --sarif</c> names: a finding for each remark, at the first row that it is about.
/// </summary>
internal static class CheckSarif
{
    private const string Error = "error", Warning = "warning", Note = "note";

    /// <summary>A rule for each kind of remark. docs/check.md says when each is made.</summary>
    public static IReadOnlyList<SarifRule> Rules { get; } =
    [
        Rule(RemarkKind.RowNumberColumn, Error, "A column numbers the rows.",
            "A number of a row is no feature: pass it over with --ignore."),
        Rule(RemarkKind.ConstantColumn, Warning, "A column has one value.", "Such a column says nothing: pass it over with --ignore."),
        Rule(RemarkKind.ConstantFeatures, Error, "All rows have the same features.",
            "Nothing can be learnt from them: see how the file was made."),
        Rule(RemarkKind.DominantColumn, Warning, "One column has nearly all of the variance.",
            "Bring columns to one unit: --map standard-scaler."),
        Rule(RemarkKind.MissingLabels, Error, "Rows have no label.", "Leave them out with --missing-labels drop, or label them."),
        Rule(RemarkKind.LabelSpelling, Warning, "Classes differ in their spelling only.",
            "Write them alike, or state the classes with --classes."),
        Rule(RemarkKind.LabelWriting, Warning, "One number is written in several ways.", "They count as one class; write them alike."),
        Rule(RemarkKind.UnlabelledMark, Warning, "-1 may mark rows without a label.", "Drop those rows, or accept that -1 is a class."),
        Rule(RemarkKind.SingleClass, Error, "All labels are the same.",
            "With one class there is nothing to certify: see how the file was made."),
        Rule(RemarkKind.UniqueLabels, Error, "Labels are hardly ever repeated.",
            "They may be names of rows, or numbers: --label names another column, --task regression takes numbers."),
        Rule(RemarkKind.SingleRowClass, Warning, "A class has one row.", "One wrong label removes it: find more rows, or leave it out."),
        Rule(RemarkKind.ImbalancedClasses, Warning, "One class has most of the rows.",
            "Accuracy is high without a classifier: look at balanced accuracy."),
        Rule(RemarkKind.UnknownLabel, Error, "A label is none of the classes.", "Put it right, or state all classes with --classes."),
        Rule(RemarkKind.ContradictingRows, Warning, "Rows with the same features have different labels.",
            "See which label is right: certiflip audit lists contradicted labels."),
        Rule(RemarkKind.SharedRows, Warning, "Two files share rows.", "Test on rows that nothing was learnt from."),
        Rule(RemarkKind.ColumnsByPosition, Warning, "Columns are matched by position.", "Name the columns in both files."),
        Rule(RemarkKind.UnknownLevel, Warning, "A category has a level that no training row has.",
            "All columns of its levels are 0 there: see whether it is misspelt."),
        Rule(RemarkKind.FilledGaps, Warning, "A column lacks values that all training rows have.",
            "The median of the training rows stands in: see why they are missing."),
        Rule(RemarkKind.PassedOver, Note, "Columns were passed over.",
            "Say that it is meant with --ignore, or name the features with --features."),
        Rule(RemarkKind.HowRead, Note, "The file was read in a way that may not be expected.",
            "Options of reading say otherwise where that is wrong."),
        Rule(RemarkKind.MapSawLabels, Warning, "A map that makes the features was trained on labels.",
            "Certificates hold against flips of other labels only: make sure that those were others, and right."),
        Rule(RemarkKind.LabelCopy, Warning, "A column says the label.", "It is the labels under another name: pass it over with --ignore."),
    ];

    public static void Write(
        TextWriter writer, IReadOnlyList<Dataset> data, IReadOnlyList<DataRemark> remarks, string labelColumn) =>
        SarifFile.Write(writer, "check", Rules, remarks.Select(remark => FindingOf(remark, data)), labelColumn);

    private static SarifFinding FindingOf(DataRemark remark, IReadOnlyList<Dataset> data)
    {
        Dataset file = data.FirstOrDefault(one => one.Source == remark.Source)
            ?? data.FirstOrDefault(one => one.LabelSource == remark.Source) ?? data[0];
        Dictionary<int, int> rowOf = Enumerable.Range(0, file.Features.Rows).ToDictionary(file.NumberOf);
        string level = remark.Severity switch
        {
            RemarkSeverity.Refusal => Error,
            RemarkSeverity.Remark => Rules.First(rule => rule.Id == remark.Kind.Code).Level is Note ? Note : Warning,
            RemarkSeverity.Accepted => Note,
            _ => throw new ArgumentOutOfRangeException(nameof(remark), remark.Severity, null),
        };
        return new SarifFinding(
            remark.Kind.Code, level, ShownText.Escape($"{Sentence(remark.Text)} {Sentence(remark.Advice)}"), file,
            [.. remark.Rows.Where(rowOf.ContainsKey).Select(row => rowOf[row])],
            string.Join('\0', remark.Columns))
        {
            IsOfLabel = file.Source != remark.Source,
            IsAccepted = remark.Severity == RemarkSeverity.Accepted,
        };
    }

    /// <summary>A clause as a sentence.</summary>
    private static string Sentence(string clause) => $"{char.ToUpperInvariant(clause[0])}{clause[1..]}.";

    private static SarifRule Rule(RemarkKind kind, string level, string title, string help) => new(
        kind.Code, level, title, $"{help}{(kind.CanBeAccepted ? $" If the data are meant to be so: --accept {kind.Code}." : "")}");
}
