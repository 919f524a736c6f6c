using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
    private const int Halves = 3, Negative = 4;

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

    /// <summary>
    /// The largest moves of a pair, sorted. The others are compared with a size where they stand, a register at a time,
    /// and left there.
    /// </summary>
    private sealed class LargestMoves : IDisposable
    {
        // Sizes are sorted by two digits of their distance from the largest.
        private const int ShortDigit = 8, LongDigit = 11;
        private const int FewestForLongDigits = 1 << 12;
        private const int ShortRun = 16;

        // Weights that are compared before any of them is looked at: as many as a word has bits.
        private const int BlockRows = 64;

        // Deviations, and how many of them are the largest size that counts. Weights are no normal variables: a size
        // that leaves too few moves is lowered by a factor, in the end to 0.
        private const double Step = 0.125;
        private const int MostSteps = 40;
        private const double MoreThanNeeded = 1.1, Lowered = 0.7;

        private static readonly double[] Density =
            [.. Enumerable.Range(0, 2 * MostSteps + 1).Select(i => Arithmetic.Exp(-0.5 * i * Step * i * Step) / Math.Sqrt(2 * Math.PI))];

        private readonly Vote _vote;
        private readonly bool _isUnlimited;
        private readonly (int IfPositive, int IfNegative)[] _halves; // By classes.
        private double[] _weights;
        private int[] _places; // In the order of classes, twice; plus one less than the halves.
        private ulong[] _sorted, _spare;

        public LargestMoves(Vote vote, Pair pair)
        {
            (_vote, _isUnlimited) = (vote, vote.Allowed.IsUnlimited);
            _halves = new (int, int)[vote.Labels.ClassCount];
            for (int c = 0; c < _halves.Length; c++)
                _halves[c] = (vote.Allowed.Halves(pair, c, isPositive: true), vote.Allowed.Halves(pair, c, isPositive: false));
            (_weights, _places) = (ArrayPool<double>.Shared.Rent(FewestForLongDigits), ArrayPool<int>.Shared.Rent(FewestForLongDigits));
            (_sorted, _spare) = (ArrayPool<ulong>.Shared.Rent(FewestForLongDigits), ArrayPool<ulong>.Shared.Rent(FewestForLongDigits));
        }

        /// <summary>How many moves there are of the size asked for last; all where that was 0.</summary>
        public int Count { get; private set; }

        /// <summary>
        /// The size down to which moves would be worth so much when the largest of all are taken away, if weights were
        /// normal. Nothing depends on it but time.
        /// </summary>
        public double SizeIfNormal(double needed, int removals)
        {
            double wholes = 0, halves = 0, deviation = _vote.RootMeanSquare, removed = 0;
            for (int c = 0; c < _halves.Length; c++)
            {
                int count = _vote.Labels.CountOf(c);
                foreach (int own in (ReadOnlySpan<int>)[_halves[c].IfPositive, _halves[c].IfNegative])
                    (wholes, halves) = own == 2 ? (wholes + count, halves) : own == 1 ? (wholes, halves + count) : (wholes, halves);
            }

            double found = 0, sum = 0;
            for (int i = MostSteps; i > 1; i--)
            {
                // Half moves need weights twice as large.
                double more = 0.5 * Step * (wholes * (Density[i] + Density[i - 1]) + 2 * halves * (Density[2 * i] + Density[2 * i - 2]));
                (found, sum) = (found + more, sum + more * (i - 0.5) * Step * deviation);
                if (found <= removals)
                    removed = sum;
                else if (sum - removed > MoreThanNeeded * needed)
                    return (i - 1) * Step * deviation;
            }

            return 0;
        }

        /// <summary>The next size to try.</summary>
        public double SmallerThan(double size) =>
            Lowered * size > Step * _vote.RootMeanSquare && 2 * Count < _vote.Labels.Count ? Lowered * size : 0;

        /// <summary>Sorts the moves of at least a size; all where it is 0.</summary>
        /// <returns>How many.</returns>
        public int SortFrom(double size)
        {
            Count = 0;
            for (int c = 0; c < _halves.Length; c++)
            {
                if (Math.Max(_halves[c].IfPositive, _halves[c].IfNegative) > 0)
                    Collect(c, size);
            }

            Sort(size);
            return Count;
        }

        /// <summary>
        /// How many moves bring the rival past even when the largest are taken away, and are all of those that are as
        /// large as the one that first does; all where there are not so many.
        /// </summary>
        public int Enough(int sorted, double needed, int removals)
        {
            double sum = 0, largest = 0, reached = 0;
            for (int i = 0; i < sorted; i++)
            {
                double doubled = Doubled(At(i));
                if (sum * (1 - (i + 1) * Rounding.Epsilon) - largest > needed && doubled != reached)
                    return i;
                if (sum <= needed)
                    reached = doubled;
                sum += 0.5 * doubled;
                if (i < removals)
                    largest = sum;
            }

            return sorted;
        }

        /// <summary>The first of the sorted moves.</summary>
        public (double[] Weights, byte[] Halves, int[] Rows) First(int count)
        {
            double[] weights = GC.AllocateUninitializedArray<double>(count);
            byte[] halves = GC.AllocateUninitializedArray<byte>(count);
            int[] rows = GC.AllocateUninitializedArray<int>(count);
            ReadOnlySpan<int> rowsByClass = _vote.Labels.RowsByClass;
            ReadOnlySpan<double> all = _vote.Weights;
            for (int i = 0; i < weights.Length; i++)
            {
                int move = At(i);
                int row = rowsByClass[_places[move] >> 1];
                (weights[i], rows[i]) = (_weights[move], row);
                halves[i] = (byte)(HalvesOf(move) | (all[row] < 0 ? Negative : 0));
            }

            return (weights, halves, rows);
        }

        public void Dispose()
        {
            ArrayPool<double>.Shared.Return(_weights);
            ArrayPool<int>.Shared.Return(_places);
            ArrayPool<ulong>.Shared.Return(_sorted);
            ArrayPool<ulong>.Shared.Return(_spare);
        }

        private int At(int rank) => (int)(_sorted[rank] & int.MaxValue);

        private int HalvesOf(int move) => (_places[move] & 1) + 1;

        private double Doubled(int move) => HalvesOf(move) * _weights[move];

        /// <summary>Adds the moves of one class that are at least so large.</summary>
        private void Collect(int c, double size)
        {
            ReadOnlySpan<double> weights = _vote.WeightsOf(c);
            int firstPlace = _vote.Labels.RangeOf(c).Start.Value;
            (int ifPositive, int ifNegative) = _halves[c];
            Vector256<double> most = Vector256.Create(-LeastWeight(size, ifNegative));
            Vector256<double> least = Vector256.Create(LeastWeight(size, ifPositive));
            Span<double> padded = stackalloc double[BlockRows];
            for (int i = 0; i < weights.Length; i += BlockRows)
            {
                scoped ReadOnlySpan<double> some = weights[i..];
                if (some.Length < BlockRows)
                {
                    padded.Clear(); // Zeros are no moves.
                    some.CopyTo(padded);
                    some = padded;
                }

                ulong large = Beyond(some, least, most);
                if (Count > _weights.Length - BlockRows)
                    Grow();
                for (; large != 0; large &= large - 1)
                {
                    int index = BitOperations.TrailingZeroCount(large), place = firstPlace + i + index;
                    double weight = some[index];
                    if (!_isUnlimited && _vote.Allowed.IsTrusted(_vote.Labels.RowsByClass[place]))
                        continue;
                    _weights[Count] = Math.Abs(weight);
                    _places[Count++] = 2 * place + (weight < 0 ? ifNegative : ifPositive) - 1;
                }
            }
        }

        /// <summary>
        /// Which of a block's numbers are at least so large, or at most the other: a bit for each, the first the
        /// lowest. To branch for each register would take longer, since a tenth of them hold such a number, and nothing
        /// tells which.
        /// </summary>
        private static ulong Beyond(ReadOnlySpan<double> block, Vector256<double> least, Vector256<double> most)
        {
            ref double first = ref MemoryMarshal.GetReference(block[..BlockRows]);
            ulong beyond = 0;
            for (int i = 0; i < BlockRows; i += Vector256<double>.Count)
            {
                Vector256<double> some = Vector256.LoadUnsafe(ref first, (nuint)i);
                Vector256<double> large = Vector256.GreaterThanOrEqual(some, least) | Vector256.LessThanOrEqual(some, most);
                beyond |= (ulong)large.ExtractMostSignificantBits() << i;
            }

            return beyond;
        }

        /// <summary>
        /// |α| from which on moves by so many halves are at least so large: no weight where none is a move.
        /// </summary>
        private static double LeastWeight(double size, int halves) =>
            halves == 0 ? double.PositiveInfinity : Math.Max(double.Epsilon, size * (3 - halves));

        private void Grow()
        {
            (double[] weights, int[] places) = (_weights, _places);
            _weights = ArrayPool<double>.Shared.Rent(2 * Count);
            _places = ArrayPool<int>.Shared.Rent(_weights.Length);
            weights.AsSpan(0, Count).CopyTo(_weights);
            places.AsSpan(0, Count).CopyTo(_places);
            ArrayPool<double>.Shared.Return(weights);
            ArrayPool<int>.Shared.Return(places);
            ArrayPool<ulong>.Shared.Return(_sorted);
            ArrayPool<ulong>.Shared.Return(_spare);
            (_sorted, _spare) = (ArrayPool<ulong>.Shared.Rent(_weights.Length), ArrayPool<ulong>.Shared.Rent(_weights.Length));
        }

        /// <summary>
        /// Sorts by about how far sizes are from the largest, digit by digit, and then the few that agree in that.
        /// </summary>
        /// <param name="least">What none is smaller than.</param>
        private void Sort(double least)
        {
            double largest = 0;
            for (int i = 0; i < Count; i++)
                largest = Math.Max(largest, Doubled(i));
            int digit = Count < FewestForLongDigits ? ShortDigit : LongDigit;
            double scale = ((1 << 2 * digit) - 1) / (largest - 2 * least);
            if (!double.IsFinite(scale))
                scale = 0; // Then all agree.
            for (int i = 0; i < Count; i++)
                _sorted[i] = (ulong)unchecked((uint)(int)((largest - Doubled(i)) * scale)) << 32 | (uint)i;
            SortByDigit(32, digit);
            SortByDigit(32 + digit, digit);
            Span<ulong> sorted = _sorted.AsSpan(0, Count);
            for (int first = 0, end; first < sorted.Length; first = end)
            {
                for (end = first + 1; end < sorted.Length && sorted[end] >> 32 == sorted[first] >> 32;)
                    end++;
                if (end > first + 1)
                    SortRun(sorted[first..end]);
            }
        }

        private void SortRun(Span<ulong> moves)
        {
            if (moves.Length > ShortRun)
            {
                moves.Sort(Compare);
                return;
            }

            for (int i = 1; i < moves.Length; i++)
            {
                ulong move = moves[i];
                int to = i;
                for (; to > 0 && Compare(moves[to - 1], move) > 0; to--)
                    moves[to] = moves[to - 1];
                moves[to] = move;
            }
        }

        private void SortByDigit(int shift, int bits)
        {
            Span<int> starts = stackalloc int[1 << bits];
            starts.Clear();
            int last = (1 << bits) - 1, start = 0;
            foreach (ulong key in _sorted.AsSpan(0, Count))
                starts[(int)(key >> shift) & last]++;
            foreach (ref int place in starts)
                (place, start) = (start, start + place);
            foreach (ulong key in _sorted.AsSpan(0, Count))
                _spare[starts[(int)(key >> shift) & last]++] = key;
            (_sorted, _spare) = (_spare, _sorted);
        }

        /// <summary>The larger move first; of equal ones whole moves, and then the first.</summary>
        private int Compare(ulong a, ulong b)
        {
            int one = (int)(a & int.MaxValue), other = (int)(b & int.MaxValue), halves = HalvesOf(one), others = HalvesOf(other);
            int order = halves == others ? _weights[other].CompareTo(_weights[one]) : Doubled(other).CompareTo(Doubled(one));
            return order != 0 ? order : halves != others ? others - halves : one - other;
        }
    }
}
