using System.Numerics;
using CertiFlip.Exact;
using CertiFlip.Kernels;
using CertiFlip.Partition;
using CertiFlip.Smoothed;
using CertiFlip.Tests.Instances;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Votes;

/// <summary>
/// What certificates claim of limited adversaries, against every labelling that those can make and what it costs.
/// </summary>
public class LimitedAdversaryTests
{
    private static Gen<(SmallVote Vote, LabelFlipAdversary Adversary)> OfTwoClasses { get; } =
        from vote in SmallVotes.Any
        from adversary in Limits.Of(vote.Rows, 2)
        select (vote, adversary);

    private static Gen<(ManyClassVote Vote, LabelFlipAdversary Adversary)> OfManyClasses { get; } =
        from vote in ManyClassVotes.Any
        from adversary in Limits.Of(vote.Rows, vote.Classes)
        select (vote, adversary);

    private static Gen<(SmallPartition Parts, LabelFlipAdversary Adversary)> OfParts { get; } =
        from parts in SmallPartitions.Any.Where(parts => parts.Rows > 0)
        from adversary in Limits.Of(parts.Rows, parts.Classes)
        select (parts, adversary);

    [Fact]
    public void Exact_radius_of_two_classes_is_one_less_than_the_cost_brute_force_finds() => Claim.HoldsFor(OfTwoClasses, 4000, it =>
        AssertExact(it.Vote.Oracle.LeastCostOfHead(it.Adversary.Price()), Limited(it.Vote, it.Adversary)));

    [Fact]
    public void Exact_radius_of_many_classes_is_one_less_than_the_cost_brute_force_finds() => Claim.HoldsFor(OfManyClasses, 5000, it =>
        AssertExact(it.Vote.Oracle.LeastCostOfHead(it.Adversary.Price()), Limited(it.Vote, it.Adversary)));

    [Fact]
    public void Witness_of_two_classes_is_allowed_costs_what_it_says_and_changes_the_head() => Claim.HoldsFor(OfTwoClasses, 3000, it =>
    {
        if (ExactCertificate.TryFindWitness(Limited(it.Vote, it.Adversary), out Witness? witness))
            Assert.NotEqual(witness.Prediction,
                it.Vote.Oracle.HeadPredictionAfterFlipping(Checked(witness, it.Adversary, it.Vote.Labels).Select(flip => flip.Row)));
    });

    [Fact]
    public void Witness_of_many_classes_is_allowed_costs_what_it_says_and_changes_the_head() => Claim.HoldsFor(OfManyClasses, 3000, it =>
    {
        if (ExactCertificate.TryFindWitness(Limited(it.Vote, it.Adversary), out Witness? witness))
            Assert.NotEqual(witness.Prediction,
                it.Vote.Oracle.HeadPredictionAfter(Checked(witness, it.Adversary, it.Vote.Labels).Select(flip => (flip.Row, flip.To))));
    });

    [Fact]
    public void Smoothed_radii_of_two_classes_never_exceed_what_brute_force_finds() => Claim.HoldsFor(OfTwoClasses, 2000, it =>
    {
        ChernoffBound bound = ChernoffBound.Of(it.Vote.Vote, it.Vote.Noise);
        if (bound.IsCertified)
            AssertSound(it.Vote.Oracle.LeastCostOfSmoothed(it.Adversary.Price()), it.Adversary.Total(it.Vote.Rows),
                SmoothedRadii(Limited(it.Vote, it.Adversary), bound, it.Vote.Noise, it.Adversary));
    });

    [Fact]
    public void Smoothed_radii_of_many_classes_never_exceed_what_brute_force_finds() => Claim.HoldsFor(OfManyClasses, 3000, it =>
    {
        ChernoffBound bound = ChernoffBound.Of(it.Vote.Vote, it.Vote.Noise);
        if (bound.IsCertified)
            AssertSound(it.Vote.Oracle.LeastCostOfSmoothed(bound.Prediction, it.Adversary.Price()), it.Adversary.Total(it.Vote.Rows),
                SmoothedRadii(Limited(it.Vote, it.Adversary), bound, it.Vote.Noise, it.Adversary));
    });

