using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary><c>certiflip certify</c>: certifies predictions for the user's own files.</summary>
internal sealed class CertifyCommand : Command
{
    private readonly PeriodOptions _periods = new();
    private readonly DataOptions _data;
    private readonly Option<string> _method = CommandOptions.Method();
    private readonly MethodOptions _methods;
    private readonly ThreatOptions _threat = new(attacks: true);
    private readonly AdversaryOptions _adversary = new();
    private readonly Option<IReadOnlyList<int>?> _partitions =
        CommandOptions.Partitions("P", "Number of parts P, with --method partition. [default: 50]");
    private readonly Option<string> _certificates = CommandOptions.Certificates();
    private readonly Option<IReadOnlyList<Condition>?> _require = CommandOptions.Require();
    private readonly RegressionTask _task = new();
    private readonly Option<string> _groups = CommandOptions.Groups();
    private readonly CollectiveRun _collective = new();
    private readonly BlockRun _blocks = new();
    private readonly ShowOptions _show;
    private readonly OutputOptions _results = new("Write a .csv with one row for each test row.");
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public CertifyCommand(IAnsiConsole output, IAnsiConsole status)
        : base("certify", "Certify predictions: prove how many wrong training labels cannot change each one.")
    {
        (_output, _status) = (output, status);
        _data = new DataOptions(
            acceptsModel: true, WithoutTest.LeaveOneOut,
            "Test data, in any of these formats; labels are optional. Without it each training row is predicted by the head fitted to the "
                + "others.")
        {
            AlsoIgnored = parsed => _periods.Column(parsed) is { } column ? [column] : [],
        };
        _methods = new MethodOptions(_data);
        _show = new ShowOptions(_data.Input);
        this.AddOptions(
            [
                .. _data.All, _method, .. _methods.All, _partitions, _certificates, .. _threat.All, .. _adversary.All,
                _collective.Option, .. _periods.All, _require, _blocks.Option,
                .. _task.All, _groups, .. _show.All,
                .. _results.All,
            ]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        if (_task.IsAsked(
            parsed,
            [
                .. _data.OfClasses, _method, .. _methods.OfClasses, _partitions, _certificates, _require,
                .. _threat.All, .. _adversary.OfClasses, _collective.Option, _blocks.Option, .. _periods.All, .. _show.All,
            ]))
        {
            return RegressionRun.Certify(
                parsed, _task, _data, _methods, _adversary, _groups, _results, _output, _status, watch, cancellation);
        }

        bool isByBlocks = _blocks.IsAsked(parsed);
        if (isByBlocks)
            RefuseNotInBlocks(parsed);
        bool isModel = _data.IsModel(parsed);
        if (isModel)
            RefuseUnusedWithModel(parsed);
        RowAdversary? rows = _threat.Adversary(parsed);
        IMethod method = rows is null ? MethodFrom(parsed, isByBlocks) : RowMethodFrom(parsed, rows, isModel);
        if (_data.LeavesOut(parsed))
            RefuseLeftOut(parsed, method);
        _adversary.RefuseCount(parsed, _data.Votes);
        _periods.RefuseUnused(parsed, _adversary.Prices);
        _collective.Check(parsed, method, isOfRows: rows is not null, _groups);
        _show.RefuseUnused(parsed, _results.HasReport(parsed));
        IReadOnlyList<Condition> required = parsed.GetValue(_require) ?? [];
        Verdict.RefuseUnknown(required,
            [.. method.Certificates.Select(kind => kind.Name), .. _collective.IsAsked(parsed) ? (string[])[CollectiveCurve.Name] : []]);
        int threads = _results.Threads(parsed);
        (CertifyResult result, _) = _results.Run(
            parsed,
            [
                .. _data.Files(parsed), .. _adversary.Files(parsed), .. _periods.Files(parsed), .. _show.Files(parsed),
                .. parsed.GetValue(_groups) is { } groupsPath ? (string[])[groupsPath] : [],
            ],
            _status,
            progress =>
            {
                RunData data;
                if (isByBlocks)
                {
                    (data, MethodResult inBlocks) =
                        BlockRun.Run(parsed, _data, (SmoothingMethod)method, threads, progress, cancellation);
                    return (Result: new CertifyResult(data with { Name = _results.Name(parsed) }, method, inBlocks) { Required = required },
                        Views: _results.WritesReport(parsed) ? _show.Read(parsed, data, progress) : null);
                }

                if (isModel)
                {
                    TrainedModel model = _data.ReadModel(parsed, threads, progress);
                    method = _methods.Smoothing(parsed, model) with { Certificates = method.Certificates };
                    data = _data.Read(parsed, model, progress, cancellation);
                }
                else
                {
                    data = _data.Read(parsed, progress, cancellation);
                }

                data = _adversary.Limit(parsed, data) with { RowAdversary = rows, Name = _results.Name(parsed) };
                method.Check(data);
                PeriodQuestion? periods = _periods.Read(parsed, isModel ? null : _data.TrainingFile(parsed), data);
                RowViews? views = _results.WritesReport(parsed) ? _show.Read(parsed, data, progress) : null;
                MethodResult outcome = method.Run(data, threads, progress, cancellation);
                var alone = new CertifyResult(data, method, outcome)
                {
                    Required = required,
                    Periods = periods?.Answer(data, outcome, progress, cancellation),
                };
                CollectiveCurve? together = RowWork.Current.HasAllRows
                    ? _collective.Run(parsed, alone, parsed.GetValue(_groups), progress, cancellation)
                    : null;
                var result = new CertifyResult(data, method, outcome)
                {
                    Required = required,
                    Periods = alone.Periods,
                    Collective = together,
                };
                return (Result: result, Views: views);
            },
            (csv, run) => CertificateCsv.Write(
                csv, run.Result.Method.Certificates, run.Result.Rows, run.Result.Data.Classes.IsStated,
                (Csv.RowHeader(run.Result.Data.Test), run.Result.Data.Test.NameOf),
                row => run.Result.Data.HasTruth ? run.Result.Data.Test.Labels[row] : "", run.Result.NameOf,
                run.Result.Periods?.Columns ?? []),
            (writer, run) => CertifyReport.Write(writer, run.Result, run.Views!),
            cancellation);

        _results.Note(parsed, result.Data, [result.Setting], _status);
        if (_results.IsJson(parsed))
            SummaryJson.Write(_results.Results(parsed, _output, _status), result,
                _results.Given(parsed, [_require, .. _show.All]), watch.Elapsed);
        else if (!_results.IsQuiet(parsed))
            SummaryTable.Write(_results.Results(parsed, _output, _status), result, threads, watch.Elapsed);
        return Verdicts.Complain(_status, result.Verdicts);
    }

    private void RefuseUnusedWithModel(ParseResult parsed)
    {
        if (parsed.GetValue(_method) is { } method and not MethodNames.Smoothing)
            throw new UsageException($"--method '{method}': expected smoothing, because --model holds a head that is fitted already.");
        _methods.RefuseFitting(parsed);
    }

    /// <summary>Refuses what is not certified of rows that are left out in turn.</summary>
    private void RefuseLeftOut(ParseResult parsed, IMethod method)
    {
        string otherwise = $", name test data with --test, or {HoldoutOptions.Advice}";
        if (method is not SmoothingMethod)
        {
            string choose = CommandOptions.IsGiven(parsed, _method)
                ? $"Choose --method {MethodNames.Smoothing}{otherwise}"
                : otherwise[2..];
            throw new UsageException(
                $"--test is missing: rows are left out one by one for --method {MethodNames.Smoothing} and --threat labels alone. "
                    + $"{char.ToUpperInvariant(choose[0])}{choose[1..]}.");
        }

        CommandOptions.RefuseWithout(parsed, [_collective.Option, .. _periods.All], "test rows", otherwise);
    }

    private IMethod RowMethodFrom(ParseResult parsed, RowAdversary rows, bool isModel)
    {
        if (isModel)
            throw new UsageException("--model with --threat rows: expected --train, since heads are fitted to stated rows.");
        ThreatOptions.RefuseForLabels(parsed, [_certificates, _data.Apply, .. _adversary.All, .. _periods.All]);
        return _threat.Method(parsed, _method, _partitions, _methods, rows);
    }

    /// <summary>Refuses what needs all training rows at once.</summary>
    private void RefuseNotInBlocks(ParseResult parsed)
    {
        if (parsed.GetValue(_method) is { } method and not MethodNames.Smoothing)
            throw new UsageException($"--method '{method}': expected smoothing with --by-blocks.");
        BlockRun.Check(
            parsed, _data,
            [_partitions, .. _threat.All, .. _adversary.All, _collective.Option, .. _periods.All, _groups, .. _show.All]);
    }

    private IMethod MethodFrom(ParseResult parsed, bool isByBlocks)
    {
        string method = parsed.GetValue(_method)!;
        IReadOnlyList<CertificateKind> ofSmoothing = isByBlocks ? BlockRun.Certificates : CertifierOptions.AllCertificates;
        IReadOnlyList<CertificateKind> certificates = method == MethodNames.Smoothing ? CertificatesFrom(parsed, method, ofSmoothing) : [];
        _methods.RefuseUnused(parsed, certificates, method);
        if (method != MethodNames.Smoothing)
            CommandOptions.RefuseGiven(parsed, _periods.All, $"--method {method}, since periods are certified for heads");
        IReadOnlyList<int>? partitions = parsed.GetValue(_partitions);
        if (method != MethodNames.Partition)
            CommandOptions.RefuseGiven(parsed, [_partitions], method);
        if (partitions is { Count: > 1 })
            throw new UsageException("--partitions: certify takes one number of parts; compare takes several.");

        IReadOnlyList<CertificateKind> Certificates(IReadOnlyList<CertificateKind> all) => CertificatesFrom(parsed, method, all);
        return method switch
        {
            MethodNames.MonteCarlo =>
                _methods.MonteCarlo(parsed) with { Certificates = Certificates(MonteCarloCertifierOptions.AllCertificates) },
            MethodNames.Partition => _methods.Partition(
                parsed,
                partitions?[0] ?? new PartitionMethod().Partitions) with
            {
                Certificates =
                    Certificates(PartitionCertifierOptions.AllCertificates)
            },
            _ => _methods.Smoothing(parsed) with { Certificates = Certificates(ofSmoothing) },
        };
    }

    private IReadOnlyList<CertificateKind> CertificatesFrom(ParseResult parsed, string method, IReadOnlyList<CertificateKind> all)
    {
        string list = parsed.GetValue(_certificates)!;
        if (list == "all")
            return all;
        IReadOnlyList<CertificateKind> kinds = CommandOptions.TryParseCertificates(list) ?? [];
        return kinds.Count > 0 && kinds.All(all.Contains)
            ? kinds
            : throw new UsageException(
                $"--certificates '{list}': expected any of {string.Join(',', all.Select(kind => kind.Name))}, separated by commas, or "
                    + $"all, with --method {method}.");
    }
}
