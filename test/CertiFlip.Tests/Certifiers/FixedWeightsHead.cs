namespace CertiFlip.Tests.Certifiers;

/// <summary>A head whose label weights are given: what a test row holds is multiplied into them.</summary>
internal sealed class FixedWeightsHead(double[] weights) : IHead
{
    public int TrainingRows => weights.Length;

    public bool DependsOnLabels => false;

    public TwoClassRule TwoClassRule => TwoClassRule.Half;

    public int Features => 1;

    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> destination, int stride)
    {
        for (int row = 0; row < rowCount; row++)
        {
            for (int j = 0; j < weights.Length; j++)
                destination[row * stride + j] = weights[j] * tests.Row(firstRow + row)[0];
        }
    }
}
