using CertiFlip.Matrices;

namespace CertiFlip.Poisoning;

/// <summary>
/// The cheapest rows to insert, remove and relabel so that the N nearest rows vote for another class (after Jia et al.,
/// Certified Robustness of Nearest Neighbors against Data Poisoning and Backdoor Attacks, AAAI 2022): exact, at any
/// prices.
/// </summary>
/// <remarks>
/// The classifier: of rows at the same distance those that come first are nearer, the commonest label among the N
/// nearest wins, and ties go to the smaller class. With fewer than N rows left all of them vote, and without any there
/// is no prediction, which counts as changed. The worst row to insert stands at the test row, before all others there.
/// </remarks>
internal sealed class CheapestNeighbours : IRowBounds
{
    // Rows beyond the N nearest that are looked for at first. Few attacks remove more.
    private const int MoreRows = 64;

    private readonly NeighbourSearch _search;
    private readonly ClassLabels _labels;
    private readonly int _neighbours;
    private readonly RowAdversary _adversary;

    public CheapestNeighbours(TrainingSet training, int neighbours, RowAdversary adversary, ParallelOptions parallel)
    {
        _search = new NeighbourSearch(training.Features, parallel);
        (_labels, _neighbours, _adversary) = (training.Labels, neighbours, adversary);
    }

    /// <inheritdoc/>
    public Certificate Certify(FeatureMatrix tests, int row)
    {
        int n = _labels.Count;
        for (int count = Math.Min(n, 2 * _neighbours + MoreRows); ; count = (int)Math.Min(n, 2L * count))
        {
            int[] nearest = [.. _search.Find(tests, row, 1, count).Select(neighbour => _labels[neighbour])];
            var ranked = new RankedLabels(nearest, n, _neighbours, _labels.ClassCount);
            if (ranked.TryFindLeastPrice(_adversary, out long? price))
            {
                Radius radius = price is { } least ? Radius.Below(least) : Radius.Any;
                return new Certificate(CertificateKind.Rows, ranked.Winner, radius, IsCertified: true);
            }
        }
    }
}

/// <summary>The labels of the rows nearest to a test row, and what an adversary can make of them.</summary>
internal sealed class RankedLabels
{
    private readonly int[][] _counts; // Of each class among the first 0, 1, … rows.
    private readonly int _rows;
    private readonly int _neighbours;

    /// <param name="nearest">
    /// Labels of the nearest rows, nearest first; at least as many as there are neighbours.
    /// </param>
    /// <param name="rows">Number of training rows n.</param>
    /// <param name="neighbours">N, how many of them vote, at most n.</param>
    /// <param name="classes">The number of classes K.</param>
    public RankedLabels(int[] nearest, int rows, int neighbours, int classes)
    {
        (_rows, _neighbours) = (rows, neighbours);
        _counts = new int[classes][];
        for (int c = 0; c < classes; c++)
        {
            int[] counts = _counts[c] = new int[nearest.Length + 1];
            for (int i = 0; i < nearest.Length; i++)
                counts[i + 1] = counts[i] + (nearest[i] == c ? 1 : 0);
        }

        int[] votes = [.. _counts.Select(counts => counts[neighbours])];
        Winner = Array.IndexOf(votes, votes.Max());
    }

    /// <summary>The class that the N nearest rows vote for.</summary>
    public int Winner { get; }

    private int Known => _counts[0].Length - 1;

    /// <summary>The least price at which the prediction is another; null where no price is enough.</summary>
    /// <returns>Whether the rows that are known tell: with all n of them they do.</returns>
    public bool TryFindLeastPrice(RowAdversary adversary, out long? price)
    {
        long least = long.MaxValue;
        bool isKnown = true;
        for (int rival = 0; rival < _counts.Length; rival++)
        {
            for (int inserted = 0; rival != Winner && inserted <= _neighbours; inserted++)
            {
                if (inserted * (long)(adversary.InsertPrice ?? 0) >= least || (inserted > 0 && adversary.InsertPrice is null))
                    break;
                isKnown &= Improve(adversary, rival, inserted, ref least);
            }
        }

        price = least == long.MaxValue ? null : least;
        return isKnown;
    }

    /// <summary>
    /// Looks at every number of removed rows, beside rows of a rival's label that are inserted at the test row. The
    /// nearest rows that are left vote with them: of the first rows up to there, labels of the winner are best removed,
    /// then those of third classes, and of what is left labels of the winner are best changed.
    /// </summary>
    /// <returns>False where rows that are not known could be cheaper.</returns>
    private bool Improve(RowAdversary adversary, int rival, int inserted, ref long least)
    {
        int mostRemoved = adversary.RemovePrice is null ? 0 : _rows;
        int enough = rival < Winner ? 0 : -1; // The winner's lead at which the rival wins.
        for (int removed = 0; removed <= mostRemoved; removed++)
        {
            long price = inserted * (long)(adversary.InsertPrice ?? 0) + removed * (long)(adversary.RemovePrice ?? 0);
            int among = (int)Math.Min(_rows, (long)_neighbours - inserted + removed);
            if (price >= least || removed > among)
                return true;
            if (among > Known)
                return false;
            int own = _counts[Winner][among], theirs = _counts[rival][among], others = among - own - theirs;
            int removedOwn = Math.Min(removed, own), removedOthers = Math.Min(removed - removedOwn, others);
            int removedTheirs = removed - removedOwn - removedOthers;
            (own, others, theirs) = (own - removedOwn, others - removedOthers, theirs - removedTheirs);
            int excess = own - theirs - inserted - enough;
            if (excess <= 0 || inserted + among == removed)
            {
                least = price;
                return true;
            }

            int flips = excess <= 2 * own ? (excess + 1) / 2 : excess - own;
            if (adversary.FlipPrice is { } flip && flips <= own + others)
                least = Math.Min(least, price + flips * (long)flip);
        }

        return true;
    }
}
