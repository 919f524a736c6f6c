namespace CertiFlip.Tests.Certifiers;

/// <summary>The mean label of the k nearest training rows: another classifier that is linear in its labels.</summary>
internal sealed class MeanOfNeighboursHead(FeatureMatrix training, int neighbours) : IHead
{
    public int TrainingRows => training.Rows;

    public bool DependsOnLabels => false;

    public TwoClassRule TwoClassRule => TwoClassRule.Half;

    public int Features => training.Columns;

    public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride)
    {
        for (int row = 0; row < rowCount; row++)
        {
            Span<double> own = weights.Slice(row * stride, TrainingRows);
            own.Clear();
            int test = firstRow + row;
            foreach (int neighbour in Enumerable.Range(0, TrainingRows)
                .OrderBy(j => Distance(tests.Row(test), training.Row(j))).Take(neighbours))
                own[neighbour] = 1.0 / neighbours;
        }
    }

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double squares = 0;
        for (int i = 0; i < a.Length; i++)
            squares += (a[i] - b[i]) * (a[i] - b[i]);
        return squares;
    }
}
