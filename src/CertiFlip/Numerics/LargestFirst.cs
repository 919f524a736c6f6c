using System.Numerics;

namespace CertiFlip.Numerics;

/// <summary>
/// The values of a list from the largest down, sorted only as far as somebody asks. Certificates look at a few hundred of many
/// thousand moves, so most of the list is compared once against a pivot and never moved.
/// </summary>
internal sealed class LargestFirst
{
    private const int FirstRequest = 128;
    private const int Growth = 4;
    private const int SampleSize = 256;

    private double[] _values = [];

    // Negated, so that the runtime's ascending sort of plain numbers puts the largest first.
    private double[] _negated = [];
    private int[] _positions = [];
    private readonly double[] _sample = new double[SampleSize];
    private int _count;
    private int _sortedCount;
    private bool _isSampled;

    /// <summary>Number of values, sorted or not.</summary>
    public int Count => _count;

    /// <summary>Starts over with <paramref name="count"/> values, which the caller writes into the span returned.</summary>
    public Span<double> Reset(int count)
    {
        if (_values.Length < count)
            (_values, _negated, _positions) = (new double[count], new double[count], new int[count]);
        (_count, _sortedCount, _isSampled) = (count, 0, false);
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
                SortAtLeast(rank + 1);
            return -_negated[rank];
        }
    }

    /// <summary>Where the <paramref name="rank"/>-th largest value stands in the list; of equal values the first comes first.</summary>
    public int PositionOf(int rank)
    {
        _ = this[rank];
        return _positions[rank];
    }

    private void SortAtLeast(int wanted)
    {
        int request = Math.Max(FirstRequest, Growth * wanted);
        _sortedCount = request < _count / 2 ? CollectFrom(Pivot(request)) : 0;
        if (_sortedCount < wanted)
            _sortedCount = CollectFrom(double.NegativeInfinity);

        Span<double> sorted = _negated.AsSpan(0, _sortedCount);
        Span<int> positions = _positions.AsSpan(0, _sortedCount);
        sorted.Sort(positions);
        OrderEqualValues(sorted, positions);
    }

    /// <summary>A value that about <paramref name="request"/> others reach, read off an evenly spaced sample.</summary>
    private double Pivot(int request)
    {
        if (!_isSampled)
        {
            for (int i = 0; i < SampleSize; i++)
                _sample[i] = _values[(int)((long)i * _count / SampleSize)];
            Array.Sort(_sample);
            _isSampled = true;
        }

        int rank = (int)((long)request * SampleSize / _count) + 2;
        return _sample[Math.Max(0, SampleSize - 1 - rank)];
    }

    private int CollectFrom(double pivot)
    {
        int found = 0;
        ReadOnlySpan<double> values = _values.AsSpan(0, _count);
        var pivots = new Vector<double>(pivot);
        for (int first = 0; first < values.Length; first += Vector<double>.Count)
        {
            ReadOnlySpan<double> few = values.Slice(first, Math.Min(Vector<double>.Count, values.Length - first));

            // Nearly all registers hold nothing large enough.
            if (few.Length == Vector<double>.Count && !Vector.GreaterThanOrEqualAny(new Vector<double>(few), pivots))
                continue;
            for (int i = 0; i < few.Length; i++)
            {
                if (few[i] >= pivot)
                {
                    _negated[found] = -few[i];
                    _positions[found++] = first + i;
                }
            }
        }

        return found;
    }

    /// <summary>Sorting leaves equal values in an order of its own; a witness should not depend on it.</summary>
    private static void OrderEqualValues(ReadOnlySpan<double> sorted, Span<int> positions)
    {
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            for (end = start + 1; end < sorted.Length && sorted[end] == sorted[start];)
                end++;
            positions[start..end].Sort();
        }
    }
}
