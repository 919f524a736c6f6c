using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>
/// The values of a list from the largest down, sorted only as far as somebody asks. Certificates look at a few hundred
/// of many thousand moves, so most of the list is compared with a pivot once or twice and never moved.
/// </summary>
/// <remarks>
/// Values that were asked for stand in runs: all of a run are larger than all of the next. A run is sorted when
/// somebody asks for one of its ranks. <see cref="CutAt"/> makes two of one, so that many values can be used without
/// being sorted.
/// </remarks>
/// <param name="kernels">The kernels to use.</param>
internal sealed class LargestFirst(KernelSet kernels)
{
    private const int FirstRequest = 128;
    private const int Growth = 2;
    private const int SampleSize = 256;

    // Sorting one takes as long as cutting it in two would.
    private const int ShortRun = 32;

    private readonly List<Part> _parts = [];
    private readonly List<Run> _runs = [];
    private double[] _sample = [];
    private double[] _values = [];
    private double[] _collected = [];
    private int[] _positions = [];
    private int _count;
    private int _collectedCount;
    private int _positionedCount;
    private int _sampled;
    private int _sortedFrom;
    private int _sortedTo;
    private double _floor;
    private bool _isSampled;

    /// <summary>Number of values, sorted or not.</summary>
    public int Count => _count;

    /// <summary>
    /// Starts over with <paramref name="count"/> values, which the caller writes into the span returned.
    /// </summary>
    public Span<double> Reset(int count)
    {
        if (_values.Length < count)
            _values = new double[count];
        Reset();
        Add(_values.AsMemory(0, count), ValueReading.AsTheyAre);
        return _values.AsSpan(0, count);
    }

    /// <summary>Keeps the first <paramref name="count"/> of the values just written, and no others.</summary>
    public void Truncate(int count)
    {
        Reset();
        Add(_values.AsMemory(0, count), ValueReading.AsTheyAre);
    }

    /// <summary>Starts over with no values.</summary>
    public void Reset()
    {
        (_count, _collectedCount, _positionedCount, _floor, _isSampled) = (0, 0, 0, double.PositiveInfinity, false);
        (_sortedFrom, _sortedTo) = (0, 0);
        _parts.Clear();
        _runs.Clear();
    }

    /// <summary>Adds values that stand elsewhere, and stay as they are while they are asked for.</summary>
    public void Add(ReadOnlyMemory<double> values, ValueReading reading)
    {
        _parts.Add(new Part(values, reading));
        _count += values.Length;
    }

    /// <summary>The <paramref name="rank"/>-th largest value, from 0.</summary>
    public double this[int rank]
    {
        get
        {
            if (rank < _sortedFrom || rank >= _sortedTo)
                Sort(rank);
            return _collected[rank];
        }
    }

    /// <summary>The <paramref name="count"/> largest values, the largest first.</summary>
    public ReadOnlySpan<double> First(int count)
    {
        for (int rank = 0; rank < count; rank = _sortedTo)
            Sort(rank);
        return _collected.AsSpan(0, count);
    }

    /// <summary>The <paramref name="count"/> largest values, in no order.</summary>
    public ReadOnlySpan<double> Largest(int count)
    {
        if (count > _collectedCount || (count > 0 && !_runs.Exists(run => run.End == count)))
            Sort(count - 1);
        return _collected.AsSpan(0, count);
    }

    /// <summary>
    /// How many values are at least <paramref name="least"/>: they stand before all others from now on.
    /// </summary>
    public int CutAt(double least)
    {
        if (least < _floor)
        {
            Collect(least);
            return _collectedCount;
        }

        int index = _runs.FindIndex(run => run.Floor <= least);
        if (index < 0)
            return _collectedCount;
        Run run = _runs[index];
        int start = index == 0 ? 0 : _runs[index - 1].End;
        if (run.Floor == least)
            return run.End;
        Span<double> values = _collected.AsSpan(start, run.End - start);
        if (run.IsSorted)
        {
            int above = 0;
            while (above < values.Length && values[above] >= least)
                above++;
            return start + above;
        }

        int cut = start + Partition(values, least);
        if (cut == run.End)
            _runs[index] = run with { Floor = least };
        else if (cut > start)
            _runs.Insert(index, new Run(cut, least, IsSorted: false));
        return cut;
    }

