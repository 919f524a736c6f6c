using CertiFlip.Certificates;

namespace CertiFlip.Auditing;

/// <summary>What the head that was fitted without a training row says of it.</summary>
/// <param name="Prediction">The class predicted.</param>
/// <param name="ContradictionRadius">Flips of other labels that cannot bring the row's own label past it; −1 where the row's own label is predicted.</param>
/// <param name="Margin">The margin of the class predicted over the row's own label, in parts of Σ|α|; 0 where they are the same.</param>
internal readonly record struct LeftOutRow(int Prediction, int ContradictionRadius, double Margin)
{
    /// <summary>Reads it off the vote of the others.</summary>
    public static LeftOutRow Of(Vote vote, int label, IReadOnlySet<int> trusted)
    {
        int prediction = vote.HeadPrediction;
        if (prediction == label)
            return new LeftOutRow(prediction, -1, 0);
        var pair = new Pair(prediction, label);
        int flips = RivalMoves.Of(vote, pair, trusted, removals: 0).FewestFlips;
        double magnitude = vote.Sums.Magnitude;
        return new LeftOutRow(prediction, flips == RivalMoves.Never ? vote.Labels.Count - 1 : flips - 1, magnitude > 0 ? vote.Margin(pair) / magnitude : 0);
    }
}
