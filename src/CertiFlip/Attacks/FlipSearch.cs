using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Attacks;

/// <summary>
/// One thread's search for the fewest first rows of an order whose flips change the prediction for a test row.
/// </summary>
/// <remarks>
/// Predictions need not change back and forth only once as flips are added: doubling and halving find a number of flips
/// that does change it where one flip fewer does not, and every number that is found was fitted to.
/// </remarks>
internal sealed class FlipSearch
{
    // Of the flips so far, the part after which classifier and influence are computed anew.
    private const int RecomputedPart = 16;

    private readonly NewtonFit _fit;
    private readonly FlipOrder _orders;
    private readonly int[] _given;
    private readonly int[] _labels;
    private readonly double[] _start;
    private int _flipped;

    public FlipSearch(AttackedClassifier classifier, int[] labels, double[] start, AllowedFlips allowed)
    {
        (_given, _labels, _start) = (labels, [.. labels], start);
        _fit = new NewtonFit(classifier);
        _orders = new FlipOrder(classifier, labels, allowed);
    }

    /// <summary>
    /// The order that an attack flips in, as far as it was worked out, and how many of its rows change the prediction,
    /// or 0.
    /// </summary>
    /// <param name="kind">The attack.</param>
    /// <param name="test">The test row.</param>
    /// <param name="prediction">Its prediction.</param>
    /// <param name="most">The most flips to try.</param>
    /// <param name="visit">Is told of every fit: the rows that were flipped.</param>
    public (int[] Order, int Flips) Try(
        AttackKind kind, ReadOnlyMemory<double> test, int prediction, int most, Action<int[], int, NewtonFit> visit)
    {
        if (kind == AttackKind.InfluenceRecomputed)
            return Recompute(test, prediction, most, visit);
        Restart([]);
        int[] order = kind == AttackKind.Distance ? _orders.ByDistance(test.Span, prediction) : Influence(test, prediction);
        return (order, Search(order, 0, test, prediction, most, visit));
    }

    /// <summary>
    /// The fewest first rows of an order, beyond some that are known not to do, that change the prediction; 0 if there
    /// are none.
    /// </summary>
    public int Search(int[] order, int known, ReadOnlyMemory<double> test, int prediction, int most, Action<int[], int, NewtonFit> visit)
    {
        Restart(order);
        int largest = Math.Min(most, order.Length), low = known, high = 0;
        for (int flips = Math.Max(1, known + 1); high == 0 && low < largest; flips = Math.Min(largest, 2 * flips))
        {
            if (IsChanged(order, flips, test, prediction, visit))
                high = flips;
            else
                low = flips;
        }

        while (high - low > 1)
        {
            int middle = low + (high - low) / 2;
            (low, high) = IsChanged(order, middle, test, prediction, visit) ? (low, middle) : (middle, high);
        }

        return high;
    }

    private (int[] Order, int Flips) Recompute(ReadOnlyMemory<double> test, int prediction, int most, Action<int[], int, NewtonFit> visit)
    {
        Restart([]);
        List<int> order = [];
        while (order.Count < most)
        {
            int before = order.Count;
            int[] next = Influence(test, prediction);
            order.AddRange(next.Take(Math.Min(1 + before / RecomputedPart, most - before)));
            if (order.Count == before)
                break;
            int[] rows = [.. order];
            if (IsChanged(rows, rows.Length, test, prediction, visit))
                return (rows, rows.Length - before == 1 ? rows.Length : Search(rows, before, test, prediction, rows.Length, visit));
        }

        return ([.. order], 0);
    }

    private int[] Influence(ReadOnlyMemory<double> test, int prediction)
    {
        if (_flipped == 0)
            _fit.Fit(_labels);
        return _orders.ByInfluence(_fit, test.Span, prediction, _labels);
    }

    private void Restart(int[] order)
    {
        _given.CopyTo(_labels, 0);
        _flipped = 0;
        _fit.Start(_start);
    }

    private bool IsChanged(int[] order, int flips, ReadOnlyMemory<double> test, int prediction, Action<int[], int, NewtonFit> visit)
    {
        for (; _flipped < flips; _flipped++)
            _labels[order[_flipped]] = 1 - _given[order[_flipped]];
        for (; _flipped > flips; _flipped--)
            _labels[order[_flipped - 1]] = _given[order[_flipped - 1]];
        _fit.Fit(_labels);
        visit(order, flips, _fit);
        return (_fit.Score(test.Span) >= 0 ? 1 : 0) != prediction;
    }
}

/// <summary>
/// Orders of training rows to flip for one test row. Only rows that can be flipped, and whose flip works against the
/// prediction, are in them.
/// </summary>
/// <param name="classifier">The attacked classifier.</param>
/// <param name="labels">Its labels as given.</param>
/// <param name="allowed">Which of them can be flipped.</param>
internal sealed class FlipOrder(AttackedClassifier classifier, int[] labels, AllowedFlips allowed)
{
    /// <summary>
    /// Rows labelled as predicted, by their distance from the test row in units of the scaled features, the nearest
    /// first.
    /// </summary>
    public int[] ByDistance(ReadOnlySpan<double> test, int prediction)
    {
        double[] distances = new double[labels.Length];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<double> x = classifier.Row(row);
            double sum = 0;
            for (int i = 0; i < x.Length; i++)
                sum += (x[i] - test[i]) * (x[i] - test[i]);
            distances[row] = sum;
        }

        int[] rows = [.. Enumerable.Range(0, labels.Length).Where(row => labels[row] == prediction && allowed.CanFlip(row))];
        Array.Sort(Array.ConvertAll(rows, row => distances[row]), rows);
        return rows;
    }

    /// <summary>
    /// Rows by the first-order rise of the test row's loss when their label is flipped, the largest first. With v =
    /// H⁻¹x_test the rise for row j is proportional to (2yⱼ − 1)xⱼᵀv, towards 0, for a prediction of 1, and to its
    /// opposite for 0: Koh and Liang's formula in appendix C.
    /// </summary>
    /// <param name="fit">A fit to <paramref name="current"/>.</param>
    /// <param name="test">The test row.</param>
    /// <param name="prediction">Its prediction from the labels as given.</param>
    /// <param name="current">The labels that some flips have left.</param>
    public int[] ByInfluence(NewtonFit fit, ReadOnlySpan<double> test, int prediction, ReadOnlySpan<int> current)
    {
        double[] v = fit.SolveAtFit(test.ToArray());
        double towards = prediction == 1 ? 1 : -1;
        List<(double Fall, int Row)> helpful = [];
        for (int row = 0; row < labels.Length; row++)
        {
            double rise = towards * (2 * labels[row] - 1) * Elementwise.Dot(classifier.Row(row), v);
            if (rise > 0 && current[row] == labels[row] && allowed.CanFlip(row))
                helpful.Add((-rise, row));
        }

        helpful.Sort();
        return [.. helpful.Select(pair => pair.Row)];
    }
}
