using CertiFlip.Attacks;
using CertiFlip.Auditing;
using CertiFlip.Exact;
using CertiFlip.Learners;
using CertiFlip.Partition;
using CertiFlip.Smoothed;
using CertiFlip.Tests.Auditing;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Votes;

/// <summary>
/// What certificates claim of a head with a stated prior, against every labelling and every noise pattern. Weights and
/// priors are often on one grid, so that scores tie, and the prior often outweighs all labels.
/// </summary>
public class PriorTests
{
    private static Gen<ManyClassVote> OfManyClasses { get; } =
        from vote in ManyClassVotes.Any
        from scale in Gen.Elements(1, 1, 0.25, 0.0625)
        from prior in Priors(vote.Classes)
        select vote with { Weights = [.. vote.Weights.Select(weight => weight * scale)], Prior = prior };

    private static Gen<ManyClassVote> OfTwoClasses { get; } =
        from vote in SmallVotes.AtOneHalf.Where(vote => vote.Rows <= 7)
        from scale in Gen.Elements(1, 1, 0.25, 0.0625)
        from prior in Priors(2)
        select new ManyClassVote([.. vote.Weights.Select(weight => weight * scale)], vote.Labels, 2, vote.Q) { Prior = prior };

    private static Gen<(ManyClassVote Vote, LabelFlipAdversary Adversary)> Limited { get; } =
        from vote in Gen.OneOf(OfManyClasses, OfTwoClasses)
        from adversary in Gen.Frequency((1, Gen.Constant(LabelFlipAdversary.Unlimited)), (2, Limits.Of(vote.Rows, vote.Classes)))
        select (vote, adversary);

    [Fact]
    public void Head_and_exact_radius_are_what_brute_force_finds() => Claim.HoldsFor(OfManyClasses, it => it.Simpler(), it =>
    {
        Assert.Equal(it.Oracle.HeadPrediction, it.Vote.HeadPrediction);
        Assert.Equal(RadiusOf(it.Oracle.LeastChangesOfHead, it.Rows), ExactCertificate.Radius(it.Vote));
    }, count: 5000);

    [Fact]
    public void Head_and_exact_radius_of_the_larger_of_two_scores_are_what_brute_force_finds() => Claim.HoldsFor(OfTwoClasses, 3000, it =>
    {
        Vote vote = LargestScore(it);
        Assert.Equal(it.Oracle.HeadPrediction, vote.HeadPrediction);
        Assert.Equal(RadiusOf(it.Oracle.LeastChangesOfHead, it.Rows), ExactCertificate.Radius(vote));
    });

    [Fact]
    public void Of_two_classes_by_the_rule_of_one_half_the_prior_is_the_threshold() => Claim.HoldsFor(OfTwoClasses, 3000, it =>
    {
        var plain = new Vote(it.Weights, new ClassLabels(it.Labels, 2), it.Prior[1]);
        var oracle = new SmoothedVoteOracle(it.Weights, it.Labels, it.Prior[1], it.Q);
        Assert.Equal(it.Prior[1], it.Vote.Threshold);
        Assert.Equal(oracle.HeadPrediction, it.Vote.HeadPrediction);
        Assert.Equal(ExactCertificate.Radius(plain), ExactCertificate.Radius(it.Vote));
        (ChernoffBound expected, ChernoffBound bound) = (ChernoffBound.Of(plain, it.Noise), ChernoffBound.Of(it.Vote, it.Noise));
        Assert.Equal(expected, bound);
        Assert.Equal(StructuredCertificate.Radius(plain, expected, it.Noise), StructuredCertificate.Radius(it.Vote, bound, it.Noise));
    });

    [Fact]
    public void Witness_changes_the_head() => Claim.HoldsFor(OfManyClasses, it => it.Simpler(), it =>
    {
        Assert.Equal(it.Oracle.LeastChangesOfHead <= it.Rows, ExactCertificate.TryFindWitness(it.Vote, out Witness? witness));
        if (witness is not null)
            Assert.NotEqual(witness.Prediction, it.Oracle.HeadPredictionAfter(witness.Flips.Select(flip => (flip.Row, flip.To))));
    }, count: 3000);

