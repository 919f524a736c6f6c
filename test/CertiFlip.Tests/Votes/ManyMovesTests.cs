using CertiFlip.Exact;
using CertiFlip.Kernels;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Votes;

/// <summary>Moves that are made many at a time, against moves that are made one by one in exact arithmetic.</summary>
public class ManyMovesTests
{
    private static Gen<(int Classes, double[] Weights, int[] Labels, bool IsLimited)> Votes =>
        from classes in Gen.Choose(2, 5)
        from rows in Gen.Choose(1000, 3000)
        from seed in Gen.Choose(0, int.MaxValue)
        from kind in Gen.Choose(0, 5)
        from isLimited in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        select Make(classes, rows, seed, kind, isLimited);

    [Fact]
    public void Exact_radius_of_many_moves_is_that_of_moves_one_by_one() => Claim.HoldsFor(Votes, t =>
    {
        Vote vote = VoteOf(t);
        int winner = vote.HeadPrediction;
        Radius fewest = Radius.Any;
        for (int rival = 0; rival < t.Classes; rival++)
        {
            if (rival != winner)
                fewest = Radius.Min(fewest, OneByOne(vote, new Pair(winner, rival)));
        }

        Assert.Equal(fewest, ExactCertificate.Radius(vote));
        if (ExactCertificate.TryFindWitness(vote, out Witness? witness))
            Assert.Equal(fewest.Budget + 1, witness.Flips.DistinctBy(flip => flip.Row).Count());
    }, count: 60);

    [Fact]
    public void Most_that_moves_take_away_is_their_sum() => Claim.HoldsFor(Votes, t =>
    {
        Vote vote = VoteOf(t);
        double[] moves = [.. Sizes(vote.MovesAgainst(0)).OrderDescending()];
        foreach (int flips in new[] { 1, 40, 400, moves.Length, moves.Length + 5 })
        {
            var sum = (Rational)0;
            foreach (double move in moves.Take(flips))
                sum += (Rational)move;
            var most = (Rational)ExactCertificate.MostMovedAgainst(vote, 0, flips);
            Assert.True(most >= sum && most <= sum * (Rational)(1 + 1e-10), $"{flips} flips");
        }
    }, count: 60);

    private static Vote VoteOf((int Classes, double[] Weights, int[] Labels, bool IsLimited) t) => new(
        t.Weights, new ClassLabels(t.Labels, t.Classes), TwoClassRule.LargestScore,
        t.IsLimited ? new LabelFlipAdversary { TrustedRows = [.. Enumerable.Range(0, 50)] } : null);

    private static Radius OneByOne(Vote vote, Pair pair)
    {
        ExactSum left = vote.ExactDoubledMargin(pair);
        double[] doubled = [.. Sizes(vote.MovesFor(pair)).Select(size => 2 * size).OrderDescending()];
        for (int made = 0; made < doubled.Length; made++)
        {
            left.Add(doubled[made], -1);
            if (!vote.IsKept(pair, left.Sign()))
                return Radius.Of(made);
        }

        return Radius.Any;
    }

    /// <summary>What each move is worth that lowers the margin.</summary>
    private static IEnumerable<double> Sizes(PairMoves moves) =>
        moves.Whole.First(moves.Whole.Count).ToArray().Concat(moves.Half.First(moves.Half.Count).ToArray().Select(half => 0.5 * half))
            .Where(size => size > 0);

    private static (int Classes, double[] Weights, int[] Labels, bool IsLimited) Make(
        int classes, int rows, int seed, int kind, bool isLimited)
    {
        var random = new Random(seed);
        int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))];
        double[] weights = [.. labels.Select(label => kind switch
        {
            0 => random.Next(-1, 2),
            1 => random.Next(-3, 4) + (label == 0 ? 1 : 0),
            2 => label == 1 ? 0.1 : -0.7 * random.Next(2),
            3 => (random.NextDouble() - 0.5 + (label == 0 ? 0.3 : 0)) * 1e-300,
            4 => random.Next(30) == 0 ? 1e3 * random.NextDouble() : random.NextDouble() - 0.4,
            _ => random.NextDouble() - 0.5 + (label == 0 ? 0.2 * random.NextDouble() : 0),
        })];
        return (classes, weights, labels, isLimited);
    }
}
