using System.CommandLine;
using System.Globalization;
using CertiFlip.Cli.Methods;
using CertiFlip.Data.Models;
using CertiFlip.Heads;
using CertiFlip.Smoothing;

namespace CertiFlip.Cli.CommandLine;

/// <summary>The options of the methods, and the methods made from them.</summary>
internal sealed class MethodOptions
{
    private readonly Option<double?> _noise = CommandOptions.Noise();
    private readonly Option<RidgeChoice?> _ridge = CommandOptions.Ridge();
    private readonly Option<bool> _noIntercept = CommandOptions.NoIntercept();
    private readonly Option<LearnerChoice?> _learner = Learner();
    private readonly Option<int?> _samples = Samples();
    private readonly Option<double?> _confidence = Confidence();
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

    /// <summary>Smoothing of a head that was fitted before.</summary>
    /// <exception cref="UsageException">λ was computed for another noise than the one asked for.</exception>
    public SmoothingMethod Smoothing(ParseResult parsed, TrainedModel model)
    {
        double? noise = parsed.GetValue(_noise);
        if (noise is not null && model.Noise is { } q && noise != q)
            throw new UsageException($"--noise '{noise}': expected {q}, for which {model.Training.Source} has its λ; leave it out, or train again.");
        return new SmoothingMethod
        {
            Noise = model.Noise ?? noise ?? new SmoothingMethod().Noise,
            Ridge = model.Ridge,
            Intercept = model.Intercept,
            Head = model.Head,
        };
    }

    /// <summary>Refuses options of a fit, which a trained model has behind it.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public void RefuseFitting(ParseResult parsed)
    {
        if (new Option[] { _ridge, _noIntercept }.FirstOrDefault(option => CommandOptions.IsGiven(parsed, option)) is { } first)
            throw new UsageException($"{first.Name} has no effect with --model, whose head is fitted: leave it out.");
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

    private static Option<LearnerChoice?> Learner() => new("--learner")
    {
        Description = "What monte-carlo retrains: ridge, logistic:C (C as in scikit-learn) or knn:N (N nearest neighbours). [default: ridge]",
        HelpName = "NAME",
        CustomParser = result => OptionValue.Parse(result, "ridge, logistic, logistic:C with C > 0, knn, or knn:N with N ≥ 1", LearnerChoice.TryParse),
    };

    private static Option<int?> Samples() => new("--samples")
    {
        Description = "Noisy labellings on which monte-carlo computes its bounds; 100 more choose the class. [default: 1000]",
        HelpName = "N",
        CustomParser = result => OptionValue.Parse<int?>(result, "a whole number from 1 to 100000000", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int samples) && samples is >= 1 and <= 100_000_000 ? samples : null),
    };

    private static Option<double?> Confidence() => new("--confidence")
    {
        Description = "Probability, over the draws, with which each of monte-carlo's radii holds. [default: 0.999]",
        HelpName = "C",
        CustomParser = result => OptionValue.Parse<double?>(result, "a number strictly between 0 and 1, such as 0.999", OptionValue.Probability),
    };
}
