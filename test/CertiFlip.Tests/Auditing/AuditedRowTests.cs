using CertiFlip.Auditing;
using CertiFlip.Exact;
using CertiFlip.Tests.Instances;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Auditing;

/// <summary>
/// Radii and gains against trying every labelling that an adversary can pay for and in which verified labels stay what
/// they are.
/// </summary>
public class AuditedRowTests
{
    private const int Cases = 150;

    [Fact]
    public void Radii_of_two_classes_grow_by_what_brute_force_finds() => Claim.HoldsFor(
        from vote in SmallVotes.AtOneHalf.Where(vote => vote.Rows <= 6)
        from adversary in Adversaries(vote.Rows, 2)
        select (vote.Weights, vote.Labels, Classes: 2, adversary), Cases, Check);

    [Fact]
    public void Radii_of_many_classes_grow_by_what_brute_force_finds() => Claim.HoldsFor(
        from vote in ManyClassVotes.Any
        from adversary in Adversaries(vote.Rows, vote.Classes)
        select (vote.Weights, vote.Labels, vote.Classes, adversary), Cases, Check);

    [Fact]
    public void Radius_of_equal_weights_grows_only_once_enough_are_verified()
    {
        // Eight zeros: class 1 wins at a tie, so four flips break them, whichever four; with four verified the other
        // four still do, with five no number does.
        var vote = new Vote(Enumerable.Repeat(1.0 / 8, 8).ToArray(), new ClassLabels(new int[8], 2));
        AuditedRow row = AuditedRow.Of(vote, 8);
        Assert.Equal(Radius.Of(3), row.Radius);
        Assert.Empty(GainsOf(row, 8));
        Assert.Equal(Enumerable.Repeat(0.5, 8), SharesOf(row, 8));
        for (int verified = 0; verified < 4; verified++)
            row.Verify(verified);
        Assert.Equal([(4, 5), (5, 5), (6, 5), (7, 5)], GainsOf(row, 8));
    }

