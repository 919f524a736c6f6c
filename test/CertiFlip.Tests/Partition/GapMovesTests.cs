using CertiFlip.Partition;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Partition;

/// <summary>The cheapest way to close a gap, against every choice of parts.</summary>
public class GapMovesTests
{
    private const int Never = int.MaxValue;

    private static Gen<(int One, int Two)> Move { get; } =
        from one in Gen.Choose(1, 12)
        from more in Gen.Frequency((1, Gen.Constant(Never)), (3, Gen.Choose(0, 12)))
        select (one, more == Never ? Never : one + more);

    private static Gen<((int One, int Two)[] Parts, int Gap)> Cases { get; } =
        from count in Gen.Choose(0, 8)
        from parts in Gen.ArrayOf(Move, count)
        from gap in Gen.Choose(1, 12)
        select (parts, gap);

    [Fact]
    public void Fewest_flips_are_what_brute_force_finds() => Claim.HoldsFor(Cases, moves =>
        Assert.Equal(BruteForce(moves.Parts, moves.Gap), FewestFlips(moves.Parts, moves.Gap)), count: 10000);

    [Fact]
    public void Second_step_that_is_cheaper_than_the_first_is_waited_for() =>
        Assert.Equal(5, FewestFlips([(4, 5), (3, Never), (3, Never)], gap: 2));

    [Fact]
    public void Part_is_taken_for_one_where_its_second_step_is_not_needed() =>
        Assert.Equal(9, FewestFlips([(4, 5), (4, 6), (5, 6)], gap: 3));

    [Fact]
    public void Part_with_the_cheapest_two_is_taken_for_one_where_another_is_taken_for_two() =>
        Assert.Equal(17, FewestFlips([(6, 10), (9, 11)], gap: 3));

    [Fact]
    public void Part_taken_for_one_need_not_have_the_cheapest_two() =>
        Assert.Equal(5, FewestFlips([(6, 7), (5, 9)], gap: 1));

    [Fact]
    public void Part_that_cannot_be_taken_for_two_is_still_taken_for_one()
    {
        var moves = new GapMoves();
        moves.AddOneOrTwo(Radius.Of(2), Radius.Any);
        Assert.Equal((Radius.Of(2), Radius.Any), (moves.Survived(1), moves.Survived(2)));
        moves.AddOneOrTwo(Radius.Any, Radius.Any);
        Assert.Equal((Radius.Of(2), Radius.Any), (moves.Survived(1), moves.Survived(2)));
    }

    [Fact]
    public void Gap_that_all_parts_together_leave_open_is_never_closed() =>
        Assert.Equal(Never, FewestFlips([(1, 2), (1, Never)], gap: 4));

    [Fact]
    public void Moves_are_forgotten_when_cleared()
    {
        var moves = new GapMoves();
        moves.AddOne(Radius.Of(0));
        moves.AddOneOrTwo(Radius.Of(1), Radius.Of(2));
        moves.Clear();
        Assert.Equal(Radius.Any, moves.Survived(1));
    }

    private static int FewestFlips(IEnumerable<(int One, int Two)> parts, int gap)
    {
        var moves = new GapMoves();
        foreach ((int one, int two) in parts)
        {
            if (two == Never)
                moves.AddOne(Below(one));
            else
                moves.AddOneOrTwo(Below(one), Below(two));
        }

        return moves.Survived(gap) is { IsAny: false } survived ? survived.Budget + 1 : Never;
    }

    /// <summary>What a part survives that this many flips move.</summary>
    private static Radius Below(int flips) => Radius.Of(flips - 1);

    private static int BruteForce(ReadOnlySpan<(int One, int Two)> parts, int gap)
    {
        if (gap <= 0)
            return 0;
        if (parts.IsEmpty)
            return Never;
        (int one, int two) = parts[0];
        return Math.Min(BruteForce(parts[1..], gap),
            Math.Min(Sum(one, BruteForce(parts[1..], gap - 1)), Sum(two, BruteForce(parts[1..], gap - 2))));
    }

    private static int Sum(int a, int b) => a == Never || b == Never ? Never : a + b;
}
