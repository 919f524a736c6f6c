using CertiFlip.Partition;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Partition;

/// <summary>A part's vote by plain sums: never another class than sums without rounding elect.</summary>
public class PlainVoteTests
{
    private static readonly Gen<(double[] Weights, ClassLabels Labels, TwoClassRule Rule)> Cases =
        from rows in Gen.Choose(1, LabelWeights.MostRows)
        from weights in LabelWeights.Of(rows)
        from classes in Gen.Choose(2, 4)
        from labels in LabelWeights.ArrayOf(Gen.Choose(0, classes - 1), rows)
        from hasPrior in Gen.Choose(0, 3)
        from rule in Gen.Elements(TwoClassRule.Half, TwoClassRule.LargestScore)
        select (weights, new ClassLabels(labels, hasPrior == 0 ? WithPrior(classes) : ClassList.Numbered(classes)), rule);

    [Fact]
    public void Winner_that_plain_sums_tell_is_the_one_without_rounding() => Claim.HoldsFor(Cases, count: 5000, sample =>
    {
        var plain = new PlainVote(sample.Labels, sample.Rule);
        if (plain.TryPredict(sample.Weights, out int winner))
            Assert.Equal(Winner(sample.Weights, sample.Labels, sample.Rule), winner);
    });

    [Fact]
    public void Winner_of_lifted_scores_is_the_one_without_rounding() => Claim.HoldsFor(
        from it in Cases
        from lift in Gen.Elements(0.5, -1, 1.0 / 3, 1, 1e17, 0)
        from sixteenths in Gen.Choose(0, 16)
        select (it.Weights, it.Labels, Lift: lift, Share: sixteenths / 16.0), count: 5000, sample =>
    {
        double[] shares = new double[sample.Labels.ClassCount];
        (shares[0], shares[1]) = (sample.Share, 1 - sample.Share);
        var labels = new ClassLabels(
            [.. Enumerable.Range(0, sample.Labels.Count).Select(row => sample.Labels[row])],
            ClassList.Numbered(shares.Length).WithShares(shares));
        if (!new PlainVote(labels, TwoClassRule.LargestScore).TryPredict(sample.Weights, out int winner, sample.Lift))
            return;
        Rational[] scores = [.. shares.Select((share, c) => sample.Weights.Where((_, row) => labels[row] == c).Aggregate(
            (Rational)(share * sample.Lift), (sum, weight) => sum + (Rational)weight))];
        Assert.Equal(Enumerable.Range(0, scores.Length).First(c => scores.All(score => scores[c] >= score)), winner);
    });

    [Fact]
    public void Generic_weights_are_told_apart()
    {
        var random = new Random(1);
        var labels = new ClassLabels([.. Enumerable.Range(0, 50).Select(row => row % 10)], 10);
        var plain = new PlainVote(labels, TwoClassRule.Half);
        for (int i = 0; i < 1000; i++)
            Assert.True(plain.TryPredict([.. Enumerable.Range(0, 50).Select(_ => random.NextDouble() - 0.5)], out _));
    }

    [Fact]
    public void Ties_and_numbers_out_of_range_are_left_to_others()
    {
        var plain = new PlainVote(new ClassLabels([0, 1, 2], 3), TwoClassRule.Half);
        Assert.False(plain.TryPredict([0.1, 0.1, 0], out _));
        Assert.False(plain.TryPredict([0.1, Math.BitIncrement(0.1), 0], out _));
        Assert.False(plain.TryPredict([0, 0, 0], out _));
        Assert.False(plain.TryPredict([double.NaN, 1, 0], out _));
        Assert.False(plain.TryPredict([double.PositiveInfinity, 1, 0], out _));
        Assert.False(plain.TryPredict([1e308, 1e308, 0], out _));
        Assert.True(plain.TryPredict([1e-200, 2e-200, 0], out int winner));
        Assert.Equal(1, winner);
    }

    private static ClassList WithPrior(int classes) =>
        ClassList.Numbered(classes).WithPrior([.. Enumerable.Range(0, classes).Select(_ => 1.0 / classes)]);

    private static int Winner(double[] weights, ClassLabels labels, TwoClassRule rule)
    {
        Rational[] scores = new Rational[labels.ClassCount];
        IReadOnlyList<double> prior = labels.Classes.Prior;
        for (int c = 0; c < scores.Length; c++)
        {
            scores[c] = prior.Count > 0 ? -(Rational)prior[c] : 0;
            for (int row = 0; row < weights.Length; row++)
                scores[c] += labels[row] == c ? (Rational)weights[row] : 0;
        }

        if (scores.Length == 2 && rule == TwoClassRule.Half)
            return scores[1] >= (prior.Count > 0 ? 0 : (Rational)0.5) ? 1 : 0;
        return Enumerable.Range(0, scores.Length).First(c => scores.All(score => scores[c] >= score));
    }
}
