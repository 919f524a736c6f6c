using CertiFlip.Data;

namespace CertiFlip.Cli.Output;

/// <summary>The data of a run: what to learn from, what to predict, and the labels as classes.</summary>
/// <param name="Training">The training data.</param>
/// <param name="Test">The test data, columns in the order of the training data.</param>
/// <param name="Labels">The training labels.</param>
/// <param name="Truth">The classes of the test rows, empty where the test data have no labels.</param>
internal sealed record RunData(
    Dataset Training, Dataset Test, ClassLabels Labels, IReadOnlyList<int> Truth)
{
    /// <summary>What may have been done to the training labels.</summary>
    public LabelFlipAdversary Adversary { get; init; } = LabelFlipAdversary.Unlimited;

    /// <summary>What may have been done to whole rows; null where labels alone are attacked.</summary>
    public RowAdversary? RowAdversary { get; init; }

    /// <summary>Whether radii count votes that are changed, not labels.</summary>
    public bool CountsVotes { get; init; }

    /// <summary>Whether the test rows are the training rows, each predicted by the head fitted without it.</summary>
    public bool IsLeaveOneOut { get; init; }

    /// <summary>The training rows that were held out as test rows; null where test rows came from elsewhere.</summary>
    public Holdout? Holdout { get; init; }

    /// <summary>What a predicted row is called at the start of a sentence.</summary>
    public string RowName => IsLeaveOneOut ? "Training row" : "Test row";

    /// <summary>The predicted rows.</summary>
    public string RowsName => IsLeaveOneOut ? "training rows" : "test rows";

    /// <summary>
    /// Where predicted rows and their labels come from, where that is the training data; null elsewhere.
    /// </summary>
    public string? OriginOfRows => IsLeaveOneOut
        ? $"No test rows: each training row is predicted by the head fitted to the other {Training.Features.Rows - 1:N0}. What is one "
            + "number for all rows, such as λ, stays as it is. The row’s own label moves nothing of its prediction. "
            + $"{(Training.Verified is null ? "Nobody has verified it" : "It may be wrong unless it was verified")}: accuracy is how often "
            + "predictions agree with given labels."
        : Holdout?.Sentence;

    /// <summary>What the user calls the data; null where they did not say.</summary>
    public string? Name { get; init; }

    /// <summary>The same, or the names of the files.</summary>
    public string NameInWords => Wording.Data(Name, Training.Source, Test.Source);

    /// <summary>What is to be said of the data.</summary>
    public IReadOnlyList<DataRemark> Remarks { get; init; } = [];

    /// <summary>The names of the K classes, in order.</summary>
    public ClassList Classes => Labels.Classes;

    /// <summary>The class that most training labels name, of equally common ones the first.</summary>
    public int CommonestTrainingClass => Enumerable.Range(0, Classes.Count).MaxBy(Labels.CountOf);

    /// <summary>What all labels cost together, n without costs.</summary>
    public int TotalCost => Adversary.HasUnitCosts ? Labels.Count : Adversary.Costs.Sum();

    /// <summary>
    /// Whether the test rows are labelled; without labels, curves give the certified fraction and not accuracy.
    /// </summary>
    public bool HasTruth => Truth.Count > 0;

    /// <summary>The training data in numbers.</summary>
    public string TrainingInWords =>
        $"{Wording.Count(Training.Features.Rows, "training row")}, {Wording.Count(Training.Features.Columns, "feature")}"
        + (Training.Pipeline is { } pipeline ? $" ({pipeline.Description})" : "");

    /// <summary>The classes in words.</summary>
    public string ClassesInWords => Classes.Count switch
    {
        2 => $"classes {Wording.Name(Classes[0])} and {Wording.Name(Classes[1])}",
        <= 10 => $"classes {string.Join(", ", Classes.Select(Wording.Name))}",
        _ => $"{Classes.Count} classes from {Wording.Name(Classes[0])} to {Wording.Name(Classes[^1])}",
    };

    /// <summary>
    /// The largest median radius that any method whatever can have on these test rows, ties aside, if it treats class
    /// names alike: a row that it gets right has a radius of at most the ceiling of its class. Null where the rows have
    /// no labels, where a prior, shares or limits tell classes apart, and where whole rows are attacked.
    /// </summary>
    public double? MedianCeiling
    {
        get
        {
            if (!HasTruth || !Adversary.IsUnlimited || RowAdversary is not null || !Classes.AreAlike)
                return null;
            Radius[] ofClass = [.. Enumerable.Range(0, Classes.Count).Select(Labels.CeilingOf)];
            return new AccuracyCurve(Truth.Count, 1, [.. Truth.Select(c => ofClass[c])]).MedianRadius;
        }
    }

    /// <summary>The data of two files.</summary>
    /// <param name="training">The training data.</param>
    /// <param name="test">The test data.</param>
    /// <param name="classes">The list of classes, where it is stated.</param>
    public static RunData From(Dataset training, Dataset test, ClassList? classes = null) =>
        From(training, training.ToTrainingSet(classes).Labels, test);

    /// <summary>The data of a model and a file.</summary>
    public static RunData From(Dataset training, ClassLabels labels, Dataset test)
    {
        test = DataColumns.Of(training).Align(test);
        int[] truth = test.HasLabels ? LabelEncoding.Of(labels.Classes).Encode(test) : [];
        return new RunData(training, test, labels, truth);
    }

    /// <summary>
    /// A head with the labels and the noise that the paper's λ is computed from; the same where it needs none.
    /// </summary>
    /// <exception cref="UsageException">It needs a noise, and there is none or too much.</exception>
    public HeadChoice Given(HeadChoice head, double? q)
    {
        if (!head.DependsOnLabels)
            return head;
        return head.WithLabels(Labels, NoiseOf(q ?? throw new UsageException(
            "--ridge paper computes λ for one noise q: state it with --noise, such as --noise 0.1.")));
    }

    /// <summary>The noise for these classes.</summary>
    /// <exception cref="UsageException">There are too few classes for so much of it.</exception>
    public Noise NoiseOf(double q)
    {
        CheckNoise(q, Classes.Count, Training.LabelSource);
        return new Noise(q, Classes.Count);
    }

    /// <summary>Whether there are enough classes for so much noise.</summary>
    /// <exception cref="UsageException">There are too few.</exception>
    public static void CheckNoise(double q, int classes, string labelSource)
    {
        if (q >= (classes - 1.0) / classes)
            throw new UsageException(
                $"--noise '{q}': expected a number strictly between 0 and {classes - 1}/{classes}, since {labelSource} has {classes} "
                    + "classes.");
    }

    /// <summary>Whether there are enough training rows for a head.</summary>
    /// <param name="head">The head.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="UsageException">There are too few.</exception>
    public void Check(HeadChoice head, string option = "--head")
    {
        CheckRows(head, Training, option);
        if (option == "--head")
            CheckShares(head, Classes, option);
    }

    /// <summary>Whether a head lifts scores by the shares of classes, where they are stated.</summary>
    /// <exception cref="UsageException">It does not.</exception>
    public static void CheckShares(HeadChoice head, ClassList classes, string option = "--head")
    {
        if (classes.Shares.Count > 0 && !head.Lifts)
            throw new UsageException(
                $"--class-shares has no effect with {option} {head.Text}, which lifts no scores: give --class-prior, or leave it out.");
    }

    /// <inheritdoc cref="Check"/>
    public static void CheckRows(HeadChoice head, Dataset training, string option = "--head")
    {
        int rows = training.Features.Rows;
        if (head.LeastRows > rows)
            throw new UsageException(
                $"{option} '{head.Text}': this head needs {head.LeastRows:N0} training rows, but {training.Source} has {rows:N0}.");
    }

    /// <summary>Fits a head to the training rows.</summary>
    /// <param name="choice">Which head.</param>
    /// <param name="q">The noise that the paper's λ is computed from.</param>
    /// <param name="parallel">How many threads may work.</param>
    /// <exception cref="UsageException">It needs a noise, and there is none or too much.</exception>
    /// <exception cref="DataException">It cannot be fitted to these features.</exception>
    public IHead Fit(HeadChoice choice, double? q, ParallelOptions parallel) => RowWork.Current.Head(
        this, choice, choice.DependsOnLabels ? q : null,
        () => Named(Training, () => Given(choice, q).Fit(Training.Features, parallel)));

    /// <summary>What is proved about the predicted rows.</summary>
    /// <param name="kinds">The certificates of every row.</param>
    /// <param name="progress">Is told how many rows are done.</param>
    /// <param name="certify">
    /// Certifies as many predicted rows as its second number says, from the first number on.
    /// </param>
    public IReadOnlyList<RowCertificates> Certified(
        IReadOnlyList<CertificateKind> kinds, IWorkProgress progress,
        Func<int, int, IProgress<int>, IReadOnlyList<RowCertificates>> certify) =>
        RowWork.Current.Rows(
            "certificates", Test.Features.Rows, RowForm.Certificates(kinds, Classes.Count),
            (first, count) => Named(Test, () => certify(first, count, progress.ReportCount("certifying", count, "rows"))));

    /// <summary>The library knows no files: here a failure learns which one it is about.</summary>
    public static T Named<T>(Dataset data, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (HeadException exception)
        {
            throw new DataException($"{data.Source}: {exception.Message}", exception);
        }
    }
}

/// <summary>Some of the rows of a matrix.</summary>
internal static class MatrixRows
{
    /// <summary>Rows that follow each other; all of them are the matrix itself.</summary>
    public static FeatureMatrix Part(this FeatureMatrix matrix, int first, int count) =>
        count == matrix.Rows ? matrix : matrix.SelectRows([.. Enumerable.Range(first, count)]);
}
