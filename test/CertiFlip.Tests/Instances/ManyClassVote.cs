using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Instances;

/// <summary>One test row with labels of K classes and noise.</summary>
internal sealed record ManyClassVote(double[] Weights, int[] Labels, int Classes, double Q)
{
    /// <summary>A number for each class; none if it is empty.</summary>
    public double[] Prior { get; init; } = [];

    public int Rows => Weights.Length;

    public Noise Noise => new(Q, Classes);

    public Vote Vote => new(Weights, ClassLabels);

    public PairwiseVoteOracle Oracle => new(Weights, Labels, Classes, Q, Prior.Length == 0 ? null : Prior);

    public ClassLabels ClassLabels
    {
        get
        {
            var classes = ClassList.Numbered(Classes);
            return new ClassLabels(Labels, Prior.Length == 0 ? classes : classes.WithPrior(Prior));
        }
    }

    /// <summary>The same with one row less, or with simpler numbers.</summary>
    public IEnumerable<ManyClassVote> Simpler()
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
        + $"K = {Classes}, q = {Q:R}, π = [{string.Join(", ", Prior.Select(share => share.ToString("R")))}]";

    private static T[] Without<T>(T[] items, int index) => [.. items[..index], .. items[(index + 1)..]];
}
