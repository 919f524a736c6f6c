namespace CertiFlip.Certificates;

/// <summary>
/// The certificate of a vote of heads trained on disjoint parts of the training rows: SS-DPA (Levine and Feizi, Deep Partition
/// Aggregation, ICLR 2021). It knows of a part only what it votes for.
/// </summary>
public static class PartitionCertificate
{
    /// <summary>
    /// The largest number of flips after which the winner still wins, however many flips a part's vote takes: one flip changes one part, and
    /// a changed vote closes the gap to a rival by at most 2. With n votes it is the smallest ⌊(n_c − n_d − [d &lt; c])/2⌋ over the rivals d.
    /// </summary>
    /// <param name="plurality">The votes of the parts.</param>
    /// <param name="rows">Number of training rows n in all parts: no more labels than these can be flipped.</param>
    public static int Radius(Plurality plurality, int rows)
    {
        ArgumentNullException.ThrowIfNull(plurality);
        int radius = rows;
        for (int rival = 0; rival < plurality.ClassCount; rival++)
        {
            if (rival != plurality.Winner)
                radius = Math.Min(radius, (plurality.GapTo(rival) - 1) / 2);
        }

        return radius;
    }
}
