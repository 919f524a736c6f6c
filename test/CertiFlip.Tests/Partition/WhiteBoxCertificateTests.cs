using CertiFlip.Partition;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Partition;

/// <summary>The radius from the parts' flips alone: of these the largest there is, for any number of classes.</summary>
public class WhiteBoxCertificateTests
{
    private static Gen<PartFlips[]> Cases { get; } =
        from classes in Gen.Choose(2, 4)
        from count in Gen.Choose(1, 5)
        from parts in Gen.ArrayOf(Part(classes), count)
        select parts;

    [Fact]
    public void Radius_is_one_less_than_the_flips_of_the_cheapest_votes_that_change_the_winner() => Claim.HoldsFor(Cases, parts =>
        Assert.Equal(LeastFlips(parts) is int flips ? Radius.Of(flips - 1) : Radius.Any, WhiteBoxCertificate.Radius(parts)), count: 5000);

    [Fact]
    public void Part_of_a_third_class_must_reach_the_rival_and_not_just_leave() =>
        Assert.Equal(Radius.Of(4), WhiteBoxCertificate.Radius(
            [Fixed(0), Fixed(0), Fixed(1), Fixed(1), new PartFlips(2, [Radius.Of(0), Radius.Of(4), Radius.Of(0)])]));

    [Fact]
    public void Parts_that_cannot_be_moved_leave_any_radius() =>
        Assert.Equal(Radius.Any, WhiteBoxCertificate.Radius([Fixed(0), Fixed(1)]));

    [Fact]
    public void No_parts_are_refused() => Assert.Throws<ArgumentException>(() => WhiteBoxCertificate.Radius([]));

    private static PartFlips Fixed(int prediction) => new(prediction, [Radius.Any, Radius.Any, Radius.Any]);

    private static Gen<PartFlips> Part(int classes) =>
        from prediction in Gen.Frequency((1, Gen.Constant(0)), (1, Gen.Choose(0, classes - 1)))
        from radii in Gen.ArrayOf(Gen.Frequency((1, Gen.Constant(Radius.Any)), (4, Gen.Choose(0, 8).Select(Radius.Of))), classes)
        select new PartFlips(
            prediction, [.. radii.Select((own, c) => c == prediction ? radii.Where((_, d) => d != prediction).Min() : own)]);

    private static int? LeastFlips(PartFlips[] parts)
    {
        int classes = parts[0].ClassCount;
        int winner = PartitionOracle.Plurality([.. parts.Select(part => part.Prediction)], classes);
        IEnumerable<(int[] Votes, int Flips)> all = [([], 0)];
        foreach (PartFlips part in parts)
        {
            all = [.. from start in all
                      from c in Enumerable.Range(0, classes)
                      where c == part.Prediction || !part.RadiusAgainst(c).IsAny
                      let flips = c == part.Prediction ? 0 : part.RadiusAgainst(c).Budget + 1
                      select ((int[])[.. start.Votes, c], start.Flips + flips)];
        }

        return all.Where(outcome => PartitionOracle.Plurality(outcome.Votes, classes) != winner).Min(outcome => (int?)outcome.Flips);
    }
}
