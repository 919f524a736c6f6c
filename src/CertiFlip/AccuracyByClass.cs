namespace CertiFlip;

/// <summary>
/// Accuracy taken apart by class, and what to compare it with. Where one class is common, a classifier that always
/// answers that class is accurate, and its radii are large: accuracy alone does not tell.
/// </summary>
public sealed class AccuracyByClass
{
    private AccuracyByClass(IReadOnlyList<ClassAccuracy> classes, IReadOnlyList<int> truth) =>
        (Classes, (CommonestClass, ConstantAccuracy)) = (classes, CommonestOf(truth));

    /// <summary>
    /// The classes that occur in the true labels or in the predictions, in the order of the list of classes.
    /// </summary>
    public IReadOnlyList<ClassAccuracy> Classes { get; }

    /// <summary>The class that most test rows have; of equally common ones the first.</summary>
    public int CommonestClass { get; }

    /// <summary>
    /// The accuracy of always answering <see cref="CommonestClass"/>: no classifier that gives every row the same
    /// answer is more accurate, whatever it learnt.
    /// </summary>
    public double ConstantAccuracy { get; }

    /// <summary>The mean over the classes that have test rows, each counted alike, of their accuracies.</summary>
    public double BalancedAccuracy => Present.Average(one => one.Curve.Accuracy);

    /// <summary>The classes that have test rows, but that no row is predicted to be.</summary>
    public IEnumerable<ClassAccuracy> NeverPredicted => Present.Where(one => one.Predicted == 0);

    private IEnumerable<ClassAccuracy> Present => Classes.Where(one => one.Rows > 0);

    /// <summary>Takes the curve of a test set apart.</summary>
    /// <param name="predictions">
    /// The m predicted classes, or <see cref="Certificate.Abstention"/>; m is at least 1.
    /// </param>
    /// <param name="truth">The m true classes.</param>
    /// <param name="curveOf">The curve of some of the rows, given by their numbers in ascending order.</param>
    /// <exception cref="ArgumentException">There are no rows, or the lengths differ.</exception>
    public static AccuracyByClass Of(
        IReadOnlyList<int> predictions, IReadOnlyList<int> truth, Func<IReadOnlyList<int>, AccuracyCurve> curveOf)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(curveOf);
        if (truth.Count == 0 || truth.Count != predictions.Count)
            throw new ArgumentException($"There are {truth.Count} true classes for {predictions.Count} predictions.", nameof(truth));
        ILookup<int, int> rows = Enumerable.Range(0, truth.Count).ToLookup(row => truth[row]);
        Dictionary<int, int> predicted = new(predictions.CountBy(c => c));
        IEnumerable<int> classes = truth.Concat(predictions).Where(c => c != Certificate.Abstention).Distinct().Order();
        return new AccuracyByClass(
            [.. classes.Select(c => new ClassAccuracy(c, predicted.GetValueOrDefault(c), curveOf([.. rows[c]])))], truth);
    }

    /// <summary>
    /// The class that most rows have, of equally common ones the first, and the share of rows that have it.
    /// </summary>
    /// <param name="truth">The true classes, at least one.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static (int Class, double Share) CommonestOf(IReadOnlyList<int> truth)
    {
        ArgumentNullException.ThrowIfNull(truth);
        if (truth.Count == 0)
            throw new ArgumentException("There are no true classes.", nameof(truth));
        (int commonest, int rows) = truth.CountBy(c => c).OrderBy(count => count.Key).MaxBy(count => count.Value);
        return (commonest, rows / (double)truth.Count);
    }

    /// <summary>
    /// The mean over the classes that have test rows of <see cref="AccuracyCurve.At"/>: each class counts alike.
    /// </summary>
    /// <param name="flips">r.</param>
    public double BalancedAt(int flips) => Present.Average(one => one.Curve.At(flips));
}

/// <summary>What a classifier does on the test rows of one class.</summary>
/// <param name="Class">The class, from 0 to K − 1.</param>
/// <param name="Predicted">How many test rows, whatever their class, are predicted to be of this one.</param>
/// <param name="Curve">Accuracy and radii on the rows of this class alone: its recall, certified or not.</param>
public sealed record ClassAccuracy(int Class, int Predicted, AccuracyCurve Curve)
{
    /// <summary>How many test rows are of this class; where there are none, their curve is 0.</summary>
    public int Rows => Curve.Rows;
}
