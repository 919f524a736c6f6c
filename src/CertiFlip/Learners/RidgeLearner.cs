using CertiFlip.Heads;

namespace CertiFlip.Learners;

/// <summary>
/// Regularised least squares (12), (18), as a learner: β = (XᵀX + λI)⁻¹XᵀY, with an unregularised intercept unless it
/// is switched off. Its classifiers predict as <see cref="RidgeHead"/>'s label weights do, up to rounding: class 1 of
/// two where its score is at least ½, else the largest score, ties to the smaller class. XᵀX + λI is factorised once,
/// for any labels.
/// </summary>
public sealed class RidgeLearner : ILearner
{
    private readonly RidgeHead _head;
    private readonly Intercept _intercept;
    private readonly PackedTests _tests;

    private RidgeLearner(RidgeHead head, int classCount, Intercept intercept) =>
        (_head, ClassCount, _intercept, _tests) = (head, classCount, intercept, new PackedTests(head.Scaling));

    /// <summary>The rule that chose λ.</summary>
    public RidgeRule Rule => _head.Rule;

    /// <summary>λ, in the units of the features squared.</summary>
    public double Lambda => _head.Lambda;

    /// <inheritdoc/>
    public int TrainingRows => _head.TrainingRows;

    /// <inheritdoc/>
    public int ClassCount { get; }

    /// <inheritdoc/>
    public bool DependsOnLabels => _head.DependsOnLabels;

    /// <summary>Factorises XᵀX + λI.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="classCount">The number of classes K, at least 2.</param>
    /// <param name="rule">How λ is chosen; relative to the mean eigenvalue, with factor 1, if not given.</param>
    /// <param name="intercept">Whether there is an intercept.</param>
    /// <param name="parallel">
    /// How many threads may be used; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <exception cref="ArgumentException">K is below 2.</exception>
    /// <exception cref="HeadException">
    /// There are no rows, XᵀX + λI is singular to working precision, or the rule does not apply to these features.
    /// </exception>
    public static RidgeLearner Fit(
        FeatureMatrix features, int classCount, RidgeRule? rule = null, Intercept intercept = Intercept.Fitted,
        ParallelOptions? parallel = null)
    {
        LearnerArguments.CheckClassCount(classCount);
        return new RidgeLearner(RidgeHead.Fit(features, rule, intercept, parallel), classCount, intercept);
    }

    /// <inheritdoc/>
    public IClassifier Learn(ReadOnlySpan<int> labels, CancellationToken cancellationToken = default)
    {
        LearnerArguments.CheckLabels(labels, this);
        cancellationToken.ThrowIfCancellationRequested();

        var classes = ClassSums.Of(_head.Rows, labels, ClassCount);
        double[] beta = classes.Sums;
        _head.Solve(beta, classes.Stride);
        double[] intercepts = Array.ConvertAll(classes.Counts, count => _intercept == Intercept.Fitted ? count / (double)TrainingRows : 0);

        // The paper's rule: class 1 of two competes with ½, not with the score of class 0.
        if (ClassCount == 2)
        {
            for (int i = 0; i < beta.Length; i += classes.Stride)
                beta[i] = 0;
            intercepts[0] = 0.5;
        }

        return new LinearClassifier(_tests, beta, classes.Stride, intercepts);
    }
}
