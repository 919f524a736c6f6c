using CertiFlip.Kernels;

namespace CertiFlip.Votes;

/// <summary>
/// The margin of a pair while moves are taken from it. Every exact radius is read from this comparison, in doubles
/// where their rounding cannot matter and without rounding elsewhere; docs/soundness.md derives the rounding margin
/// under "The fewest flips".
/// </summary>
/// <remarks>
/// Weights may be in doubt (<see cref="Vote.Doubt"/>). The doubt is then taken from the margin, and a tie counts
/// against the winner.
/// </remarks>
internal readonly struct PairMargin
{
    private readonly Vote? _vote;
    private readonly Pair _pair;
    private readonly ExactSum? _exact;
    private readonly double _doubt;

    /// <summary>The margin of a vote, as long as the vote has these weights.</summary>
    public PairMargin(Vote vote, Pair pair)
    {
        (_vote, _pair, _doubt) = (vote, pair, vote.Doubt);
        IsKeptOnTie = _doubt == 0 && vote.IsKept(pair, 0);
        Value = double.IsFinite(_doubt) ? vote.Margin(pair) - _doubt : double.NegativeInfinity;
        Rounding = vote.MarginRounding + (double.IsFinite(_doubt) ? Kernels.Rounding.Epsilon * _doubt : 0);
    }

    private PairMargin(double value, double rounding, bool isKeptOnTie, double doubt, ExactSum? exact)
    {
        (Value, Rounding, IsKeptOnTie) = (value, rounding, isKeptOnTie);
        (_exact, _doubt) = (exact, doubt);
    }

    /// <summary>The margin as computed, less the doubt about the weights; −∞ where nothing is known of them.</summary>
    public double Value { get; }

    /// <summary>Bounds the rounding error of <see cref="Value"/>.</summary>
    public double Rounding { get; }

    /// <summary>Whether the winner stays the winner where nothing is left of the margin.</summary>
    public bool IsKeptOnTie { get; }

    /// <summary>Whether the winner is certain to be ahead before any move.</summary>
    public bool IsAhead => _doubt == 0 || (SignAfter(0, 0) is var sign and not 0 ? sign > 0 : IsKept(Exact().Sign()));

    /// <summary>Whether moves that together are worth at most so much leave the winner ahead for certain.</summary>
    public bool IsBeyond(double moved) => Value - moved > 2 * Rounding;

    /// <summary>The same margin, to be used when the vote has other weights.</summary>
    public PairMargin Kept() => new(Value, Rounding, IsKeptOnTie, _doubt, double.IsFinite(_doubt) ? Exact() : null);

    /// <summary>Writes a margin that is kept.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Value);
        writer.Write(Rounding);
        writer.Write(IsKeptOnTie);
        writer.Write(_doubt);
        _exact?.Write(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static PairMargin Read(BinaryReader reader)
    {
        (double value, double rounding) = (reader.ReadDouble(), reader.ReadDouble());
        bool isKeptOnTie = reader.ReadBoolean();
        double doubt = reader.ReadDouble();
        if (double.IsNaN(value) || !(rounding >= 0) || !(doubt >= 0))
            throw new InvalidDataException("A margin is no number, or its rounding or doubt is none.");
        ExactSum? exact = null;
        if (double.IsFinite(doubt))
        {
            exact = new ExactSum();
            exact.Read(reader);
        }

        return new PairMargin(value, rounding, isKeptOnTie, doubt, exact);
    }

    /// <summary>Twice the margin, less the doubt, without rounding. The doubt must be finite.</summary>
    public ExactSum Exact()
    {
        if (_vote is null)
            return new ExactSum(_exact!);
        ExactSum doubled = _vote.ExactDoubledMargin(_pair);
        doubled.Add(_doubt, -2);
        return doubled;
    }

    /// <summary>
    /// Who is ahead after some moves: 1 for the winner, −1 for the rival, 0 where rounding leaves it open.
    /// </summary>
    /// <param name="count">How many moves.</param>
    /// <param name="moved">What they are worth together, added up in doubles.</param>
    /// <param name="returned">What one of them is worth that is taken back; 0 if none is.</param>
    public int SignAfter(int count, double moved, double returned = 0)
    {
        double left = Value - (moved - returned);
        double rounding = Rounding + (count + 1) * Kernels.Rounding.Epsilon * (moved + returned);
        return Math.Abs(left) <= rounding ? 0 : Math.Sign(left);
    }

    /// <summary>Makes moves until the rival is past the winner.</summary>
    /// <param name="moves">The moves, the largest first. Afterwards, those that are left.</param>
    /// <returns>How many moves leave the winner ahead: one fewer than were made, or any number.</returns>
    public Radius Survived<TMoves>(ref TMoves moves)
        where TMoves : struct, IMoves, allows ref struct => Survived(ref moves, start: moves, made: 0, moved: 0);

    /// <summary>The same for the moves of a pair, most of them made many at a time.</summary>
    /// <param name="moves">The pair's moves.</param>
    /// <param name="made">The moves that were made.</param>
    public Radius Survived(PairMoves moves, out MoveRanks made)
    {
        var room = new Room(this);
        made = new MoveRanks(moves);
        if (!IsAhead)
            return Radius.Of(0);
        made = moves.TakeMany(ref room);
        return Survived(ref made, new MoveRanks(moves), room.Count, room.Moved);
    }

    /// <summary>Makes moves after some that leave the winner ahead for certain.</summary>
    private Radius Survived<TMoves>(ref TMoves moves, TMoves start, int made, double moved)
        where TMoves : struct, IMoves, allows ref struct
    {
        if (!IsAhead)
            return Radius.Of(0);
        for (int survived = made; moves.TakeLargest(out double weight, out int halves); survived++)
        {
            moved += 0.5 * halves * weight;
            int sign = SignAfter(survived + 1, moved);
            if (sign < 0)
                return Radius.Of(survived);
            if (sign == 0)
            {
                moves = start;
                return SurvivedWithoutRounding(ref moves, survived);
            }
        }

        return Radius.Any;
    }

    /// <summary>The same without rounding, where so many moves are known to leave the winner ahead.</summary>
    public Radius SurvivedWithoutRounding<TMoves>(ref TMoves moves, int known)
        where TMoves : struct, IMoves, allows ref struct
    {
        ExactSum left = Exact();
        for (int survived = 0; moves.TakeLargest(out double weight, out int halves); survived++)
        {
            left.Add(weight, -halves);
            if (survived >= known && !IsKept(left.Sign()))
                return Radius.Of(survived);
        }

        return Radius.Any;
    }

    /// <summary>The moves that leave the winner ahead for certain.</summary>
    private struct Room(PairMargin margin) : IMoveRoom
    {
        public int Count { get; private set; }

        public double Moved { get; private set; }

        public readonly double Left => margin.Value - Moved;

        public readonly double Worth(double size) => size;

        public readonly double HalfLike(double whole) => 2 * whole;

        public readonly double WholeLike(double half) => 0.5 * half;

        public bool TryTake(ReadOnlySpan<double> wholes, ReadOnlySpan<double> halves)
        {
            int count = Count + wholes.Length + halves.Length;
            double moved = Moved + Elementwise.Sum(wholes) + 0.5 * Elementwise.Sum(halves);
            if (margin.SignAfter(count, moved) <= 0)
                return false;
            (Count, Moved) = (count, moved);
            return true;
        }
    }

    private bool IsKept(int sign) => sign > 0 || (sign == 0 && IsKeptOnTie);
}
