using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Heads;

/// <summary>Label weights against those of exact ridge regression.</summary>
public class RidgeHeadTests
{
    private const double Tolerance = 1e-9;

    public static IEnumerable<TheoryDataRow<string, Intercept>> Shapes =>
        from shape in Named.Keys
        from intercept in Enum.GetValues<Intercept>()
        let row = new TheoryDataRow<string, Intercept>(shape, intercept)
        select Named[shape].Columns > 40 ? row.WithTrait("Tier", "Slow") : row;

    private static Dictionary<string, FeatureMatrix> Named => new()
    {
        ["generic"] = SomeFeatures.Generic(12, 4, seed: 1),
        ["more features than rows"] = SomeFeatures.Generic(4, 9, seed: 2),
        ["more features than rows, two of them alike"] = SomeFeatures.Of(
            18, 41, seed: 12, (row, column, value) => row == 17 ? column : value * Math.Pow(10, column % 5)),
        ["more features than rows, one of them constant"] = SomeFeatures.Of(5, 20, seed: 13, (_, column, value) => column == 3 ? 7 : value),
        ["duplicated rows"] = SomeFeatures.Of(10, 3, seed: 3, (row, column, _) => Math.Cos(row / 2 * 7 + column)),
        ["a column of zeros"] = SomeFeatures.Of(9, 3, seed: 4, (_, column, value) => column == 1 ? 0 : value),
        ["a constant column"] = SomeFeatures.Of(9, 3, seed: 5, (_, column, value) => column == 1 ? 3 : value),
        ["one row"] = SomeFeatures.Generic(1, 3, seed: 6),
        ["one column"] = SomeFeatures.Generic(7, 1, seed: 7),
        ["huge numbers"] = SomeFeatures.Of(9, 3, seed: 8, (_, _, value) => value * 1e150),
        ["tiny numbers"] = SomeFeatures.Of(9, 3, seed: 9, (_, _, value) => value * 1e-150),
        ["columns of mixed scales"] = SomeFeatures.Of(9, 4, seed: 10, (_, column, value) => value * Math.Pow(10, 50 * (column - 2))),
        ["more rows than a panel"] = SomeFeatures.Generic(37, 5, seed: 11),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Weights_are_those_of_exact_ridge_regression(string shape, Intercept intercept) =>
        AssertExact(Named[shape], new RelativeRidge(0.3), intercept);

    [Theory]
    [InlineData(Intercept.Fitted)]
    [InlineData(Intercept.None)]
    public void Without_regularisation_weights_are_those_of_least_squares(Intercept intercept) =>
        AssertExact(SomeFeatures.Generic(12, 4, seed: 12), new FixedRidge(0), intercept);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Weights_with_an_intercept_sum_to_one(string shape, Intercept intercept)
    {
        if (intercept == Intercept.Fitted)
            Assert.Equal(1, Weights(RidgeHead.Fit(Named[shape]), Named[shape]).Sum(), Tolerance);
    }

    [Theory]
    [InlineData(2, Intercept.Fitted)]
    [InlineData(2, Intercept.None)]
    [InlineData(17, Intercept.Fitted)]
    public void Dependent_column_is_named_where_nothing_regularises_it(int dependent, Intercept intercept)
    {
        FeatureMatrix independent = SomeFeatures.Of(40, 20, seed: 13, (_, _, value) => Math.Round(64 * value));
        FeatureMatrix features = SomeFeatures.Of(40, 20, seed: 13, (row, column, value) =>
            column == dependent ? independent.Row(row)[0] + independent.Row(row)[1] : Math.Round(64 * value));
        var exception = Assert.Throws<HeadException>(() => RidgeHead.Fit(features, new FixedRidge(0), intercept));
        Assert.Contains($"column {dependent} ", exception.Message);
    }

    [Fact]
    public void Constant_column_is_dependent_beside_an_intercept()
    {
        FeatureMatrix features = SomeFeatures.Of(10, 3, seed: 14, (_, column, value) => column == 1 ? 0.1 : value);
        Assert.Contains("column 1 ", Assert.Throws<HeadException>(() => RidgeHead.Fit(features, new FixedRidge(0))).Message);
    }

    [Fact]
    public void No_rows_are_refused() =>
        Assert.Throws<HeadException>(() => RidgeHead.Fit(new FeatureMatrix(0, 3, [])));

    [Fact]
    public void Every_register_width_gives_the_same_bits()
    {
        FeatureMatrix features = SomeFeatures.Generic(50, 19, seed: 15);
        double[][] weights = [.. KernelSet.All.Select(kernels =>
            Weights(RidgeHead.Fit(features, new RelativeRidge(), Intercept.Fitted, new ParallelOptions(), kernels), features))];
        Assert.All(weights, row => Assert.Equal(weights[^1], row));
    }

    private static void AssertExact(FeatureMatrix features, RidgeRule rule, Intercept intercept)
    {
        RidgeHead head = RidgeHead.Fit(features, rule, intercept);
        var oracle = new RationalRidge(features, head.Lambda, intercept);
        double[] weights = Weights(head, features);
        Rational[] exact = oracle.Weights(TestRow(features));
        Rational scale = exact.Select(Rational.Abs).Max();
        Assert.All(exact.Zip(weights), pair =>
            Assert.True(Rational.Abs(pair.First - pair.Second) <= Tolerance * scale, $"{pair.Second:R} is not {pair.First.ToDouble():R}"));
    }

    /// <summary>Between two training rows, and so in their units.</summary>
    private static double[] TestRow(FeatureMatrix features) =>
        [.. Enumerable.Range(0, features.Columns).Select(i => 0.7 * features.Row(0)[i] - 0.4 * features.Row(features.Rows - 1)[i])];

    private static double[] Weights(RidgeHead head, FeatureMatrix features)
    {
        int stride = Tile.PadWidth(head.TrainingRows);
        double[] weights = new double[stride * Tile.Height];
        head.ComputeWeights(new FeatureMatrix(1, head.Features, TestRow(features)), 0, 1, weights, stride);
        return weights[..head.TrainingRows];
    }
}
