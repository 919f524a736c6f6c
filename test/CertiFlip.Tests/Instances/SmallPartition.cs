using CertiFlip.Partition;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Instances;

/// <summary>
/// One test row as a few parts see it, with so few labels in all that trying everything answers any question about
/// them.
/// </summary>
internal sealed record SmallPartition(double[][] Weights, int[][] Labels, int Classes)
{
    /// <summary>A number for each class; none if it is empty.</summary>
    public double[] Prior { get; init; } = [];

    public int Rows => Weights.Sum(part => part.Length);

    public PartitionOracle Oracle => new(Weights, Labels, Classes, Prior.Length == 0 ? null : Prior);

    /// <summary>Those with rows: an empty part casts no vote.</summary>
    public PartFlips[] Parts =>
    [
        .. Weights.Zip(Labels).Where(part => part.First.Length > 0)
            .Select(part => new PartAttack().On(new Vote(part.First, new ClassLabels(part.Second, List)))),
    ];

    private ClassList List => Prior.Length == 0 ? ClassList.Numbered(Classes) : ClassList.Numbered(Classes).WithPrior(Prior);

    public Plurality Plurality => new([.. Parts.Select(part => part.Prediction)], Classes);

    /// <summary>The same with one row or one part less.</summary>
    public IEnumerable<SmallPartition> Simpler() => AllSimpler().Where(simpler => simpler.Rows > 0);

    private IEnumerable<SmallPartition> AllSimpler()
    {
        for (int part = 0; part < Weights.Length; part++)
        {
            if (Weights.Length > 1)
                yield return this with { Weights = Without(Weights, part), Labels = Without(Labels, part) };
            for (int row = 0; row < Weights[part].Length; row++)
                yield return this with
                {
                    Weights = With(Weights, part, Without(Weights[part], row)),
                    Labels = With(Labels, part, Without(Labels[part], row)),
                };
        }
    }

    public override string ToString()
    {
        IEnumerable<string> parts = Weights.Zip(Labels, (weights, labels) =>
            $"α = [{string.Join(", ", weights.Select(weight => weight.ToString("R")))}], y = [{string.Join(", ", labels)}]");
        return $"{string.Join("; ", parts)}; K = {Classes}, π = [{string.Join(", ", Prior.Select(share => share.ToString("R")))}]";
    }

    private static T[] Without<T>(T[] items, int index) => [.. items[..index], .. items[(index + 1)..]];

    private static T[] With<T>(T[] items, int index, T item) => [.. items[..index], item, .. items[(index + 1)..]];
}