    [Fact]
    public void Limits_never_lower_a_radius() => Claim.HoldsFor(OfManyClasses, 2000, it =>
    {
        // Costs change the unit, so only what may be flipped is limited here.
        LabelFlipAdversary free = it.Adversary with { Costs = [] };
        ChernoffBound bound = ChernoffBound.Of(it.Vote.Vote, it.Vote.Noise);
        Assert.InRange(ExactCertificate.Radius(Limited(it.Vote, free)), ExactCertificate.Radius(it.Vote.Vote),
            Radius.Any, Comparer<Radius>.Default);
        Assert.InRange(StructuredCertificate.Radius(Limited(it.Vote, free), bound, it.Vote.Noise),
            StructuredCertificate.Radius(it.Vote.Vote, bound, it.Vote.Noise), it.Vote.Rows);
    });

    [Fact]
    public void One_more_trusted_row_never_lowers_the_exact_radius() => Claim.HoldsFor(OfManyClasses, 2000, it =>
    {
        LabelFlipAdversary more = it.Adversary with { TrustedRows = [.. it.Adversary.TrustedRows, it.Vote.Rows - 1] };
        Assert.InRange(ExactCertificate.Radius(Limited(it.Vote, more)),
            ExactCertificate.Radius(Limited(it.Vote, it.Adversary)), Radius.Any, Comparer<Radius>.Default);
    });

    [Fact]
    public void Costs_of_one_count_flips() => Claim.HoldsFor(OfManyClasses, it =>
    {
        LabelFlipAdversary none = it.Adversary with { Costs = [] }, ones =
            it.Adversary with { Costs = [.. Enumerable.Repeat(1, it.Vote.Rows)] };
        Assert.Equal(ExactCertificate.Radius(Limited(it.Vote, none)), ExactCertificate.Radius(Limited(it.Vote, ones)));
    });

    [Fact]
    public void Costs_of_five_are_five_times_a_flip() => Claim.HoldsFor(OfManyClasses, it =>
    {
        LabelFlipAdversary none = it.Adversary with { Costs = [] }, fives =
            it.Adversary with { Costs = [.. Enumerable.Repeat(5, it.Vote.Rows)] };
        Radius radius = ExactCertificate.Radius(Limited(it.Vote, none));
        Assert.Equal(radius.IsAny ? radius : Radius.Of(5 * radius.Budget + 4), ExactCertificate.Radius(Limited(it.Vote, fives)));
    });

    [Fact]
    public void Radii_of_parts_never_exceed_what_brute_force_finds() => Claim.HoldsFor(OfParts, 3000, it =>
    {
        (PartFlips[] parts, Radius[] unflipped) = Split(it.Parts, it.Adversary);
        Radius largest = Least(it.Parts, it.Adversary) is { } least ? Radius.Of(least - 1) : Radius.Any;
        Radius partition = PartitionCertificate.Radius([.. parts.Select(part => part.Prediction)], it.Parts.Classes, unflipped);
        Radius whiteBox = WhiteBoxCertificate.Radius(parts);
        Assert.InRange(partition, Radius.Of(0), largest, Comparer<Radius>.Default);
        Assert.InRange(whiteBox, partition, largest, Comparer<Radius>.Default);
        if (it.Parts.Classes == 2)
            Assert.Equal(largest, whiteBox);
    });

    [Fact]
    public void Radius_of_parts_that_can_all_be_moved_at_a_cost_of_one_is_half_the_gap() => Claim.HoldsFor(SmallPartitions.Any, parts =>
    {
        int[] votes = [.. parts.Parts.Select(part => part.Prediction)];
        Assert.Equal(PartitionCertificate.Radius(parts.Plurality, 100),
            PartitionCertificate.Radius(votes, parts.Classes, [.. votes.Select(_ => Radius.Of(0))]));
    });

