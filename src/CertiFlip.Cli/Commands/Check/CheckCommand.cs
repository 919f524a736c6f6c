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
            .. _training.Check.All, _json, _quiet,
        ]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        bool isQuiet = parsed.GetValue(_quiet);
        ClassList? classes = _training.StatedClasses(parsed);
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
        if (parsed.GetValue(_json))
            JsonText.Write(_output, Form, result.ToJson(watch.Elapsed));
        else if (!isQuiet)
            result.Write(_output);
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
