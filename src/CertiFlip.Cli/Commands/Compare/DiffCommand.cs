using System.CommandLine;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary><c>certiflip diff</c>: what changed from one run of <c>certify</c> to another.</summary>
internal sealed class DiffCommand : Command
{
    private readonly Argument<string> _before = File("BEFORE", "What certify --json printed in the earlier run.");
    private readonly Argument<string> _after = File("AFTER", "The same of the later run.");
    private readonly Option<string> _certificate = new("--certificate")
    {
        Description = "The certificate to compare rows by. [default: exact, or else the last one that both runs have]",
        HelpName = "CERT",
    };
    private readonly Option<bool> _byNumber = new("--by-number")
    {
        Description = "Match rows by their numbers, whatever their ids, labels and files: you say that they are the same rows.",
    };
    private readonly Option<IReadOnlyList<Condition>?> _require = CommandOptions.RequireOfChange();
    private readonly OutputOptions _results = new("Write a .csv with one row for each test row.", hasWork: false);
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public DiffCommand(IAnsiConsole output, IAnsiConsole status)
        : base("diff", "Compare two runs of certify: which settings changed, which rows lost or gained radius.")
    {
        (_output, _status) = (output, status);
        Arguments.Add(_before);
        Arguments.Add(_after);
        this.AddOptions([_certificate, _byNumber, _require, .. _results.All]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private static Argument<string> File(string name, string description) => new(name) { Description = description };

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        (string before, string after) = (parsed.GetRequiredValue(_before), parsed.GetRequiredValue(_after));
        IReadOnlyList<Condition> required = parsed.GetValue(_require) ?? [];
        RunDiff diff = _results.Run(
            parsed,
            [before, after],
            _status,
            progress =>
            {
                progress.Report($"comparing {before} with {after}");
                RunDiff diff = RunDiff.Of(
                    RunFile.Read(before), RunFile.Read(after), parsed.GetValue(_certificate), parsed.GetValue(_byNumber));
                Verdict.RefuseUnknown(required, [.. diff.Certificates.Select(change => change.Name)]);
                return diff.Require(required);
            },
            DiffCsv.Write,
            (writer, diff) => DiffReport.Write(writer, diff, _results.Name(parsed)),
            cancellation);

        if (_results.IsJson(parsed))
            DiffJson.Write(_results.Results(parsed, _output, _status), diff, _results.Name(parsed));
        else if (!_results.IsQuiet(parsed))
            DiffTable.Write(_results.Results(parsed, _output, _status), diff);
        return Verdicts.Complain(_status, diff.Verdicts);
    }
}
