using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>
/// The moves by which an adversary brings one rival past the class predicted for one row, the largest first, where
/// every label costs 1, while labels are verified one by one: a verified label cannot be flipped, and its move is gone.
/// </summary>
/// <remarks>
/// <para>As many moves are kept as any <c>removals</c> verified labels leave enough of.</para>
/// <para>
/// A row may need thousands of flips, and every verified label concerns nearly every row. So the sum of the flips is
/// kept: a verified label's move is taken back, and the next ones are added until the rival is past again. All that was
/// ever added and taken back counts in the rounding margin (<see cref="PairMargin.SignAfter"/>).
/// </para>
/// </remarks>
internal sealed class RivalMoves
{
    private readonly PairMargin _margin;
    private readonly double[] _weights;
    private readonly byte[] _halves; // By how many halves of its weight each move lowers the margin: 2 or 1.
    private readonly int[] _rows;
    private readonly List<int> _verified = []; // Ranks of moves that are gone, in order.
    private readonly bool _isAhead;
    private Flips _flips;

    private RivalMoves(PairMargin margin, double[] weights, byte[] halves, int[] rows, bool canRunOut)
    {
        (_margin, _weights, _halves, _rows) = (margin, weights, halves, rows);
        (CanRunOut, _isAhead) = (canRunOut, margin.IsAhead);
        Survived = _isAhead ? FlipUntilPast() : Radius.Of(0);
    }

    /// <summary>How many moves are kept, with those of verified labels.</summary>
    public int Count => _rows.Length;

    /// <summary>
    /// Whether the labels that may be verified later can leave too few moves to bring the rival past.
    /// </summary>
    public bool CanRunOut { get; }

    /// <summary>How many flips leave the class predicted ahead of the rival, whichever they are.</summary>
    public Radius Survived { get; private set; }

    /// <summary>
    /// How many flips bring the rival past; 0 where none do, and where it is not certain to be behind before any.
    /// </summary>
    public int FlipCount => Survived.IsAny || !_isAhead ? 0 : Survived.Budget + 1;

    /// <summary>Takes the moves of one rival.</summary>
    /// <param name="vote">Label weights and labels.</param>
    /// <param name="pair">The class predicted, and the rival.</param>
    /// <param name="removals">How many labels may be verified later.</param>
    public static RivalMoves Of(Vote vote, Pair pair, int removals)
    {
        PairMoves moves = vote.MovesFor(pair);
        var margin = new PairMargin(vote, pair);
        double needed = margin.Value + margin.Rounding;

        // Moves are kept until they are enough to bring the rival past even when the largest are taken away, and with
        // all of those that are as large as the one that first does.
        List<double> weights = [];
        List<byte> byHalves = [];
        List<int> ranks = []; // Among the whole moves, or among the half moves.
        double sum = 0, largest = 0, reached = 0;
        var left = new MoveRanks(moves);
        bool areAll;
        for (int i = 0; ; i++)
        {
            (int whole, int half) = (left.Whole, left.Half);
            areAll = !left.TakeLargest(out double weight, out int halves);
            double twice = halves * weight;
            if (areAll || (sum * (1 - (i + 1) * Rounding.Epsilon) - largest > needed && twice != reached))
                break;
            if (sum <= needed)
                reached = twice;
            sum += 0.5 * halves * weight;
            if (i < removals)
                largest = sum;
            weights.Add(weight);
            byHalves.Add((byte)halves);
            ranks.Add(halves == 2 ? whole : half);
        }

        // From the last to the first: the positions of all larger moves are found with that of the smallest.
        int[] rows = new int[ranks.Count];
        for (int i = rows.Length - 1; i >= 0; i--)
            rows[i] = byHalves[i] == 2 ? moves.RowOfWhole(ranks[i]) : moves.RowOfHalf(ranks[i]);
        return new RivalMoves(margin.Kept(), [.. weights], [.. byHalves], rows, canRunOut: areAll);
    }

    /// <summary>
    /// What <see cref="Survived"/> is once one label more is verified, for those in the smallest witness, the smallest
    /// move first: the same for all labels of a run of ranks.
    /// </summary>
    public IEnumerable<(int FirstRank, int EndRank, Radius Survived)> SurvivedWithout()
    {
        Flips flips = _flips; // What takes a larger move away needs no fewer others.
        bool isEnough = FlipCount > 0 && TryFlip(ref flips);
        for (int end = FlipCount == 0 ? 0 : _flips.End; end > 0;)
        {
            int sign = 1;
            while (isEnough && (sign = SignWithout(flips, end - 1)) > 0)
                isEnough = TryFlip(ref flips);
            if (!isEnough)
            {
                yield return (0, end, Radius.Any);
                yield break;
            }

            int first = end - 1;
            if (sign == 0)
            {
                var others = new Cursor(this, without: first);
                Radius exact = _margin.SurvivedWithoutRounding(ref others, known: flips.Count - 2);
                while (isEnough && (exact.IsAny || flips.Count < exact.Budget + 2))
                    isEnough = TryFlip(ref flips);
                yield return (first, end, exact);
            }
            else
            {
                first = FirstRankPast(flips, end - 1);
                yield return (first, end, Radius.Of(flips.Count - 2));
            }

            end = first;
        }
    }

