using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary><c>certiflip compare</c>: several certificates on the same data, side by side.</summary>
internal sealed class CompareCommand : Command
{
    private const string MonteCarlo = MethodNames.MonteCarlo;

    private static readonly string[] Names =
    [
        .. CertificateKind.All.Where(kind => !IsOfParts(kind)).Select(kind => kind.Name), MonteCarlo,
        .. CertificateKind.All.Where(IsOfParts).Select(kind => kind.Name),
    ];

    private static readonly string[] RowNames = [.. CertificateKind.AgainstRows.Select(kind => kind.Name)];

    private readonly DataOptions _data = new(
        without: WithoutTest.LeaveOneOut,
        test: "Test data, in any of these formats; labels are optional. Without it each training row is predicted by the head fitted to "
            + "the others.");
    private readonly Option<IReadOnlyList<string>?> _methods = CommandOptions.List(
        "--methods", [.. Names, .. RowNames],
        $"With --threat rows those from {RowNames[0]} on, else those before. [default: all that are possible but monte-carlo]");
    private readonly MethodOptions _options;
    private readonly Option<IReadOnlyList<int>?> _partitions =
        CommandOptions.Partitions("LIST", "Numbers of parts for partition and white-box, separated by commas. [default: 50]");
    private readonly ThreatOptions _threat = new(attacks: false);
    private readonly AdversaryOptions _adversary = new();
    private readonly Option<IReadOnlyList<Condition>?> _require = CommandOptions.Require();
    private readonly ShowOptions _show;
    private readonly OutputOptions _results = new("Write a .csv with every step of every curve.");
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public CompareCommand(IAnsiConsole output, IAnsiConsole status)
        : base("compare", "Compare certificates on the same data, in one table and one chart.")
    {
        (_output, _status, _options) = (output, status, new MethodOptions(_data));
        _show = new ShowOptions(_data.Input);
        this.AddOptions([.. _data.All, _methods, .. _options.All, _partitions, .. _threat.All, .. _adversary.All,
            _require, .. _show.All, .. _results.All]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        int threads = _results.Threads(parsed);
        RowAdversary? rows = _threat.Adversary(parsed);
        Contestant[] contestants = [.. rows is null ? Contestants(parsed) : RowContestants(parsed, rows)];
        if (_data.LeavesOut(parsed) && contestants.FirstOrDefault(one => one.Method is not SmoothingMethod) is { } other)
            throw new UsageException(
                $"--test is missing: {other.Family} does not leave rows out one by one. Choose --methods kl,tight,structured,exact, name "
                    + $"test data with --test, or {HoldoutOptions.Advice}.");
        IReadOnlyList<Condition> required = parsed.GetValue(_require) ?? [];
        Verdict.RefuseUnknown(required, [.. contestants.Select(contestant => contestant.Name)]);
        _adversary.RefuseCount(parsed, _data.Votes);
        _show.RefuseUnused(parsed, _results.HasReport(parsed));
        (CompareResult result, _) = _results.Run(
            parsed,
            [.. _data.Files(parsed), .. _adversary.Files(parsed), .. _show.Files(parsed)],
            _status,
            progress =>
            {
                RunData data = _adversary.Limit(parsed, _data.Read(parsed, progress, cancellation)) with
                {
                    RowAdversary = rows,
                    Name = _results.Name(parsed),
                };
                RowViews? views = _results.WritesReport(parsed) ? _show.Read(parsed, data, progress) : null;
                CompareResult result = CompareRun.Execute(data, contestants, threads, progress, cancellation) with { Required = required };
                return (Result: result, Views: views);
            },
            (csv, run) => CurveCsv.Write(csv, run.Result),
            (writer, run) => CompareReport.Write(writer, run.Result, run.Views!),
            cancellation);

        _results.Note(parsed, result.Data, result.Settings, _status);
        if (_results.IsJson(parsed))
            ComparisonJson.Write(_results.Results(parsed, _output, _status), result, watch.Elapsed);
        else if (!_results.IsQuiet(parsed))
            ComparisonTable.Write(_results.Results(parsed, _output, _status), result, threads, watch.Elapsed);
        return Verdicts.Complain(_status, result.Verdicts);
    }

    private IEnumerable<Contestant> Contestants(ParseResult parsed)
    {
        IReadOnlyList<string> names = Named(parsed, Names) ?? [.. Names.Except([MonteCarlo])];
        RefuseUnused(parsed, names);
        return names.SelectMany(name => ContestantsOf(parsed, name));
    }

    private IEnumerable<Contestant> RowContestants(ParseResult parsed, RowAdversary rows)
    {
        ThreatOptions.RefuseForLabels(parsed, [_data.Apply, .. _adversary.All]);
        IReadOnlyList<string>? names = Named(parsed, RowNames);
        return _threat.Compared(parsed, names?.Count == RowNames.Length ? null : names, _partitions, _options, rows)
            .GroupBy(one => one.Kind)
            .SelectMany(group => group.Select((one, i) =>
                new Contestant(one.Kind.Name, one.Name, $"{one.Kind} dash-{i % 4}", one.Kind, one.Method)));
    }

    /// <summary>The names that the user wrote, or null; all are all that are possible.</summary>
    /// <exception cref="UsageException">One is not possible.</exception>
    private IReadOnlyList<string>? Named(ParseResult parsed, IReadOnlyList<string> possible)
    {
        IReadOnlyList<string>? names = parsed.GetValue(_methods);
        if (names?.Count == Names.Length + RowNames.Length)
            return possible;
        return names?.Except(possible).FirstOrDefault() is { } stranger
            ? throw new UsageException(
                $"--methods '{stranger}': expected any of {string.Join(',', possible)} with --threat "
                + $"{(possible == RowNames ? "rows" : "labels")}.")
            : names;
    }

    private void RefuseUnused(ParseResult parsed, IReadOnlyList<string> names)
    {
        string[] methods = [.. names.Select(MethodOf).Distinct()];
        CertificateKind[] certificates =
        [
            .. names.Select(CertificateKind.TryParse).OfType<CertificateKind>().Where(kind => !IsOfParts(kind)),
        ];
        _options.RefuseUnused(parsed, certificates, methods);
        if (!methods.Contains(MethodNames.Partition))
            CommandOptions.RefuseGiven(parsed, [_partitions], string.Join(" and ", methods));
    }

    private static bool IsOfParts(CertificateKind kind) => kind.Classifier == CertifiedClassifier.VoteOfParts;

    /// <summary>A name is that of a certificate, or monte-carlo.</summary>
    private static string MethodOf(string name) =>
        CertificateKind.TryParse(name) is not { } kind ? MethodNames.MonteCarlo
        : IsOfParts(kind) ? MethodNames.Partition
        : MethodNames.Smoothing;

    private IEnumerable<Contestant> ContestantsOf(ParseResult parsed, string name)
    {
        IReadOnlyList<int> partitions = parsed.GetValue(_partitions) ?? [new PartitionMethod().Partitions];
        IEnumerable<Contestant> Parts(CertificateKind kind) => partitions.Select((parts, i) =>
            new Contestant(
                name, $"{name} {parts}", $"{name} dash-{i % 4}", kind, _options.Partition(parsed, parts) with { Certificates = [kind] }));
        Contestant Smoothed(CertificateKind kind) => new(name, name, name, kind, _options.Smoothing(parsed) with { Certificates = [kind] });
        if (CertificateKind.TryParse(name) is { } kind)
            return IsOfParts(kind) ? Parts(kind) : [Smoothed(kind)];
        return
        [
            new Contestant(
                name, name, name, CertificateKind.Tight, _options.MonteCarlo(parsed) with { Certificates = [CertificateKind.Tight] }),
        ];
    }
}
