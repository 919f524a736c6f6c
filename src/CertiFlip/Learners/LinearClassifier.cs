using System.Runtime.CompilerServices;
using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Learners;

/// <summary>
/// Scores every class by a linear function of the features. The largest score wins; of equal scores the smaller class,
/// but class 1 of two, as in the paper.
/// </summary>
internal sealed class LinearClassifier : IClassifier
{
    private readonly PackedTests _tests;
    private readonly double[] _coefficients;
    private readonly double[] _intercepts;
    private readonly int _stride;

    /// <param name="tests">The learner's test rows, packed once for all its classifiers.</param>
    /// <param name="coefficients">
    /// β in scaled units: k rows of <paramref name="stride"/> numbers, one number for each class.
    /// </param>
    /// <param name="stride">K, rounded up to a multiple of 4.</param>
    /// <param name="intercepts">One for each class (length K).</param>
    public LinearClassifier(PackedTests tests, double[] coefficients, int stride, double[] intercepts) =>
        (_tests, _coefficients, _stride, _intercepts) = (tests, coefficients, stride, intercepts);

    /// <inheritdoc/>
    public void Predict(FeatureMatrix tests, Span<int> classes)
    {
        LearnerArguments.CheckTests(tests, classes, _tests.Features);
        double[] scores = Scores(tests, out int stride);
        for (int row = 0; row < classes.Length; row++)
            classes[row] = Winner(scores.AsSpan(row), stride, row);
    }

    /// <summary>
    /// A row of scores for every class, each <paramref name="stride"/> after the one before; the first m numbers of
    /// each count.
    /// </summary>
    internal double[] Scores(FeatureMatrix tests, out int stride)
    {
        PackedRows rows = _tests.Of(tests);
        stride = Tile.PadWidth(rows.Rows);
        double[] scores = new double[_stride * stride];
        for (int c = 0; c < _intercepts.Length; c++)
            scores.AsSpan(c * stride, stride).Fill(_intercepts[c]);
        rows.MultiplyAdd(KernelSet.Best, 0, rows.Rows, _coefficients, _stride, scores, stride);
        return scores;
    }

    private int Winner(ReadOnlySpan<double> scores, int stride, int row)
    {
        int winner = 0;
        for (int c = 0; c < _intercepts.Length; c++)
        {
            double score = scores[c * stride];
            if (!double.IsFinite(score))
                throw new HeadException(
                    $"Test row {row} (counting from 0) is so far from the training rows that its scores overflow. "
                    + "Check its features' units.");
            if (score > scores[winner * stride] || (score == scores[winner * stride] && _intercepts.Length == 2))
                winner = c;
        }

        return winner;
    }
}

/// <summary>
/// Test rows as a learner's classifiers read them: scaled like the training rows and packed, once for all draws of the
/// labels.
/// </summary>
internal sealed class PackedTests(ColumnScaling scaling)
{
    private readonly ConditionalWeakTable<FeatureMatrix, PackedRows> _packed = [];

    public int Features => scaling.Scales.Length;

    /// <summary>Two threads may both pack a matrix that is new, with the same result.</summary>
    public PackedRows Of(FeatureMatrix tests) =>
        _packed.GetValue(tests, rows => PackedRows.Of(rows, scaling, new ParallelOptions { MaxDegreeOfParallelism = 1 }));
}
