using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CertiFlip.Kernels;

/// <summary>
/// The values of a list from the largest down, sorted only as far as somebody asks. Certificates look at a few hundred
/// of many thousand moves, so most of the list is compared with a pivot once or twice and never moved.
/// </summary>
/// <param name="kernels">The kernels to use.</param>
internal sealed class LargestFirst(KernelSet kernels)
{
    private const int FirstRequest = 128;
    private const int Growth = 2;
    private const int SampleSize = 256;

    private readonly double[] _sample = new double[SampleSize];
    private double[] _values = [];
    private double[] _sorted = [];
    private int[] _positions = [];
    private int _count;
    private int _sortedCount;
    private int _positionedCount;
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
        (_count, _sortedCount, _positionedCount, _floor, _isSampled) = (count, 0, 0, double.PositiveInfinity, false);
        return _values.AsSpan(0, count);
    }

    /// <summary>Keeps the first <paramref name="count"/> of the values just written, and no others.</summary>
    public void Truncate(int count) => _count = count;

    /// <summary>The <paramref name="rank"/>-th largest value, from 0.</summary>
    public double this[int rank]
    {
        get
        {
            if (rank >= _sortedCount)
                Sort(rank + 1);
            return _sorted[rank];
        }
    }

    /// <summary>The <paramref name="count"/> largest values, the largest first.</summary>
    public ReadOnlySpan<double> First(int count)
    {
        if (count > _sortedCount)
            Sort(count);
        return _sorted.AsSpan(0, count);
    }

    /// <summary>
    /// Where the <paramref name="rank"/>-th largest value stands in the list; of equal values the first comes first.
    /// </summary>
    public int PositionOf(int rank)
    {
        if (rank >= _sortedCount)
            Sort(rank + 1);
        if (rank >= _positionedCount)
            Locate(_sorted[_sortedCount - 1]); // All that are sorted: ranks are asked for one by one.
        return _positions[rank];
    }

    /// <summary>Sorts on, below the values that are sorted already.</summary>
    private void Sort(int wanted)
    {
        for (long request = Math.Max(FirstRequest, (long)Growth * wanted); _sortedCount < wanted; request *= Growth)
            CollectFrom(request < _count / 2 ? Pivot(request) : double.NegativeInfinity);
    }

    /// <summary>A value that about <paramref name="request"/> others reach, read off an evenly spaced sample.</summary>
    private double Pivot(long request)
    {
        if (!_isSampled)
        {
            for (int i = 0; i < SampleSize; i++)
                _sample[i] = _values[(int)((long)i * _count / SampleSize)];
            Array.Sort(_sample);
            _isSampled = true;
        }

        int rank = (int)(request * SampleSize / _count) + 2;
        return _sample[Math.Max(0, SampleSize - 1 - rank)];
    }

    private void CollectFrom(double pivot)
    {
        ReadOnlySpan<double> values = _values.AsSpan(0, _count);
        int found = kernels.Collect(values, pivot, _floor, _sorted.AsSpan(_sortedCount));
        if (_sortedCount + found > _sorted.Length)
        {
            Array.Resize(ref _sorted, (int)Math.Min(_count, 2L * (_sortedCount + found)));
            _ = kernels.Collect(values, pivot, _floor, _sorted.AsSpan(_sortedCount));
        }

        // The runtime sorts plain numbers fastest, and upwards.
        Span<double> collected = _sorted.AsSpan(_sortedCount, found);
        Elementwise.Negate(collected, collected);
        collected.Sort();
        Elementwise.Negate(collected, collected);
        (_sortedCount, _floor) = (_sortedCount + found, Math.Min(pivot, _floor));
    }

    /// <summary>
    /// Finds the positions of all values that are not below <paramref name="least"/>. Only a witness asks for them.
    /// </summary>
    private void Locate(double least)
    {
        double[] values = _values;
        _positions = [.. Enumerable.Range(0, _count).Where(i => values[i] >= least).OrderByDescending(i => values[i] + 0.0)];
        _positionedCount = _positions.Length;
    }
}

/// <summary>
/// Counts the values that lie in [least, below), and copies them to the front of another span, in their order, as far
/// as they fit.
/// </summary>
/// <remarks>A register is compared at once, and nearly all hold nothing that is wanted.</remarks>
internal static class CollectKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static int Collect(ReadOnlySpan<double> values, double least, double below, Span<double> destination)
    {
        int found = 0;
        ref double value = ref MemoryMarshal.GetReference(values);
        TVector floor = TLanes.Broadcast(least), ceiling = TLanes.Broadcast(below);
        int whole = values.Length - values.Length % TLanes.Count;
        for (int first = 0; first < whole; first += TLanes.Count)
        {
            TVector few = TLanes.Load(ref value, (nuint)first);
            uint wanted = TLanes.AtLeast(few, floor) & ~TLanes.AtLeast(few, ceiling);
            for (; wanted != 0; wanted &= wanted - 1, found++)
            {
                if (found < destination.Length)
                    destination[found] = Unsafe.Add(ref value, first + BitOperations.TrailingZeroCount(wanted));
            }
        }

        foreach (double last in values[whole..])
        {
            if (last >= least && last < below && found++ < destination.Length)
                destination[found - 1] = last;
        }

        return found;
    }
}
