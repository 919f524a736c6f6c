using System.CommandLine;
using System.Globalization;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>The options of the methods, and the methods made from them.</summary>
/// <param name="data">Has what shares its seed with them, and the list of classes.</param>
internal sealed class MethodOptions(DataOptions data)
{
    private readonly Option<double?> _noise = CommandOptions.Noise();
    private readonly HeadOptions _head = new(data.StatedClasses);
    private readonly Option<LearnerChoice?> _learner = Learner();
    private readonly Option<int?> _samples = Samples();
    private readonly Option<double?> _confidence = Confidence();

    public IEnumerable<Option> All => [_noise, .. _head.All, _learner, _samples, _confidence];

    /// <summary>The options that have a meaning for classes only.</summary>
    public IEnumerable<Option> OfClasses => [_noise, _learner, _samples, _confidence];

    public SmoothingMethod Smoothing(ParseResult parsed)
    {
        var defaults = new SmoothingMethod();
        return defaults with
        {
            Noise = parsed.GetValue(_noise),
            Head = _head.Head(parsed),
        };
    }

    /// <summary>Smoothing of a head that was fitted before.</summary>
    /// <exception cref="UsageException">λ was computed for another noise than the one asked for.</exception>
    public SmoothingMethod Smoothing(ParseResult parsed, TrainedModel model)
    {
        double? noise = parsed.GetValue(_noise);
        CheckNoise(noise, model);
        return new SmoothingMethod
        {
            Noise = model.Noise ?? noise,
            Head = model.Choice,
            FittedHead = model.Head,
        };
    }

    /// <summary>A λ that came from labels was computed for one noise.</summary>
    /// <exception cref="UsageException">Another is asked for.</exception>
    public static void CheckNoise(double? noise, TrainedModel model)
    {
        if (noise is not null && model.Noise is { } q && noise != q)
            throw new UsageException(
                $"--noise '{noise}': expected {q}, for which {model.Training.Source} has its λ; leave it out, or train again.");
    }

    /// <summary>Refuses options of a fit, which a trained model has behind it.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public void RefuseFitting(ParseResult parsed) => CommandOptions.RefuseGiven(parsed, _head.All, "--model, whose head is fitted");

    public MonteCarloMethod MonteCarlo(ParseResult parsed)
    {
        var defaults = new MonteCarloMethod();
        return defaults with
        {
            Noise = parsed.GetValue(_noise) ?? defaults.Noise,
            Learner = parsed.GetValue(_learner) ?? defaults.Learner,
            Ridge = _head.Ridge(parsed),
            Intercept = _head.Intercept(parsed),
            Sampling = new MonteCarloOptions
            {
                Samples = parsed.GetValue(_samples) ?? defaults.Sampling.Samples,
                Confidence = parsed.GetValue(_confidence) ?? defaults.Sampling.Confidence,
                Seed = parsed.GetValue(data.Holdout.Seed) ?? defaults.Sampling.Seed,
            },
        };
    }

    /// <summary>The head, with what was said of it.</summary>
    public HeadChoice Head(ParseResult parsed) => _head.Head(parsed);

    public PartitionMethod Partition(ParseResult parsed, int partitions) => new() { Partitions = partitions, Head = _head.Head(parsed) };

    /// <summary>Refuses options that would have no effect on any method that runs: the user expects one.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="certificates">The certificates of a single head that are computed.</param>
    /// <param name="methods">The methods that run.</param>
    /// <exception cref="UsageException">There is such an option.</exception>
    public void RefuseUnused(ParseResult parsed, IReadOnlyList<CertificateKind> certificates, params IReadOnlyCollection<string> methods)
    {
        bool Runs(string method) => methods.Contains(method);
        HeadChoice? head = Runs(MethodNames.Smoothing) || Runs(MethodNames.Partition) ? _head.Head(parsed) : null;
        LearnerChoice? learner = Runs(MethodNames.MonteCarlo) ? parsed.GetValue(_learner) ?? LearnerChoice.Default : null;
        string runs = string.Join(" and ", methods);
        if (learner is null)
        {
            CommandOptions.RefuseGiven(parsed, [_learner, _samples, _confidence], runs);
            if (!CommandOptions.IsGiven(parsed, data.Holdout.Share))
                CommandOptions.RefuseGiven(parsed, [data.Holdout.Seed], runs);
        }

        bool needsNoise = learner is not null || (Runs(MethodNames.Smoothing) && SmoothingMethod.UsesNoise(head!, certificates));
        if (!needsNoise)
        {
            // Of smoothing's certificates, exact needs none.
            IEnumerable<string> what =
                methods.Select(method => method == MethodNames.Smoothing ? string.Join(" and ", certificates) : method);
            CommandOptions.RefuseGiven(parsed, [_noise], string.Join(" and ", what));
        }

        string learns = learner is { IsRidge: false } ? $" of {learner.Text}" : "";
        CommandOptions.RefuseGiven(
            parsed,
            _head.UnusedBy(head, parsed).Except(learner is { IsRidge: true } ? _head.OfRidgeLearner : []),
            head is null ? $"{runs}{learns}" : $"--head {head.Text}{(learner is null ? "" : $" and {MethodNames.MonteCarlo}{learns}")}");
    }

    private static Option<LearnerChoice?> Learner() => new("--learner")
    {
        Description =
            "What monte-carlo retrains: ridge, logistic:C (C as in scikit-learn) or knn:N (N nearest neighbours). [default: ridge]",
        HelpName = "NAME",
        CompletionSources = { Choices.OneOf("ridge", "logistic", "logistic:", "knn", "knn:") },
        CustomParser = result =>
            OptionValue.Parse(result, "ridge, logistic, logistic:C with C > 0, knn, or knn:N with N ≥ 1", LearnerChoice.TryParse),
    };

    private static Option<int?> Samples() => new("--samples")
    {
        Description = "Number of noisy labellings that monte-carlo computes its bounds from; 100 more choose the class. [default: 1000]",
        HelpName = "N",
        CustomParser = result => OptionValue.Parse<int?>(result, "a whole number from 1 to 100000000", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int samples) && samples is >= 1 and <= 100_000_000
                ? samples
                : null),
    };

    private static Option<double?> Confidence() => new("--confidence")
    {
        Description = "Probability, over the draws, that each of monte-carlo's radii holds. [default: 0.999]",
        HelpName = "C",
        CustomParser = result =>
            OptionValue.Parse<double?>(result, "a number strictly between 0 and 1, such as 0.999", OptionValue.Probability),
    };
}