    [Fact]
    public void Once_the_weakest_rival_has_no_flips_left_the_radius_is_what_the_others_need()
    {
        // Class 0 wins the tie of five labels each. One label of class 2 puts class 1 past it; without that one, only
        // all five of class 1 can make class 2 as many as six.
        int[] labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2];
        var vote = new Vote(
            Enumerable.Repeat(1.0, 11).ToArray(), new ClassLabels(labels, 3),
            adversary: new LabelFlipAdversary { TrustedRows = [0, 1, 2, 3, 4] });
        AuditedRow row = AuditedRow.Of(vote, 2);
        Assert.Equal(Radius.Of(0), row.Radius);
        Assert.Equal([(10, 4)], GainsOf(row, 11));
        row.Verify(10);
        Assert.Equal(Radius.Of(4), row.Radius);
    }

    [Fact]
    public void Radii_of_many_labels_are_the_certificate_s_whatever_weights_are_like() => Claim.HoldsFor(
        from rows in Gen.Elements(40, 600, 3000)
        from classes in Gen.Elements(2, 3)
        from power in Gen.Elements(0.0, 1.0, 3.0, 12.0)
        from lead in Gen.Elements(0.0, 0.02, 0.3, 0.98)
        from seed in Gen.Choose(0, int.MaxValue)
        select (rows, classes, power, lead, seed), 60, sample =>
        {
            // Equal weights, even ones, and such that a few are as much as all others; classes nearly even, or one of
            // them alone.
            var random = new Random(sample.seed);
            double[] weights = [.. Enumerable.Range(0, sample.rows)
                .Select(_ => Math.Pow(random.NextDouble(), sample.power) * (random.Next(4) == 0 ? -1 : 1) / sample.rows)];
            int[] labels = [.. Enumerable.Range(0, sample.rows)
                .Select(_ => random.NextDouble() < sample.lead ? 0 : random.Next(sample.classes))];
            var known = new ClassLabels(labels, sample.classes);
            AuditedRow row = AuditedRow.Of(new Vote(weights, known, TwoClassRule.LargestScore), removals: 6);
            List<int> verified = [];
            for (int i = 0; i < 6; i++)
            {
                var adversary = new LabelFlipAdversary { TrustedRows = [.. verified.Order()] };
                Radius radius = ExactCertificate.Radius(new Vote(weights, known, TwoClassRule.LargestScore, adversary));
                Assert.Equal(radius, row.Radius);
                (int Row, long Gain)[] gains = GainsOf(row, sample.rows);
                int next = gains.Length > 0 ? gains[random.Next(gains.Length)].Row : random.Next(sample.rows);
                long gain = gains.FirstOrDefault(of => of.Row == next).Gain;
                int before = row.Radius.BudgetOr(sample.rows);
                row.Verify(next);
                Assert.Equal(before + gain, row.Radius.BudgetOr(sample.rows));
                if (!verified.Contains(next))
                    verified.Add(next);
            }
        });

    [Fact]
    public void Shares_are_those_of_the_smallest_witness_where_there_is_one() =>
        Claim.HoldsFor(ManyClassVotes.WithoutTies, 300, instance =>
        {
            if (!ExactCertificate.TryFindWitness(instance.Vote, out Witness? witness))
                return;
            double[] shares = SharesOf(AuditedRow.Of(instance.Vote, 1), instance.Rows);
            Assert.Equal(witness.Flips.Count, shares.Sum(), 1e-9);
            if (shares.All(share => share is 0 or 1))
            {
                IEnumerable<int> shared = shares.Index().Where(of => of.Item == 1).Select(of => of.Index);
                Assert.Equal(witness.Flips.Select(flip => flip.Row).Order(), shared);
            }
        });

    [Fact]
    public void A_label_is_contradicted_by_the_best_it_could_be_and_for_as_many_flips_as_brute_force_finds() => Claim.HoldsFor(
        from instance in ManyClassVotes.Any
        from adversary in Adversaries(instance.Rows, instance.Classes)
        select (instance, adversary), Cases, sample =>
        {
            (ManyClassVote instance, LabelFlipAdversary adversary) = sample;
            for (int row = 0; row < instance.Rows; row++)
            {
                // A row that is left out has no say.
                double[] weights = [.. instance.Weights.Select((weight, other) => other == row ? 0 : weight)];
                LimitedOracle oracle = OracleOf(weights, instance.Labels, instance.Classes, adversary);
                LeftOutRow left = LeftOutRow.Of(
                    new Vote(weights, new ClassLabels(instance.Labels, instance.Classes), adversary: adversary), row);
                int label = instance.Labels[row], best = oracle.BestFor(row);
                Assert.Equal(best, left.Class);
                Assert.Equal(best != label, left.IsContradicted);
                Assert.Equal(best == label ? Radius.Of(0) : oracle.RadiusAgainst(best, label), left.Radius);
            }
        });

    private static (int Row, long Gain)[] GainsOf(IAuditedRow row, int labels)
    {
        long[] gains = new long[labels];
        row.AddGains(gains);
        return [.. gains.Index().Where(of => of.Item != 0)];
    }

    private static double[] SharesOf(IAuditedRow row, int labels)
    {
        double[] shares = new double[labels];
        row.AddShares(shares);
        return shares;
    }

    private static Gen<LabelFlipAdversary> Adversaries(int rows, int classes) =>
        Gen.Frequency((1, Gen.Constant(LabelFlipAdversary.Unlimited)), (2, Limits.Of(rows, classes)));

    private static LimitedOracle OracleOf(double[] weights, int[] labels, int classes, LabelFlipAdversary adversary) =>
        new(weights, labels, classes, adversary.Price());

    /// <summary>
    /// Verifies one label after the other, as audits do those that gain most first, and compares radius and gains each
    /// time.
    /// </summary>
    private static void Check((double[] Weights, int[] Labels, int Classes, LabelFlipAdversary Adversary) sample)
    {
        (double[] weights, int[] labels, int classes, LabelFlipAdversary adversary) = sample;
        LimitedOracle oracle = OracleOf(weights, labels, classes, adversary);
        var vote = new Vote(weights, new ClassLabels(labels, classes), adversary: adversary);
        HashSet<int> verified = [];
        IAuditedRow audited = adversary.HasUnitCosts
            ? AuditedRow.Of(vote, weights.Length)
            : new PricedAuditedRow(vote, TwoClassRule.Half, adversary);
        vote.Load(new double[weights.Length]); // As for the next row: nothing may be read off it any more.
        IAuditedRow read = Passed(audited, vote, adversary);
        Assert.Equal(SharesOf(audited, weights.Length), SharesOf(read, weights.Length));
        while (verified.Count < weights.Length)
        {
            Radius before = oracle.Radius(verified);
            Assert.Equal(before, audited.Radius);
            Assert.Equal(before, read.Radius);
            Assert.Equal(GainsOf(audited, weights.Length), GainsOf(read, weights.Length));
            int total = adversary.Total(weights.Length), radius = before.BudgetOr(total);
            IAuditedRow known = audited;
            if (!adversary.HasUnitCosts)
            {
                // Gains that are kept may have grown unseen.
                LabelFlipAdversary trusting = adversary with { TrustedRows = [.. adversary.TrustedRows, .. verified] };
                var limited = new Vote(weights, new ClassLabels(labels, classes), adversary: trusting);
                known = new PricedAuditedRow(limited, TwoClassRule.Half, trusting);
            }

            Dictionary<int, long> gains = GainsOf(known, weights.Length).ToDictionary(entry => entry.Row, entry => entry.Gain);
            for (int row = 0; row < weights.Length; row++)
                Assert.Equal(oracle.Radius(new HashSet<int>(verified) { row }).BudgetOr(total) - radius, gains.GetValueOrDefault(row));
            int next = Enumerable.Range(0, weights.Length).Where(row => !verified.Contains(row)).MaxBy(row => gains.GetValueOrDefault(row));
            verified.Add(next);
            Assert.Equal(audited.Verify(next), read.Verify(next));
        }
    }

    /// <summary>The same row as it is read from what it writes.</summary>
    private static IAuditedRow Passed(IAuditedRow row, Vote vote, LabelFlipAdversary adversary)
    {
        using var stream = new MemoryStream();
        row.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var reader = new BinaryReader(stream);
        IAuditedRow read = adversary.HasUnitCosts
            ? AuditedRow.Read(reader, vote.Labels, vote.Allowed)
            : PricedAuditedRow.Read(reader, vote.Labels, TwoClassRule.Half, adversary);
        Assert.Equal(stream.Length, stream.Position);
        using var again = new MemoryStream();
        read.Write(new BinaryWriter(again));
        Assert.Equal(stream.ToArray(), again.ToArray());
        return read;
    }
}