    /// <summary>Adds a number to those of the labels whose moves have these ranks, but for verified ones.</summary>
    public void AddTo(Span<long> numbers, int firstRank, int endRank, int number)
    {
        foreach (int row in _rows.AsSpan(firstRank..endRank))
            numbers[row] += number;
        foreach (int rank in _verified)
        {
            if (rank >= firstRank && rank < endRank)
                numbers[_rows[rank]] -= number;
        }
    }

    /// <summary>The labels whose moves have these ranks, but for verified ones.</summary>
    public IEnumerable<int> RowsOf(int firstRank, int endRank)
    {
        for (int rank = firstRank; rank < endRank; rank++)
        {
            if (_verified.BinarySearch(rank) < 0)
                yield return _rows[rank];
        }
    }

    /// <summary>
    /// Adds how far each label belongs to the smallest witness, before any is verified: 1, or of the moves of the size
    /// that it ends at, the part that it needs.
    /// </summary>
    /// <param name="shares">The n sums to add to.</param>
    /// <param name="rivals">How many rivals the row is shared between.</param>
    public void AddShares(Span<double> shares, int rivals)
    {
        if (FlipCount == 0)
            return;
        int larger = FlipCount - 1, end = FlipCount;
        while (larger > 0 && Doubled(larger - 1) == Doubled(larger))
            larger--;
        while (end < Count && Doubled(end) == Doubled(larger))
            end++;
        double whole = 1.0 / rivals, part = (FlipCount - larger) / (double)(end - larger) / rivals;
        for (int rank = 0; rank < end; rank++)
            shares[_rows[rank]] += rank < larger ? whole : part;
    }

    /// <summary>Takes the move of a verified label away.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Verify(int row)
    {
        int rank = _rows.AsSpan().IndexOf(row);
        int place = _verified.BinarySearch(rank);
        if (rank < 0 || place >= 0)
            return false;
        _verified.Insert(~place, rank);
        if (FlipCount > 0 && rank < _flips.End)
        {
            // The flips that are left are worth no more than as many of the largest, which left the winner ahead.
            _flips.TakeBack(SizeOf(rank));
            Survived = FlipUntilPast();
        }

        return true;
    }

    private double SizeOf(int rank) => 0.5 * _halves[rank] * _weights[rank];

    /// <summary>Twice what a move is worth, which never rounds.</summary>
    private double Doubled(int rank) => _halves[rank] * _weights[rank];

    /// <summary>Makes flips until the rival is past, where those that are made leave the winner ahead.</summary>
    private Radius FlipUntilPast()
    {
        while (TryFlip(ref _flips))
        {
            int sign = _margin.SignAfter(_flips.Made, _flips.Moved, _flips.Returned);
            if (sign < 0)
                return Radius.Of(_flips.Count - 1);
            if (sign == 0)
            {
                var all = new Cursor(this, without: -1);
                Radius exact = _margin.SurvivedWithoutRounding(ref all, known: _flips.Count - 1);
                while ((exact.IsAny || _flips.Count <= exact.Budget) && TryFlip(ref _flips))
                {
                }

                return exact;
            }
        }

        return Radius.Any;
    }

    private bool TryFlip(ref Flips flips)
    {
        while (_verified.BinarySearch(flips.End) >= 0)
            flips.End++;
        if (flips.End >= Count)
            return false;
        flips.Make(SizeOf(flips.End));
        return true;
    }

    /// <summary>Who is ahead after flips of which one more is taken back.</summary>
    private int SignWithout(in Flips flips, int rank) =>
        _margin.SignAfter(flips.Made + 1, flips.Moved, flips.Returned + SizeOf(rank));

    /// <summary>
    /// The first rank of those whose move, taken back, is certain to leave the rival past: all larger ranks are, as
    /// their moves are no larger.
    /// </summary>
    /// <param name="flips">The flips.</param>
    /// <param name="past">A rank for which that is so.</param>
    private int FirstRankPast(in Flips flips, int past)
    {
        int least = 0;
        while (least < past)
        {
            int middle = (least + past) / 2;
            if (SignWithout(flips, middle) < 0)
                past = middle;
            else
                least = middle + 1;
        }

        return past;
    }

    /// <summary>The largest flips, as many as were made, and what they are worth.</summary>
    private struct Flips
    {
        public int Count { get; private set; }

        /// <summary>How many were ever made.</summary>
        public int Made { get; private set; }

        /// <summary>What those were worth.</summary>
        public double Moved { get; private set; }

        /// <summary>What was taken back of it.</summary>
        public double Returned { get; private set; }

        /// <summary>The rank after the last one.</summary>
        public int End { get; set; }

        public void Make(double size)
        {
            Moved += size;
            Count++;
            Made++;
            End++;
        }

        public void TakeBack(double size)
        {
            Returned += size;
            Count--;
        }
    }

    /// <summary>Goes through moves in their order, but for verified ones and one more.</summary>
    private ref struct Cursor(RivalMoves moves, int without) : IMoves
    {
        private int _next;

        public bool TakeLargest(out double weight, out int halves)
        {
            while (_next == without || moves._verified.BinarySearch(_next) >= 0)
                _next++;
            bool isLeft = _next < moves.Count;
            (weight, halves) = isLeft ? (moves._weights[_next], moves._halves[_next]) : (0, 0);
            _next++;
            return isLeft;
        }
    }
}
