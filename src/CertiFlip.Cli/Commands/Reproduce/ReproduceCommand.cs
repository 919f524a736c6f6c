using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Heads;
using CertiFlip.Paper;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary><c>certiflip reproduce</c>: the paper's figures, from raw data to a page.</summary>
internal sealed class ReproduceCommand : Command
{
    private static readonly IReadOnlyList<IExperiment> Experiments = AllExperiments.List;

    private readonly Argument<IExperiment> _experiment = new("name")
    {
        Description = $"The experiment: {string.Join("; ", Experiments.Select(experiment => $"{experiment.Name} ({experiment.Title})"))}.",
        HelpName = "NAME",
        CompletionSources = { Choices.OneOf(() => Experiments.Select(experiment => experiment.Name)) },
        CustomParser = result =>
        {
            string name = result.Tokens[0].Value;
            IExperiment? found = Experiments.FirstOrDefault(experiment => experiment.Name == name);
            if (found is null)
                result.AddError($"'{name}': expected one of {string.Join(", ", Experiments.Select(experiment => experiment.Name))}.");
            return found!;
        },
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "Folder with the raw data. If a file is missing, the error says where to get it.",
        HelpName = "DIR",
        CompletionSources = { Choices.PathOr(Choices.Path.Folder) },
        DefaultValueFactory = _ => "data",
    };

    private readonly Option<string> _out = CommandOptions.Folder(
        "--out", "Folder to write to, created if needed. An interrupted run continues from what it saved there.");

    private readonly ReproduceOptions _options = new();
    private readonly Option<int?> _threads = CommandOptions.Threads();
    private readonly Option<bool> _quiet =
        new("--quiet") { Description = "Print no progress and no table; files and errors are unaffected." };
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public ReproduceCommand(IAnsiConsole output, IAnsiConsole status)
        : base("reproduce", "Reproduce the paper's figures, and results beyond them, from raw data.")
    {
        (_output, _status) = (output, status);
        _out.DefaultValueFactory = _ => ".";
        Arguments.Add(_experiment);
        this.AddOptions([_data, _out, .. _options.All, _threads, _quiet]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        DateTimeOffset started = DateTimeOffset.UtcNow;
        var watch = Stopwatch.StartNew();
        IExperiment experiment = parsed.GetRequiredValue(_experiment);
        ExperimentOptions options = _options.Of(parsed, experiment, parsed.GetValue(_threads) ?? Environment.ProcessorCount);
        string folder = Directory.CreateDirectory(parsed.GetRequiredValue(_out)).FullName;
        string File(string name) => Path.Combine(parsed.GetRequiredValue(_out), name);
        string curves = File($"{experiment.Name}.curve.csv"), summary = File($"{experiment.Name}.summary.csv");
        string page = File($"{experiment.Name}.html"), manifest = File("manifest.json"), rows = File("certificates.csv");
        using var files = new OutputFiles();
        foreach (string path in (string[])[curves, summary, page, manifest, .. experiment.KeepsRows ? (string[])[rows] : []])
            files.Add(path);

        bool isQuiet = parsed.GetValue(_quiet);
        var data = new DataFolder(parsed.GetRequiredValue(_data));
        var stages = new StageStore(Path.Combine(folder, ".stages", experiment.Name));
        ReproductionResult result = ProgressDisplay.Run(
            _status,
            isQuiet ? ProgressDisplay.Detail.None : ProgressDisplay.Detail.Full,
            progress =>
            {
                var run = new ExperimentRun(data, options, stages, new StageProgress(progress), cancellation);
                return new ReproductionResult(experiment, options, experiment.Run(run), data.Used);
            });
        files.Write(curves, writer => ReproductionCsv.WriteCurves(writer, result.Reproduction));
        files.Write(summary, writer => ReproductionCsv.WriteSummary(writer, result.Reproduction));
        if (result.Reproduction.Rows is { } certified)
            files.Write(
                rows,
                writer => CertificateCsv.Write(
                    new Csv(writer), CertifiedRows.Kinds, certified.Rows, areClassesStated: true, ("row", row => Csv.Text(row)),
                    row => certified.Classes[certified.Truth[row]], c => certified.Classes[c]));
        files.Write(page, writer => ReproductionPage.Write(writer, result));
        files.Write(manifest, writer => ReproductionManifest.Write(writer, result, started, watch.Elapsed));
        cancellation.ThrowIfCancellationRequested();
        files.Commit();
        if (!isQuiet)
            ReproductionTable.Write(_output, result, page, watch.Elapsed);
        else if (result.Reproduction.ConditionalOnLambda)
            _status.Complain("radii are conditional on λ, which --ridge paper computes from the labels.");
        return ExitCode.Done;
    }
}

/// <summary>The options of <c>reproduce</c>. What is left out is as in the documented run of the experiment.</summary>
internal sealed class ReproduceOptions
{
    private readonly Option<RidgeChoice?> _ridge = CommandOptions.Ridge();
    private readonly Option<IReadOnlyList<double>?> _noises = Noises();
    private readonly Option<int?> _components =
        CommandOptions.Count("--components", "Number of features to reduce to: principal components, or singular vectors of texts.");
    private readonly Option<int?> _testRows =
        CommandOptions.Count("--test-rows", "Certify only N test rows, spread evenly over all. [default: all]");
    private readonly Option<int?> _attackedRows =
        CommandOptions.Count("--attacked-rows", "Attack only N of those, spread evenly. [default: all]");
    private readonly Option<int?> _epochs =
        CommandOptions.Count("--epochs", "Passes over the images when the convolutional network is trained.");
    private readonly Option<TextMap?> _textMap = TextMapOption();
    private readonly Option<string> _wordVectors = CommandOptions.File(
        "--word-vectors", "With --text-map word-vectors: your own file, such as all of Google News. [default: those in the data folder]");
    private readonly Option<ulong?> _seed =
        CommandOptions.Seed("Seed of everything random: the same seed gives the same numbers. [default: 1]");

