using System.CommandLine;
using CertiFlip.Heads;
using CertiFlip.Paper.Experiments;

namespace CertiFlip.Cli.CommandLine;

/// <summary>The options of <c>reproduce</c>. What is left out is as in the documented run of the experiment.</summary>
internal sealed class ReproduceOptions
{
    private readonly Option<RidgeChoice?> _ridge = CommandOptions.Ridge();
    private readonly Option<IReadOnlyList<double>?> _noises = CommandOptions.Noises();
    private readonly Option<int?> _components = CommandOptions.Count("--components", "Features to reduce to: principal components, or singular vectors of texts.");
    private readonly Option<int?> _testRows = CommandOptions.Count("--test-rows", "Certify only N test rows, spread evenly over all. [default: all]");
    private readonly Option<int?> _attackedRows = CommandOptions.Count("--attacked-rows", "Attack only N of those, spread likewise. [default: all]");
    private readonly Option<int?> _epochs = CommandOptions.Count("--epochs", "Passes over the images that the convolutional network is trained on.");
    private readonly Option<TextMap?> _textMap = CommandOptions.TextMap();
    private readonly Option<ulong?> _seed = CommandOptions.Seed("What everything random follows from: the same seed, the same numbers. [default: 1]");

    public ReproduceOptions() => _ridge.Description = "How λ is chosen: relative:C, fixed:L, or paper (computed from the labels, so results are conditional on λ; no intercept then). [default: label-free, see docs]";

    public IEnumerable<Option> All => [_ridge, _noises, _components, _testRows, _attackedRows, _epochs, _textMap, _seed];

    public ExperimentOptions Of(ParseResult parsed, ExperimentOptions defaults, int threads) => defaults with
    {
        Ridge = parsed.GetValue(_ridge) ?? defaults.Ridge,
        Noises = parsed.GetValue(_noises) ?? defaults.Noises,
        Components = parsed.GetValue(_components) ?? defaults.Components,
        TestRows = parsed.GetValue(_testRows) ?? defaults.TestRows,
        AttackedRows = parsed.GetValue(_attackedRows) ?? defaults.AttackedRows,
        Epochs = parsed.GetValue(_epochs) ?? defaults.Epochs,
        TextMap = parsed.GetValue(_textMap) ?? defaults.TextMap,
        Seed = parsed.GetValue(_seed) ?? defaults.Seed,
        Threads = threads,
    };
}
