using CertiFlip.Exact;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Votes;

/// <summary>
/// Votes of several people against every way to change them, one vote at a time, in exact arithmetic.
/// </summary>
public class LabelVotesTests
{
    private static Gen<Case> Cases(int classes) =>
        from rows in Gen.Choose(1, 4)
        from sizes in LabelWeights.ArrayOf(Gen.Choose(1, classes == 2 ? 4 : 2), rows)
        from votes in LabelWeights.ArrayOf(Gen.Choose(0, classes - 1), sizes.Sum())
        from weights in LabelWeights.ArrayOf(Gen.Elements(-0.5, -0.25, 0, 0.125, 0.25, 0.25, 0.5, 0.75, 1.5), rows)
        select new Case(classes, sizes, votes, weights);

    [Fact]
    public void With_two_classes_a_radius_is_the_number_of_votes_that_are_survived()
    {
        int several = 0;
        Claim.HoldsFor(Cases(2), 800, it =>
        {
            int? least = it.LeastVotesThatChangeThePrediction();
            Assert.Equal(least is null ? Radius.Any : Radius.Of(least.Value - 1), it.Radius());
            several += least > 2 ? 1 : 0;
        });
        Assert.True(several > 20, $"{several}");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void With_more_classes_a_prediction_survives_at_least_as_many_votes(int classes)
    {
        int equal = 0;
        Claim.HoldsFor(Cases(classes), 250, it =>
        {
            Radius largest = it.LeastVotesThatChangeThePrediction() is { } least ? Radius.Of(least - 1) : Radius.Any;
            Assert.True(it.Radius() <= largest, $"{it.Radius()} of {largest}");
            equal += it.Radius() == largest ? 1 : 0;
        });
        Assert.True(equal > 100, $"{equal}");
    }

    [Fact]
    public void The_fewest_votes_that_make_a_class_win_are_found_by_trying_all() => Claim.HoldsFor(
        from classes in Gen.Choose(2, 4)
        from votes in Gen.Choose(1, 6).SelectMany(size => LabelWeights.ArrayOf(Gen.Choose(0, classes - 1), size))
        select (Classes: classes, Votes: votes), 400, it =>
    {
        LabelVotes votes = Counted([it.Votes], it.Classes);
        int[] least = [.. Enumerable.Repeat(int.MaxValue, it.Classes)];
        foreach (int[] changed in Everything(it.Votes.Length, it.Classes))
        {
            int winner = Winner(changed, it.Classes);
            least[winner] = Math.Min(least[winner], changed.Zip(it.Votes).Count(pair => pair.First != pair.Second));
        }

        Assert.Equal(least, Enumerable.Range(0, it.Classes).Select(c => votes.VotesToMake(0, c)!.Value));
        Assert.Equal(Winner(it.Votes, it.Classes), votes.WinnerOf(0));
        Assert.Equal(least.Where((_, c) => c != votes.WinnerOf(0)).Min(), votes.VotesToChange(0, votes.WinnerOf(0)));
        int[] counts = [.. Enumerable.Range(0, it.Classes).Select(c => it.Votes.Count(vote => vote == c))];
        Assert.Equal(counts.Count(count => count == counts.Max()) > 1, votes.IsTied(0));
    });

    [Fact]
    public void Where_nobody_voted_there_is_no_label()
    {
        LabelVotes votes = Counted([[], [1, 1, 0]], 2);
        Assert.Equal((-1, false, 0), (votes.WinnerOf(0), votes.IsTied(0), votes.TotalOf(0)));
        Assert.Null(votes.VotesToMake(0, 1));
        Assert.Equal(2, votes.CountOf(1, 1));
        Assert.Throws<ArgumentException>(() => new LabelVotes([[1]], ClassList.Numbered(2)));
        Assert.Throws<ArgumentException>(() => new LabelVotes([[1, -1]], ClassList.Numbered(2)));
        Assert.Throws<ArgumentException>(() => votes.Costs([0], new ClassLabels([0, 1], 2)));
    }

    private static LabelVotes Counted(IReadOnlyList<int[]> votes, int classes) => new(
        [.. votes.Select(row => (int[])[.. Enumerable.Range(0, classes).Select(c => row.Count(vote => vote == c))])],
        ClassList.Numbered(classes));

    /// <summary>The class with most votes; of equally many, the first.</summary>
    private static int Winner(IReadOnlyCollection<int> votes, int classes) =>
        Enumerable.Range(0, classes).OrderByDescending(c => votes.Count(vote => vote == c)).ThenBy(c => c).First();

    private static IEnumerable<int[]> Everything(int length, int classes)
    {
        int[] digits = new int[length];
        while (true)
        {
            yield return [.. digits];
            int at = 0;
            while (at < length && ++digits[at] == classes)
                digits[at++] = 0;
            if (at == length)
                yield break;
        }
    }

    private sealed record Case(int Classes, int[] Sizes, int[] Votes, double[] Weights)
    {
        private int[] Labels => LabelsOf(Votes);

        public Radius Radius()
        {
            var labels = new ClassLabels(Labels, Classes);
            IReadOnlyList<int> costs = Counted(RowsOf(Votes), Classes).Costs([.. Enumerable.Range(0, Sizes.Length)], labels);
            return ExactCertificate.Radius(new Vote(Weights, labels, TwoClassRule.Half, new LabelFlipAdversary { Costs = costs }));
        }

        public int? LeastVotesThatChangeThePrediction()
        {
            int now = Prediction(Labels);
            return Everything(Votes.Length, Classes)
                .Where(changed => Prediction(LabelsOf(changed)) != now)
                .Min(changed => (int?)changed.Zip(Votes).Count(pair => pair.First != pair.Second));
        }

        private int[][] RowsOf(int[] votes)
        {
            int at = 0;
            return [.. Sizes.Select(size => votes[at..(at += size)])];
        }

        private int[] LabelsOf(int[] votes) => [.. RowsOf(votes).Select(row => Winner(row, Classes))];

        private int Prediction(int[] labels)
        {
            var scores = new Rational[Classes];
            for (int row = 0; row < labels.Length; row++)
                scores[labels[row]] += Weights[row];
            return Classes == 2
                ? scores[1] >= (Rational)0.5 ? 1 : 0
                : Enumerable.Range(0, Classes).Aggregate((best, c) => scores[c] > scores[best] ? c : best);
        }
    }
}