    /// <summary>
    /// Values by their ranks where these begin and end at cuts, in no order; some of them where they do not.
    /// </summary>
    public ReadOnlySpan<double> Between(int first, int end) => _collected.AsSpan(first..end);

    /// <summary>Every <paramref name="step"/>-th value of the list as it was written.</summary>
    /// <returns>How many there are.</returns>
    public int Sample(int step, Span<double> sample)
    {
        int taken = 0, next = step / 2;
        foreach (Part part in _parts)
        {
            for (; next < part.Values.Length; next += step)
                sample[taken++] = part[next];
            next -= part.Values.Length;
        }

        return taken;
    }

    /// <summary>
    /// Where the <paramref name="rank"/>-th largest value stands in the list; of equal values the first comes first.
    /// </summary>
    public int PositionOf(int rank)
    {
        if (rank >= _positionedCount)
        {
            if (rank >= _collectedCount)
                Sort(rank);
            Locate(First(_collectedCount)[^1]); // All that are collected: ranks are asked for one by one.
        }

        return _positions[rank];
    }

    /// <summary>Moves what is at least so large to the front.</summary>
    /// <returns>How many values that are.</returns>
    private static int Partition(Span<double> values, double least)
    {
        int above = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i];
            values[i] = values[above];
            values[above] = value;
            above += value >= least ? 1 : 0;
        }

        return above;
    }

    /// <summary>Sorts the run of a rank.</summary>
    private void Sort(int rank)
    {
        for (long request = Math.Max(FirstRequest, (long)Growth * (rank + 1)); rank >= _collectedCount; request *= Growth)
            Collect(request < _count / 2 ? Pivot(request) : double.NegativeInfinity);

        int first = RunOf(rank), last = first;
        int start = StartOf(first);
        if (!_runs[first].IsSorted)
        {
            if (_runs[first].End - start <= ShortRun)
                SortShort(_collected.AsSpan(start, _runs[first].End - start)); // All of a longer one are equal.
            _runs[first] = _runs[first] with { IsSorted = true };
        }

        while (first > 0 && _runs[first - 1].IsSorted)
            start = --first == 0 ? 0 : _runs[first - 1].End;
        while (last + 1 < _runs.Count && _runs[last + 1].IsSorted)
            last++;
        (_sortedFrom, _sortedTo) = (start, _runs[last].End);
    }

    /// <summary>
    /// Where the run of a rank stands. A long one is cut first, unless all of it are equal: who asks for a rank rarely
    /// asks for many behind it.
    /// </summary>
    private int RunOf(int rank)
    {
        while (true)
        {
            int index = _runs.FindIndex(run => run.End > rank), start = StartOf(index), end = _runs[index].End;
            Span<double> values = _collected.AsSpan(start, end - start);
            if (_runs[index].IsSorted || values.Length <= ShortRun)
                return index;
            double middle = MedianOfFive(values);
            if (CutAt(middle) == end && CutAt(Math.BitIncrement(middle)) == start)
                return index;
        }
    }

    private int StartOf(int run) => run == 0 ? 0 : _runs[run - 1].End;

    private static double MedianOfFive(ReadOnlySpan<double> values)
    {
        Span<double> five = stackalloc double[5];
        for (int i = 0; i < five.Length; i++)
            five[i] = values[(int)((2 * i + 1L) * values.Length / (2 * five.Length))];
        SortShort(five);
        return five[2];
    }

    /// <summary>
    /// Sorts a few values, the largest first: compiled ahead of time, the runtime's sort is slow for them.
    /// </summary>
    private static void SortShort(Span<double> values)
    {
        for (int i = 1; i < values.Length; i++)
        {
            double value = values[i];
            int place = i;
            for (; place > 0 && values[place - 1] < value; place--)
                values[place] = values[place - 1];
            values[place] = value;
        }
    }

    /// <summary>A value that about <paramref name="request"/> others reach, read off an evenly spaced sample.</summary>
    private double Pivot(long request)
    {
        if (!_isSampled)
        {
            if (_sample.Length == 0)
                _sample = new double[2 * SampleSize];
            _sampled = Sample(Math.Max(1, _count / SampleSize), _sample);
            Array.Sort(_sample, 0, _sampled);
            _isSampled = true;
        }

        int rank = (int)(request * _sampled / _count) + 2;
        return _sample[Math.Max(0, _sampled - 1 - rank)];
    }

    /// <summary>Makes one more run, of the values not in one that are at least so large.</summary>
    private void Collect(double least)
    {
        int found = 0;
        foreach (Part part in _parts)
        {
            int more = CollectFrom(part, least, _collectedCount + found);
            if (_collectedCount + found + more > _collected.Length)
            {
                // A register at a time is written.
                Array.Resize(ref _collected, 2 * (_collectedCount + found + more) + Tile.Width);
                _ = CollectFrom(part, least, _collectedCount + found);
            }

            found += more;
        }

        _floor = Math.Min(least, _floor);
        if (found == 0)
            return;
        _collectedCount += found;
        _runs.Add(new Run(_collectedCount, least, IsSorted: false));
    }

    /// <summary>
    /// Finds the positions of all values that are not below <paramref name="least"/>. Only a witness asks for them.
    /// </summary>
    private void Locate(double least)
    {
        IEnumerable<double> values = _parts.SelectMany(part => Enumerable.Range(0, part.Values.Length).Select(i => part[i]));
        IEnumerable<(int Index, double Item)> largest = values.Index().Where(item => item.Item >= least);
        _positions = [.. largest.OrderByDescending(item => item.Item + 0.0).Select(item => item.Index)];
        _positionedCount = _positions.Length;
    }

    private int CollectFrom(Part part, double least, int start) =>
        kernels.Collect(part.Values.Span, part.Reading, least, _floor, _collected.AsSpan(Math.Min(start, _collected.Length)));

    /// <summary>Values that stand together.</summary>
    private readonly record struct Part(ReadOnlyMemory<double> Values, ValueReading Reading)
    {
        public double this[int i] => Reading switch
        {
            ValueReading.AsTheyAre => Values.Span[i],
            ValueReading.Negated => -Values.Span[i],
            ValueReading.Magnitudes => Math.Abs(Values.Span[i]),
            _ => throw new InvalidOperationException(),
        };
    }

    /// <summary>Values that are smaller than those of the run before, and larger than all others.</summary>
    /// <param name="End">How many values stand in this run and before.</param>
    /// <param name="Floor">None of them is smaller, and all others are.</param>
    /// <param name="IsSorted">Whether they are in order.</param>
    private readonly record struct Run(int End, double Floor, bool IsSorted);
}

