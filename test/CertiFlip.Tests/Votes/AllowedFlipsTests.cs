using CertiFlip.Exact;
using CertiFlip.Tests.Instances;
using CertiFlip.Votes;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Votes;

/// <summary>What limits leave an adversary to do, one label at a time and in any number of directions.</summary>
public class AllowedFlipsTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Best_move_of_a_label_is_the_best_of_all_that_are_allowed(int classes)
    {
        FlipDirection[] every =
            [.. from a in Enumerable.Range(0, classes) from b in Enumerable.Range(0, classes) where a != b select new FlipDirection(a, b)];
        var labels = new ClassLabels([0], classes);
        for (int set = 0; set < 1 << every.Length; set++)
        {
            FlipDirection[] directions = [.. every.Where((_, i) => (set >> i & 1) == 1)];
            var allowed = new AllowedFlips(labels, new LabelFlipAdversary { Directions = directions });
            foreach ((int winner, int rival) in every)
            {
                for (int from = 0; from < classes; from++)
                {
                    foreach (int sign in new[] { 1, -1 })
                    {
                        var pair = new Pair(winner, rival);
                        int halves = allowed.Halves(pair, from, sign > 0);
                        IEnumerable<int> falls = (directions.Length == 0 ? every : directions).Where(way => way.From == from)
                            .Select(way => Fall(way.To));
                        Assert.Equal(falls.Append(0).Max(), halves);
                        if (halves > 0)
                            Assert.Equal(halves, Fall(allowed.Target(pair, from, sign > 0)));

                        int Fall(int to) => sign * (Counts(from) - Counts(to));
                    }
                }

                int Counts(int label) => label == winner ? 1 : label == rival ? -1 : 0;
            }
        }
    }

    [Fact]
    public void Moves_against_all_are_no_smaller_than_those_of_any_rival() => Claim.HoldsFor(
        from vote in ManyClassVotes.Any
        from adversary in Limits.Of(vote.Rows, vote.Classes)
        select (vote, adversary), it =>
    {
        foreach (LabelFlipAdversary adversary in new[] { LabelFlipAdversary.Unlimited, it.adversary })
        {
            var vote = new Vote(it.vote.Weights, new ClassLabels(it.vote.Labels, it.vote.Classes), adversary: adversary);
            for (int winner = 0; winner < it.vote.Classes; winner++)
            {
                double[] most = Sizes(vote.MovesAgainst(winner));
                for (int rival = 0; rival < it.vote.Classes; rival++)
                {
                    double[] own = rival == winner ? [] : Sizes(vote.MovesFor(new Pair(winner, rival)));
                    Assert.True(own.Length <= most.Length && own.Zip(most).All(rank => rank.First <= rank.Second),
                        $"{it}: {winner}, {rival}");
                }
            }
        }

        static double[] Sizes(PairMoves moves)
        {
            List<double> sizes = [];
            var ranks = new MoveRanks(moves);
            while (ranks.TakeLargest(out double weight, out int halves))
                sizes.Add(halves * weight);
            return [.. sizes];
        }
    });

    [Fact]
    public void Rival_that_no_budget_helps_hides_no_other()
    {
        // Labels 0 may become 2 alone. All four leave class 0 at 0 and class 1 at −1; but class 2, at −2, gets past
        // with four.
        var adversary = new LabelFlipAdversary { Directions = [new FlipDirection(0, 2)], Costs = [.. Enumerable.Repeat(10, 6)] };
        var vote = new Vote(new[] { 1.0, 1, 1, 1, -1, -2 }, new ClassLabels([0, 0, 0, 0, 1, 2], 3), adversary: adversary);
        Assert.Equal(Radius.Any, ExactFlips.Of(vote, new Pair(0, 1)).Survived);
        Assert.Equal(Radius.Of(39), ExactCertificate.Radius(vote));
    }

    [Fact]
    public void Direction_from_a_class_that_is_not_there_is_refused() => Assert.Throws<ArgumentException>(() =>
        new AllowedFlips(new ClassLabels([0, 1], 2), new LabelFlipAdversary { Directions = [new FlipDirection(2, 0)] }));
}
