using CertiFlip.Kernels;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Instances;

/// <summary>One test row with labels of K classes and noise.</summary>
internal sealed record ManyClassVote(double[] Weights, int[] Labels, int Classes, double Q)
{
    /// <summary>A number for each class; none if it is empty.</summary>
    public double[] Prior { get; init; } = [];

    /// <summary>A share of each class; none if it is empty.</summary>
    public double[] Shares { get; init; } = [];

    /// <summary>What scores rise by with their shares.</summary>
    public double Lift { get; init; }

    public int Rows => Weights.Length;

    public Noise Noise => new(Q, Classes);

    public Vote Vote => Shares.Length == 0 ? new(Weights, ClassLabels) : VoteAgainst(LabelFlipAdversary.Unlimited);

    /// <summary>What a class's score is compared with: its prior, or what its share does not lift it by.</summary>
    public double[] Constants => Shares.Length == 0 ? Prior : [.. Shares.Select(share => -share * Lift)];

    public PairwiseVoteOracle Oracle => new(Weights, Labels, Classes, Q, Constants.Length == 0 ? null : Constants);

    public ClassLabels ClassLabels
    {
        get
        {
            var classes = ClassList.Numbered(Classes);
            return new ClassLabels(
                Labels, Shares.Length > 0 ? classes.WithShares(Shares) : Prior.Length == 0 ? classes : classes.WithPrior(Prior));
        }
    }

    /// <summary>The vote of lifted scores, the largest of which wins.</summary>
    public Vote VoteAgainst(LabelFlipAdversary adversary)
    {
        ClassLabels labels = ClassLabels;
        var vote = new Vote(labels, TwoClassRule.LargestScore, KernelSet.Best, new AllowedFlips(labels, adversary));
        vote.Load(Weights, Lift);
        return vote;
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
        + $"K = {Classes}, q = {Q:R}, π = [{string.Join(", ", Prior.Select(share => share.ToString("R")))}], "
        + $"shares [{string.Join(", ", Shares.Select(share => share.ToString("R")))}] lift {Lift:R}";

    private static T[] Without<T>(T[] items, int index) => [.. items[..index], .. items[(index + 1)..]];
}