/// <summary>What is made of numbers before they are compared.</summary>
internal enum ValueReading
{
    /// <summary>x.</summary>
    AsTheyAre,

    /// <summary>−x.</summary>
    Negated,

    /// <summary>|x|.</summary>
    Magnitudes,
}

/// <summary>
/// Counts the values that lie in [least, below), and copies them to the front of another span, in their order, as far
/// as they fit. What stands there behind them is overwritten, too.
/// </summary>
/// <remarks>A register is compared at once, and nearly all hold nothing that is wanted.</remarks>
internal static class CollectKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static int Collect(ReadOnlySpan<double> values, ValueReading reading, double least, double below, Span<double> destination)
    {
        int found = 0;
        ref double value = ref MemoryMarshal.GetReference(values);
        ref double target = ref MemoryMarshal.GetReference(destination);
        bool areMagnitudes = reading == ValueReading.Magnitudes;
        double sign = reading == ValueReading.Negated ? -1 : 1;
        TVector floor = TLanes.Broadcast(least), ceiling = TLanes.Broadcast(below), factor = TLanes.Broadcast(sign);
        int whole = values.Length - values.Length % TLanes.Count;
        Span<double> last = stackalloc double[TLanes.Count];
        for (int first = 0; first < whole; first += TLanes.Count)
        {
            TVector few = TLanes.Load(ref value, (nuint)first);
            few = areMagnitudes ? TLanes.Abs(few) : TLanes.Multiply(few, factor);
            if (found <= destination.Length - TLanes.Count)
                found += TLanes.StoreBetween(few, floor, ceiling, ref Unsafe.Add(ref target, found));
            else
            {
                int more = TLanes.StoreBetween(few, floor, ceiling, ref MemoryMarshal.GetReference(last));
                for (int i = 0; i < more; i++, found++)
                {
                    if (found < destination.Length)
                        destination[found] = last[i];
                }
            }
        }

        foreach (double number in values[whole..])
        {
            double size = areMagnitudes ? Math.Abs(number) : sign * number;
            if (size >= least && size < below && found++ < destination.Length)
                destination[found - 1] = size;
        }

        return found;
    }
}
