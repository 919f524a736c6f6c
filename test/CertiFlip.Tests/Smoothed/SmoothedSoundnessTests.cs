using CertiFlip.Smoothed;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Smoothed;

/// <summary>
/// What the certificates of the smoothed classifier claim, against every noise pattern at every labelling.
/// </summary>
public class SmoothedSoundnessTests
{
    [Fact]
    public void Kl_radius_never_exceeds_what_brute_force_finds() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
    {
        ChernoffBound bound = ChernoffBound.Of(small.Vote, small.Noise);
        AssertSound(small, bound, KlCertificate.Radius(bound.LogFailure, small.Noise, small.Rows));
    });

    [Fact]
    public void Tight_radius_never_exceeds_what_brute_force_finds() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
    {
        ChernoffBound bound = ChernoffBound.Of(small.Vote, small.Noise);
        AssertSound(small, bound, new TightCertificate(small.Noise, small.Rows).Radius(bound.LogFailure));
    });

    [Fact]
    public void Structured_radius_never_exceeds_what_brute_force_finds() =>
        Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
    {
        ChernoffBound bound = ChernoffBound.Of(small.Vote, small.Noise);
        AssertSound(small, bound, StructuredCertificate.Radius(small.Vote, bound, small.Noise));
    }, count: 3000);

    [Fact]
    public void Certified_prediction_is_the_smoothed_classifiers() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
    {
        ChernoffBound bound = ChernoffBound.Of(small.Vote, small.Noise);
        if (bound.IsCertified)
            Assert.Equal(small.Oracle.SmoothedPrediction, bound.Prediction);
    }, count: 3000);

    [Fact]
    public void Log_failure_is_never_below_the_true_one() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
    {
        ChernoffBound bound = ChernoffBound.Of(small.Vote, small.Noise);
        Rational failure = small.Oracle.FailureProbability(bound.Prediction);
        if (failure.Sign > 0)
            Assert.True(bound.LogFailure >= HighPrecision.Log(failure) - HighPrecision.Error,
                $"{small}: log B = {bound.LogFailure:R}, but P = {failure}");
    }, count: 3000);

    [Fact]
    public void Failure_is_called_impossible_only_where_it_is() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
    {
        ChernoffBound bound = ChernoffBound.Of(small.Vote, small.Noise);
        Assert.Equal(small.Oracle.FailureProbability(bound.Prediction).Sign == 0, bound.IsUnanimous);
    });

    [Fact]
    public void Uncertified_rows_claim_no_flips() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
    {
        ChernoffBound bound = ChernoffBound.Of(small.Vote, small.Noise);
        if (bound.IsCertified)
            return;
        Assert.Equal(0, KlCertificate.Radius(bound.LogFailure, small.Noise, small.Rows));
        Assert.Equal(0, new TightCertificate(small.Noise, small.Rows).Radius(bound.LogFailure));
        Assert.Equal(0, StructuredCertificate.Radius(small.Vote, bound, small.Noise));
    });

    [Fact]
    public void Instances_are_not_all_trivial()
    {
        int certified = 0;
        int severalFlips = 0;
        Claim.HoldsFor(SmallVotes.Any, small =>
        {
            ChernoffBound bound = ChernoffBound.Of(small.Vote, small.Noise);
            int radius = StructuredCertificate.Radius(small.Vote, bound, small.Noise);
            certified += bound.IsCertified ? 1 : 0;
            severalFlips += radius >= 2 && radius < small.Rows ? 1 : 0;
        });
        Assert.InRange(certified, 300, 950);
        Assert.InRange(severalFlips, 50, 950);
    }

    private static void AssertSound(SmallVote small, ChernoffBound bound, int radius)
    {
        Assert.InRange(radius, 0, small.Rows);
        if (bound.IsCertified)
            Assert.True(radius < small.Oracle.LeastFlipsOfSmoothed,
                $"{small}: radius {radius}, but {small.Oracle.LeastFlipsOfSmoothed} flips change g");
    }
}
