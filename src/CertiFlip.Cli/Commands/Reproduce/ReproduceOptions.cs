using System.CommandLine;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Heads;
using CertiFlip.Paper.Experiments;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary>The options of <c>reproduce</c>. What is left out is as in the documented run of the experiment.</summary>
internal sealed class ReproduceOptions
{
    private readonly Option<RidgeChoice?> _ridge = CommandOptions.Ridge();
    private readonly Option<IReadOnlyList<double>?> _noises = Noises();
    private readonly Option<int?> _components = CommandOptions.Count("--components", "Features to reduce to: principal components, or singular vectors of texts.");
    private readonly Option<int?> _testRows = CommandOptions.Count("--test-rows", "Certify only N test rows, spread evenly over all. [default: all]");
    private readonly Option<int?> _attackedRows = CommandOptions.Count("--attacked-rows", "Attack only N of those, spread likewise. [default: all]");
    private readonly Option<int?> _epochs = CommandOptions.Count("--epochs", "Passes over the images that the convolutional network is trained on.");
    private readonly Option<TextMap?> _textMap = TextMapOption();
    private readonly Option<string> _wordVectors = CommandOptions.File("--word-vectors", "With --text-map word-vectors: a file of your own, such as all of Google News. [default: those in the data folder]");
    private readonly Option<ulong?> _seed = CommandOptions.Seed("What everything random follows from: the same seed, the same numbers. [default: 1]");

    public ReproduceOptions() => _ridge.Description = "How λ is chosen: relative:C, fixed:L, or paper (computed from the labels, so results are conditional on λ; no intercept then). [default: label-free, see docs]";

    public IEnumerable<Option> All => ByProperty.Select(entry => entry.Option);

    /// <summary>The options for an experiment.</summary>
    /// <exception cref="UsageException">One was given that makes no difference to it.</exception>
    public ExperimentOptions Of(ParseResult parsed, IExperiment experiment, int threads)
    {
        Option? unused = ByProperty.FirstOrDefault(entry => !experiment.Choices.Contains(entry.Property) && CommandOptions.IsGiven(parsed, entry.Option)).Option;
        if (unused is not null)
            throw new UsageException($"{unused.Name} has no effect with {experiment.Name}: leave it out.");
        ExperimentOptions options = Merge(parsed, experiment.Defaults, threads);
        return options.WordVectors is null || options.TextMap == TextMap.WordVectors
            ? options
            : throw new UsageException($"{_wordVectors.Name} has no effect with latent-semantics: leave it out, or choose --text-map word-vectors.");
    }

    private IEnumerable<(string Property, Option Option)> ByProperty =>
    [
        (nameof(ExperimentOptions.Ridge), _ridge), (nameof(ExperimentOptions.Noises), _noises), (nameof(ExperimentOptions.Components), _components),
        (nameof(ExperimentOptions.TestRows), _testRows), (nameof(ExperimentOptions.AttackedRows), _attackedRows), (nameof(ExperimentOptions.Epochs), _epochs),
        (nameof(ExperimentOptions.TextMap), _textMap), (nameof(ExperimentOptions.WordVectors), _wordVectors), (nameof(ExperimentOptions.Seed), _seed),
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
        CustomParser = result => OptionValue.Parse<IReadOnlyList<double>>(result, "numbers strictly between 0 and 0.5, separated by commas", text =>
        {
            double?[] noises = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(OptionValue.Probability)];
            return Array.TrueForAll(noises, q => q < 0.5) ? [.. noises.OfType<double>().Distinct().Order()] : null;
        }),
    };

    private static Option<TextMap?> TextMapOption() => new("--text-map")
    {
        Description = "How texts become features: latent-semantics (learned from the training texts) or word-vectors (averaged). [default: latent-semantics]",
        HelpName = "NAME",
        CustomParser = result => OptionValue.Parse<TextMap?>(result, "latent-semantics or word-vectors", text => text switch
        {
            "latent-semantics" => TextMap.LatentSemantics,
            "word-vectors" => TextMap.WordVectors,
            _ => null,
        }),
    };
}
