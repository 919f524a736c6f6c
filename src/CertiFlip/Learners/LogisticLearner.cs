using CertiFlip.Matrices;

namespace CertiFlip.Learners;

/// <summary>
/// Multinomial logistic regression, parameterised as in scikit-learn: minimises ½‖w‖² + C·Σⱼ −log p(yⱼ | xⱼ), the
/// intercept not penalised. With two classes w is one vector, as there. The most probable class wins; of equally
/// probable ones the smaller, but class 1 of two.
/// </summary>
/// <remarks>
/// Every training starts from zero, so the result depends on the labels alone. It stops where no component of the
/// gradient of the objective divided by C·n exceeds 10⁻⁶, with every feature in units of its standard deviation. It
/// also stops after 1,000 iterations, or where rounding leaves no progress to be made. The classifier is then not
/// optimal, but still finite and a function of the labels.
/// </remarks>
public sealed class LogisticLearner : ILearner
{
    private readonly LogisticFeatures _features;
    private readonly PackedTests _tests;

    private LogisticLearner(LogisticFeatures features, int classCount, double c, PackedTests tests) =>
        (_features, ClassCount, C, _tests) = (features, classCount, c, tests);

    /// <summary>C, the inverse of the strength of regularisation.</summary>
    public double C { get; }

    /// <inheritdoc/>
    public int TrainingRows => _features.Rows.Rows;

    /// <inheritdoc/>
    public int ClassCount { get; }

    /// <summary>False: C is given, and labels are seen only in training.</summary>
    public bool DependsOnLabels => false;

    /// <summary>Prepares the features, once for any labels.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="classCount">The number of classes K, at least 2.</param>
    /// <param name="c">
    /// C &gt; 0, in units of 1/features². It must not have been chosen by looking at the labels that are being
    /// defended.
    /// </param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="ArgumentException">K is below 2, or C is not positive and finite.</exception>
    /// <exception cref="HeadException">There are no rows.</exception>
    public static LogisticLearner Fit(FeatureMatrix features, int classCount, double c = 1, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        LearnerArguments.CheckClassCount(classCount);
        if (!(c > 0 && double.IsFinite(c)))
            throw new ArgumentOutOfRangeException(nameof(c), c, "C must be positive and finite.");
        if (features.Rows == 0)
            throw new HeadException("There are no training rows to learn from.");

        var scaling = ColumnScaling.Of(features, Intercept.Fitted);
        return new LogisticLearner(
            LogisticFeatures.Of(features, scaling, classCount, c, parallel ?? new ParallelOptions()), classCount, c,
            new PackedTests(scaling));
    }

    /// <inheritdoc/>
    public IClassifier Learn(ReadOnlySpan<int> labels, CancellationToken cancellationToken = default)
    {
        LearnerArguments.CheckLabels(labels, this);
        var classes = ClassSums.Of(_features.Rows, labels, ClassCount);
        double[] w = LogisticFit.Minimise(new LogisticObjective(_features, classes), cancellationToken);
        int intercepts = w.Length - classes.Stride;
        return new LinearClassifier(_tests, w[..intercepts], classes.Stride, w[intercepts..(intercepts + ClassCount)]);
    }
}