    [Fact]
    public void Smoothed_radii_never_reach_what_brute_force_finds() =>
        Claim.HoldsFor(OfManyClasses, it => it.Simpler(), it => AssertSmoothed(it, it.Vote), count: 4000);

    [Fact]
    public void Smoothed_radii_of_the_larger_of_two_scores_never_reach_what_brute_force_finds() =>
        Claim.HoldsFor(OfTwoClasses, 2000, it => AssertSmoothed(it, LargestScore(it)));

    [Fact]
    public void Rivals_are_passed_over_by_their_own_exponent() => Claim.HoldsFor(OfManyClasses, 1000, it =>
    {
        Vote vote = it.Vote;
        double t = 1 / (1 + it.Weights.Max(Math.Abs));
        var scan = new ChernoffScan(vote, it.Noise, winner: 0, t);
        for (int rival = 1; rival < it.Classes; rival++)
        {
            ChernoffPoint own = new ChernoffObjective(vote, it.Noise, new Pair(0, rival)).At(t);
            Assert.InRange(scan[rival].Value, own.Value - scan[rival].Rounding, own.Value + scan[rival].Rounding);
        }
    });

    [Fact]
    public void Failure_is_called_impossible_only_where_it_is() => Claim.HoldsFor(OfManyClasses, it => it.Simpler(), it =>
    {
        ChernoffBound bound = ChernoffBound.Of(it.Vote, it.Noise);
        Assert.Equal(it.Oracle.LargestFailureProbability(bound.Prediction).Sign == 0, bound.IsUnanimous);
    }, count: 3000);

    [Fact]
    public void Radii_and_gains_of_limited_adversaries_are_what_brute_force_finds() => Claim.HoldsFor(Limited, 500, sample =>
    {
        (ManyClassVote it, LabelFlipAdversary adversary) = sample;
        var oracle = new LimitedOracle(it.Weights, it.Labels, it.Classes, adversary.Price(), it.Prior);
        var vote = new Vote(it.Weights, it.ClassLabels, adversary: adversary);
        Assert.Equal(oracle.Prediction, vote.HeadPrediction);
        Assert.Equal(oracle.Radius(new HashSet<int>()), ExactCertificate.Radius(vote));
        IAuditedRow audited = adversary.HasUnitCosts
            ? AuditedRow.Of(vote, it.Rows)
            : new PricedAuditedRow(vote, TwoClassRule.Half, adversary);
        HashSet<int> verified = [];
        int total = adversary.Total(it.Rows);
        for (int next = 0; next < it.Rows; next++)
        {
            Radius radius = oracle.Radius(verified);
            Assert.Equal(radius, audited.Radius);
            long[] gains = new long[it.Rows];
            IAuditedRow known = audited;
            if (!adversary.HasUnitCosts)
            {
                // Gains that are kept may have grown unseen.
                LabelFlipAdversary trusting = adversary with { TrustedRows = [.. adversary.TrustedRows, .. verified] };
                known = new PricedAuditedRow(new Vote(it.Weights, it.ClassLabels, adversary: trusting), TwoClassRule.Half, trusting);
            }

            known.AddGains(gains);
            for (int row = 0; row < it.Rows; row++)
                Assert.Equal(oracle.Radius(new HashSet<int>(verified) { row }).BudgetOr(total) - radius.BudgetOr(total), gains[row]);
            verified.Add(next);
            audited.Verify(next);
        }
    });

    [Fact]
    public void A_label_is_contradicted_for_as_many_flips_as_brute_force_finds() => Claim.HoldsFor(Limited, 300, sample =>
    {
        (ManyClassVote it, LabelFlipAdversary adversary) = sample;
        for (int row = 0; row < it.Rows; row++)
        {
            double[] weights = [.. it.Weights.Select((weight, other) => other == row ? 0 : weight)];
            var oracle = new LimitedOracle(weights, it.Labels, it.Classes, adversary.Price(), it.Prior);
            LeftOutRow left = LeftOutRow.Of(new Vote(weights, it.ClassLabels, adversary: adversary), row);
            int label = it.Labels[row], best = oracle.BestFor(row);
            Assert.Equal(best, left.Class);
            Assert.Equal(best == label ? Radius.Of(0) : oracle.RadiusAgainst(best, label), left.Radius);
        }
    });

