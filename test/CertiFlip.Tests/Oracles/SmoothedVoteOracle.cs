using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>
/// The definitions of section 3, carried out literally for a handful of labels: every noise pattern at every labelling,
/// in exact arithmetic. A labelling is a bit mask, bit j the label of row j.
/// </summary>
internal sealed class SmoothedVoteOracle
{
    private readonly int _rows;
    private readonly int _labels;
    private readonly bool[] _headSaysOne;
    private readonly BigInteger[] _weightOfDistance;
    private readonly BigInteger _weightOfAll;
    private readonly Lazy<bool[]> _smoothedSaysOne;

    public SmoothedVoteOracle(IReadOnlyList<double> weights, IReadOnlyList<int> labels, double threshold, double q)
    {
        _rows = weights.Count;
        _labels = Enumerable.Range(0, _rows).Sum(j => labels[j] << j);
        _headSaysOne = HeadVotes(weights, threshold);

        // P(a pattern d flips away) = qᵈ(1−q)ⁿ⁻ᵈ, over the common denominator (denominator of q)ⁿ.
        Rational noise = q;
        _weightOfDistance = [.. Enumerable.Range(0, _rows + 1).Select(d =>
            BigInteger.Pow(noise.Numerator, d) * BigInteger.Pow(noise.Denominator - noise.Numerator, _rows - d))];
        _weightOfAll = BigInteger.Pow(noise.Denominator, _rows);
        _smoothedSaysOne = new(() => [.. Labellings.Select(labelling => 2 * WeightOfOne(labelling) >= _weightOfAll)]);
    }

    /// <summary>The head's class, 1{αᵀy ≥ τ}.</summary>
    public int HeadPrediction => _headSaysOne[_labels] ? 1 : 0;

    /// <summary>g, the smoothed classifier's class: 1 wins ties.</summary>
    public int SmoothedPrediction => _smoothedSaysOne.Value[_labels] ? 1 : 0;

    /// <summary>The least number of flips that changes the head's class; n + 1 where none does.</summary>
    public int LeastFlipsOfHead => LeastFlips(_headSaysOne);

    /// <summary>The least number of flips that changes g; n + 1 where none does.</summary>
    public int LeastFlipsOfSmoothed => LeastFlips(_smoothedSaysOne.Value);

    private IEnumerable<int> Labellings => Enumerable.Range(0, 1 << _rows);

    /// <summary>The probability that the noisy vote goes against <paramref name="prediction"/>.</summary>
    public Rational FailureProbability(int prediction)
    {
        BigInteger one = WeightOfOne(_labels);
        return new Rational(prediction == 1 ? _weightOfAll - one : one, _weightOfAll);
    }

    /// <summary>The head's class after the labels of some rows are flipped.</summary>
    public int HeadPredictionAfterFlipping(IEnumerable<int> rows) =>
        _headSaysOne[rows.Aggregate(_labels, (labelling, row) => labelling ^ 1 << row)] ? 1 : 0;

    private static bool[] HeadVotes(IReadOnlyList<double> weights, double threshold)
    {
        // A common denominator makes all of this integer arithmetic.
        Rational[] terms = [.. weights.Select(weight => (Rational)weight), threshold];
        BigInteger denominator = terms.Max(term => term.Denominator);
        BigInteger[] integers = [.. terms.Select(term => (term * denominator).Floor())];
        var sums = new BigInteger[1 << weights.Count];
        for (int labelling = 1; labelling < sums.Length; labelling++)
        {
            int last = BitOperations.TrailingZeroCount(labelling);
            sums[labelling] = sums[labelling & (labelling - 1)] + integers[last];
        }

        return [.. sums.Select(sum => sum >= integers[^1])];
    }

    private BigInteger WeightOfOne(int labelling)
    {
        var patterns = new int[_rows + 1];
        for (int pattern = 0; pattern < _headSaysOne.Length; pattern++)
        {
            if (_headSaysOne[pattern])
                patterns[BitOperations.PopCount((uint)(pattern ^ labelling))]++;
        }

        BigInteger weight = BigInteger.Zero;
        for (int distance = 0; distance <= _rows; distance++)
            weight += patterns[distance] * _weightOfDistance[distance];
        return weight;
    }

    /// <summary>
    /// What the cheapest flips that change the head's class cost; null where none that are allowed do.
    /// </summary>
    /// <param name="price">
    /// What it costs to flip a row's label from one class to the other, null where that is not allowed.
    /// </param>
    public int? LeastCostOfHead(Func<int, int, int, int?> price) => LeastCost(price, _headSaysOne);

    /// <summary>The same for g.</summary>
    public int? LeastCostOfSmoothed(Func<int, int, int, int?> price) => LeastCost(price, _smoothedSaysOne.Value);

    private int? LeastCost(Func<int, int, int, int?> price, bool[] saysOne) =>
        Labellings.Where(labelling => saysOne[labelling] != saysOne[_labels])
            .Min(labelling => Enumerable.Range(0, _rows).Where(row => ((labelling ^ _labels) >> row & 1) == 1)
                .Aggregate((int?)0, (cost, row) => cost + price(row, _labels >> row & 1, labelling >> row & 1)));

    private int LeastFlips(bool[] saysOne) =>
        Labellings.Where(labelling => saysOne[labelling] != saysOne[_labels])
            .Select(labelling => BitOperations.PopCount((uint)(labelling ^ _labels)))
            .DefaultIfEmpty(_rows + 1)
            .Min();
}
