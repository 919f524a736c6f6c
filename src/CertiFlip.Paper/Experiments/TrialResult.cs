namespace CertiFlip.Paper.Experiments;

/// <summary>What attacks on certified predictions came to.</summary>
/// <param name="Rows">Test rows attacked.</param>
/// <param name="Broken">Those whose prediction changed under their witness.</param>
/// <param name="Attacks">Attacks with no more flips than the radius.</param>
/// <param name="Changed">Those that changed a prediction: any would refute the certificate.</param>
internal readonly record struct TrialResult(int Rows, int Broken, int Attacks, int Changed)
{
    public TrialResult(int[] counts)
        : this(counts[0], counts[1], counts[2], counts[3])
    {
    }

    public int[] Counts => [Rows, Broken, Attacks, Changed];
}
