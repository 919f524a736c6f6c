using CertiFlip.Partition;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Partition;

/// <summary>What both certificates of a vote of parts claim, against every labelling.</summary>
public class PartitionSoundnessTests
{
    [Fact]
    public void Prediction_is_what_brute_force_finds() => HoldsFor(SmallPartitions.Any, partition =>
        Assert.Equal(partition.Oracle.Prediction, partition.Plurality.Winner));

    [Fact]
    public void Partition_radius_never_exceeds_what_brute_force_finds() => HoldsFor(SmallPartitions.Any, partition =>
        Assert.InRange(PartitionCertificate.Radius(partition.Plurality, partition.Rows), Radius.Of(0),
            Largest(partition), Comparer<Radius>.Default), count: 2000);

    [Fact]
    public void White_box_radius_of_two_classes_is_one_less_than_the_flips_brute_force_finds() =>
        HoldsFor(SmallPartitions.OfTwoClasses, partition =>
        Assert.Equal(Largest(partition), WhiteBoxCertificate.Radius(partition.Parts)), count: 3000);

    [Fact]
    public void White_box_radius_of_three_classes_never_exceeds_what_brute_force_finds() =>
        HoldsFor(SmallPartitions.OfThreeClasses, partition =>
        Assert.InRange(WhiteBoxCertificate.Radius(partition.Parts), Radius.Of(0), Largest(partition), Comparer<Radius>.Default),
            count: 3000);

    [Fact]
    public void White_box_radius_of_three_classes_and_a_single_part_is_one_less_than_the_flips_brute_force_finds() =>
        HoldsFor(SmallPartitions.OfThreeClasses, partition =>
        {
            // Whoever leaves the class of the only part wins.
            if (partition.Weights.Length == 1)
                Assert.Equal(Largest(partition), WhiteBoxCertificate.Radius(partition.Parts));
        });

    [Fact]
    public void White_box_radius_is_at_least_that_of_the_partition() => HoldsFor(SmallPartitions.Any, partition =>
        Assert.InRange(PartitionCertificate.Radius(partition.Plurality, partition.Rows), Radius.Of(0),
            WhiteBoxCertificate.Radius(partition.Parts), Comparer<Radius>.Default), count: 2000);

    [Fact]
    public void White_box_radius_of_three_classes_is_mostly_all_there_is()
    {
        int exact = 0, larger = 0;
        HoldsFor(SmallPartitions.OfThreeClasses, partition =>
        {
            Radius radius = WhiteBoxCertificate.Radius(partition.Parts);
            exact += radius == Largest(partition) ? 1 : 0;
            larger += radius > PartitionCertificate.Radius(partition.Plurality, partition.Rows) ? 1 : 0;
        });
        Assert.InRange(exact, 980, 1000);
        Assert.InRange(larger, 100, 900);
    }

    /// <summary>The largest radius that is true; the oracle says n + 1 changes where none change the winner.</summary>
    private static Radius Largest(SmallPartition partition) => Radius.Of(partition.Oracle.LeastChanges - 1, partition.Rows);

    private static void HoldsFor(FsCheck.Gen<SmallPartition> cases, Action<SmallPartition> claim, int count = 1000) =>
        Claim.HoldsFor(cases, partition => partition.Simpler(), claim, count);
}
