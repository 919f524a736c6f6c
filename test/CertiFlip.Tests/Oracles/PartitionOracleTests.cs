namespace CertiFlip.Tests.Oracles;

/// <summary>The oracle itself, where the answer can be counted by hand.</summary>
public class PartitionOracleTests
{
    [Fact]
    public void Three_parts_of_one_label_each_lose_their_majority_with_two_changes()
    {
        var oracle = new PartitionOracle([[1.0], [1.0], [1.0]], [[1], [1], [1]], 2);
        Assert.Equal([1, 1, 1], oracle.Votes);
        Assert.Equal(2, oracle.LeastChanges);
    }

    [Fact]
    public void Class_nought_wins_a_tie()
    {
        // A part of each class: 0 wins, and stays the winner until the first part changes.
        var oracle = new PartitionOracle([[1.0, 1, 1], [1.0]], [[2, 0, 0], [2]], 3);
        Assert.Equal(0, oracle.Prediction);
        Assert.Equal(1, oracle.LeastChanges);
    }

    [Fact]
    public void Empty_parts_cast_no_vote()
    {
        var oracle = new PartitionOracle([[], [], [1.0]], [[], [], [1]], 2);
        Assert.Equal([1], oracle.Votes);
        Assert.Equal(1, oracle.LeastChanges);
    }

    [Fact]
    public void Part_that_ties_at_one_half_votes_for_class_one() =>
        Assert.Equal([1], new PartitionOracle([[0.5, 0.5]], [[0, 1]], 2).Votes);

    [Fact]
    public void Least_changes_of_a_part_count_to_the_class_sought()
    {
        var oracle = new PartitionOracle([[1.0, 1, 1]], [[0, 0, 1]], 3);
        Assert.Equal(1, oracle.LeastChangesOf(0, c => c == 1));
        Assert.Equal(2, oracle.LeastChangesOf(0, c => c == 2));
    }
}
