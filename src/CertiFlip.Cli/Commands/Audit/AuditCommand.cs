using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Auditing;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary><c>certiflip audit</c>: which training labels to check first.</summary>
internal sealed class AuditCommand : Command
{
    private readonly DataOptions _data = new(
        without: WithoutTest.Audited,
        test: "Test data: labels are audited for the predictions of these rows. Without it, for the predictions of the training "
            + "rows, each left out in turn.");
    private readonly Option<int?> _budget = CommandOptions.Count("--budget", "Number of labels to suggest. [default: 20]");
    private readonly HeadOptions _head;
    private readonly Option<double?> _noise = HeadOptions.NoiseOfPaperRidge();
    private readonly Option<SecondOpinionChoice?> _second = SecondOpinion();
    private readonly AdversaryOptions _adversary = new();
    private readonly RegressionTask _task = new(hasIntervals: false);
    private readonly ShowOptions _show;
    private readonly OutputOptions _results = new("Write a .csv with one row for each suggested label.");
    private readonly Option<string> _corrections = CommandOptions.CsvFile(
        "--corrections",
        "Write a .csv of the suggested labels to fill in: put the right label into correct_label, and give the file to --apply.");
    private readonly Option<string> _sarif = CommandOptions.SarifOption();
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public AuditCommand(IAnsiConsole output, IAnsiConsole status)
        : base(
            "audit",
            "Audit training labels: which to check first, because other rows contradict them or because certificates rely on them.")
    {
        (_output, _status, _head) = (output, status, new HeadOptions(_data.StatedClasses));
        _show = new ShowOptions(_data.Input, hasTest: false);
        this.AddOptions(
            [
                .. _data.All, _budget, .. _head.All, _noise, _second, .. _adversary.All, .. _task.All, .. _show.All, .. _results.All,
                _corrections, _sarif,
            ]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        _ = _data.LeavesOut(parsed);
        if (_task.IsAsked(parsed, [.. _data.OfClasses, _corrections, _noise, _second, .. _adversary.OfClasses, .. _show.All]))
            return NumericAuditing.Run(
                parsed, (_task, _data, _head, _adversary, _results), Budget(parsed), parsed.GetValue(_sarif),
                (_output, _status), watch, cancellation);
        _adversary.RefuseCount(parsed, _data.Votes);
        string? corrections = parsed.GetValue(_corrections);
        bool shows = _results.HasReport(parsed) || corrections is not null;
        _show.RefuseUnused(parsed, shows);
        LabelAuditing auditing = AuditingFrom(parsed);
        CommandOptions.RefuseGiven(parsed, _head.UnusedBy(auditing.Head, parsed), $"--head {auditing.Head.Text}");
        HeadOptions.RefuseNoise(parsed, _noise, auditing.Head);
        (AuditResult result, _) = _results.Run(
            parsed,
            [.. _data.Files(parsed), .. _adversary.Files(parsed), .. _show.Files(parsed)],
            _status,
            progress =>
            {
                RunData data = _adversary.Limit(parsed, _data.Read(parsed, progress, cancellation)) with { Name = _results.Name(parsed) };
                auditing.Check(data);
                RowViews? views = shows && RowWork.Current.HasAllRows ? _show.Read(parsed, data, progress) : null;
                return (Result: auditing.Run(data, !_data.HasTest(parsed), progress, cancellation), Views: views);
            },
            (csv, run) => AuditCsv.Write(csv, run.Result),
            (writer, run) => AuditReport.Write(writer, run.Result, run.Views!),
            cancellation,
            (corrections, (writer, run) => CorrectionsCsv.Write(writer, run.Result, run.Views!.Training)),
            (parsed.GetValue(_sarif), (writer, run) => AuditSarif.Write(writer, run.Result, _data.LabelColumn(parsed))));

        _results.Note(parsed, result.Data, [result.Setting], _status);
        if (_results.IsJson(parsed))
            AuditJson.Write(_results.Results(parsed, _output, _status), result, watch.Elapsed);
        else if (!_results.IsQuiet(parsed))
            AuditTable.Write(_results.Results(parsed, _output, _status), result, auditing.Threads, watch.Elapsed);
        return ExitCode.Done;
    }

    private int Budget(ParseResult parsed) => parsed.GetValue(_budget) ?? new AuditOptions().Budget;

    private LabelAuditing AuditingFrom(ParseResult parsed) => new(
        _head.Head(parsed),
        parsed.GetValue(_noise),
        (parsed.GetValue(_second) ?? SecondOpinionChoice.Default).Head,
        Budget(parsed),
        _results.Threads(parsed));

    private static Option<SecondOpinionChoice?> SecondOpinion() => new("--second-opinion")
    {
        Description = "A second head, with weight 20 % in deciding which labels are contradicted: knn:N, kernel:H, or none. [default: knn]",
        HelpName = "NAME",
        CompletionSources =
        {
            Choices.OneOf(() => HeadOptions.Words.Where(word => SecondOpinionChoice.TryParse(word.TrimEnd(':')) is not null)
                .Append("none")),
        },
        CustomParser = result =>
            OptionValue.Parse(result, "knn, knn:N with N ≥ 1, kernel, kernel:H with H > 0, or none", SecondOpinionChoice.TryParse),
    };
}
