using CertiFlip.Heads;

namespace CertiFlip.Auditing;

/// <summary>The weighted mean of two heads' label weights: linear in the labels as each of them is, so that what holds of a head's vote holds of it.</summary>
internal static class WeighedOpinions
{
    // docs/audit.md says what it was chosen on.
    private const double ShareOfSecond = 0.2;

    /// <summary>Computes it as <see cref="ILeaveOneOutHead.ComputeLeaveOneOutWeights"/> does a head's; without a second head, the first one's to the bit.</summary>
    public static void ComputeLeaveOneOutWeights(
        ILeaveOneOutHead first, ILeaveOneOutHead? second, FeatureMatrix training, int firstRow, int rowCount, Span<double> weights, int stride)
    {
        first.ComputeLeaveOneOutWeights(training, firstRow, rowCount, weights, stride);
        if (second is null)
            return;
        double[] others = new double[weights.Length];
        second.ComputeLeaveOneOutWeights(training, firstRow, rowCount, others, stride);
        for (int row = 0; row < rowCount; row++)
        {
            for (int j = row * stride; j < row * stride + first.TrainingRows; j++)
                weights[j] = (1 - ShareOfSecond) * weights[j] + ShareOfSecond * others[j];
        }
    }
}
