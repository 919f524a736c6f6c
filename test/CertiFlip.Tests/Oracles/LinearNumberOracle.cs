namespace CertiFlip.Tests.Oracles;

/// <summary>
/// A number aᵀy under every labelling there is, each label as it is or at an end of its range, in exact rational
/// arithmetic. A number that is linear in each label is nowhere larger than at such labels.
/// </summary>
internal sealed class LinearNumberOracle
{
    private readonly List<(long Cost, Rational Value)> _labellings = [];

    public LinearNumberOracle(double[] weights, double[] labels, double[] lows, double[] highs, IReadOnlyList<int> trusted, int[] costs)
    {
        Value = 0;
        for (int row = 0; row < weights.Length; row++)
            Value += (Rational)weights[row] * labels[row];
        Visit(0, 0, 0);

        void Visit(int row, long cost, Rational value)
        {
            if (row == weights.Length)
            {
                _labellings.Add((cost, value));
                return;
            }

            Visit(row + 1, cost, value + (Rational)weights[row] * labels[row]);
            if (trusted.Contains(row))
                return;
            Visit(row + 1, cost + costs[row], value + (Rational)weights[row] * lows[row]);
            Visit(row + 1, cost + costs[row], value + (Rational)weights[row] * highs[row]);
        }
    }

    /// <summary>The number with the labels as they are.</summary>
    public Rational Value { get; }

    /// <summary>The least and the largest value within a budget.</summary>
    public (Rational Low, Rational High) Within(int budget)
    {
        Rational[] values = [.. _labellings.Where(labelling => labelling.Cost <= budget).Select(labelling => labelling.Value)];
        return (values.Min(), values.Max());
    }

    /// <summary>
    /// The largest budget that is survived; −1 where nothing is survived, null where every budget is.
    /// </summary>
    public long? Survived(Func<Rational, bool> isKept)
    {
        if (!isKept(Value))
            return -1;
        long[] broken = [.. _labellings.Where(labelling => !isKept(labelling.Value)).Select(labelling => labelling.Cost)];
        return broken.Length == 0 ? null : broken.Min() - 1;
    }
}
