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

    /// <summary>Refuses options that would have no effect on any method that runs: the user expects one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="methods">The methods that run.</param>
    /// <exception cref="UsageException">There is such an option.</exception>
    public void RefuseUnused(ParseResult parsed, params IReadOnlyCollection<string> methods)
    {
        bool Runs(string method) => methods.Contains(method);
        string? learner = Runs(MethodNames.MonteCarlo) ? parsed.GetValue(_learner)?.Text : null;
        bool hasRidge = Runs(MethodNames.Smoothing) || Runs(MethodNames.Partition) || parsed.GetValue(_learner) is null or { IsRidge: true };
        IEnumerable<Option> unused =
        [
            .. Runs(MethodNames.MonteCarlo) ? [] : (Option[])[_learner, _samples, _confidence, _seed],
            .. Runs(MethodNames.MonteCarlo) || Runs(MethodNames.Smoothing) ? [] : (Option[])[_noise],
            .. hasRidge ? [] : (Option[])[_ridge, _noIntercept],
        ];
        if (unused.FirstOrDefault(option => CommandOptions.IsGiven(parsed, option)) is { } first)
            throw new UsageException($"{first.Name} has no effect with {string.Join(" and ", methods)}{(hasRidge ? "" : $" of {learner}")}: leave it out.");
    }

    private Intercept InterceptOf(ParseResult parsed) => parsed.GetValue(_noIntercept) ? Intercept.None : Intercept.Fitted;
}
