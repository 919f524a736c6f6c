using System.Globalization;

namespace CertiFlip;

/// <summary>
/// The n training labels y of a regression, numbers, each with the range in which the true one may lie. Ranges are part
/// of the question, as a list of classes is: they must not be read off the labels that are defended.
/// </summary>
public sealed class NumericLabels
{
    private readonly double[] _values, _lows, _highs;

    /// <summary>Labels that all may be anything in one range.</summary>
    /// <param name="values">n labels; n is at least 1. They are copied.</param>
    /// <param name="low">The least that a label may be.</param>
    /// <param name="high">The most that a label may be.</param>
    /// <exception cref="ArgumentException">
    /// There are no labels, a number is not finite, or a label is not in the range.
    /// </exception>
    public NumericLabels(IReadOnlyList<double> values, double low, double high)
        : this(values, Repeated(values, low), Repeated(values, high))
    {
    }

    /// <summary>Labels that each have a range of their own.</summary>
    /// <param name="values">n labels; n is at least 1. They are copied.</param>
    /// <param name="lows">The least that each may be (length n).</param>
    /// <param name="highs">The most that each may be (length n).</param>
    /// <exception cref="ArgumentException">
    /// There are no labels, or not as many ends of ranges; a number is not finite, or a label is not in its range.
    /// </exception>
    public NumericLabels(IReadOnlyList<double> values, IReadOnlyList<double> lows, IReadOnlyList<double> highs)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(lows);
        ArgumentNullException.ThrowIfNull(highs);
        if (values.Count == 0)
            throw new ArgumentException("There must be at least one label.", nameof(values));
        if (lows.Count != values.Count || highs.Count != values.Count)
            throw new ArgumentException($"There are {lows.Count} and {highs.Count} ends for {values.Count} labels.", nameof(lows));
        (_values, _lows, _highs) = ([.. values], [.. lows], [.. highs]);
        for (int row = 0; row < _values.Length; row++)
        {
            if (!double.IsFinite(_values[row]) || !double.IsFinite(_lows[row]) || !double.IsFinite(_highs[row]))
                throw new ArgumentException($"Label {row} or its range is not finite.", nameof(values));
            if (_values[row] < _lows[row] || _values[row] > _highs[row])
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture, $"Label {row} is {_values[row]:R}, outside its range {_lows[row]:R} to {_highs[row]:R}."),
                    nameof(values));
            }
        }
    }

    /// <summary>Number of training rows, n.</summary>
    public int Count => _values.Length;

    /// <summary>The label of a training row.</summary>
    /// <param name="row">Index of the training row, from 0.</param>
    public double this[int row] => _values[row];

    /// <summary>The labels.</summary>
    internal ReadOnlySpan<double> Values => _values;

    /// <summary>The least that a row's label may be.</summary>
    /// <param name="row">Index of the training row, from 0.</param>
    public double LowOf(int row) => _lows[row];

    /// <summary>The most that a row's label may be.</summary>
    /// <param name="row">Index of the training row, from 0.</param>
    public double HighOf(int row) => _highs[row];

    /// <summary>
    /// The labels of one class against all others: 1 for rows of the class, 0 for the rest, each of which may be
    /// either. A flip to or from the class moves a label by 1.
    /// </summary>
    /// <param name="labels">The labels.</param>
    /// <param name="c">The class.</param>
    public static NumericLabels OfClass(ClassLabels labels, int c)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return new([.. Enumerable.Range(0, labels.Count).Select(row => labels[row] == c ? 1.0 : 0.0)], 0, 1);
    }

    /// <summary>Labels that may be anything up to a distance from what they are.</summary>
    /// <param name="values">n labels; n is at least 1. They are copied.</param>
    /// <param name="down">How much lower each may be, at least 0.</param>
    /// <param name="up">How much higher each may be, at least 0.</param>
    /// <exception cref="ArgumentException">There are no labels, or a number is not finite or negative.</exception>
    public static NumericLabels Shifted(IReadOnlyList<double> values, double down, double up)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!(down >= 0) || !(up >= 0))
            throw new ArgumentException("Labels are shifted by at least 0.", nameof(down));
        return new(values, [.. values.Select(value => Below(value, down))], [.. values.Select(value => -Below(-value, up))]);
    }

    /// <summary>The same labels in narrower ranges: what both allow.</summary>
    /// <param name="low">The least that a label may be.</param>
    /// <param name="high">The most that a label may be.</param>
    /// <exception cref="ArgumentException">A number is not finite, or a label is not in the range.</exception>
    public NumericLabels Within(double low, double high) =>
        new(_values, [.. _lows.Select(own => Math.Max(own, low))], [.. _highs.Select(own => Math.Min(own, high))]);

    /// <summary>The largest double that is at most <c>value − shift</c>, so that no shift is left out.</summary>
    private static double Below(double value, double shift)
    {
        double sum = value - shift, part = sum - value;
        double error = value - (sum - part) + (-shift - part);
        return error < 0 ? Math.BitDecrement(sum) : sum;
    }

    private static double[] Repeated(IReadOnlyList<double> values, double end)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] ends = new double[values.Count];
        Array.Fill(ends, end);
        return ends;
    }
}
