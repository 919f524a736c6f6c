using CertiFlip.Smoothed;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Votes;

/// <summary>
/// What the certificates claim of every pairwise smoothed vote, against every noise pattern at every labelling of three
/// or four classes.
/// </summary>
public class ManyClassSoundnessTests
{
    [Fact]
    public void Kl_radius_never_reaches_what_brute_force_finds() => HoldsForAny(vote =>
    {
        ChernoffBound bound = Bound(vote);
        AssertSound(vote, bound, KlCertificate.Radius(bound.LogFailure, vote.Noise, vote.Rows));
    });

    [Fact]
    public void Tight_radius_never_reaches_what_brute_force_finds() => HoldsForAny(vote =>
    {
        ChernoffBound bound = Bound(vote);
        AssertSound(vote, bound, new TightCertificate(vote.Noise, vote.Rows).Radius(bound.LogFailure));
    });

    [Fact]
    public void Structured_radius_never_reaches_what_brute_force_finds() => HoldsForAny(vote =>
    {
        ChernoffBound bound = Bound(vote);
        AssertSound(vote, bound, StructuredCertificate.Radius(vote.Vote, bound, vote.Noise));
    }, count: 3000);

    [Fact]
    public void Certified_prediction_wins_every_pair() => HoldsForAny(vote =>
    {
        ChernoffBound bound = Bound(vote);
        if (bound.IsCertified)
            Assert.True(vote.Oracle.WinsEveryPair(bound.Prediction), $"{vote}: class {bound.Prediction} loses a pair");
    }, count: 3000);

    [Fact]
    public void Log_failure_is_never_below_the_true_one_of_the_worst_pair() => HoldsForAny(vote =>
    {
        ChernoffBound bound = Bound(vote);
        Rational failure = vote.Oracle.LargestFailureProbability(bound.Prediction);
        if (failure.Sign > 0)
            Assert.True(bound.LogFailure >= HighPrecision.Log(failure) - HighPrecision.Error,
                $"{vote}: log B = {bound.LogFailure:R}, but P = {failure}");
    }, count: 3000);

    [Fact]
    public void Failure_is_called_impossible_only_where_it_is() => HoldsForAny(vote =>
    {
        ChernoffBound bound = Bound(vote);
        Assert.Equal(vote.Oracle.LargestFailureProbability(bound.Prediction).Sign == 0, bound.IsUnanimous);
    });

    [Fact]
    public void Rival_is_another_class() => HoldsForAny(vote =>
    {
        ChernoffBound bound = Bound(vote);
        Assert.Contains(bound.Rival, Enumerable.Range(0, vote.Classes).Where(c => c != bound.Prediction));
    });

    [Fact]
    public void Uncertified_rows_claim_no_flips() => HoldsForAny(vote =>
    {
        ChernoffBound bound = Bound(vote);
        if (bound.IsCertified)
            return;
        Assert.Equal(0, KlCertificate.Radius(bound.LogFailure, vote.Noise, vote.Rows));
        Assert.Equal(0, new TightCertificate(vote.Noise, vote.Rows).Radius(bound.LogFailure));
        Assert.Equal(0, StructuredCertificate.Radius(vote.Vote, bound, vote.Noise));
    });

    [Fact]
    public void Instances_are_not_all_trivial()
    {
        int certified = 0;
        int severalFlips = 0;
        HoldsForAny(vote =>
        {
            ChernoffBound bound = Bound(vote);
            int radius = StructuredCertificate.Radius(vote.Vote, bound, vote.Noise);
            certified += bound.IsCertified ? 1 : 0;
            severalFlips += radius >= 1 && radius < vote.Rows ? 1 : 0;
        });
        Assert.InRange(certified, 200, 950);
        Assert.InRange(severalFlips, 50, 950);
    }

    private static void HoldsForAny(Action<ManyClassVote> claim, int count = 1000) =>
        Claim.HoldsFor(ManyClassVotes.Any, vote => vote.Simpler(), claim, count);

    private static ChernoffBound Bound(ManyClassVote vote) => ChernoffBound.Of(vote.Vote, vote.Noise);

    private static void AssertSound(ManyClassVote vote, ChernoffBound bound, int radius)
    {
        Assert.InRange(radius, 0, vote.Rows);
        if (!bound.IsCertified)
            return;
        int least = vote.Oracle.LeastChangesOfSmoothed(bound.Prediction);
        Assert.True(radius < least, $"{vote}: radius {radius}, but {least} changes turn a pair against class {bound.Prediction}");
    }
}
