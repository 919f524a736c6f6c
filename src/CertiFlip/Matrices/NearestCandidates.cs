using System.Numerics.Tensors;

namespace CertiFlip.Matrices;

/// <summary>The training rows that may still be among the nearest of one test row, while a search passes over all of them.</summary>
/// <param name="count">How many nearest rows are wanted.</param>
/// <param name="ownError">What the test row adds to the error of a squared distance.</param>
internal sealed class NearestCandidates(int count, double ownError)
{
    // A run of distances whose least one is looked at first: most runs hold no candidate.
    private const int RunLength = 64;

    private readonly List<(double AtLeast, int Row)> _candidates = [];

    // The smallest upper bounds on distances so far, the largest of them first.
    private readonly PriorityQueue<double, double> _atMost = new(Comparer<double>.Create((a, b) => b.CompareTo(a)));

    /// <summary>Beyond this, so many rows are nearer that a row cannot be wanted.</summary>
    private double Limit => _atMost.Count < count ? double.PositiveInfinity : _atMost.Peek();

    /// <summary>Looks at a run of training rows.</summary>
    /// <param name="distances">Their squared distances, less the squared norm of the test row, as rounding left them.</param>
    /// <param name="errors">What each of them adds to the error of its distance.</param>
    /// <param name="largestError">The largest of <paramref name="errors"/>, or more.</param>
    /// <param name="firstRow">The first of them.</param>
    public void Scan(ReadOnlySpan<double> distances, ReadOnlySpan<double> errors, double largestError, int firstRow)
    {
        for (int start = 0; start < distances.Length; start += RunLength)
        {
            int end = Math.Min(start + RunLength, distances.Length);
            if (TensorPrimitives.Min(distances[start..end]) - (largestError + ownError) > Limit)
                continue;
            for (int i = start; i < end; i++)
                Add(distances[i], errors[i] + ownError, firstRow + i);
        }
    }

    /// <summary>Writes the nearest rows to <paramref name="nearest"/>, in order of their distance, then of their index.</summary>
    public void Settle(Func<int, double> distance, Span<int> nearest)
    {
        double limit = Limit;
        (double Distance, int Row)[] settled =
            [.. from candidate in _candidates where candidate.AtLeast <= limit select (distance(candidate.Row), candidate.Row)];
        Array.Sort(settled);
        for (int i = 0; i < nearest.Length; i++)
            nearest[i] = settled[i].Row;
    }

    private void Add(double distance, double error, int row)
    {
        if (distance - error > Limit)
            return;
        _candidates.Add((distance - error, row));
        if (_atMost.Count < count)
            _atMost.Enqueue(distance + error, distance + error);
        else if (distance + error < _atMost.Peek())
            _atMost.EnqueueDequeue(distance + error, distance + error);
    }
}
