using CertiFlip.Heads;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Heads;

/// <summary>Heads by name.</summary>
public class HeadChoiceTests
{
    private static readonly FeatureMatrix Features = SomeFeatures.Generic(6, 2, seed: 70);

    [Theory]
    [InlineData("ridge", typeof(RidgeHead))]
    [InlineData("saturated-ridge", typeof(SaturatedRidgeHead))]
    [InlineData("knn:2", typeof(NearestNeighboursHead))]
    [InlineData("kernel", typeof(KernelSmootherHead))]
    [InlineData("kernel:0.5", typeof(KernelSmootherHead))]
    public void Name_is_of_the_head(string name, Type type)
    {
        HeadChoice choice = HeadChoice.TryParse(name)!;
        Assert.Equal(name, choice.Text);
        Assert.IsType(type, choice.Fit(Features, new RelativeRidge()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("lasso")]
    [InlineData("Ridge")]
    [InlineData("ridge:1")]
    [InlineData("saturated-ridge:5")]
    [InlineData("knn:0")]
    [InlineData("knn:-1")]
    [InlineData("knn:1.5")]
    [InlineData("knn:")]
    [InlineData("kernel:0")]
    [InlineData("kernel:-1")]
    [InlineData("kernel:1e999")]
    [InlineData("kernel:NaN")]
    [InlineData("kernel:1:2")]
    public void Other_names_are_of_none(string name) => Assert.Null(HeadChoice.TryParse(name));

    [Fact]
    public void Neighbours_are_ten_unless_a_number_is_given()
    {
        FeatureMatrix features = SomeFeatures.Generic(30, 2, seed: 71);
        Assert.Equal(10, ((NearestNeighboursHead)HeadChoice.TryParse("knn")!.Fit(features, new RelativeRidge())).Neighbours);
        Assert.Equal(7, ((NearestNeighboursHead)HeadChoice.TryParse("knn:7")!.Fit(features, new RelativeRidge())).Neighbours);
    }

    [Fact]
    public void Fewer_rows_than_neighbours_all_vote() =>
        Assert.Equal(6, ((NearestNeighboursHead)HeadChoice.TryParse("knn:7")!.Fit(Features, new RelativeRidge())).Neighbours);

    [Fact]
    public void Only_ridge_with_the_papers_rule_depends_on_labels()
    {
        Assert.True((HeadChoice.Default with { Ridge = RidgeChoice.Paper }).DependsOnLabels);
        Assert.True((HeadChoice.TryParse("saturated-ridge")! with { Ridge = RidgeChoice.Paper }).DependsOnLabels);
        Assert.False((HeadChoice.TryParse("knn")! with { Ridge = RidgeChoice.Paper }).DependsOnLabels);
        Assert.False(HeadChoice.Default.DependsOnLabels);
    }
}
