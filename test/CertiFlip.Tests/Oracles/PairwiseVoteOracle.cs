using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>
/// Appendix B carried out literally for a handful of labels of three or four classes: every noise pattern at every
/// labelling, in exact arithmetic. A labelling is a code of two bits a row, bits 2j and 2j + 1 the class of row j.
/// Where there is a prior, a class's score is what its labels weigh, less its prior.
/// </summary>
internal sealed class PairwiseVoteOracle
{
    private readonly int _rows;
    private readonly int _classes;
    private readonly uint _labels;
    private readonly uint[] _labellings;
    private readonly BigInteger[][] _scores;
    private readonly BigInteger[] _weightOfDistance;
    private readonly BigInteger _weightOfAll;

    public PairwiseVoteOracle(
        IReadOnlyList<double> weights, IReadOnlyList<int> labels, int classes, double q, IReadOnlyList<double>? prior = null)
    {
        (_rows, _classes) = (weights.Count, classes);
        _labels = labels.Select((label, row) => Code(row, label)).Aggregate(0u, (code, row) => code | row);
        (_labellings, _scores) = Score(weights, classes, prior ?? new double[classes]);

        // P(a pattern that changes d given labels) = (q/(K−1))ᵈ(1−q)ⁿ⁻ᵈ, over the common denominator ((K−1) ·
        // denominator of q)ⁿ.
        Rational noise = q;
        _weightOfDistance = [.. Enumerable.Range(0, _rows + 1).Select(d =>
            BigInteger.Pow(noise.Numerator, d) * BigInteger.Pow((classes - 1) * (noise.Denominator - noise.Numerator), _rows - d))];
        _weightOfAll = BigInteger.Pow((classes - 1) * noise.Denominator, _rows);
    }

    /// <summary>The head's class: the largest score, the smallest class among equals.</summary>
    public int HeadPrediction => Winner(_labels);

    /// <summary>The least number of changed labels that changes the head's class; n + 1 where none does.</summary>
    public int LeastChangesOfHead => LeastDistance(labelling => Winner(labelling) != HeadPrediction);

    /// <summary>Whether class wins every pairwise smoothed vote with the labels as they are.</summary>
    public bool WinsEveryPair(int prediction) => LeastChangesOfSmoothed(prediction) > 0;

    /// <summary>
    /// The least number of changed labels that makes some pairwise smoothed vote go against a class; n + 1 where none
    /// does.
    /// </summary>
    public int LeastChangesOfSmoothed(int prediction)
    {
        (int Rival, bool[] Lost)[] pairs = [.. Rivals(prediction).Select(rival => (rival, Lost(prediction, rival)))];
        return LeastDistance(labelling => pairs.Any(pair =>
        {
            BigInteger failure = 2 * Weight(pair.Lost, labelling);
            return failure > _weightOfAll || (failure == _weightOfAll && pair.Rival < prediction);
        }));
    }

    /// <summary>
    /// The probability that the noisy vote goes against <paramref name="prediction"/> and for <paramref name="rival"/>.
    /// </summary>
    public Rational FailureProbability(int prediction, int rival) => new(Weight(Lost(prediction, rival), _labels), _weightOfAll);

    /// <summary>The same at its largest, over the rivals.</summary>
    public Rational LargestFailureProbability(int prediction) =>
        Rivals(prediction).Select(rival => FailureProbability(prediction, rival)).Max();

    /// <summary>The probability that the noisy vote of all classes has another winner than a class.</summary>
    public Rational ChangeProbability(int prediction) =>
        new(Weight([.. _labellings.Select(labelling => Winner(labelling) != prediction)], _labels), _weightOfAll);

    /// <summary>The head's class after some rows are given other labels.</summary>
    public int HeadPredictionAfter(IEnumerable<(int Row, int To)> changes) =>
        Winner(changes.Aggregate(_labels, (labelling, change) => (labelling & ~Code(change.Row, 3)) | Code(change.Row, change.To)));

    private static uint Code(int row, int label) => (uint)label << (2 * row);

    private static int Distance(uint a, uint b) => BitOperations.PopCount(((a ^ b) | (a ^ b) >> 1) & 0x5555_5555);

    private static bool Beats(BigInteger[] scores, int one, int other) =>
        scores[one] > scores[other] || (scores[one] == scores[other] && one < other);

