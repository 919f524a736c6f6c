using CertiFlip.Exact;
using CertiFlip.Smoothed;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Votes;

/// <summary>
/// Weights that are finite, and their magnitudes' sum too, while twice that sum is not: still valid input.
/// </summary>
public class OverflowTests
{
    [Fact]
    public void Label_whose_doubled_weight_overflows_can_be_flipped() =>
        Assert.Equal(Radius.Of(0), ExactCertificate.Radius(new SmallVote([1e308], [1], 0.5, 0.1).Vote));

    [Fact]
    public void Label_whose_doubled_weight_overflows_is_a_witness() =>
        Assert.True(ExactCertificate.TryFindWitness(new SmallVote([1e308], [1], 0.5, 0.1).Vote, out _));

    [Fact]
    public void Bound_is_a_number_where_the_doubled_threshold_overflows()
    {
        var vote = new SmallVote([1e308, 0.5e308], [1, 1], 1.2e308, 0.1);
        Assert.InRange(ChernoffBound.Of(vote.Vote, vote.Noise).LogFailure, double.NegativeInfinity, 0);
    }

    [Fact]
    public void Weights_whose_magnitudes_sum_to_infinity_are_refused() =>
        Assert.Throws<ArgumentException>(() => new SmallVote([1e308, -1e308], [1, 1], 0.5, 0.1).Vote);
}
