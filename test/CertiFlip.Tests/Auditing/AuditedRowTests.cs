using CertiFlip.Auditing;
using CertiFlip.Certificates;
using CertiFlip.Tests.Instances;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Auditing;

/// <summary>Radii and gains against trying every labelling in which verified labels stay what they are.</summary>
public class AuditedRowTests
{
    private const int Cases = 150;

    [Fact]
    public void Radii_of_two_classes_grow_by_what_brute_force_finds() =>
        Claim.HoldsFor(SmallVotes.AtOneHalf.Where(vote => vote.Rows <= 7), Cases, vote => Check(vote.Vote, new LimitedOracle(vote.Weights, vote.Labels, 2)));

    [Fact]
    public void Radii_of_many_classes_grow_by_what_brute_force_finds() =>
        Claim.HoldsFor(ManyClassVotes.Any, Cases, vote => Check(vote.Vote, new LimitedOracle(vote.Weights, vote.Labels, vote.Classes)));

    [Fact]
    public void Radius_of_equal_weights_grows_only_once_enough_are_verified()
    {
        // Eight zeros: class 1 wins at a tie, so four flips break them, whichever four; with four verified the other four still do, with five no number does.
        AuditedRow row = AuditedRow.Of(new Vote(Enumerable.Repeat(1.0 / 8, 8).ToArray(), new ClassLabels(new int[8], 2)), new HashSet<int>(), 8);
        Assert.Equal(3, row.Radius);
        Assert.Empty(row.Gains());
        Assert.All(row.Shares(), entry => Assert.Equal(0.5, entry.Share));
        for (int verified = 0; verified < 4; verified++)
            row.Verify(verified);
        Assert.Equal([(4, 5), (5, 5), (6, 5), (7, 5)], row.Gains().Order());
    }

    [Fact]
    public void Shares_are_those_of_the_smallest_witness_where_there_is_one() =>
        Claim.HoldsFor(ManyClassVotes.WithoutTies, 300, instance =>
        {
            if (!Witness.TryFind(instance.Vote, out Witness? witness))
                return;
            (int Row, double Share)[] shares = [.. AuditedRow.Of(instance.Vote, new HashSet<int>(), 1).Shares()];
            Assert.Equal(witness.Flips.Count, shares.Sum(entry => entry.Share), 1e-9);
            if (shares.All(entry => entry.Share == 1))
                Assert.Equal(witness.Flips.Select(flip => flip.Row).Order(), shares.Select(entry => entry.Row).Order());
        });

    [Fact]
    public void A_contradiction_survives_as_many_flips_as_brute_force_finds() =>
        Claim.HoldsFor(ManyClassVotes.Any, Cases, instance =>
        {
            var oracle = new LimitedOracle(instance.Weights, instance.Labels, instance.Classes);
            for (int label = 0; label < instance.Classes; label++)
            {
                HashSet<int> trusted = [0];
                LeftOutRow row = LeftOutRow.Of(instance.Vote, label, trusted);
                Assert.Equal(oracle.Prediction, row.Prediction);
                int radius = label == oracle.Prediction ? -1 : oracle.RadiusAgainst(label, trusted);
                Assert.Equal(Math.Min(radius, instance.Rows - 1), Math.Min(row.ContradictionRadius, instance.Rows - 1));
            }
        });

    /// <summary>Verifies one label after the other, and compares radius and gains each time.</summary>
    private static void Check(Vote vote, LimitedOracle oracle)
    {
        int rows = vote.Labels.Count;
        HashSet<int> verified = [rows / 2];
        AuditedRow audited = AuditedRow.Of(vote, new HashSet<int>(verified), rows);
        for (int next = rows - 1; next >= 0; next -= 2)
        {
            int radius = oracle.Radius(verified);
            Assert.Equal(radius, audited.Radius);
            Dictionary<int, int> gains = audited.Gains().ToDictionary(entry => entry.Row, entry => entry.Gain);
            for (int row = 0; row < rows; row++)
                Assert.Equal(oracle.Radius(new HashSet<int>(verified) { row }) - radius, gains.GetValueOrDefault(row));
            verified.Add(next);
            audited.Verify(next);
        }
    }
}
