using CertiFlip.Heads;

namespace CertiFlip.Data.Models;

/// <summary>A head with the training data that it was fitted to: what certificates of later rows are made from, without a fit.</summary>
public sealed record TrainedModel
{
    /// <summary>The training data, labels included.</summary>
    public required Dataset Training { get; init; }

    /// <summary>What the labels' column was called where they came in a table, to find that of later tables.</summary>
    public string LabelColumn { get; init; } = "label";

    /// <summary>The head.</summary>
    public required RidgeHead Head { get; init; }

    /// <summary>The rule for λ as it was written.</summary>
    public required RidgeChoice Ridge { get; init; }

    /// <summary>Whether the head has an intercept.</summary>
    public required Intercept Intercept { get; init; }

    /// <summary>q, where λ was computed for it; it is then the only noise that the model can be certified with.</summary>
    public double? Noise { get; init; }

    /// <summary>Fits a ridge head.</summary>
    /// <param name="training">Features and labels.</param>
    /// <param name="ridge">The rule for λ.</param>
    /// <param name="intercept">Whether the head has an intercept.</param>
    /// <param name="q">The noise that the paper's λ is computed for; other rules do not look at it.</param>
    /// <param name="parallel">How many threads may work; the result does not depend on it.</param>
    /// <exception cref="DataException">The data have no labels, fewer than two classes, or features that no head can be fitted to.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are too few classes for so much noise.</exception>
    public static TrainedModel Fit(Dataset training, RidgeChoice ridge, Intercept intercept = Intercept.Fitted, double q = 0.1, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(ridge);
        var encoding = LabelEncoding.FromTrainingLabels(training);
        int classes = encoding.Classes.Count;
        RidgeRule rule = ridge.For(new ClassLabels(encoding.Encode(training), classes), new Noise(q, classes));
        try
        {
            return new TrainedModel
            {
                Training = training,
                Head = RidgeHead.Fit(training.Features, rule, intercept, parallel),
                Ridge = ridge,
                Intercept = intercept,
                Noise = ridge.DependsOnLabels ? q : null,
            };
        }
        catch (HeadException exception)
        {
            throw new DataException($"{training.Source}: {exception.Message}", exception);
        }
    }
}
