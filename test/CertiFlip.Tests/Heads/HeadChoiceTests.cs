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
    [InlineData("saturated-ridge:2", typeof(SaturatedRidgeHead))]
    [InlineData("two-means", typeof(TwoMeansHead))]
    [InlineData("tempered-ridge", typeof(TemperedRidgeHead))]
    [InlineData("tempered-ridge:3", typeof(TemperedRidgeHead))]
    [InlineData("bounded-ridge", typeof(BoundedRidgeHead))]
    [InlineData("bounded-ridge:0.5", typeof(BoundedRidgeHead))]
    [InlineData("hierarchy:2", typeof(HierarchyHead))]
    [InlineData("pairs", typeof(PairsHead))]
    [InlineData("knn:2", typeof(NearestNeighboursHead))]
    [InlineData("kernel", typeof(KernelSmootherHead))]
    [InlineData("kernel:0.5", typeof(KernelSmootherHead))]
    public void Name_is_of_the_head(string name, Type type)
    {
        HeadChoice choice = HeadChoice.TryParse(name)!;
        Assert.Equal(name, choice.Text);
        Assert.IsType(type, choice.Fit(Features));
    }

    [Theory]
    [InlineData("")]
    [InlineData("lasso")]
    [InlineData("Ridge")]
    [InlineData("ridge:1")]
    [InlineData("saturated-ridge:1")]
    [InlineData("saturated-ridge:2.5")]
    [InlineData("saturated-ridge:")]
    [InlineData("two-means:2")]
    [InlineData("hierarchy:1")]
    [InlineData("hierarchy:")]
    [InlineData("tempered-ridge:1")]
    [InlineData("bounded-ridge:0")]
    [InlineData("bounded-ridge:NaN")]
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

    [Theory]
    [InlineData("ridge", "ridge", "fixed:3", "ridge fixed:3, with intercept")]
    [InlineData("ridge", "intercept", "no", "ridge relative:1, without intercept")]
    [InlineData("ridge", "intercept", "yes", "ridge relative:1, with intercept")]
    [InlineData("saturated-ridge", "ridge", "fixed:3", "saturated ridge fixed:3, gain 5, offset auto")]
    [InlineData("two-means", "ridge", "fixed:3", "two means of ridge fixed:3, gain 0.125")]
    [InlineData("two-means", "gain", "7.5", "two means of ridge relative:1, gain 7.5")]
    [InlineData("two-means", "lift", "0.5", "two means of ridge relative:1, gain 0.125, lift 0.5")]
    [InlineData("two-means", "lift", "0", "two means of ridge relative:1, gain 0.125")]
    [InlineData("tempered-ridge:3", "gain", "2.5", "tempered ridge relative:1, gain up to 2.5, offset auto for 3 classes")]
    [InlineData("bounded-ridge:0.5", "ridge", "fixed:3", "bounded ridge fixed:3, bound 0.5")]
    [InlineData("hierarchy:3", "ridge", "fixed:3", "hierarchy of ridge fixed:3, levels auto for 3 classes")]
    [InlineData("hierarchy:3", "levels", "2,5,30", "hierarchy of ridge relative:1, levels 2,5,30 for 3 classes")]
    [InlineData("hierarchy", "levels", "7", "hierarchy of ridge relative:1, levels 7")]
    [InlineData("pairs", "ridge", "fixed:3", "ridge fixed:3 on pairs")]
    [InlineData("saturated-ridge", "gain", "7.5", "saturated ridge relative:1, gain 7.5, offset auto")]
    [InlineData("saturated-ridge", "lift", "0.5", "saturated ridge relative:1, gain 5, offset auto, lift 0.5")]
    [InlineData("saturated-ridge", "lift", "0", "saturated ridge relative:1, gain 5, offset auto")]
    [InlineData("saturated-ridge", "offset", "-0.5", "saturated ridge relative:1, gain 5, offset -0.5")]
    [InlineData("saturated-ridge", "offset", "auto", "saturated ridge relative:1, gain 5, offset auto")]
    public void Options_are_given_by_name(string name, string option, string value, string described) =>
        Assert.Equal(described, HeadChoice.TryParse(name)!.WithOption(option, value)!.Describe());

    [Theory]
    [InlineData("ridge", "gain", "7")]
    [InlineData("ridge", "ridge", "fixed:-3")]
    [InlineData("ridge", "intercept", "maybe")]
    [InlineData("saturated-ridge", "intercept", "no")]
    [InlineData("tempered-ridge", "gain", "0")]
    [InlineData("tempered-ridge", "lift", "0.5")]
    [InlineData("bounded-ridge", "gain", "2")]
    [InlineData("hierarchy:3", "gain", "1")]
    [InlineData("hierarchy:3", "levels", "")]
    [InlineData("hierarchy:3", "levels", "0,1")]
    [InlineData("hierarchy:3", "levels", "3,3")]
    [InlineData("hierarchy:3", "levels", "3,2")]
    [InlineData("hierarchy:3", "levels", "3,,4")]
    [InlineData("pairs", "intercept", "no")]
    [InlineData("two-means", "offset", "1")]
    [InlineData("two-means", "gain", "0")]
    [InlineData("two-means", "gain", "NaN")]
    [InlineData("saturated-ridge", "gain", "0")]
    [InlineData("saturated-ridge", "gain", "NaN")]
    [InlineData("saturated-ridge", "offset", "1e999")]
    [InlineData("saturated-ridge", "lift", "1.01")]
    [InlineData("saturated-ridge", "lift", "-0.5")]
    [InlineData("two-means", "lift", "1.01")]
    [InlineData("two-means", "lift", "NaN")]
    [InlineData("bounded-ridge", "lift", "0.5")]
    [InlineData("knn:3", "ridge", "fixed:3")]
    [InlineData("kernel", "bandwidth", "3")]
    public void Options_of_other_heads_and_other_values_are_none(string name, string option, string value) =>
        Assert.Null(HeadChoice.TryParse(name)!.WithOption(option, value));

    [Fact]
    public void Neighbours_are_ten_unless_a_number_is_given()
    {
        FeatureMatrix features = SomeFeatures.Generic(30, 2, seed: 71);
        Assert.Equal(10, ((NearestNeighboursHead)HeadChoice.TryParse("knn")!.Fit(features)).Neighbours);
        Assert.Equal(7, ((NearestNeighboursHead)HeadChoice.TryParse("knn:7")!.Fit(features)).Neighbours);
    }

    [Fact]
    public void Fewer_rows_than_neighbours_all_vote() =>
        Assert.Equal(6, ((NearestNeighboursHead)HeadChoice.TryParse("knn:7")!.Fit(Features)).Neighbours);

    [Fact]
    public void Only_ridge_with_the_papers_rule_depends_on_labels()
    {
        Assert.All(HeadChoice.All, choice =>
            Assert.Equal(choice is RegularisedHeadChoice, NamedHeads.WithRidge(choice, "paper").DependsOnLabels));
        Assert.All(HeadChoice.All, choice => Assert.False(choice.DependsOnLabels));
    }

    [Fact]
    public void A_head_that_depends_on_labels_is_fitted_to_labels_or_not_at_all()
    {
        FeatureMatrix features = SomeFeatures.Generic(30, 2, seed: 71);
        var labels = new ClassLabels([.. Enumerable.Range(0, 30).Select(row => row % 3 == 0 ? 1 : 0)], 2);
        var noise = new Noise(0.2);
        var choice = new RidgeHeadChoice { Ridge = RidgeChoice.Paper };
        Assert.Throws<InvalidOperationException>(() => choice.Fit(features));
        HeadChoice given = choice.WithLabels(labels, noise);
        double lambda = RidgeHead.Fit(features, new PaperRidge(labels, noise)).Lambda;
        Assert.Equal(lambda, given.Values(given.Fit(features)).Lambda);
        Assert.Equal("relative:2", NamedHeads.WithRidge(given, "relative:2").Values().Ridge); // Labels are forgotten with the rule.
        Assert.NotEqual(lambda, NamedHeads.WithRidge(given, "relative:2")
            .Values(NamedHeads.WithRidge(given, "relative:2").Fit(features)).Lambda);
    }

    [Fact]
    public void A_head_for_the_stated_classes_is_that_of_their_number_or_none()
    {
        HeadChoice choice = HeadChoice.TryParse("saturated-ridge:classes")!.WithOption("gain", "2")!;
        Assert.True(choice.NeedsClasses);
        Assert.Throws<InvalidOperationException>(() => choice.Fit(Features));
        Assert.Throws<ArgumentException>(() => choice.WithClasses(null));
        Assert.Throws<ArgumentException>(() => choice.WithClasses(ClassList.FromLabels(["a", "b", "c"])));
        HeadChoice given = choice.WithClasses(ClassList.Of("a", "b", "c"));
        Assert.Equal(HeadChoice.TryParse("saturated-ridge:3")!.WithOption("gain", "2"), given);
        Assert.Equal("saturated-ridge:3", given.Text);
        Assert.Same(given, given.WithClasses(null));
        var arrays = new ModelArrays();
        given.Store(arrays, given.Fit(Features));
        Assert.Throws<ArgumentException>(() => choice.WithStoredOptions(arrays));
    }

    [Fact]
    public void Certifier_gives_its_classes_to_such_a_head()
    {
        var options = new CertifierOptions { Head = HeadChoice.TryParse("saturated-ridge:classes")! };
        string[] labels = ["a", "b", "a", "b", "a", "b"];
        Certifier stated = Certifier.Fit(new TrainingSet(Features, labels, ClassList.Of("a", "b")), options);
        Certifier counted = Certifier.Fit(
            new TrainingSet(Features, labels, ClassList.Of("a", "b")), options with { Head = HeadChoice.TryParse("saturated-ridge:2")! });
        Assert.Equal(counted.Certify([0.5, -1]).Exact, stated.Certify([0.5, -1]).Exact);
        Assert.Throws<ArgumentException>(() => Certifier.Fit(new TrainingSet(Features, labels), options));
    }

    [Fact]
    public void Names_are_told_apart_and_all_forms_are_read()
    {
        Assert.Distinct(HeadChoice.All.Select(choice => choice.Name));
        Assert.All(HeadChoice.All, choice => Assert.Equal(choice, HeadChoice.TryParse(choice.Name)));
        Assert.All(HeadChoice.All.Where(choice => choice.Parameter is not null), choice =>
            Assert.Equal($"{choice.Name}:3", HeadChoice.TryParse($"{choice.Name}:3")!.Text));
        Assert.Equal(
            "ridge, saturated-ridge, saturated-ridge:K with K ≥ 2 or the word classes, bounded-ridge, "
            + "bounded-ridge:B with B > 0, two-means, tempered-ridge, "
            + "tempered-ridge:K with K ≥ 2 or the word classes, hierarchy, hierarchy:K with K ≥ 2 or the word classes, pairs, "
            + "knn, knn:N with N ≥ 1, kernel, or kernel:H with H > 0",
            HeadChoice.Forms);
    }

    [Theory]
    [InlineData("ridge", "ridge relative:1, with intercept", "ridge relative:1, λ = ")]
    [InlineData("saturated-ridge", "saturated ridge relative:1, gain 5, offset auto", "saturated ridge relative:1, λ = ")]
    [InlineData("saturated-ridge:7", "saturated ridge relative:1, gain 5, offset auto for 7 classes", "saturated ridge relative:1, λ = ")]
    [InlineData("tempered-ridge", "tempered ridge relative:1, gain up to 5, offset auto", "tempered ridge relative:1, λ = ")]
    [InlineData("bounded-ridge", "bounded ridge relative:1, bound 2", "bounded ridge relative:1, λ = ")]
    [InlineData("knn", "10 nearest neighbours", "10 nearest neighbours")]
    [InlineData("knn:1", "the nearest neighbour", "the nearest neighbour")]
    [InlineData("kernel", "a Gaussian kernel of a bandwidth of its own", "Gaussian kernel of bandwidth ")]
    [InlineData("kernel:0.5", "a Gaussian kernel of bandwidth 0.5", "Gaussian kernel of bandwidth 0.5")]
    public void Words_say_what_fitting_found_out(string name, string before, string after)
    {
        HeadChoice choice = HeadChoice.TryParse(name)!;
        Assert.Equal(before, choice.Describe());
        Assert.StartsWith(after, choice.Describe(choice.Fit(SomeFeatures.Generic(30, 2, seed: 71))), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NamedHeads.Names), MemberType = typeof(NamedHeads))]
    public void A_stored_head_is_restored_to_the_bit(string name)
    {
        FeatureMatrix features = SomeFeatures.Generic(30, 4, seed: 72), tests = SomeFeatures.Generic(5, 4, seed: 73);
        HeadChoice choice = NamedHeads.Choice(name);
        ILeaveOneOutHead head = choice.Fit(features);
        var arrays = new ModelArrays();
        choice.Store(arrays, head);
        HeadChoice read = HeadChoice.TryParse(choice.Text)!.WithStoredOptions(arrays);
        Assert.Equal(choice, read);
        Assert.Equal(NamedHeads.Weights(head, tests, 0, 5), NamedHeads.Weights(read.Restore(arrays, features), tests, 0, 5));
    }

    [Fact]
    public void A_head_of_another_kind_is_refused()
    {
        ILeaveOneOutHead[] heads = [.. NamedHeads.Kinds.Select(choice => choice.Fit(SomeFeatures.Generic(30, 2, seed: 71)))];
        foreach ((HeadChoice choice, int own) in NamedHeads.Kinds.Select((choice, own) => (choice, own)))
        {
            ILeaveOneOutHead other = heads[(own + 1) % heads.Length];
            Assert.Throws<ArgumentException>(() => choice.Store(new ModelArrays(), other));
            Assert.Throws<ArgumentException>(() => choice.Describe(other));
        }
    }
}
