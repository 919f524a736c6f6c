
namespace CertiFlip.Samples.CustomLearner;

/// <summary>What one set of labels made of the training rows: a mean for each class.</summary>
/// <param name="means">K rows of k numbers.</param>
internal sealed class NearestMeanClassifier(double[][] means) : IClassifier
{
    public void Predict(FeatureMatrix tests, Span<int> classes)
    {
        for (int row = 0; row < tests.Rows; row++)
            classes[row] = Nearest(tests.Row(row));
    }

    /// <summary>Of means at the same distance, the one of the smaller class.</summary>
    private int Nearest(ReadOnlySpan<double> row)
    {
        (int nearest, double least) = (0, double.PositiveInfinity);
        for (int c = 0; c < means.Length; c++)
        {
            double distance = 0;
            for (int column = 0; column < row.Length; column++)
                distance += (row[column] - means[c][column]) * (row[column] - means[c][column]);
            if (distance < least)
                (nearest, least) = (c, distance);
        }

        return nearest;
    }
}