    [Fact]
    public void Cheapest_cover_is_what_brute_force_finds() => Claim.HoldsFor(
        from count in Gen.Choose(1, 10)
        from sizes in LabelWeights.ArrayOf(Gen.OneOf(Gen.Choose(1, 9), Gen.Choose(1, 1000)), count)
        from costs in LabelWeights.ArrayOf(Gen.OneOf(Gen.Choose(1, 3), Gen.Choose(1, 1000)), count)
        from needed in Gen.Choose(1, sizes.Sum() + 1)
        select (sizes, costs, needed), 5000, it =>
    {
        double[] sizes = [.. it.sizes.Select(size => (double)size)];
        int? least = Enumerable.Range(0, 1 << sizes.Length).Where(set => Of(it.sizes, set) >= it.needed)
            .Min(set => (int?)Of(it.costs, set));
        int[]? found = CheapestCover.Find(sizes, sizes, it.costs, it.needed, it.needed);
        Assert.Equal(least, found?.Sum(item => it.costs[item]));
        Assert.True(found is null || found.Sum(item => it.sizes[item]) >= it.needed);

        static int Of(int[] values, int set) => values.Where((_, item) => (set >> item & 1) == 1).Sum();
    });

    [Fact]
    public void Cheapest_cover_tells_values_apart_that_are_the_same_as_doubles() => Claim.HoldsFor(
        from count in Gen.Choose(2, 8)
        from sizes in LabelWeights.ArrayOf(Gen.Elements(1, 1, 1, 4), count)
        from bits in LabelWeights.ArrayOf(Gen.Choose(0, 5), count)
        from costs in LabelWeights.ArrayOf(Gen.Elements(3, 3, 3, 4), count)
        from enough in Gen.Choose(1, (1 << count) - 1)
        select (sizes, bits, costs, enough), 5000, it =>
    {
        BigInteger[] values = [.. it.sizes.Zip(it.bits, (size, bit) => ((BigInteger)size << 60) + bit)];
        double[] sizes = [.. values.Select(value => Math.ScaleB((double)value, -62))];
        BigInteger enough = Of(it.enough);
        int least = Enumerable.Range(0, 1 << values.Length).Where(set => Of(set) >= enough)
            .Min(set => Chosen(set).Sum(item => it.costs[item]));
        Assert.Equal(least, CheapestCover.Find(sizes, values, it.costs, Math.ScaleB((double)enough, -62), enough)!.Sum(
            item => it.costs[item]));

        BigInteger Of(int set) => Chosen(set).Aggregate(BigInteger.Zero, (sum, item) => sum + values[item]);
        IEnumerable<int> Chosen(int set) => Enumerable.Range(0, values.Length).Where(item => (set >> item & 1) == 1);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void Cheapest_cover_of_many_items_is_a_plain_dynamic_programme(int mostCost)
    {
        var random = new Random(1);
        for (int run = 0; run < 20; run++)
        {
            int[] sizes = [.. Enumerable.Range(0, 400).Select(_ => random.Next(1, 10000))], costs =
                [.. sizes.Select(_ => random.Next(1, mostCost + 1))];
            int needed = random.Next(1, sizes.Sum());
            long[] most = new long[costs.Sum() + 1];
            for (int item = 0; item < sizes.Length; item++)
            {
                for (int budget = most.Length - 1; budget >= costs[item]; budget--)
                    most[budget] = Math.Max(most[budget], most[budget - costs[item]] + sizes[item]);
            }

            double[] values = [.. sizes.Select(size => (double)size)];
            Assert.Equal(Array.FindIndex(most, size => size >= needed),
                CheapestCover.Find(values, values, costs, needed, needed)!.Sum(item => costs[item]));
        }
    }

    [Fact]
    public void Radius_counted_in_flips_pays_for_the_cheapest_labels_that_can_be_flipped()
    {
        var adversary = new LabelFlipAdversary { TrustedRows = [0], Costs = [1, 2, 30, 4] };
        var labels = new ClassLabels([0, 1, 1, 0], 2);
        var allowed = new AllowedFlips(labels, adversary);
        Assert.Equal([Radius.Of(1), Radius.Of(5), Radius.Of(35), Radius.Any, Radius.Any], Enumerable.Range(0, 5).Select(allowed.BudgetFor));
    }

    [Fact]
    public void Limits_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new LabelFlipAdversary { TrustedRows = [-1] });
        Assert.Throws<ArgumentException>(() => new LabelFlipAdversary { Directions = [new FlipDirection(1, 1)] });
        Assert.Throws<ArgumentException>(() => new LabelFlipAdversary { Costs = [1, 0] });
        Assert.Throws<ArgumentException>(() => new LabelFlipAdversary { Costs = [int.MaxValue, 1] });
        var labels = new ClassLabels([0, 1], 2);
        Assert.All(
            (LabelFlipAdversary[])[new() { TrustedRows = [2] }, new() { Costs = [1] }, new() { Directions = [new FlipDirection(0, 2)] }],
            adversary => Assert.Throws<ArgumentException>(() => new Vote(new double[2], labels, adversary: adversary)));
    }

