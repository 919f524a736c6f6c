namespace CertiFlip.Auditing;

/// <summary>One row whose prediction the labels are audited for, and what verifying a label would do for its exact radius.</summary>
internal interface IAuditedRow
{
    /// <summary>The exact radius: the largest budget within which no flips of labels that are not verified change the class; the cost of all labels if none do.</summary>
    int Radius { get; }

    /// <summary>By how much the radius grows with one more label verified, for every label where it does.</summary>
    (int Row, int Gain)[] Gains();

    /// <summary>How far each label belongs to the smallest witnesses. The sum is the size of a witness.</summary>
    IEnumerable<(int Row, double Share)> Shares();

    /// <summary>Marks a label as verified.</summary>
    /// <returns>Whether radius, gains or shares are to be asked for again.</returns>
    bool Verify(int row);
}
