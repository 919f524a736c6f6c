namespace CertiFlip.Tests.Certifiers;

/// <summary>
/// A head whose label weights and lifts are given for each test row; a row's only feature is its number. Without a row
/// the weight of its own label is 0.
/// </summary>
internal sealed class LiftedWeightsHead(double[][] weights, double[] lifts) : ILiftingHead
{
    public int TrainingRows => weights[0].Length;

    public int Features => 1;

    public bool DependsOnLabels => false;

    public TwoClassRule TwoClassRule { get; init; } = TwoClassRule.LargestScore;

    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> destination, int stride) =>
        ComputeWeights(tests, firstRow, rowCount, destination, stride, new double[rowCount]);

    public void ComputeWeights(
        FeatureMatrix tests, int firstRow, int rowCount, Span<double> destination, int stride, Span<double> liftsOfRows)
    {
        for (int row = 0; row < rowCount; row++)
        {
            int number = (int)tests.Row(firstRow + row)[0];
            weights[number].CopyTo(destination[(row * stride)..]);
            liftsOfRows[row] = lifts[number];
        }
    }

    public void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> destination, int stride, Span<double> errors) =>
        ComputeLeaveOneOutWeights(training, firstRow, rowCount, destination, stride, errors, new double[rowCount]);

    public void ComputeLeaveOneOutWeights(
        FeatureMatrix training, int firstRow, int rowCount, Span<double> destination, int stride, Span<double> errors,
        Span<double> liftsOfRows)
    {
        ComputeWeights(training, firstRow, rowCount, destination, stride, liftsOfRows);
        for (int row = 0; row < rowCount; row++)
            (destination[row * stride + firstRow + row], errors[row]) = (0, 0);
    }
}
