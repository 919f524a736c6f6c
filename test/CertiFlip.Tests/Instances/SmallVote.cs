using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Instances;

/// <summary>
/// One test row with labels and noise: usually so few labels that trying everything answers any question about them.
/// </summary>
internal sealed record SmallVote(double[] Weights, int[] Labels, double Threshold, double Q)
{
    public int Rows => Weights.Length;

    public Noise Noise => new(Q);

    public Vote Vote => new(Weights, new ClassLabels(Labels, 2), Threshold);

    public SmoothedVoteOracle Oracle => new(Weights, Labels, Threshold, Q);

    /// <summary>The same with one row less, or with simpler numbers.</summary>
    public IEnumerable<SmallVote> Simpler()
    {
        for (int row = 0; row < Rows && Rows > 1; row++)
            yield return this with { Weights = Without(Weights, row), Labels = Without(Labels, row) };
        for (int row = 0; row < Rows; row++)
        {
            double rounded = Math.Round(Weights[row], 2);
            if (rounded != Weights[row] && rounded != 0)
                yield return this with { Weights = [.. Weights[..row], rounded, .. Weights[(row + 1)..]] };
        }
    }

    public override string ToString() =>
        $"α = [{string.Join(", ", Weights.Select(weight => weight.ToString("R")))}], y = [{string.Join(", ", Labels)}], "
        + $"τ = {Threshold:R}, q = {Q:R}";

    private static T[] Without<T>(T[] items, int index) => [.. items[..index], .. items[(index + 1)..]];
}
