using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CertiFlip.Attacks;
using CertiFlip.Cli.Attacking;
using CertiFlip.Cli.Methods;
using CertiFlip.Heads;
using Spectre.Console;

namespace CertiFlip.Cli.CommandLine;

/// <summary><c>certiflip attack</c>: tries to change predictions by flipping labels.</summary>
internal sealed class AttackCommand : Command
{
    private static readonly string[] DefaultAttacks = ["distance", "influence", AttackNames.Witness];

    private readonly DataOptions _data = new();
    private readonly Option<IReadOnlyList<string>?> _attacks = CommandOptions.List("--attacks", AttackNames.All, "[default: distance,influence,witness]");
    private readonly Option<int?> _budget = CommandOptions.Count("--budget", "The most flips to try on logistic regression. [default: as many as there are rows]");
    private readonly Option<double?> _c = InverseRegularisation();
    private readonly Option<RidgeChoice?> _ridge = CommandOptions.Ridge();
    private readonly Option<bool> _noIntercept = CommandOptions.NoIntercept();
    private readonly OutputOptions _results = new("Write a .csv with one row for each test row and classifier: which labels to flip.", hasReport: false);
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public AttackCommand(IAnsiConsole output, IAnsiConsole status)
        : base("attack", "Attack predictions: which training labels to flip, few as possible, to change each. For the defender who wants to know what undefended means.")
    {
        (_output, _status) = (output, status);
        foreach (Option option in (IEnumerable<Option>)[.. _data.All, _attacks, _budget, _c, _ridge, _noIntercept, .. _results.All])
            Options.Add(option);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        IReadOnlyList<string> attacks = parsed.GetValue(_attacks) ?? DefaultAttacks;
        RefuseUnused(parsed, attacks);
        int threads = _results.Threads(parsed);
        RidgeChoice ridge = parsed.GetValue(_ridge) ?? RidgeChoice.Default;
        AttackResult result = _results.Run(
            parsed,
            _data.Files(parsed),
            _status,
            progress =>
            {
                Problem problem = _data.Read(parsed, progress, cancellation);
                List<AttackedMethod> methods = [];
                if (AttackNames.KindsOf(attacks) is { Count: > 0 } kinds)
                    methods.Add(new LogisticAttack(OptionsFrom(parsed, kinds, threads)).Run(problem, progress, cancellation));
                if (attacks.Contains(AttackNames.Witness))
                    methods.Add(new WitnessAttack(ridge, parsed.GetValue(_noIntercept) ? Intercept.None : Intercept.Fitted).Run(problem, threads, progress, cancellation));
                return new AttackResult(problem, methods, attacks.Contains(AttackNames.Witness) && ridge.DependsOnLabels);
            },
            AttackCsv.Write,
            null,
            cancellation);

        if (_results.IsJson(parsed))
            AttackJson.Write(_output, result, watch.Elapsed);
        else if (!_results.IsQuiet(parsed))
            AttackTable.Write(_output, result, threads, watch.Elapsed);
        return ExitCode.Done;
    }

    private void RefuseUnused(ParseResult parsed, IReadOnlyList<string> attacks)
    {
        IEnumerable<Option> unused =
        [
            .. attacks.Contains(AttackNames.Witness) ? [] : (Option[])[_ridge, _noIntercept],
            .. AttackNames.KindsOf(attacks).Count > 0 ? [] : (Option[])[_budget, _c],
        ];
        if (unused.FirstOrDefault(option => CommandOptions.IsGiven(parsed, option)) is { } first)
            throw new UsageException($"{first.Name} has no effect with {string.Join(" and ", attacks)}: leave it out.");
    }

    private AttackOptions OptionsFrom(ParseResult parsed, IReadOnlyList<AttackKind> kinds, int threads)
    {
        var defaults = new AttackOptions { Kinds = kinds, Threads = threads };
        return defaults with { Budget = parsed.GetValue(_budget) ?? defaults.Budget, C = parsed.GetValue(_c) ?? defaults.C };
    }

    private static Option<double?> InverseRegularisation() => new("--c")
    {
        Description = "C, the inverse of the strength of logistic regression's regularisation, as in scikit-learn. [default: 1]",
        HelpName = "C",
        CustomParser = result => OptionValue.Parse<double?>(result, "a number above 0", text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double c) && c > 0 && double.IsFinite(c) ? c : null),
    };
}
