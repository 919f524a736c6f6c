using CertiFlip.Votes;

namespace CertiFlip.Partition;

/// <summary>What P parts vote for, for each of a few test rows, and what follows from it.</summary>
internal sealed class Ballots
{
    // How each certificate is read off the votes. Every kind of PartitionCertifierOptions.AllCertificates stands here.
    private static readonly Dictionary<CertificateKind, Func<Ballots, int, Plurality, Radius>> Radii = new()
    {
        [CertificateKind.Partition] = (ballots, row, plurality) => ballots._allowed.IsUnlimited
            ? PartitionCertificate.Radius(plurality, ballots._labels.Count)
            : PartitionCertificate.Radius(ballots._votes[row], ballots._labels.ClassCount, ballots._unflipped),
        [CertificateKind.WhiteBox] = (ballots, row, _) => WhiteBoxCertificate.Radius(ballots._flips[row]),
    };

    private readonly IReadOnlyList<TrainedPart> _parts;
    private readonly AllowedFlips _allowed;
    private readonly ClassLabels _labels;
    private readonly IReadOnlyList<CertificateKind> _kinds;
    private readonly int[][] _votes;
    private readonly PartFlips[][] _flips;
    private readonly Radius[] _unflipped;
    private readonly PartAttack _attack = new();

    public Ballots(
        int rows, IReadOnlyList<TrainedPart> parts, AllowedFlips allowed, ClassLabels labels, IReadOnlyList<CertificateKind> kinds)
    {
        (_parts, _allowed, _labels, _kinds) = (parts, allowed, labels, kinds);
        _votes = [.. Enumerable.Range(0, rows).Select(_ => new int[parts.Count])];
        bool countsFlips = kinds.Contains(CertificateKind.WhiteBox);
        _flips = countsFlips ? [.. Enumerable.Range(0, rows).Select(_ => new PartFlips[parts.Count])] : [];
        _unflipped = [.. parts.Select(part => part.Allowed.BudgetFor(0))];
    }

    /// <summary>Number of test rows.</summary>
    public int Rows => _votes.Length;

    private bool CountsFlips => _flips.Length > 0;

    /// <summary>Lets every part vote.</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="firstRow">The first of these rows.</param>
    /// <param name="failures">
    /// Receives for each row what went wrong in the first part where anything did: there is nothing to count then.
    /// </param>
    /// <param name="cancellationToken">Stops the work between parts.</param>
    public void CastAll(
        FeatureMatrix tests, int firstRow, Span<HeadException?> failures, CancellationToken cancellationToken)
    {
        PartWeights weights = _parts.MaxBy(part => part.Stride)!.NewWeights(Rows);
        for (int index = 0; index < _parts.Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TrainedPart part = _parts[index];
            Vote? vote = CountsFlips ? part.NewVote() : null;
            part.ComputeWeights(tests, firstRow, Rows, weights);
            for (int row = 0; row < Rows; row++)
            {
                if (!(vote is null ? part.TryPredict(weights, row, out _votes[row][index]) : part.TryLoad(vote, weights, row)))
                    failures[row] ??= part.Overflow(firstRow + row);
                else if (vote is not null)
                    Cast(row, index, _attack.On(vote));
            }
        }
    }

    /// <summary>Counts the votes for one of the rows, for which nothing failed.</summary>
    public RowCertificates Certify(int row)
    {
        var plurality = new Plurality(_votes[row], _labels.ClassCount);
        return new RowCertificates([.. _kinds.Select(kind => CertificateOf(kind, row, plurality))]);
    }

    private Certificate CertificateOf(CertificateKind kind, int row, Plurality plurality) =>
        new(kind, plurality.Winner, Radii[kind](this, row, plurality), IsCertified: true);

    private void Cast(int row, int part, PartFlips flips) => (_votes[row][part], _flips[row][part]) = (flips.Prediction, flips);
}
