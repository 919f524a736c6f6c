using CertiFlip.Partition;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Partition;

/// <summary>What is claimed of a single part's vote, against every labelling of it.</summary>
public class PartFlipsTests
{
    [Fact]
    public void Prediction_is_what_brute_force_finds() => HoldsFor(SmallPartitions.Any, (part, oracle, index) =>
        Assert.Equal(oracle.Votes[index], part.Prediction));

    [Fact]
    public void Flips_to_leave_a_class_are_what_brute_force_finds() => HoldsFor(SmallPartitions.Any, (part, oracle, index) =>
        Assert.Equal(Below(oracle.LeastChangesOf(index, c => c != part.Prediction)), part.Radius), count: 3000);

    [Fact]
    public void Flips_to_the_other_of_two_classes_are_what_brute_force_finds() =>
        HoldsFor(SmallPartitions.OfTwoClasses, (part, oracle, index) =>
        Assert.Equal(Below(oracle.LeastChangesOf(index, c => c != part.Prediction)), part.RadiusAgainst(1 - part.Prediction)));

    [Fact]
    public void Flips_to_a_class_never_exceed_what_brute_force_finds() => HoldsFor(SmallPartitions.OfThreeClasses, (part, oracle, index) =>
        Assert.All(Others(part), c =>
            Assert.InRange(part.RadiusAgainst(c), Radius.Of(0),
                Below(oracle.LeastChangesOf(index, sought => sought == c)), Comparer<Radius>.Default)), count: 3000);

    [Fact]
    public void Flips_to_a_class_are_at_least_those_to_leave() => HoldsFor(SmallPartitions.OfThreeClasses, (part, _, _) =>
        Assert.All(Others(part), c => Assert.InRange(part.RadiusAgainst(c), part.Radius, Radius.Any, Comparer<Radius>.Default)));

    [Fact]
    public void Part_whose_weights_are_nought_cannot_be_moved()
    {
        var part = new PartAttack().On(new Vote(new double[3], new ClassLabels([1, 1, 2], 3)));
        Assert.Equal((0, Radius.Any), (part.Prediction, part.Radius));
        Assert.All(Others(part), c => Assert.Equal(Radius.Any, part.RadiusAgainst(c)));
    }

    [Fact]
    public void Third_class_that_is_almost_first_must_be_overtaken_too()
    {
        // 5 to 4.9: with the label of weight 3 class 0 is past class 1, but it takes the one of weight 2 as well to be
        // past class 2.
        var part = new PartAttack().On(new Vote(new[] { 3, 2, 0.98, 0.98, 0.98, 0.98, 0.98 }, new ClassLabels([1, 1, 2, 2, 2, 2, 2], 3)));
        Assert.Equal((1, Radius.Of(0), Radius.Of(1)), (part.Prediction, part.Radius, part.RadiusAgainst(0)));
    }

    [Fact]
    public void Class_that_is_voted_for_already_is_refused()
    {
        PartFlips part = new PartAttack().On(new Vote(new double[3], new ClassLabels([1, 1, 2], 3)));
        Assert.Throws<ArgumentException>(() => part.RadiusAgainst(0));
    }

    /// <summary>What a part survives that this many flips move; null where none do.</summary>
    private static Radius Below(int? flips) => flips is { } fewest ? Radius.Of(fewest - 1) : Radius.Any;

    private static IEnumerable<int> Others(PartFlips part) => Enumerable.Range(0, part.ClassCount).Where(c => c != part.Prediction);

    private static void HoldsFor(FsCheck.Gen<SmallPartition> cases, Action<PartFlips, PartitionOracle, int> claim, int count = 1000) =>
        Claim.HoldsFor(cases, partition => partition.Simpler(), partition =>
        {
            PartitionOracle oracle = partition.Oracle;
            PartFlips[] parts = partition.Parts;
            for (int index = 0; index < parts.Length; index++)
                claim(parts[index], oracle, index);
        }, count);
}
