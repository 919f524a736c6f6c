using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Heads;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>
/// <c>certiflip frontier</c>: which setting gives which accuracy for which radius, by trusted labels.
/// </summary>
internal sealed class FrontierCommand : Command
{
    private static readonly RidgeChoice[] DefaultRidges =
        [.. ((string[])["relative:0.01", "relative:1", "relative:100"]).Select(rule => RidgeChoice.TryParse(rule)!)];

    // Pairs are another kind of rows: nobody has both. Bounded and tempered weights take up to tens of times ridge's
    // products. A hierarchy has to know the number of classes.
    private static readonly HeadChoice[] DefaultHeads =
    [
        .. HeadChoice.All.Where(head =>
            head is not (PairsHeadChoice or BoundedRidgeHeadChoice or TemperedRidgeHeadChoice or HierarchyHeadChoice)),
    ];

    private readonly ValidationOptions _data = new();
    private readonly Option<IReadOnlyList<int>?> _components = CommandOptions.Counts("--components", "LIST",
        "Numbers of features to try. Each takes the first features of every row, for features in order of importance such as principal "
            + "components. [default: all, and three halvings]");
    private readonly Option<IReadOnlyList<HeadChoice>?> _heads = Several("--heads",
        $"Heads to try: {HeadOptions.HeadsInWords}.",
        $"any of {HeadChoice.Forms}, separated by commas", HeadChoice.TryParse, head => head.Text, DefaultHeads,
        () => HeadOptions.Words);
    private readonly Option<IReadOnlyList<RidgeChoice>?> _ridges = Several("--ridges",
        "Rules for λ to try, for heads that have λ: relative:C (C times the mean eigenvalue) or fixed:L. The paper's rule is refused, "
            + "because it looks at labels.",
        "any of relative:C with C > 0 or fixed:L with L ≥ 0, separated by commas; paper looks at labels, which would void the guarantee",
        LabelFree, ridge => ridge.Text, DefaultRidges, () => ["relative:", "fixed:", .. DefaultRidges.Select(ridge => ridge.Text)]);
    private readonly Option<double?> _gain = HeadOptions.Gain();
    private readonly OutputOptions _results = new("Write a .csv with one row for each setting.");
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public FrontierCommand(IAnsiConsole output, IAnsiConsole status)
        : base("frontier", "Compare accuracy and certified radius over heads, λ and numbers of features, on rows whose labels are trusted.")
    {
        (_output, _status) = (output, status);
        this.AddOptions([.. _data.All, _components, _heads, _ridges, _gain, .. _results.All]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        CandidateGrid grid = GridFrom(parsed);
        int threads = _results.Threads(parsed);
        FrontierResult result = _results.Run(
            parsed,
            _data.Files(parsed),
            _status,
            progress =>
            {
                RunData data = _data.Read(parsed, progress, cancellation) with { Name = _results.Name(parsed) };
                foreach (HeadChoice head in grid.Heads)
                    RunData.CheckShares(head, data.Classes, "--heads");
                return new FrontierRun(data, threads, cancellation).Execute(grid.For(data), progress);
            },
            FrontierCsv.Write,
            FrontierReport.Write,
            cancellation);

        _results.Note(parsed, result.Data, [], _status);
        if (_results.IsJson(parsed))
            FrontierJson.Write(_results.Results(parsed, _output, _status), result, watch.Elapsed);
        else if (!_results.IsQuiet(parsed))
            FrontierTable.Write(_results.Results(parsed, _output, _status), result, threads, watch.Elapsed);
        return ExitCode.Done;
    }

    private CandidateGrid GridFrom(ParseResult parsed)
    {
        IEnumerable<HeadChoice> written = parsed.GetValue(_heads) ?? DefaultHeads;
        HeadChoice[] heads = [.. written.Select(head => HeadOptions.For(head, "--heads", () => _data.StatedClasses(parsed)))];
        IEnumerable<Option> unused =
        [
            .. heads.Any(head => head is RegularisedHeadChoice) ? [] : (Option[])[_ridges],
            .. heads.Any(head => HeadOptions.WithGain(head, 1) is not null) ? [] : (Option[])[_gain],
        ];
        CommandOptions.RefuseGiven(parsed, unused, string.Join(" and ", heads.Select(head => head.Text)));
        return new CandidateGrid
        {
            Heads = heads,
            Ridges = parsed.GetValue(_ridges) ?? DefaultRidges,
            Gain = parsed.GetValue(_gain),
            Components = parsed.GetValue(_components) ?? [],
        };
    }

    private static RidgeChoice? LabelFree(string text) => RidgeChoice.TryParse(text) is { DependsOnLabels: false } ridge ? ridge : null;

    /// <summary>Several of something, each once, in the order that they were written.</summary>
    private static Option<IReadOnlyList<T>?> Several<T>(
        string name, string description, string expected, Func<string, T?> parse, Func<T, string> written, IReadOnlyList<T> defaults,
        Func<IEnumerable<string>> words)
        where T : class
    {
        return new(name)
        {
            Description = $"{description} [default: {string.Join(',', defaults.Select(written))}]",
            HelpName = "LIST",
            CompletionSources = { Choices.SomeOf(words) },
            CustomParser = result => OptionValue.Parse<IReadOnlyList<T>>(result, expected, text =>
            {
                T?[] values = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(parse)];
                return values.Contains(null) ? null : [.. values.OfType<T>().DistinctBy(written)];
            }),
        };
    }
}

/// <summary>The options that name the data by which a setting is chosen.</summary>
internal sealed class ValidationOptions
{
    private readonly TrainingOptions _training = new(required: true);
    private readonly Option<string> _validation = CommandOptions.File(
        "--validation", "Other rows, with trusted labels, to choose a setting by; in any of these formats.", required: true);
    private readonly Option<string> _validationLabels =
        CommandOptions.File("--validation-labels", "Their labels, if --validation holds features only.");

    public IEnumerable<Option> All =>
    [
        _training.Train, _validation, _training.TrainLabels, _validationLabels, _training.Label, .. _training.Input.All,
        .. _training.Classes, .. _training.Check.All,
    ];

    /// <summary>The files that were named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) =>
        [.. _training.Files(parsed), .. ((Option<string>[])[_validation, _validationLabels]).Select(parsed.GetValue).OfType<string>()];

    /// <inheritdoc cref="TrainingOptions.StatedClasses"/>
    public ClassList? StatedClasses(ParseResult parsed) => _training.StatedClasses(parsed);

    /// <summary>Reads them. The validation rows are the test rows of the data.</summary>
    /// <exception cref="UsageException">The rows to choose by are those to learn from.</exception>
    /// <exception cref="DataException">The rows to choose by have no labels, among other faults of a file.</exception>
    public RunData Read(ParseResult parsed, IWorkProgress progress, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(_validation);
        if (Path.GetFullPath(path) == Path.GetFullPath(parsed.GetRequiredValue(_training.Train)))
            throw new UsageException($"--validation '{path}': expected rows other than those of --train.");
        Dataset training = _training.Read(parsed, progress);
        cancellation.ThrowIfCancellationRequested();
        Dataset validation = _training.ReadOther(parsed, training, path, parsed.GetValue(_validationLabels), progress);
        cancellation.ThrowIfCancellationRequested();
        if (!validation.HasLabels)
            throw new DataException($"{path}: there are no labels to choose by; expected them in the file or in --validation-labels.");
        ClassList? classes = _training.StatedClasses(parsed);
        CheckedData data = _training.Check.Apply(parsed, training, [validation], classes);
        return RunData.From(data.Training, data.Others[0], classes) with { Remarks = data.Remarks };
    }
}
