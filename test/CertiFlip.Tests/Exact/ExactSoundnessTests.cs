using CertiFlip.Exact;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Exact;

/// <summary>What the exact certificate claims of the head, against every labelling.</summary>
public class ExactSoundnessTests
{
    [Fact]
    public void Radius_is_one_less_than_the_flips_brute_force_finds() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
        Assert.Equal(Radius.Of(small.Oracle.LeastFlipsOfHead - 1, small.Rows), ExactCertificate.Radius(small.Vote)), count: 3000);

    [Fact]
    public void Head_prediction_is_decided_without_rounding() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
        Assert.Equal(small.Oracle.HeadPrediction, small.Vote.HeadPrediction), count: 3000);

    [Fact]
    public void Witness_exists_where_any_flips_change_the_head() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
        Assert.Equal(small.Oracle.LeastFlipsOfHead <= small.Rows, ExactCertificate.TryFindWitness(small.Vote, out _)));

    [Fact]
    public void Witness_changes_the_head() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
    {
        if (ExactCertificate.TryFindWitness(small.Vote, out Witness? witness))
            Assert.NotEqual(witness.Prediction, small.Oracle.HeadPredictionAfterFlipping(Rows(witness)));
    }, count: 3000);

    [Fact]
    public void Witness_names_the_class_before_the_flips() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
    {
        if (ExactCertificate.TryFindWitness(small.Vote, out Witness? witness))
            Assert.Equal(small.Oracle.HeadPrediction, witness.Prediction);
    });

    [Fact]
    public void Witness_is_the_radius_and_one_distinct_rows() => Claim.HoldsFor(SmallVotes.Any, small => small.Simpler(), small =>
    {
        if (ExactCertificate.TryFindWitness(small.Vote, out Witness? witness))
            Assert.Equal(ExactCertificate.Radius(small.Vote).Budget + 1, Rows(witness).Distinct().Count());
        if (witness is not null)
            Assert.Equal(witness.Flips.Count, Rows(witness).Distinct().Count());
    });

    private static IEnumerable<int> Rows(Witness witness) => witness.Flips.Select(flip => flip.Row);
}
