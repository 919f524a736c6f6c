using System.CommandLine;
using CertiFlip.Cli.Methods;
using CertiFlip.Heads;
using CertiFlip.Smoothing;

namespace CertiFlip.Cli.CommandLine;

/// <summary>The options of the methods, and the methods made from them.</summary>
internal sealed class MethodOptions
{
    private readonly Option<double?> _noise = CommandOptions.Noise();
    private readonly Option<RidgeChoice?> _ridge = CommandOptions.Ridge();
    private readonly Option<bool> _noIntercept = CommandOptions.NoIntercept();
    private readonly Option<LearnerChoice?> _learner = CommandOptions.Learner();
    private readonly Option<int?> _samples = CommandOptions.Samples();
    private readonly Option<double?> _confidence = CommandOptions.Confidence();
    private readonly Option<ulong?> _seed = CommandOptions.Seed();

    public IEnumerable<Option> All => [_noise, _ridge, _noIntercept, _learner, _samples, _confidence, _seed];

    private IReadOnlyList<Option> Sampling => [_learner, _samples, _confidence, _seed];

    public SmoothingMethod Smoothing(ParseResult parsed)
    {
        var defaults = new SmoothingMethod();
        return defaults with
        {
            Noise = parsed.GetValue(_noise) ?? defaults.Noise,
            Ridge = parsed.GetValue(_ridge) ?? defaults.Ridge,
            Intercept = InterceptOf(parsed),
        };
    }

    public MonteCarloMethod MonteCarlo(ParseResult parsed)
    {
        var defaults = new MonteCarloMethod();
        return defaults with
        {
            Noise = parsed.GetValue(_noise) ?? defaults.Noise,
            Learner = parsed.GetValue(_learner) ?? defaults.Learner,
            Ridge = parsed.GetValue(_ridge) ?? defaults.Ridge,
            Intercept = InterceptOf(parsed),
            Sampling = new MonteCarloOptions
            {
                Samples = parsed.GetValue(_samples) ?? defaults.Sampling.Samples,
                Confidence = parsed.GetValue(_confidence) ?? defaults.Sampling.Confidence,
                Seed = parsed.GetValue(_seed) ?? defaults.Sampling.Seed,
            },
        };
    }

    public PartitionMethod Partition(ParseResult parsed, int partitions)
    {
        var defaults = new PartitionMethod();
        return defaults with
        {
            Partitions = partitions,
            Ridge = parsed.GetValue(_ridge) ?? defaults.Ridge,
            Intercept = InterceptOf(parsed),
        };
    }

    /// <summary>Refuses options that would have no effect on the only method that runs: the user expects one.</summary>
    /// <exception cref="UsageException">There is such an option.</exception>
    public void RefuseUnused(ParseResult parsed, string method)
    {
        bool ridge = method != MethodNames.MonteCarlo || parsed.GetValue(_learner) is null or { IsRidge: true };
        IEnumerable<Option> unused =
        [
            .. method == MethodNames.MonteCarlo ? [] : Sampling,
            .. method == MethodNames.Partition ? [_noise] : Array.Empty<Option>(),
            .. ridge ? [] : (Option[])[_ridge, _noIntercept],
        ];
        if (unused.FirstOrDefault(option => CommandOptions.IsGiven(parsed, option)) is { } first)
            throw new UsageException($"{first.Name} has no effect with --method {method}{(ridge ? "" : $" --learner {parsed.GetValue(_learner)!.Text}")}: leave it out.");
    }

    private Intercept InterceptOf(ParseResult parsed) => parsed.GetValue(_noIntercept) ? Intercept.None : Intercept.Fitted;
}