    [Fact]
    public void Smoothed_radii_of_limited_adversaries_never_reach_what_brute_force_finds() => Claim.HoldsFor(
        from vote in OfManyClasses
        from adversary in Limits.Of(vote.Rows, vote.Classes)
        select (vote, adversary), 2000, sample =>
    {
        (ManyClassVote it, LabelFlipAdversary adversary) = sample;
        ChernoffBound bound = ChernoffBound.Of(it.Vote, it.Noise);
        if (!bound.IsCertified)
            return;
        int total = adversary.Total(it.Rows);
        int radius = StructuredCertificate.Radius(new Vote(it.Weights, it.ClassLabels, adversary: adversary), bound, it.Noise);
        if (it.Oracle.LeastCostOfSmoothed(bound.Prediction, adversary.Price()) is { } least)
            Assert.InRange(radius, 0, least - 1);
        else
            Assert.InRange(radius, 0, total);
    });

    [Fact]
    public void Radii_of_parts_never_exceed_what_brute_force_finds() => Claim.HoldsFor(
        from parts in SmallPartitions.Any
        from prior in Priors(parts.Classes)
        select parts with { Prior = prior }, 3000, it =>
    {
        Radius largest = RadiusOf(it.Oracle.LeastChanges, it.Rows);
        Assert.Equal(it.Oracle.Prediction, it.Plurality.Winner);
        Radius partition = PartitionCertificate.Radius(it.Plurality, it.Rows), whiteBox = WhiteBoxCertificate.Radius(it.Parts);
        Assert.InRange(whiteBox, partition, largest, Comparer<Radius>.Default);
        if (it.Classes == 2)
            Assert.Equal(largest, whiteBox);
    });

    [Fact]
    public void Instances_are_not_all_trivial()
    {
        (int several, int never, int moved, int certified, int pairs) = (0, 0, 0, 0, 0);
        Claim.HoldsFor(OfManyClasses, 1000, it =>
        {
            Radius radius = ExactCertificate.Radius(it.Vote);
            several += radius >= Radius.Of(1) && !radius.IsAny ? 1 : 0;
            never += radius.IsAny ? 1 : 0;
            moved += (it with { Prior = [] }).Vote.HeadPrediction != it.Vote.HeadPrediction ? 1 : 0;
            ChernoffBound bound = ChernoffBound.Of(it.Vote, it.Noise);
            certified += bound.IsCertified ? 1 : 0;
            pairs += !bound.IsUnanimous
                && Enumerable.Range(0, it.Classes)
                    .Any(c => c != bound.Prediction && it.Oracle.FailureProbability(bound.Prediction, c).Sign == 0)
                    ? 1 : 0;
        });
        Assert.InRange(several, 100, 950);
        Assert.InRange(never, 20, 500);
        Assert.InRange(moved, 100, 900);
        Assert.InRange(certified, 200, 950);
        Assert.InRange(pairs, 5, 900); // One rival can never win, another can.
    }

    [Fact]
    public void A_label_more_than_expected_decides_and_a_tie_goes_to_the_smaller_class()
    {
        // Eight labels of ⅛: classes have 6, 1 and 1 of them.
        double[] weights = [.. Enumerable.Repeat(1 / 8.0, 8)];
        int[] labels = [0, 0, 0, 0, 0, 0, 1, 2];
        static ClassList List(params double[] prior) => ClassList.Numbered(3).WithPrior(prior);
        var vote = new Vote(weights, new ClassLabels(labels, List(0.9375, 0.03125, 0.03125)));
        Assert.Equal(1, vote.HeadPrediction); // 1 and 2 exceed their prior by 3/32, 0 is behind its own.
        Assert.Equal(Radius.Of(0), ExactCertificate.Radius(vote));
        vote = new Vote(weights, new ClassLabels(labels, List(0.75, 0.125, 0.125)));
        Assert.Equal(0, vote.HeadPrediction); // All scores are what was expected.
        vote = new Vote(weights, new ClassLabels(labels, List(0.25, 0.25, 0.5)));
        Assert.Equal(0, vote.HeadPrediction); // Ahead by ½ and ⅛: three labels of class 0 that become 1 are not enough.
        Assert.Equal(Radius.Of(2), ExactCertificate.Radius(vote));
    }

