using CertiFlip.Kernels;
using CertiFlip.Learners;

namespace CertiFlip.AuditTrial;

/// <summary>
/// What cleanlab ranks labels by: probabilities by logistic regression that has not seen the row, from five folds.
/// </summary>
internal sealed class OutOfFold
{
    private const int Folds = 5;

    private readonly double[][] _probabilities;
    private readonly int[] _labels;

    public OutOfFold(FeatureMatrix features, int[] labels, int classCount, ulong seed)
    {
        _labels = labels;
        _probabilities = new double[labels.Length][];
        int[] order = [.. Enumerable.Range(0, labels.Length)];
        new PhiloxRandom(seed, 3).Shuffle(order);
        for (int fold = 0; fold < Folds; fold++)
        {
            int[] held = [.. order.Where((_, i) => i % Folds == fold)], rest = [.. order.Where((_, i) => i % Folds != fold).Order()];
            var classifier = (LinearClassifier)LogisticLearner.Fit(features.SelectRows(rest), classCount)
                .Learn([.. rest.Select(row => labels[row])]);
            double[] scores = classifier.Scores(features.SelectRows(held), out int stride);
            for (int i = 0; i < held.Length; i++)
                _probabilities[held[i]] = Softmax([.. Enumerable.Range(0, classCount).Select(c => scores[c * stride + i])]);
        }
    }

    /// <summary>Rows by the probability of the label given, the least first.</summary>
    public int[] BySelfConfidence() => Ordered(row => _probabilities[row][_labels[row]]);

    /// <summary>Rows by that less the largest probability of another label, the least first.</summary>
    public int[] ByMargin() =>
        Ordered(row => _probabilities[row][_labels[row]] - _probabilities[row].Where((_, c) => c != _labels[row]).Max());

    private int[] Ordered(Func<int, double> quality) => [.. Enumerable.Range(0, _labels.Length).OrderBy(quality)];

    private static double[] Softmax(double[] scores)
    {
        double[] exponentials = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }
}
