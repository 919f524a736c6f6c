using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>
/// The moves by which an adversary brings one rival past the class predicted for one row, the largest first, where
/// every label costs 1, while labels are verified one by one: a verified label cannot be flipped, and its move is gone.
/// </summary>
/// <remarks>As many moves are kept as any <c>removals</c> verified labels leave enough of.</remarks>
internal sealed class RivalMoves
{
    private const int FirstRequest = 256;

    private readonly PairMargin _margin;
    private readonly Move[] _moves;
    private readonly double[] _sums; // Of the first moves: one number more than there are moves.

    private RivalMoves(PairMargin margin, Move[] moves, bool canRunOut)
    {
        (_margin, _moves, _sums, Count, CanRunOut) = (margin, moves, new double[moves.Length + 1], moves.Length, canRunOut);
        Sum(from: 0);
        Survived = SurvivedNow();
    }

    /// <summary>How many moves are kept.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Whether the labels that may be verified later can leave too few moves to bring the rival past.
    /// </summary>
    public bool CanRunOut { get; }

    /// <summary>How many flips leave the class predicted ahead of the rival, whichever they are.</summary>
    public Radius Survived { get; private set; }

    /// <summary>
    /// How many flips bring the rival past; 0 where none do, and where it is not certain to be behind before any.
    /// </summary>
    public int FlipCount => Survived.IsAny || !_margin.IsAhead ? 0 : Survived.Budget + 1;

    /// <summary>The training row whose label a move flips.</summary>
    public int RowOf(int rank) => _moves[rank].Row;

    /// <summary>Takes the moves of one rival.</summary>
    /// <param name="vote">Label weights and labels.</param>
    /// <param name="pair">The class predicted, and the rival.</param>
    /// <param name="removals">How many labels may be verified later.</param>
    public static RivalMoves Of(Vote vote, Pair pair, int removals)
    {
        PairMoves moves = vote.MovesFor(pair);
        var margin = new PairMargin(vote, pair);
        for (int wanted = FirstRequest; ; wanted *= 2)
        {
            Move[] largest = Largest(moves, wanted, out bool areAll);
            if (Enough(largest, margin.Value + margin.Rounding, removals) is var enough && (areAll || enough < largest.Length))
                return new RivalMoves(margin.Kept(), largest[..enough], canRunOut: enough == largest.Length);
        }
    }

    /// <summary>
    /// For each of the first <see cref="FlipCount"/> moves: what <see cref="Survived"/> is once its label is verified.
    /// </summary>
    public Radius[] SurvivedWithout()
    {
        var survived = new Radius[FlipCount];
        int flips = survived.Length + 1;
        for (int rank = survived.Length - 1; rank >= 0; rank--)
        {
            // What takes a larger move away needs no fewer others.
            int sign = 1;
            while (flips <= Count && (sign = _margin.SignAfter(flips, _sums[flips], _moves[rank].Size)) > 0)
                flips++;
            if (flips <= Count && sign == 0)
            {
                var others = new Cursor(_moves.AsSpan(0, Count), skipped: rank);
                Radius exact = _margin.SurvivedWithoutRounding(ref others, known: flips - 2);
                flips = exact.IsAny ? Count + 1 : exact.Budget + 2;
            }

            survived[rank] = flips <= Count ? Radius.Of(flips - 2) : Radius.Any;
        }

        return survived;
    }

    /// <summary>
    /// How far each label belongs to the smallest witness: 1, or of the moves of the size that it ends at, the part
    /// that it needs.
    /// </summary>
    public IEnumerable<(int Row, double Share)> Shares()
    {
        if (FlipCount == 0)
            yield break;
        double least = _moves[FlipCount - 1].Doubled;
        int larger = Array.FindIndex(_moves, 0, Count, move => move.Doubled == least);
        int end = Array.FindLastIndex(_moves, Count - 1, Count - larger, move => move.Doubled == least) + 1;
        for (int rank = 0; rank < end; rank++)
            yield return (RowOf(rank), rank < larger ? 1 : (FlipCount - larger) / (double)(end - larger));
    }

    /// <summary>Takes the move of a verified label away.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Verify(int row)
    {
        int rank = Array.FindIndex(_moves, 0, Count, move => move.Row == row);
        if (rank < 0)
            return false;
        bool wasFlipped = rank < FlipCount;
        _moves.AsSpan((rank + 1)..Count).CopyTo(_moves.AsSpan(rank));
        Count--;
        Sum(rank);
        if (wasFlipped)
            Survived = SurvivedNow();
        return true;
    }

    private static Move[] Largest(PairMoves moves, int wanted, out bool areAll)
    {
        var ranks = new MoveRanks(moves);
        List<(Move Move, int Rank)> taken = [];
        areAll = false;
        while (taken.Count < wanted && !areAll)
        {
            (int whole, int half) = (ranks.Whole, ranks.Half);
            areAll = !ranks.TakeLargest(out double weight, out int halves);
            if (!areAll)
                taken.Add((new Move(weight, halves, Row: -1), halves == 2 ? whole : half));
        }

        // From the last to the first: the positions of all larger moves are found with that of the smallest.
        var largest = new Move[taken.Count];
        for (int i = largest.Length - 1; i >= 0; i--)
        {
            (Move move, int rank) = taken[i];
            largest[i] = move with { Row = (move.Halves == 2 ? moves.WholeFlip(rank) : moves.HalfFlip(rank)).Row };
        }

        return largest;
    }

    /// <summary>
    /// How many moves bring the rival past even when the largest are taken away, and are all of those that are as large
    /// as the one that first does; all where there are not so many.
    /// </summary>
    private static int Enough(ReadOnlySpan<Move> moves, double needed, int removals)
    {
        double sum = 0, largest = 0, reached = 0;
        for (int i = 0; i < moves.Length; i++)
        {
            if (sum * (1 - (i + 1) * Rounding.Epsilon) - largest > needed && moves[i].Doubled != reached)
                return i;
            if (sum <= needed)
                reached = moves[i].Doubled;
            sum += moves[i].Size;
            if (i < removals)
                largest = sum;
        }

        return moves.Length;
    }

    private void Sum(int from)
    {
        for (int i = from; i < Count; i++)
            _sums[i + 1] = _sums[i] + _moves[i].Size;
    }

    private Radius SurvivedNow()
    {
        var all = new Cursor(_moves.AsSpan(0, Count), skipped: -1);
        return _margin.Survived(ref all);
    }

    /// <summary>A flip, and by how many halves of its weight it lowers the margin.</summary>
    private readonly record struct Move(double Weight, int Halves, int Row)
    {
        public double Size => 0.5 * Halves * Weight;

        /// <summary>Twice the size, which never rounds.</summary>
        public double Doubled => Halves * Weight;
    }

    /// <summary>Goes through moves in their order, but for one of them.</summary>
    private ref struct Cursor(ReadOnlySpan<Move> moves, int skipped) : IMoves
    {
        private readonly ReadOnlySpan<Move> _moves = moves;
        private int _next;

        public bool TakeLargest(out double weight, out int halves)
        {
            if (_next == skipped)
                _next++;
            bool isLeft = _next < _moves.Length;
            (weight, halves) = isLeft ? (_moves[_next].Weight, _moves[_next].Halves) : (0, 0);
            _next++;
            return isLeft;
        }
    }
}