    private static (uint[] Labellings, BigInteger[][] Scores) Score(
        IReadOnlyList<double> weights, int classes, IReadOnlyList<double> prior)
    {
        // A common denominator makes all of this integer arithmetic.
        Rational[] terms = [.. weights.Select(weight => (Rational)weight)], shares = [.. prior.Select(share => (Rational)share)];
        BigInteger denominator = terms.Concat(shares).Max(term => term.Denominator);
        (uint Code, BigInteger[] Scores)[] labellings = [(0, [.. shares.Select(share => -(share * denominator).Floor())])];
        for (int row = 0; row < terms.Length; row++)
        {
            BigInteger weight = (terms[row] * denominator).Floor();
            labellings = [.. from label in Enumerable.Range(0, classes)
                             from shorter in labellings
                             select (shorter.Code | Code(row, label), With(shorter.Scores, label, weight))];
        }

        return ([.. labellings.Select(labelling => labelling.Code)], [.. labellings.Select(labelling => labelling.Scores)]);
    }

    private static BigInteger[] With(BigInteger[] scores, int label, BigInteger weight)
    {
        BigInteger[] more = [.. scores];
        more[label] += weight;
        return more;
    }

    private int Winner(uint labelling)
    {
        BigInteger[] scores = _scores[Array.BinarySearch(_labellings, labelling)];
        return Enumerable.Range(0, _classes).Single(one => Rivals(one).All(other => Beats(scores, one, other)));
    }

    private IEnumerable<int> Rivals(int prediction) => Enumerable.Range(0, _classes).Where(rival => rival != prediction);

    private bool[] Lost(int prediction, int rival) => [.. _scores.Select(scores => Beats(scores, rival, prediction))];

    /// <summary>How probable it is that noise makes of a labelling one of those marked.</summary>
    private BigInteger Weight(bool[] marked, uint labelling)
    {
        var patterns = new int[_rows + 1];
        for (int pattern = 0; pattern < marked.Length; pattern++)
        {
            if (marked[pattern])
                patterns[Distance(_labellings[pattern], labelling)]++;
        }

        return patterns.Zip(_weightOfDistance, (count, weight) => count * weight).Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);
    }

    /// <summary>
    /// What the cheapest changes that change the head's class cost; null where none that is allowed does.
    /// </summary>
    /// <param name="price">
    /// What it costs to change a row's label from one class to another, null where that is not allowed.
    /// </param>
    public int? LeastCostOfHead(Func<int, int, int, int?> price) => LeastCost(price, labelling => Winner(labelling) != HeadPrediction);

    /// <summary>The same for some pairwise smoothed vote to go against a class.</summary>
    public int? LeastCostOfSmoothed(int prediction, Func<int, int, int, int?> price)
    {
        (int Rival, bool[] Lost)[] pairs = [.. Rivals(prediction).Select(rival => (rival, Lost(prediction, rival)))];
        return LeastCost(price, labelling => pairs.Any(pair =>
        {
            BigInteger failure = 2 * Weight(pair.Lost, labelling);
            return failure > _weightOfAll || (failure == _weightOfAll && pair.Rival < prediction);
        }));
    }

    private int? LeastCost(Func<int, int, int, int?> price, Func<uint, bool> isSought) =>
        _labellings.Select(labelling => (Labelling: labelling, Cost: CostOf(labelling, price))).Where(attack => attack.Cost is not null)
            .OrderBy(attack => attack.Cost).Where(attack => isSought(attack.Labelling)).Select(attack => attack.Cost).FirstOrDefault();

    private int? CostOf(uint labelling, Func<int, int, int, int?> price)
    {
        int? cost = 0;
        for (int row = 0; row < _rows; row++)
        {
            (int from, int to) = ((int)(_labels >> 2 * row) & 3, (int)(labelling >> 2 * row) & 3);
            if (from != to)
                cost += price(row, from, to);
        }

        return cost;
    }

    /// <summary>
    /// How many labels must change, at least, to get to a labelling of some kind; n + 1 where there is none.
    /// </summary>
    private int LeastDistance(Func<uint, bool> isSought) =>
        _labellings.OrderBy(labelling => Distance(labelling, _labels)).Where(isSought)
            .Select(labelling => Distance(labelling, _labels))
            .DefaultIfEmpty(_rows + 1)
            .First();
}
