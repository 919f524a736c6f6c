using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Auditing;
using CertiFlip.Cli.Adversaries;
using CertiFlip.Cli.Auditing;
using CertiFlip.Cli.Methods;
using CertiFlip.Heads;
using Spectre.Console;

namespace CertiFlip.Cli.CommandLine;

/// <summary><c>certiflip audit</c>: which training labels to check first.</summary>
internal sealed class AuditCommand : Command
{
    private readonly DataOptions _data = new(optionalTest: "Test data whose predictions the labels are audited for; without, the training rows themselves, each left out.");
    private readonly Option<int?> _budget = CommandOptions.Count("--budget", "How many labels to suggest. [default: 20]");
    private readonly Option<string> _trusted = CommandOptions.File("--trusted", "Training rows, numbered from 0, whose labels nobody can have changed: a column 'row' of a .csv or .tsv, .npy, or .gz of these.");
    private readonly Option<RidgeChoice?> _ridge = CommandOptions.Ridge();
    private readonly Option<bool> _noIntercept = CommandOptions.NoIntercept();
    private readonly OutputOptions _results = new("Write a .csv with one row for each suggested label.", hasReport: false);
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public AuditCommand(IAnsiConsole output, IAnsiConsole status)
        : base("audit", "Audit training labels: which to check first, because the head contradicts them or because certified robustness rests on them.")
    {
        (_output, _status) = (output, status);
        foreach (Option option in (IEnumerable<Option>)[.. _data.All, _budget, _trusted, _ridge, _noIntercept, .. _results.All])
            Options.Add(option);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        _data.RefuseUnused(parsed);
        int threads = _results.Threads(parsed);
        string? trusted = parsed.GetValue(_trusted);
        AuditResult result = _results.Run(
            parsed,
            trusted is null ? _data.Files(parsed) : [.. _data.Files(parsed), trusted],
            _status,
            progress =>
            {
                Problem problem = _data.Read(parsed, progress, cancellation);
                var options = new AuditOptions { Threads = threads };
                if (trusted is not null)
                    options = options with { TrustedRows = TrustedRows.Read(trusted, problem.Labels.Count) };
                options = options with { Budget = parsed.GetValue(_budget) ?? options.Budget };
                var auditing = new LabelAuditing(parsed.GetValue(_ridge) ?? RidgeChoice.Default, parsed.GetValue(_noIntercept) ? Intercept.None : Intercept.Fitted, options);
                return auditing.Run(problem, !_data.HasTest(parsed), progress, cancellation);
            },
            AuditCsv.Write,
            null,
            cancellation);

        if (_results.IsJson(parsed))
            AuditJson.Write(_output, result, watch.Elapsed);
        else if (!_results.IsQuiet(parsed))
            AuditTable.Write(_output, result, threads, watch.Elapsed);
        return ExitCode.Done;
    }
}
