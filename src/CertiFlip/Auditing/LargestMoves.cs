using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>
/// The largest moves of a pair, sorted. The others are compared with a size where they stand, a register at a time,
/// and left there.
/// </summary>
internal sealed class LargestMoves : IDisposable
{
    /// <summary>How <see cref="First"/> writes a move: these bits have its halves, 2 or 1.</summary>
    public const int Halves = 3;

    /// <summary>The bit of a move by a negative weight.</summary>
    public const int Negative = 4;

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

    /// <summary>
    /// The first of the sorted moves: their weights, <see cref="Halves"/> with <see cref="Negative"/>, and rows.
    /// </summary>
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