    public ReproduceOptions() => _ridge.Description = "How λ is chosen: relative:C, fixed:L, or paper (from the labels, so radii are "
        + "conditional on λ; without intercept). [default: label-free, see docs]";

    public IEnumerable<Option> All => ByProperty.Select(entry => entry.Option);

    /// <summary>The options for an experiment.</summary>
    /// <exception cref="UsageException">One was given that makes no difference to it.</exception>
    public ExperimentOptions Of(ParseResult parsed, IExperiment experiment, int threads)
    {
        CommandOptions.RefuseGiven(
            parsed, ByProperty.Where(entry => !experiment.Choices.Contains(entry.Property)).Select(entry => entry.Option), experiment.Name);
        ExperimentOptions options = Merge(parsed, experiment.Defaults, threads);
        if (options.TextMap != TextMap.WordVectors)
            CommandOptions.RefuseGiven(parsed, [_wordVectors], "latent-semantics", ", or choose --text-map word-vectors");
        return options;
    }

    private IEnumerable<(string Property, Option Option)> ByProperty =>
    [
        (nameof(ExperimentOptions.Ridge), _ridge), (nameof(ExperimentOptions.Noises), _noises),
        (nameof(ExperimentOptions.Components), _components),
        (nameof(ExperimentOptions.TestRows), _testRows), (nameof(ExperimentOptions.AttackedRows), _attackedRows),
        (nameof(ExperimentOptions.Epochs), _epochs),
        (nameof(ExperimentOptions.TextMap), _textMap), (nameof(ExperimentOptions.WordVectors), _wordVectors),
        (nameof(ExperimentOptions.Seed), _seed),
    ];

    private ExperimentOptions Merge(ParseResult parsed, ExperimentOptions defaults, int threads) => defaults with
    {
        Ridge = parsed.GetValue(_ridge) ?? defaults.Ridge,
        Noises = parsed.GetValue(_noises) ?? defaults.Noises,
        Components = parsed.GetValue(_components) ?? defaults.Components,
        TestRows = parsed.GetValue(_testRows) ?? defaults.TestRows,
        AttackedRows = parsed.GetValue(_attackedRows) ?? defaults.AttackedRows,
        Epochs = parsed.GetValue(_epochs) ?? defaults.Epochs,
        TextMap = parsed.GetValue(_textMap) ?? defaults.TextMap,
        WordVectors = parsed.GetValue(_wordVectors),
        Seed = parsed.GetValue(_seed) ?? defaults.Seed,
        Threads = threads,
    };

    /// <summary>Noises of several runs. Two classes are what the paper's experiments have.</summary>
    private static Option<IReadOnlyList<double>?> Noises() => new("--noise")
    {
        Description = "Noises q, separated by commas, each strictly between 0 and 0.5.",
        HelpName = "LIST",
        CustomParser = result =>
            OptionValue.Parse<IReadOnlyList<double>>(result, "numbers strictly between 0 and 0.5, separated by commas", text =>
        {
            double?[] noises = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(OptionValue.Probability)];
            return Array.TrueForAll(noises, q => q < 0.5) ? [.. noises.OfType<double>().Distinct().Order()] : null;
        }),
    };

    private static Option<TextMap?> TextMapOption() => new("--text-map")
    {
        Description = "How texts become features: latent-semantics (learned from the training texts) or word-vectors (averaged). "
            + "[default: latent-semantics]",
        HelpName = "NAME",
        CompletionSources = { Choices.Exactly("latent-semantics", "word-vectors") },
        CustomParser = result => OptionValue.Parse<TextMap?>(result, "latent-semantics or word-vectors", text => text switch
        {
            "latent-semantics" => TextMap.LatentSemantics,
            "word-vectors" => TextMap.WordVectors,
            _ => null,
        }),
    };
}

/// <summary>Shows the stages of an experiment as the command shows all work.</summary>
internal sealed class StageProgress(IWorkProgress progress) : IStageProgress
{
    public void Report(string stage) => progress.Report(stage);

    public IProgress<int> ReportCount(string stage, int count, string what) => progress.ReportCount(stage, count, what);
}
