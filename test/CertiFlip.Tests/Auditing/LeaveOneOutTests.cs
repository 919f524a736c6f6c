using CertiFlip.Heads;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Auditing;

/// <summary>The closed form against a head that is fitted again, in exact arithmetic, to all rows but one.</summary>
public class LeaveOneOutTests
{
    [Theory]
    [InlineData(8, 2, Intercept.Fitted)]
    [InlineData(8, 2, Intercept.None)]
    [InlineData(5, 9, Intercept.Fitted)]
    [InlineData(5, 9, Intercept.None)]
    public void Weights_are_those_of_the_head_that_is_fitted_again_without_the_row(int rows, int columns, Intercept intercept)
    {
        FeatureMatrix features = SomeFeatures.Of(rows, columns, seed: rows, (_, column, value) => (value + 1) * (column + 1));
        RidgeHead head = RidgeHead.Fit(features, new RelativeRidge(0.3), intercept);
        double[] weights = new double[rows * 16 + 48];
        head.ComputeLeaveOneOutWeights(features, 0, rows, weights, 16);
        for (int left = 0; left < rows; left++)
        {
            int[] others = [.. Enumerable.Range(0, rows).Where(row => row != left)];
            var without = new FeatureMatrix(others.Length, columns, [.. others.SelectMany(row => features.Row(row).ToArray())]);
            Rational[] expected = new RationalRidge(without, head.Lambda, intercept).Weights(features.Row(left));
            Assert.Equal(0, weights[left * 16 + left]);
            Assert.All(others.Zip(expected), pair => Assert.Equal(pair.Second.ToDouble(), weights[left * 16 + pair.First], 1e-12));
        }
    }

    [Fact]
    public void A_row_that_alone_determines_a_direction_is_named()
    {
        var features = new FeatureMatrix(4, 2, [1, 0, 2, 0, 3, 0, 4, 5]);
        RidgeHead head = RidgeHead.Fit(features, new FixedRidge(0));
        string message = Assert.Throws<HeadException>(() => head.ComputeLeaveOneOutWeights(features, 0, 4, new double[64], 16)).Message;
        Assert.Contains("Training row 3", message, StringComparison.Ordinal);
        Assert.Contains("larger λ", message, StringComparison.Ordinal);
    }
}
