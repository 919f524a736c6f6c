using CertiFlip.Tests.Heads;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Certifiers;

/// <summary>
/// Certificates of every head but ridge, whose rule for two classes is another, against every labelling of a few rows.
/// </summary>
public class HeadCertificateTests
{
    private const double Q = 0.1;

    public static TheoryData<string, int> Cases => new(
        from name in NamedHeads.Names
        where name.Data != "ridge"
        from classes in Enumerable.Range(2, 2)
        select (name.Data, classes));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Exact_radius_is_one_less_than_the_changes_brute_force_finds(string name, int classes)
    {
        int several = 0;
        foreach (Case instance in CasesOf(name, classes))
        {
            Certificate exact = instance.Certifier.Certify(instance.X)[CertificateKind.Exact];
            Assert.Equal(instance.Oracle.HeadPrediction, exact.Prediction);
            Assert.Equal(Radius.Of(instance.Oracle.LeastChangesOfHead - 1, instance.Labels.Length), exact.Radius);
            several += exact.Radius.Survives(1) ? 1 : 0;
        }

        Assert.True(several > 0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Radii_of_the_smoothed_vote_never_exceed_what_brute_force_finds(string name, int classes)
    {
        foreach (Case instance in CasesOf(name, classes))
        {
            RowCertificates row = instance.Certifier.Certify(instance.X);
            int least = instance.Oracle.LeastChangesOfSmoothed(row[CertificateKind.Kl].Prediction);
            Assert.All(row.Certificates.Where(certificate => certificate.Kind != CertificateKind.Exact && certificate.IsCertified),
                certificate =>
                Assert.InRange(certificate.Radius, Radius.Of(0), Radius.Of(least - 1, instance.Labels.Length)));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Flipping_the_witness_changes_the_class_of_the_refitted_head(string name, int classes)
    {
        int found = 0;
        foreach (Case instance in CasesOf(name, classes))
        {
            if (!instance.Certifier.TryFindWitness(instance.X, out Witness? witness))
                continue;
            int[] labels = [.. instance.Labels];
            foreach (LabelFlip flip in witness.Flips)
                labels[flip.Row] = flip.To;
            var refitted = new Certifier(NamedHeads.Fit(name, instance.Features), new ClassLabels(labels, classes),
                new CertifierOptions { Noise = new Noise(Q, classes) });
            Assert.NotEqual(witness.Prediction, refitted.Certify(instance.X)[CertificateKind.Exact].Prediction);
            found++;
        }

        Assert.True(found > 0);
    }

    private static IEnumerable<Case> CasesOf(string name, int classes)
    {
        foreach ((FeatureMatrix features, int[] labels, double[] x) in NamedHeads.SmallData(classes, rows: classes == 2 ? 9 : 6))
        {
            IHead head = NamedHeads.Fit(name, features);
            yield return new Case(
                features, labels, x,
                new Certifier(head, new ClassLabels(labels, classes), new CertifierOptions { Noise = new Noise(Q, classes) }),
                new PairwiseVoteOracle(NamedHeads.Weights(head, x), labels, classes, Q));
        }
    }

    private sealed record Case(FeatureMatrix Features, int[] Labels, double[] X, Certifier Certifier, PairwiseVoteOracle Oracle);
}
