using CertiFlip.Certificates;

namespace CertiFlip.Certification;

/// <summary>What P parts vote for, for each of a few test rows, and what follows from it.</summary>
internal sealed class Ballots
{
    private readonly ClassLabels _labels;
    private readonly IReadOnlyList<CertificateKind> _kinds;
    private readonly int[][] _votes;
    private readonly PartFlips[][] _flips;
    private readonly PartAttack _attack = new();
    private readonly PartFlips _noRows;

    public Ballots(int rows, int parts, ClassLabels labels, IReadOnlyList<CertificateKind> kinds)
    {
        (_labels, _kinds) = (labels, kinds);
        _votes = [.. Enumerable.Range(0, rows).Select(_ => new int[parts])];
        _flips = kinds.Contains(CertificateKind.WhiteBox) ? [.. Enumerable.Range(0, rows).Select(_ => new PartFlips[parts])] : [];
        _noRows = PartFlips.OfNoRows(labels.ClassCount);
    }

    /// <summary>Number of test rows.</summary>
    public int Rows => _votes.Length;

    private bool CountsFlips => _flips.Length > 0;

    /// <summary>Casts the vote of one part for one of the rows.</summary>
    public void Cast(int row, int part, Vote vote)
    {
        if (CountsFlips)
            Cast(row, part, _attack.On(vote));
        else
            _votes[row][part] = vote.HeadPrediction;
    }

    /// <summary>Casts the vote of a part without rows, for all test rows.</summary>
    public void CastEmpty(int part)
    {
        for (int row = 0; row < _flips.Length; row++)
            Cast(row, part, _noRows);
    }

    /// <summary>Counts the votes for one of the rows.</summary>
    public RowCertificates Certify(int row)
    {
        var plurality = new Plurality(_votes[row], _labels.ClassCount);
        Certificate[] certificates = [.. _kinds.Select(kind => new Certificate(kind, plurality.Winner, Radius(kind, row, plurality), IsCertified: true))];
        return new RowCertificates(plurality.Winner, double.NaN, certificates);
    }

    private void Cast(int row, int part, PartFlips flips) => (_votes[row][part], _flips[row][part]) = (flips.Prediction, flips);

    private int Radius(CertificateKind kind, int row, Plurality plurality) => kind switch
    {
        CertificateKind.Partition => PartitionCertificate.Radius(plurality, _labels.Count),
        CertificateKind.WhiteBox => WhiteBoxCertificate.Radius(_flips[row]),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such certificate of a vote of parts."),
    };
}
