using CertiFlip.Partition;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Partition;

/// <summary>SS-DPA knows votes alone, and of these alone its radius is the largest there is.</summary>
public class PartitionCertificateTests
{
    private const int PlentyOfRows = 1000;

    private static Gen<(int[] Votes, int Classes)> Cases { get; } =
        from classes in Gen.Choose(2, 4)
        from parts in Gen.Choose(1, 6)
        from leader in Gen.Choose(0, classes - 1)
        from votes in Gen.ArrayOf(Gen.Frequency((1, Gen.Constant(leader)), (1, Gen.Choose(0, classes - 1))), parts)
        select (votes, classes);

    [Fact]
    public void Winner_has_the_most_votes_and_is_the_smallest_such_class() => Claim.HoldsFor(Cases, vote =>
        Assert.Equal(PartitionOracle.Plurality(vote.Votes, vote.Classes), new Plurality(vote.Votes, vote.Classes).Winner));

    [Fact]
    public void Radius_is_one_less_than_the_votes_that_brute_force_must_change() => Claim.HoldsFor(Cases, vote =>
        Assert.Equal(Radius.Of(LeastChanges(vote.Votes, vote.Classes) - 1),
            PartitionCertificate.Radius(new Plurality(vote.Votes, vote.Classes), PlentyOfRows)));

    [Fact]
    public void Labels_of_all_rows_that_do_not_close_the_gap_leave_any_radius() =>
        Assert.Equal(Radius.Any, PartitionCertificate.Radius(new Plurality(new int[10], 2), rows: 2));

    [Theory]
    [InlineData(2, 0, 0, 0, 1)] // 3 to 1: one change makes a tie, which class 0 wins.
    [InlineData(1, 0, 0, 1, 1, 1, 1)] // 2 to 4: one change makes a tie, which class 0 wins.
    public void Tie_decides(int flips, params int[] votes) =>
        Assert.Equal(Radius.Of(flips - 1), PartitionCertificate.Radius(new Plurality(votes, 2), PlentyOfRows));

    [Fact]
    public void No_votes_are_refused() => Assert.Throws<ArgumentException>(() => new Plurality([], 2));

    [Fact]
    public void Part_of_a_third_class_that_is_cheap_to_flip_breaks_a_tie()
    {
        // Two votes each for classes 0 and 1: one for class 2 that becomes class 1's is enough, and costs 1.
        int[] votes = [0, 0, 1, 1, 2];
        Radius[] unflipped = [Radius.Of(5), Radius.Of(5), Radius.Of(5), Radius.Of(5), Radius.Of(0)];
        Assert.Equal(Radius.Of(0), PartitionCertificate.Radius(votes, 3, unflipped));
        unflipped[4] = Radius.Any;
        Assert.Equal(Radius.Of(5), PartitionCertificate.Radius(votes, 3, unflipped));
    }

    [Fact]
    public void Budgets_of_other_parts_are_refused() =>
        Assert.Throws<ArgumentException>(() => PartitionCertificate.Radius([0, 1], 2, [Radius.Any, Radius.Any, Radius.Any]));

    [Fact]
    public void One_class_is_refused() => Assert.Throws<ArgumentException>(() => new Plurality([0], 1));

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Vote_for_no_class_is_named(int vote) =>
        Assert.Contains("Part 1", Assert.Throws<ArgumentException>(() => new Plurality([0, vote], 3)).Message);

    /// <summary>
    /// n + 1 where no votes at all change the winner, which never happens: they may all be for another class.
    /// </summary>
    private static int LeastChanges(int[] votes, int classes) =>
        votes.Aggregate((IEnumerable<int[]>)[[]], (all, _) =>
            all.SelectMany(start => Enumerable.Range(0, classes).Select(c => (int[])[.. start, c])))
            .Where(changed => PartitionOracle.Plurality(changed, classes) != PartitionOracle.Plurality(votes, classes))
            .Min(changed => changed.Zip(votes).Count(pair => pair.First != pair.Second));
}
