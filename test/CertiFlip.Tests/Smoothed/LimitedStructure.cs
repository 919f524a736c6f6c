namespace CertiFlip.Tests.Smoothed;

/// <summary>
/// The structured certificate of one pair as it is defined where flips are limited: log B(t), and at that t the largest
/// gains that allowed flips bring within a budget.
/// </summary>
/// <param name="weights">Label weights.</param>
/// <param name="labels">Labels.</param>
/// <param name="classes">K.</param>
/// <param name="q">The noise.</param>
/// <param name="pair">The predicted class and its rival.</param>
/// <param name="offset">The constant part of the pair's margin.</param>
/// <param name="price">What changing a row's label costs, null where it cannot be done.</param>
internal sealed class LimitedStructure(
    double[] weights, int[] labels, int classes, double q, (int Winner, int Rival) pair, double offset, Func<int, int, int, int?> price)
{
    /// <summary>The exponent after the worst flips within a budget, at the t where it is least.</summary>
    public double LeastExponent(int budget)
    {
        double middle = -Math.Log(weights.Average(Math.Abs));
        (double low, double high) = (middle - 15, middle + 15);
        while (high - low > 1e-6)
        {
            double third = (high - low) / 3;
            if (Exponent(low + third, budget) <= Exponent(high - third, budget))
                high -= third;
            else
                low += third;
        }

        return Exponent(low, budget);
    }

    private double Exponent(double logT, int budget)
    {
        double t = Math.Exp(logT);
        double[] most = new double[budget + 1];
        double exponent = -2 * t * offset;
        for (int row = 0; row < weights.Length; row++)
        {
            double before = LogMoment(t * weights[row], labels[row]);
            exponent += before;
            double gain = 0;
            int cost = 0;
            for (int label = 0; label < classes; label++)
            {
                if (label == labels[row] || price(row, labels[row], label) is not { } own)
                    continue;
                (cost, gain) = (own, Math.Max(gain, LogMoment(t * weights[row], label) - before));
            }

            for (int spent = budget; gain > 0 && spent >= cost; spent--)
                most[spent] = Math.Max(most[spent], most[spent - cost] + gain);
        }

        return exponent + most[budget];
    }

    /// <summary>
    /// log E[e^(−xs)]: s is 1 for a noisy label of the winner, −1 for one of the rival, 0 for others.
    /// </summary>
    private double LogMoment(double x, int label)
    {
        double other = q / (classes - 1), size = Math.Abs(x);
        double winner = label == pair.Winner ? 1 - q : other, rival = label == pair.Rival ? 1 - q : other;
        return size + Math.Log(winner * Math.Exp(-x - size) + (1 - winner - rival) * Math.Exp(-size) + rival * Math.Exp(x - size));
    }
}