    private static Vote Limited(SmallVote vote, LabelFlipAdversary adversary) =>
        new(vote.Weights, new ClassLabels(vote.Labels, 2), vote.Threshold, adversary);

    private static Vote Limited(ManyClassVote vote, LabelFlipAdversary adversary) =>
        new(vote.Weights, new ClassLabels(vote.Labels, vote.Classes), adversary: adversary);

    private static void AssertExact(int? least, Vote vote) =>
        Assert.Equal(least is { } cost ? Radius.Of(cost - 1) : Radius.Any, ExactCertificate.Radius(vote));

    private static void AssertSound(int? least, int total, int[] radii) =>
        Assert.All(radii, radius => Assert.InRange(radius, 0, least - 1 ?? total));

    private static int[] SmoothedRadii(Vote vote, ChernoffBound bound, Noise noise, LabelFlipAdversary adversary) =>
    [
        BudgetFor(KlCertificate.Radius(bound.LogFailure, noise, vote.Labels.Count), vote, adversary),
        BudgetFor(new TightCertificate(noise, vote.Labels.Count).Radius(bound.LogFailure), vote, adversary),
        StructuredCertificate.Radius(vote, bound, noise),
    ];

    private static int BudgetFor(int flips, Vote vote, LabelFlipAdversary adversary) =>
        new AllowedFlips(vote.Labels, adversary).BudgetFor(flips).BudgetOr(adversary.Total(vote.Labels.Count));

    private static IReadOnlyList<LabelFlip> Checked(Witness witness, LabelFlipAdversary adversary, int[] labels)
    {
        Assert.Distinct(witness.Flips.Select(flip => flip.Row));
        Assert.All(witness.Flips, flip => Assert.Equal(labels[flip.Row], flip.From));
        Assert.Equal(witness.Cost, witness.Flips.Sum(flip => adversary.Price()(flip.Row, flip.From, flip.To)));
        Assert.All(witness.Flips, flip => Assert.NotNull(adversary.Price()(flip.Row, flip.From, flip.To)));
        return witness.Flips;
    }

    private static int? Least(SmallPartition parts, LabelFlipAdversary adversary)
    {
        // The oracle says n + 1 for never, so costs are made to begin beyond that.
        var oracle = new Oracles.PartitionOracle(
            parts.Weights, parts.Labels, parts.Classes, (row, from, to) => 100 * adversary.Price()(row, from, to));
        int least = oracle.LeastChanges;
        return least >= 100 ? least / 100 : null;
    }

    private static (PartFlips[] Parts, Radius[] Unflipped) Split(SmallPartition parts, LabelFlipAdversary adversary)
    {
        var labels = new ClassLabels([.. parts.Labels.SelectMany(own => own)], parts.Classes);
        var allowed = new AllowedFlips(labels, adversary);
        List<PartFlips> flips = [];
        List<Radius> unflipped = [];
        int first = 0;
        for (int part = 0; part < parts.Weights.Length; part++)
        {
            int[] rows = [.. Enumerable.Range(first, parts.Weights[part].Length)];
            first += rows.Length;
            if (rows.Length == 0)
                continue;

            var own = new ClassLabels(parts.Labels[part], parts.Classes);
            AllowedFlips among = allowed.Among(rows, own);
            var vote = new Vote(own, TwoClassRule.Half, KernelSet.Best, among);
            vote.Load(parts.Weights[part]);
            (flips, unflipped) = ([.. flips, new PartAttack().On(vote)], [.. unflipped, among.BudgetFor(0)]);
        }

        return ([.. flips], [.. unflipped]);
    }
}
