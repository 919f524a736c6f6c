using CertiFlip.Numerics;

namespace CertiFlip.Certificates;

/// <summary>The smallest set of label flips that changes the head's class for one test row: one more than its exact radius.</summary>
public sealed record Witness
{
    private Witness(int prediction, IReadOnlyList<int> rows) => (Prediction, Rows) = (prediction, rows);

    /// <summary>The head's class before the flips; the other class wins after them.</summary>
    public int Prediction { get; }

    /// <summary>The training rows whose labels are flipped, those that move the score most first.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>Finds the witness of a vote, if there is one: none exists where every labelling gives the same class.</summary>
    /// <param name="vote">Label weights, labels and threshold of one test row.</param>
    /// <param name="witness">The witness, where the result is true.</param>
    /// <returns>Whether any set of flips changes the class.</returns>
    public static bool TryFind(Vote vote, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Witness? witness)
    {
        ArgumentNullException.ThrowIfNull(vote);
        int radius = ExactCertificate.Radius(vote);
        witness = null;
        if (radius == vote.Labels.Count)
            return false;

        LargestFirst moves = vote.MovesAgainst(vote.HeadPrediction);
        int[] rows = new int[radius + 1];
        for (int rank = 0; rank < rows.Length; rank++)
            rows[rank] = moves.PositionOf(rank);
        witness = new Witness(vote.HeadPrediction, rows);
        return true;
    }
}
