using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Instances;

/// <summary>
/// Generates votes of three or four classes: ties, classes without rows, rows that all agree, strong majorities, heavy
/// noise.
/// </summary>
internal static class ManyClassVotes
{
    /// <summary>Any weights, labels and noise of three or four classes, few enough rows to try everything.</summary>
    public static Gen<ManyClassVote> Any { get; } =
        from classes in Gen.Elements(3, 4)
        from rows in Gen.OneOf(Gen.Choose(1, MostRows(classes)), Gen.Constant(MostRows(classes)))
        from weights in Gen.Frequency((3, LabelWeights.Of(rows)), (1, AlmostEqual(rows)))
        from labels in Labels(weights, classes)
        from q in Noise(classes)
        select new ManyClassVote(weights, labels, classes, q);

    /// <summary>The same with weights so generic that no two sums of them agree, and one class ahead.</summary>
    public static Gen<ManyClassVote> WithoutTies { get; } = (
        from classes in Gen.Elements(3, 4)
        from rows in Gen.Choose(2, MostRows(classes))
        from weights in Gen.OneOf(LabelWeights.ArrayOf(LabelWeights.Unit, rows), AlmostEqual(rows))
        from labels in Labels(weights, classes)
        from q in Noise(classes)
        select new ManyClassVote(weights, labels, classes, q)).Where(HasOneLeader);

    private static Gen<double> Noise(int classes) => Gen.Frequency(
        (6, Gen.Elements(1e-6, 0.001, 0.01, 0.1, 0.3, 0.5, 0.6)),
        (1, Gen.Constant((classes - 1.0) / classes - 1e-6)),
        (1, Gen.Choose(1, (1 << 29) + (1 << 27)).Select(i => Math.ScaleB(i, -30))));

    /// <summary>Weights so alike that several labels must change.</summary>
    private static Gen<double[]> AlmostEqual(int rows) =>
        LabelWeights.ArrayOf(LabelWeights.Unit, rows).Select(values => values.Select(value => 0.75 + value / 4).ToArray());

    private static int MostRows(int classes) => classes == 3 ? 6 : 5;

    /// <summary>
    /// Labels that agree with the weights, that contradict them, or that have nothing to do with them.
    /// </summary>
    private static Gen<int[]> Labels(double[] weights, int classes) =>
        from winner in Gen.Choose(0, classes - 1)
        from step in Gen.Choose(1, classes - 1)
        from others in LabelWeights.ArrayOf(Gen.Choose(1, classes - 1), weights.Length)
        let rows = Enumerable.Range(0, weights.Length)
        from labels in Gen.Frequency(
            (3, LabelWeights.ArrayOf(Gen.Choose(0, classes - 1), weights.Length)),
            (3, Gen.Constant(rows.Select(row => weights[row] > 0 ? 0 : others[row]).ToArray())),
            (1, Gen.Constant(rows.Select(row => weights[row] > 0 ? 0 : step).ToArray())),
            (2, Gen.Constant(rows.Select(row => weights[row] > 0 ? others[row] : 0).ToArray())),
            (1, LabelWeights.ArrayOf(Gen.Elements(0, step), weights.Length)),
            (2, LabelWeights.ArrayOf(Gen.Frequency((6, Gen.Constant(0)), (1, Gen.Constant(step))), weights.Length)),
            (1, Gen.Constant(new int[weights.Length])))
        select labels.Select(label => (label + winner) % classes).ToArray();

    private static bool HasOneLeader(ManyClassVote vote)
    {
        double[] scores = [.. Enumerable.Range(0, vote.Classes).Select(c => vote.Weights.Where((_, row) => vote.Labels[row] == c).Sum())];
        return scores.Count(score => score == scores.Max()) == 1;
    }
}
