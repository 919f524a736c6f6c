using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CertiFlip.Attacks;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary><c>certiflip attack</c>: tries to change predictions by flipping labels.</summary>
internal sealed class AttackCommand : Command
{
    private static readonly string[] DefaultAttacks = ["distance", "influence", AttackNames.Witness];

    private readonly DataOptions _data = new();
    private readonly Option<IReadOnlyList<string>?> _attacks =
        CommandOptions.List("--attacks", AttackNames.All, "[default: distance,influence,witness]");
    private readonly Option<int?> _budget = CommandOptions.Count(
        "--budget", "The most flips to try against logistic regression. [default: as many as there are training rows]");
    private readonly Option<double?> _c = InverseRegularisation();
    private readonly HeadOptions _head;
    private readonly Option<double?> _noise = HeadOptions.NoiseOfPaperRidge();
    private readonly AdversaryOptions _adversary = new();
    private readonly OutputOptions _results =
        new("Write a .csv with one row for each test row and classifier: which labels to flip.", hasReport: false);
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public AttackCommand(IAnsiConsole output, IAnsiConsole status)
        : base("attack", "Attack predictions: find few training labels whose flips change each one, to see how fragile a classifier is.")
    {
        (_output, _status, _head) = (output, status, new HeadOptions(_data.StatedClasses));
        this.AddOptions([.. _data.All, _attacks, _budget, _c, .. _head.All, _noise, .. _adversary.All, .. _results.All]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        IReadOnlyList<string> attacks = parsed.GetValue(_attacks) ?? DefaultAttacks;
        RefuseUnused(parsed, attacks);
        _ = _data.LeavesOut(parsed);
        _data.Holdout.RefuseUnusedSeed(parsed);
        _adversary.RefuseCount(parsed, _data.Votes);
        int threads = _results.Threads(parsed);
        HeadChoice head = _head.Head(parsed);
        AttackResult result = _results.Run(
            parsed,
            [.. _data.Files(parsed), .. _adversary.Files(parsed)],
            _status,
            progress =>
            {
                RunData data = _adversary.Limit(parsed, _data.Read(parsed, progress, cancellation));
                if (attacks.Contains(AttackNames.Witness))
                    data.Check(head);
                List<AttackedMethod> methods = [];
                if (AttackNames.KindsOf(attacks) is { Count: > 0 } kinds)
                    methods.Add(new LogisticAttack(OptionsFrom(parsed, kinds, threads)).Run(data, progress, cancellation));
                if (attacks.Contains(AttackNames.Witness))
                    methods.Add(new WitnessAttack(head, parsed.GetValue(_noise)).Run(data, threads, progress, cancellation));
                return new AttackResult(data, methods, attacks.Contains(AttackNames.Witness) && head.DependsOnLabels);
            },
            AttackCsv.Write,
            null,
            cancellation);

        _results.Note(parsed, result.Data, [], _status);
        if (_results.IsJson(parsed))
            AttackJson.Write(_results.Results(parsed, _output, _status), result, watch.Elapsed);
        else if (!_results.IsQuiet(parsed))
            AttackTable.Write(_results.Results(parsed, _output, _status), result, threads, watch.Elapsed);
        return ExitCode.Done;
    }

    private void RefuseUnused(ParseResult parsed, IReadOnlyList<string> attacks)
    {
        HeadChoice? head = attacks.Contains(AttackNames.Witness) ? _head.Head(parsed) : null;
        CommandOptions.RefuseGiven(
            parsed, _head.UnusedBy(head, parsed), head is null ? string.Join(" and ", attacks) : $"--head {head.Text}");
        HeadOptions.RefuseNoise(parsed, _noise, head);
        IReadOnlyList<AttackKind> kinds = AttackNames.KindsOf(attacks);
        CommandOptions.RefuseGiven(parsed, kinds.Count > 0 ? [] : [_budget, _c], string.Join(" and ", attacks));
        if (kinds.Count > 0)
            CommandOptions.RefuseGiven(
                parsed, _adversary.Prices, $"{string.Join(" and ", kinds.Select(AttackNames.Name))}, which count flips",
                $", or choose --attacks {AttackNames.Witness}");
    }

    private AttackOptions OptionsFrom(ParseResult parsed, IReadOnlyList<AttackKind> kinds, int threads)
    {
        var defaults = new AttackOptions { Kinds = kinds, Threads = threads };
        return defaults with { Budget = parsed.GetValue(_budget) ?? defaults.Budget, C = parsed.GetValue(_c) ?? defaults.C };
    }

    private static Option<double?> InverseRegularisation() => new("--c")
    {
        Description = "C of logistic regression, the inverse of its regularisation strength, as in scikit-learn. [default: 1]",
        HelpName = "C",
        CustomParser = result => OptionValue.Parse<double?>(result, "a number above 0", text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double c) && c > 0 && double.IsFinite(c)
                ? c
                : null),
    };
}
