using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>
/// One adversary against a handful of test rows: every labelling that the adversary can make, and the class of every
/// row under it, in exact arithmetic.
/// </summary>
internal sealed class CollectiveOracle
{
    private readonly int _classes;
    private readonly IReadOnlyList<int> _labels;
    private readonly BigInteger[][] _weights;
    private readonly BigInteger[] _halves;
    private readonly BigInteger[] _denominators;
    private readonly bool _hasThreshold;
    private readonly Func<int, int, int, int?> _price;

    /// <summary>The rows.</summary>
    /// <param name="weights">The label weights of each test row (m × n).</param>
    /// <param name="labels">The n labels.</param>
    /// <param name="classes">K.</param>
    /// <param name="hasThreshold">Whether class 1 of two wins where its score is at least ½.</param>
    /// <param name="price">What it costs to change a row's label; null where that is not allowed.</param>
    public CollectiveOracle(
        IReadOnlyList<double[]> weights, IReadOnlyList<int> labels, int classes, bool hasThreshold, Func<int, int, int, int?> price)
    {
        (_classes, _labels, _hasThreshold, _price) = (classes, labels, hasThreshold, price);
        Rational half = new(1, 2);

        // Fine enough for whatever scores are lifted by, too.
        _denominators = [.. weights.Select(row => row.Append(0.5).Max(weight => ((Rational)weight).Denominator) << 1200)];
        _weights = [.. weights.Zip(_denominators, (row, one) => row.Select(weight => ((Rational)weight * one).Floor()).ToArray())];
        _halves = [.. _denominators.Select(one => (half * one).Floor())];
    }

    /// <summary>What the scores of each test row are more, for each class (m × K); null for nothing.</summary>
    public double[][]? Lifted { get; init; }

    /// <summary>The classes of the rows with the labels as they are.</summary>
    public int[] Predictions => Classify([.. _labels]);

    /// <summary>The largest of a number over all labellings within a budget.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="number">Takes the classes of all rows.</param>
    public int Largest(int budget, Func<int[], int> number) =>
        Labellings(0, budget).Max(labelling => number(Classify(labelling)));

    /// <summary>The classes of all rows under a labelling.</summary>
    public int[] Classify(int[] labelling) => [.. _weights.Select((row, i) => ClassOf(row, i, labelling))];

    private int ClassOf(BigInteger[] weights, int test, int[] labelling)
    {
        BigInteger half = _halves[test];
        BigInteger[] scores = Lifted is null
            ? new BigInteger[_classes]
            : [.. Lifted[test].Select(more => ((Rational)more * _denominators[test]).Floor())];
        for (int j = 0; j < weights.Length; j++)
            scores[labelling[j]] += weights[j];
        if (_hasThreshold)
            return scores[1] >= half ? 1 : 0;
        int best = 0;
        for (int c = 1; c < _classes; c++)
            best = scores[c] > scores[best] ? c : best;
        return best;
    }

    private IEnumerable<int[]> Labellings(int row, int budget)
    {
        if (row == _labels.Count)
        {
            yield return [.. _labels];
            yield break;
        }

        for (int to = 0; to < _classes; to++)
        {
            int? price = to == _labels[row] ? 0 : _price(row, _labels[row], to);
            if (price is null || price > budget)
                continue;
            foreach (int[] labelling in Labellings(row + 1, budget - price.Value))
            {
                labelling[row] = to;
                yield return labelling;
            }
        }
    }
}
