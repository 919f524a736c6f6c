using CertiFlip.Heads;

namespace CertiFlip.Data.Models;

/// <summary>
/// A head with the training data that it was fitted to: what certificates of later rows are made from, without a fit.
/// </summary>
public sealed record TrainedModel
{
    internal TrainedModel(Dataset training, HeadChoice choice, IHead head, double? noise) =>
        (Training, Choice, Head, Noise) = (training, choice, head, noise);

    /// <summary>The training data, labels included.</summary>
    public Dataset Training { get; }

    /// <summary>What the labels' column was called where they came in a table, to find that of later tables.</summary>
    public string LabelColumn { get; init; } = "label";

    /// <summary>The head as it was written, with all that was chosen about it.</summary>
    public HeadChoice Choice { get; }

    /// <summary>The same as fitted.</summary>
    public IHead Head { get; }

    /// <summary>
    /// q, where λ was computed for it; it is then the only noise that the model can be certified with.
    /// </summary>
    public double? Noise { get; }

    /// <summary>Fits a head.</summary>
    /// <param name="training">Features and labels.</param>
    /// <param name="choice">The head.</param>
    /// <param name="q">The noise that the paper's λ is computed for; nothing else looks at it.</param>
    /// <param name="parallel">How many threads may work; the result does not depend on it.</param>
    /// <exception cref="DataException">
    /// The data have no labels, fewer than two classes, fewer rows than the head needs, or features that no head can be
    /// fitted to.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There are too few classes for so much noise.</exception>
    public static TrainedModel Fit(Dataset training, HeadChoice choice, double q = 0.1, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(choice);
        var encoding = LabelEncoding.FromTrainingLabels(training);
        int classes = encoding.Classes.Count, rows = training.Features.Rows;
        if (choice.LeastRows > rows)
            throw new DataException($"{training.Source}: {choice.Text} needs {choice.LeastRows} training rows, but there are {rows}.");
        HeadChoice given = choice.WithLabels(new ClassLabels(encoding.Encode(training), classes), new Noise(q, classes));
        try
        {
            return new TrainedModel(training, choice, given.Fit(training.Features, parallel), choice.DependsOnLabels ? q : null);
        }
        catch (HeadException exception)
        {
            throw new DataException($"{training.Source}: {exception.Message}", exception);
        }
    }
}
