using CertiFlip.Smoothed;
using CertiFlip.Tests.Certifiers;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Smoothed;

/// <summary>What labels that are wrong at random do, against every noise pattern.</summary>
public class RandomNoiseTests
{
    [Fact]
    public void Another_class_of_three_or_four_is_never_likelier_than_claimed() => Claim.HoldsFor(ManyClassVotes.Any, 3000, vote =>
    {
        ChernoffBound bound = ChernoffBound.Of(vote.Vote, vote.Noise);
        AssertBounds(vote.Oracle.ChangeProbability(bound.Prediction), bound.LogChange(vote.Classes), vote.ToString());
    });

    [Fact]
    public void Another_class_of_two_is_never_likelier_than_claimed() => Claim.HoldsFor(SmallVotes.Any, 3000, vote =>
    {
        ChernoffBound bound = ChernoffBound.Of(vote.Vote, vote.Noise);
        Assert.Equal(bound.LogFailure, bound.LogChange(2));
        AssertBounds(vote.Oracle.FailureProbability(bound.Prediction), bound.LogChange(2), vote.ToString());
    });

    /// <summary>Every rival is as near as any other: one pair's bound alone would not cover all of them.</summary>
    [Theory]
    [InlineData(3, 0.3)]
    [InlineData(4, 0.3)]
    [InlineData(4, 0.5)]
    public void Failures_of_all_rivals_add_up(int classes, double q)
    {
        // One row decides: it keeps its label with probability 1 − q, and every other outcome is another class.
        var vote = new ManyClassVote([1], [0], classes, q);
        ChernoffBound bound = ChernoffBound.Of(vote.Vote, vote.Noise);
        Assert.True(bound.LogFailure + Math.Log(classes - 1) <= bound.LogChange(classes) || bound.LogChange(classes) == 0);
        AssertBounds(vote.Oracle.ChangeProbability(0), bound.LogChange(classes), vote.ToString());
    }

    [Fact]
    public void Certifiers_report_it_where_a_smoothed_vote_is_certified()
    {
        var noise = new Noise(0.1, 3);
        var labels = new ClassLabels([0, 0, 0, 1, 2, 0], 3);
        var head = new FixedWeightsHead([0.3, 0.2, 0.25, 0.1, 0.05, 0.1]);
        RowCertificates both = new Certifier(head, labels, new CertifierOptions { Noise = noise }).Certify([0]);
        Assert.Equal(Math.Min(0, both.LogFailure + Math.Log(2)), both.LogChange, 1e-12);
        Assert.True(both.LogChange >= Math.Min(0, both.LogFailure + Math.Log(2)));
        Assert.True(double.IsNaN(new Certifier(head, labels).Certify([0]).LogChange));
    }

    private static void AssertBounds(Rational probability, double log, string vote)
    {
        if (probability.Sign > 0)
            Assert.True(log >= HighPrecision.Log(probability) - HighPrecision.Error, $"{vote}: log = {log:R}, but P = {probability}");
    }
}