    [Fact]
    public void A_prior_is_for_every_class_and_adds_up_to_one()
    {
        ClassList classes = ClassList.Of("a", "b");
        foreach (double[] wrong in (double[][])[[0.5], [0.5, 0.6], [0, 1], [-0.5, 1.5], [double.NaN, 0.5], [0.2, 0.3, 0.5]])
            Assert.Throws<ArgumentException>(() => classes.WithPrior(wrong));
        Assert.Throws<ArgumentException>(() => ClassList.FromLabels(["a", "b"]).WithPrior(0.5, 0.5));
        ClassList three = ClassList.Of("b", "a", "c").WithPrior(0.333333, 0.333333, 0.333333);
        Assert.Equal([0.333333, 0.333333, 0.333333], three.Prior);
        Assert.Equal(["a", "b", "c"], three);
        Assert.Empty(classes.Prior);
    }

    [Fact]
    public void Who_knows_no_prior_refuses_one()
    {
        var labels = new ClassLabels([0, 1], ClassList.Numbered(2).WithPrior(0.75, 0.25));
        var features = new FeatureMatrix(2, 1, [0, 1]);
        Assert.Throws<ArgumentException>(() => new MonteCarloCertifier(
            NearestNeighboursLearner.Fit(features, 2, 1), labels, new Noise(0.1)));
        Assert.Throws<ArgumentException>(() => new LabelFlipAttack(features, labels));
        Assert.Throws<ArgumentException>(() => new Vote(new double[] { 1, 0 }, labels, threshold: 0.25));
    }

    private static void AssertSmoothed(ManyClassVote it, Vote vote)
    {
        ChernoffBound bound = ChernoffBound.Of(vote, it.Noise);
        Rational failure = it.Oracle.LargestFailureProbability(bound.Prediction);
        if (failure.Sign > 0)
            Assert.True(bound.LogFailure >= HighPrecision.Log(failure) - HighPrecision.Error,
                $"log B = {bound.LogFailure:R}, P = {failure}");
        if (!bound.IsCertified)
            return;
        int least = it.Oracle.LeastChangesOfSmoothed(bound.Prediction);
        Assert.InRange(KlCertificate.Radius(bound.LogFailure, it.Noise, it.Rows), 0, least - 1);
        Assert.InRange(new TightCertificate(it.Noise, it.Rows).Radius(bound.LogFailure), 0, least - 1);
        Assert.InRange(StructuredCertificate.Radius(vote, bound, it.Noise), 0, least - 1);
    }

    private static Vote LargestScore(ManyClassVote it) => new(it.Weights, it.ClassLabels, TwoClassRule.LargestScore);

    /// <summary>The oracle says n + 1 changes where none change anything.</summary>
    private static Radius RadiusOf(int leastChanges, int rows) => leastChanges > rows ? Radius.Any : Radius.Of(leastChanges - 1);

    /// <summary>On a grid of sixteenths, even, nearly all on one class, or anything.</summary>
    private static Gen<double[]> Priors(int classes) => Gen.Frequency(
        (4, LabelWeights.ArrayOf(Gen.Choose(1, 16 - classes + 1), classes).Select(OnGrid)),
        (1, Gen.Constant(Enumerable.Repeat(1.0 / classes, classes).ToArray())),
        (1, Gen.Choose(0, classes - 1).Select(c => Enumerable.Range(0, classes).Select(
            other => other == c ? 1 - (classes - 1) * 1e-9 : 1e-9).ToArray())),
        (2, LabelWeights.ArrayOf(Gen.Choose(1, 1 << 20), classes).Select(
            parts => parts.Select(part => part / (double)parts.Sum()).ToArray())));

    /// <summary>Sixteenths in about these proportions.</summary>
    private static double[] OnGrid(int[] parts)
    {
        int[] sixteenths = [.. parts.Select(part => 1 + (16 - parts.Length) * part / parts.Sum())];
        sixteenths[0] += 16 - sixteenths.Sum();
        return [.. sixteenths.Select(count => count / 16.0)];
    }
}
