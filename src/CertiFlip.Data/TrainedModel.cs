namespace CertiFlip.Data;

/// <summary>
/// A head with the training data that it was fitted to: what certificates of later rows are made from, without a fit.
/// </summary>
public sealed record TrainedModel
{
    internal TrainedModel(Dataset training, ClassLabels labels, HeadChoice choice, IHead head, double? noise) =>
        (Training, Labels, Choice, Head, Noise) = (training, labels, choice, head, noise);

    /// <summary>The training data, labels included.</summary>
    public Dataset Training { get; }

    /// <summary>The training labels, with the list of classes.</summary>
    public ClassLabels Labels { get; }

    /// <summary>What the labels' column was called where they came in a table, to find that of later tables.</summary>
    public string LabelColumn { get; init; } = "label";

    /// <summary>The head as it was written, with all that was chosen about it.</summary>
    public HeadChoice Choice { get; }

    /// <summary>The same as fitted.</summary>
    public IHead Head { get; }

    /// <summary>
    /// q, where λ was computed for it; it is then the only noise that the model can be certified with.
    /// </summary>
    public double? Noise { get; private init; }

    /// <summary>Fits a head.</summary>
    /// <param name="training">Features and labels.</param>
    /// <param name="choice">The head.</param>
    /// <param name="q">The noise that the paper's λ is computed for; no other head needs one.</param>
    /// <param name="classes">The list of classes. If not given, it is read off the labels.</param>
    /// <param name="parallel">How many threads may work; the result does not depend on it.</param>
    /// <exception cref="DataException">
    /// The data have no labels, fewer than two classes, a label that a stated list lacks, fewer rows than the head
    /// needs, or features that no head can be fitted to.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There are too few classes for so much noise.</exception>
    /// <exception cref="ArgumentException">The head depends on labels and needs a noise, and there is none.</exception>
    public static TrainedModel Fit(
        Dataset training, HeadChoice choice, double? q = null, ClassList? classes = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        return Fit(training, training.ToTrainingSet(classes).Labels, choice, q, parallel);
    }

    /// <summary>Fits a head to labels that are encoded already.</summary>
    /// <param name="training">Features. Their own labels do not count.</param>
    /// <param name="labels">n labels, with the list of classes.</param>
    /// <param name="choice">The head.</param>
    /// <param name="q">The noise that the paper's λ is computed for; no other head needs one.</param>
    /// <param name="parallel">How many threads may work; the result does not depend on it.</param>
    /// <exception cref="DataException">
    /// There are fewer rows than the head needs, or features that no head can be fitted to.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There are too few classes for so much noise.</exception>
    /// <exception cref="ArgumentException">
    /// There are not n labels; or the head depends on labels and needs a noise, and there is none; or shares of classes
    /// are stated, and the head lifts nothing by them.
    /// </exception>
    public static TrainedModel Fit(
        Dataset training, ClassLabels labels, HeadChoice choice, double? q = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(choice);
        if (labels.Count != training.Features.Rows)
            throw new ArgumentException($"There are {labels.Count} labels for {training.Features.Rows} training rows.", nameof(labels));
        int rows = training.Features.Rows;
        choice = choice.WithClasses(labels.Classes);
        if (labels.Classes.Shares.Count > 0 && !choice.Lifts)
            throw new ArgumentException($"Shares of classes need a head that lifts scores by them, not {choice.Text}.", nameof(labels));
        if (choice.LeastRows > rows)
            throw new DataException($"{training.Source}: {choice.Text} needs {choice.LeastRows} training rows, but there are {rows}.");
        HeadChoice given = choice.WithLabels(labels, q is { } noise ? new Noise(noise, labels.ClassCount) : null);
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("fit").Of(rows);
        return Of(training, labels, choice, () => given.Fit(training.Features, parallel)) with
        {
            Noise = choice.DependsOnLabels ? q : null,
        };
    }

    /// <summary>A model of a head that is fitted elsewhere, and depends on no label.</summary>
    internal static TrainedModel Of(Dataset training, ClassLabels labels, HeadChoice choice, Func<IHead> fit)
    {
        try
        {
            return new TrainedModel(training, labels, choice, fit(), noise: null);
        }
        catch (HeadException exception)
        {
            throw new DataException($"{training.Source}: {exception.Message}", exception);
        }
    }
}
