using CertiFlip.Smoothed;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Instances;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Smoothed;

/// <summary>
/// The structured certificate of limited adversaries against its definition. Brute force over noise patterns says less:
/// the true vote leaves room for a radius that nothing proves.
/// </summary>
public class LimitedStructureTests
{
    private const int Rows = 60;

    public static TheoryData<int, double> Kinds => new() { { 2, 0.01 }, { 2, 0.3 }, { 3, 0.1 }, { 4, 0.4 } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Some_t_proves_the_radius_against_every_rival(int classes, double q)
    {
        int limited = 0;
        Claim.HoldsFor(Cases(classes, q), 40, it =>
        {
            var vote = new Vote(it.Vote.Weights, new ClassLabels(it.Vote.Labels, classes), TwoClassRule.Half, it.Adversary);
            ChernoffBound bound = ChernoffBound.Of(vote, it.Vote.Noise);
            if (!bound.IsCertified || bound.IsUnanimous)
                return;
            int radius = StructuredCertificate.Radius(vote, bound, it.Vote.Noise);
            limited += radius > 0 && radius < it.Adversary.Total(it.Vote.Rows) ? 1 : 0;
            Assert.All(Enumerable.Range(0, classes).Where(c => c != bound.Prediction), rival =>
                Assert.InRange(Definition(it.Vote, it.Adversary, bound.Prediction, rival).LeastExponent(radius),
                    double.NegativeInfinity, SmoothedValue.LogHalf + 1e-9));
        });
        Assert.InRange(limited, 10, 40);
    }

    private static LimitedStructure Definition(ManyClassVote vote, LabelFlipAdversary adversary, int winner, int rival)
    {
        double offsetOfOne = vote.Classes == 2 ? 0.5 * vote.Weights.Sum() - Vote.PaperThreshold : 0;
        return new LimitedStructure(
            vote.Weights, vote.Labels, vote.Classes, vote.Q, (winner, rival), winner == 1 ? offsetOfOne : -offsetOfOne, adversary.Price());
    }

    private static Gen<(ManyClassVote Vote, LabelFlipAdversary Adversary)> Cases(int classes, double q) =>
        from adversary in Limits.Of(Rows, classes)
        from seed in Gen.Choose(0, 1 << 20)
        select (MostlyOneClass(new Random(seed), classes, q), adversary);

    /// <summary>Most of the weight is with one class, so that it takes several flips.</summary>
    private static ManyClassVote MostlyOneClass(Random random, int classes, double q)
    {
        int winner = random.Next(classes);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(_ => random.Next(3) > 0 ? winner : random.Next(classes))];
        double[] weights = [.. labels.Select(label => (label == winner ? 1 : -0.2) * random.NextDouble() + 0.1 * random.NextDouble())];
        double scale = (winner == 1 ? 1.2 : 0.8) / weights.Sum();
        return new ManyClassVote([.. weights.Select(weight => weight * scale)], labels, classes, q);
    }
}
