using CertiFlip.Smoothed;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Smoothed;

/// <summary>
/// Smoothed certificates of weights that are in doubt hold for every vote within the doubt: weights are moved by as
/// much at random, and the classifier of those is asked.
/// </summary>
public class DoubtfulWeightsTests
{
    private static Gen<double> Doubt(double[] weights) =>
        from part in Gen.Elements(0, 1e-3, 0.02, 0.1, 0.4)
        select part * weights.Sum(Math.Abs);

    /// <summary>Shares of the doubt with signs; their magnitudes sum to less than 1.</summary>
    private static Gen<double[]> Moves(int rows) =>
        from shares in LabelWeights.ArrayOf(Gen.Choose(-8, 8), rows)
        from only in Gen.Choose(-1, rows - 1)
        select Array.ConvertAll([.. shares.Index()], share =>
            only < 0 ? share.Item / (8.01 * rows) : share.Index == only ? Math.Sign(share.Item) * 0.999 : 0);

    [Fact]
    public void Two_classes()
    {
        int certified = 0;
        Claim.HoldsFor(
            from small in SmallVotes.Any
            from doubt in Doubt(small.Weights)
            from moves in Moves(small.Rows)
            select (Small: small, Doubt: doubt, Moves: moves), it =>
        {
            Vote vote = it.Small.Vote;
            vote.Doubt = it.Doubt;
            var bound = ChernoffBound.Of(vote, it.Small.Noise);
            if (!bound.IsCertified)
                return;
            SmoothedVoteOracle oracle = (it.Small with { Weights = Moved(it.Small.Weights, it.Doubt, it.Moves) }).Oracle;
            Assert.Equal(bound.Prediction, oracle.SmoothedPrediction);
            Assert.True(LogOf(oracle.FailureProbability(bound.Prediction)) <= bound.LogFailure + 1e-9);
            Assert.True(StructuredCertificate.Radius(vote, bound, it.Small.Noise) < oracle.LeastFlipsOfSmoothed, $"{it.Small}");
            certified++;
        });
        Assert.InRange(certified, 100, 950);
    }

    [Fact]
    public void Many_classes()
    {
        int certified = 0;
        Claim.HoldsFor(
            from many in ManyClassVotes.Any
            from doubt in Doubt(many.Weights)
            from moves in Moves(many.Rows)
            select (Many: many, Doubt: doubt, Moves: moves), 400, it =>
        {
            Vote vote = it.Many.Vote;
            vote.Doubt = it.Doubt;
            var bound = ChernoffBound.Of(vote, it.Many.Noise);
            if (!bound.IsCertified)
                return;
            PairwiseVoteOracle oracle = (it.Many with { Weights = Moved(it.Many.Weights, it.Doubt, it.Moves) }).Oracle;
            int least = oracle.LeastChangesOfSmoothed(bound.Prediction);
            Assert.True(StructuredCertificate.Radius(vote, bound, it.Many.Noise) < least, $"{it.Many}");
            certified++;
        });
        Assert.InRange(certified, 50, 390);
    }

    [Fact]
    public void Doubt_without_end_certifies_nothing()
    {
        foreach (int[] labels in (int[][])[[1, 1, 1], [0, 0, 0], [2, 2, 2]])
        {
            var vote = new Vote((double[])[0.4, 0.3, 0.3], new ClassLabels(labels, 3)) { Doubt = double.PositiveInfinity };
            Assert.False(ChernoffBound.Of(vote, new Noise(0.01, 3)).IsCertified);
        }

        var two = new Vote((double[])[0.4, 0.3, 0.3], new ClassLabels([1, 1, 1], 2), -1) { Doubt = double.PositiveInfinity };
        Assert.False(ChernoffBound.Of(two, new Noise(0.01)).IsCertified);
    }

    private static double[] Moved(double[] weights, double doubt, double[] moves) =>
        [.. weights.Zip(moves, (weight, move) => weight + doubt * move)];

    private static double LogOf(Rational probability) =>
        probability.ToDouble() > 1e-300 ? Math.Log(probability.ToDouble()) : double.NegativeInfinity;
}
