using CertiFlip.Exact;
using CertiFlip.Smoothed;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Exact;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Smoothed;

/// <summary>
/// The structured certificate against its definition, where there are too many labels to try everything.
/// </summary>
public class StructuredCertificateTests
{
    public static TheoryData<double> NoiseLevels => [1e-6, 0.01, 0.1, 0.3, 0.45];

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Radius_is_at_least_the_best_on_a_grid_of_t(double q)
    {
        foreach (SmallVote vote in LargeVotes.Of(rows: 150, q, count: 40, seed: 1))
        {
            (ChernoffBound bound, int radius) = Certify(vote);
            if (bound.IsCertified && !bound.IsUnanimous)
                Assert.True(radius >= Definition(vote).BestRadiusNear(bound.T),
                    $"{radius} < {Definition(vote).BestRadiusNear(bound.T)} for {vote}");
        }
    }

    [Theory]
    [MemberData(nameof(NoiseLevels))]
    public void Some_t_proves_the_radius(double q)
    {
        foreach (SmallVote vote in LargeVotes.Of(rows: 150, q, count: 40, seed: 2))
        {
            (ChernoffBound bound, int radius) = Certify(vote);
            if (radius > 0 && !bound.IsUnanimous)
                Assert.InRange(Definition(vote).LeastExponent(radius, bound.T), double.NegativeInfinity, SmoothedValue.LogHalf + 1e-9);
        }
    }

    [Fact]
    public void Radius_is_the_best_on_a_grid_of_t_for_small_votes_too() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
    {
        (ChernoffBound bound, int radius) = Certify(small);
        if (bound.IsCertified && !bound.IsUnanimous)
            Assert.True(radius >= Definition(small).BestRadiusNear(bound.T), $"{small}: {radius}");
    });

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void Radius_beats_the_tight_one_on_most_generic_votes(double q)
    {
        SmallVote[] votes = [.. LargeVotes.Of(rows: 400, q, count: 40, seed: 3)];
        int beaten = votes.Count(vote =>
        {
            (ChernoffBound bound, int radius) = Certify(vote);
            return radius > new TightCertificate(vote.Noise, vote.Rows).Radius(bound.LogFailure);
        });
        Assert.InRange(beaten, 30, 40);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void Radius_reaches_most_of_the_exact_one(double q)
    {
        SmallVote[] votes = [.. LargeVotes.Of(rows: 400, q, count: 40, seed: 4)];
        Assert.InRange(votes.Sum(vote => Certify(vote).Radius),
            0.5 * votes.Sum(vote => ExactCertificate.Radius(vote.Vote).Budget), double.MaxValue);
    }

    [Fact]
    public void Radius_of_an_even_handed_majority_is_sound()
    {
        // Equal weights make g depend on the number of ones alone, so that a single sum of binomials is its exact vote.
        foreach (double q in new[] { 0.01, 0.1, 0.3 })
        {
            for (int rows = 3; rows <= 61; rows += 2)
            {
                var vote = new SmallVote([.. Enumerable.Repeat(1.0, rows)], [.. Enumerable.Repeat(1, rows)], rows / 2.0, q);
                Assert.True(EqualWeights.VoteStays(rows, Certify(vote).Radius, q), $"n = {rows}, q = {q}, r = {Certify(vote).Radius}");
            }
        }
    }

    private static (ChernoffBound Bound, int Radius) Certify(SmallVote small)
    {
        ChernoffBound bound = ChernoffBound.Of(small.Vote, small.Noise);
        return (bound, StructuredCertificate.Radius(small.Vote, bound, small.Noise));
    }

    private static StructuredDefinition Definition(SmallVote small) => new(small.Weights, small.Labels, small.Threshold, small.Q);
}
