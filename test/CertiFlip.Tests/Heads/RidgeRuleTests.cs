using CertiFlip.Heads;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Heads;

/// <summary>How λ is chosen.</summary>
public class RidgeRuleTests
{
    private static readonly FeatureMatrix TwoFeatures = SomeFeatures.Generic(11, 2, seed: 20);
    private static readonly int[] Labels = [1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1];

    [Fact]
    public void Fixed_lambda_is_the_number_given() =>
        Assert.Equal(0.37, RidgeHead.Fit(TwoFeatures, new FixedRidge(0.37)).Lambda, 0.0);

    [Theory]
    [InlineData(1, Intercept.Fitted)]
    [InlineData(0.01, Intercept.Fitted)]
    [InlineData(2, Intercept.None)]
    public void Relative_lambda_is_a_multiple_of_the_mean_eigenvalue_of_centred_features(double multiple, Intercept intercept)
    {
        FeatureMatrix features = SomeFeatures.Generic(13, 5, seed: 21);
        double trace = Enumerable.Range(0, 5).Sum(column => CentredProduct(features, column, column, Intercept.Fitted).ToDouble());
        Assert.Equal(multiple * trace / 5, RidgeHead.Fit(features, new RelativeRidge(multiple), intercept).Lambda, 1e-12 * trace);
    }

    [Fact]
    public void Relative_lambda_of_one_is_the_default() =>
        Assert.Equal(RidgeHead.Fit(TwoFeatures, new RelativeRidge(1)).Lambda, RidgeHead.Fit(TwoFeatures).Lambda, 0.0);

    [Theory]
    [InlineData(0.1, Intercept.None)]
    [InlineData(0.1, Intercept.Fitted)]
    [InlineData(0.45, Intercept.None)]
    public void Paper_lambda_is_the_formula_of_algorithm_one(double q, Intercept intercept)
    {
        const int K = 2;
        int n = TwoFeatures.Rows;
        int parameters = intercept == Intercept.Fitted ? K + 1 : K;
        double variance = new RationalRidge(TwoFeatures, 0, intercept).ResidualSquares(Labels).ToDouble() / (n - parameters);
        double lambda = (1 + q) * variance * K / (2 * n) * ConditionNumber(TwoFeatures, intercept);
        var rule = new PaperRidge(new ClassLabels(Labels, 2), new Noise(q));
        Assert.Equal(lambda, RidgeHead.Fit(TwoFeatures, rule, intercept).Lambda, 1e-10 * lambda);
    }

    [Fact]
    public void Paper_lambda_needs_more_rows_than_parameters()
    {
        var rule = new PaperRidge(new ClassLabels([1, 0, 1], 2), new Noise(0.1));
        Assert.Throws<HeadException>(() => RidgeHead.Fit(SomeFeatures.Generic(3, 2, seed: 22), rule));
    }

    [Fact]
    public void Paper_lambda_needs_features_of_full_rank()
    {
        var rule = new PaperRidge(new ClassLabels(Labels, 2), new Noise(0.1));
        Assert.Throws<HeadException>(() => RidgeHead.Fit(SomeFeatures.Of(11, 2, seed: 23, (row, _, _) => row), rule));
    }

    [Fact]
    public void Paper_lambda_needs_a_label_for_every_row()
    {
        var rule = new PaperRidge(new ClassLabels([1, 0, 1], 2), new Noise(0.1));
        Assert.Throws<HeadException>(() => RidgeHead.Fit(TwoFeatures, rule));
    }

    [Fact]
    public void Only_the_papers_lambda_depends_on_labels()
    {
        Assert.True(new PaperRidge(new ClassLabels(Labels, 2), new Noise(0.1)).DependsOnLabels);
        Assert.False(new FixedRidge(1).DependsOnLabels);
        Assert.False(new RelativeRidge(1).DependsOnLabels);
    }

    /// <summary>Of the two eigenvalues of a 2 × 2 matrix, from its trace and determinant.</summary>
    private static double ConditionNumber(FeatureMatrix features, Intercept intercept)
    {
        Rational a = CentredProduct(features, 0, 0, intercept);
        Rational b = CentredProduct(features, 0, 1, intercept);
        Rational c = CentredProduct(features, 1, 1, intercept);
        Rational trace = a + c;
        Rational determinant = a * c - b * b;
        double largest = (trace.ToDouble() + Math.Sqrt((trace * trace - 4 * determinant).ToDouble())) / 2;
        return largest * largest / determinant.ToDouble();
    }

    private static Rational CentredProduct(FeatureMatrix features, int left, int right, Intercept intercept)
    {
        Rational sum = 0, leftSum = 0, rightSum = 0;
        for (int row = 0; row < features.Rows; row++)
        {
            (Rational a, Rational b) = (features.Row(row)[left], features.Row(row)[right]);
            (sum, leftSum, rightSum) = (sum + a * b, leftSum + a, rightSum + b);
        }

        return intercept == Intercept.Fitted ? sum - leftSum * rightSum / features.Rows : sum;
    }
}
