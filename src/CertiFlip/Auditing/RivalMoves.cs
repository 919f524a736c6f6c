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
    private const int Halves = LargestMoves.Halves, Negative = LargestMoves.Negative;

    private readonly PairMargin _margin;
    private readonly double[] _weights;
    private readonly byte[] _halves; // By how many halves of its weight each move lowers the margin, 2 or 1, and its sign.
    private readonly int[] _rows;
    private readonly Pair _pair;
    private readonly List<int> _verified = []; // Ranks of moves that are gone, in order.
    private readonly bool _isAhead;
    private Flips _flips;

    private RivalMoves(Pair pair, PairMargin margin, double[] weights, byte[] halves, int[] rows, bool canRunOut)
    {
        (_pair, _margin, _weights, _halves, _rows) = (pair, margin, weights, halves, rows);
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
        var margin = new PairMargin(vote, pair);
        double needed = margin.Value + margin.Rounding;
        using var moves = new LargestMoves(vote, pair);
        double size = moves.SizeIfNormal(needed, removals);
        int enough;
        while ((enough = moves.Enough(moves.SortFrom(size), needed, removals)) == moves.Count && size > 0)
            size = moves.SmallerThan(size);
        (double[] weights, byte[] halves, int[] rows) = moves.First(enough);
        return new RivalMoves(pair, margin.Kept(), weights, halves, rows, canRunOut: size == 0 && enough == moves.Count);
    }

    /// <summary>Adds the label weights of all moves, by rows.</summary>
    public void AddTo(IDictionary<int, double> weights)
    {
        for (int rank = 0; rank < Count; rank++)
            weights[_rows[rank]] = (_halves[rank] & Negative) == 0 ? _weights[rank] : -_weights[rank];
    }

    /// <summary>Writes what is to be known beside the label weights of all moves.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(_pair.Rival);
        _margin.Write(writer);
        writer.Write7BitEncodedInt(Count);
        writer.Write(CanRunOut);
    }

    /// <summary>Reads what <see cref="Write"/> wrote: the largest moves, as many as there were.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="winner">The class predicted.</param>
    /// <param name="kept">The label weights, which may be of more moves.</param>
    /// <param name="labels">The training labels.</param>
    /// <param name="allowed">What an adversary may do to them.</param>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static RivalMoves Read(BinaryReader reader, int winner, KeptWeights kept, ClassLabels labels, AllowedFlips allowed)
    {
        var pair = new Pair(winner, reader.Read7BitEncodedInt());
        if (pair.Rival < 0 || pair.Rival >= labels.ClassCount || pair.Rival == winner)
            throw new InvalidDataException($"Class {pair.Rival} is no rival.");
        var margin = PairMargin.Read(reader);
        int count = reader.Read7BitEncodedInt();
        bool canRunOut = reader.ReadBoolean();
        byte[] ifPositive = [.. Enumerable.Range(0, labels.ClassCount).Select(c => (byte)allowed.Halves(pair, c, isPositive: true))];
        byte[] ifNegative = [.. Enumerable.Range(0, labels.ClassCount).Select(c => (byte)allowed.Halves(pair, c, isPositive: false))];
        var (weights, halves, rows) = (new double[kept.Rows.Length], new byte[kept.Rows.Length], new int[kept.Rows.Length]);
        int found = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            (int row, double weight) = (kept.Rows[i], kept.Weights[i]);
            byte own = weight < 0 ? ifNegative[labels[row]] : ifPositive[labels[row]];
            if (own == 0 || allowed.IsTrusted(row))
                continue;
            (weights[found], rows[found]) = (Math.Abs(weight), row);
            halves[found++] = (byte)(own | (weight < 0 ? Negative : 0));
        }

        if (count < 0 || count > found)
            throw new InvalidDataException($"There are {found} moves, not {count}.");
        int[] order = Order(weights.AsSpan(0, found), halves, rows, labels)[..count];
        return new RivalMoves(
            pair, margin, [.. order.Select(i => weights[i])], [.. order.Select(i => halves[i])], [.. order.Select(i => rows[i])],
            canRunOut);
    }

    /// <summary>The order in which <see cref="LargestMoves"/> has them.</summary>
    private static int[] Order(ReadOnlySpan<double> weights, byte[] halves, int[] rows, ClassLabels labels)
    {
        double[] sizes = new double[weights.Length], own = weights.ToArray();
        int[] order = [.. Enumerable.Range(0, sizes.Length)];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = -((halves[i] & Halves) * own[i]);
        Array.Sort(sizes, order);
        for (int first = 0, end; first < sizes.Length; first = end)
        {
            for (end = first + 1; end < sizes.Length && sizes[end] == sizes[first]; end++)
            {
            }

            if (end > first + 1)
                order.AsSpan(first..end).Sort((a, b) => (halves[a] & Halves) != (halves[b] & Halves)
                    ? (halves[b] & Halves) - (halves[a] & Halves)
                    : labels.PlacesByClass[rows[a]] - labels.PlacesByClass[rows[b]]);
        }

        return order;
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
        if (rank < 0)
            return false;
        int place = _verified.BinarySearch(rank);
        if (place >= 0)
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

    private double SizeOf(int rank) => 0.5 * HalvesOf(rank) * _weights[rank];

    /// <summary>Twice what a move is worth, which never rounds.</summary>
    private double Doubled(int rank) => HalvesOf(rank) * _weights[rank];

    private int HalvesOf(int rank) => _halves[rank] & Halves;

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
        while (_verified.Count > 0 && _verified.BinarySearch(flips.End) >= 0)
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
            (weight, halves) = isLeft ? (moves._weights[_next], moves.HalvesOf(_next)) : (0, 0);
            _next++;
            return isLeft;
        }
    }
}
