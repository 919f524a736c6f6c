using CertiFlip.Heads;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Certifiers;

public class ManyClassCertifierTests
{
    private const int Classes = 4;

    private static readonly FeatureMatrix Tests = SomeFeatures.Clouds(41, 5, Classes, seed: 72).Features;

    [Fact]
    public void Row_gets_the_same_answer_alone_as_in_a_batch()
    {
        Certifier certifier = NewCertifier();
        IReadOnlyList<RowCertificates> batch = Batch(certifier, Tests);
        for (int row = 0; row < Tests.Rows; row++)
            AssertSame(batch[row], certifier.Certify(Tests.Row(row)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Answers_do_not_depend_on_the_number_of_threads(int threads)
    {
        IReadOnlyList<RowCertificates> alone = Batch(NewCertifier(threads: 1), Tests);
        IReadOnlyList<RowCertificates> together = Batch(NewCertifier(threads), Tests);
        for (int row = 0; row < Tests.Rows; row++)
            AssertSame(alone[row], together[row]);
    }

    [Fact]
    public void Radii_of_a_batch_grow_from_kl_over_tight_to_structured()
    {
        IReadOnlyList<RowCertificates> batch = Batch(NewCertifier(), Tests);
        Assert.All(batch, AssertOrdered);
        Assert.Contains(batch, row => row[CertificateKind.Kl].Radius.Survives(1));
        Assert.Equal(Classes, batch.Select(row => row[CertificateKind.Exact].Prediction).Distinct().Count());
    }

    [Fact]
    public void Radii_grow_from_kl_over_tight_to_structured() => Claim.HoldsFor(ManyClassVotes.Any, vote => AssertOrdered(Certify(vote)));

    [Fact]
    public void Reported_structured_radius_never_reaches_what_brute_force_finds() => Claim.HoldsFor(ManyClassVotes.Any, vote =>
    {
        Certificate structured = Certify(vote)[CertificateKind.Structured];
        if (structured.IsCertified)
            Assert.True(structured.Radius <= Radius.Of(vote.Oracle.LeastChangesOfSmoothed(structured.Prediction) - 1, vote.Labels.Length),
                $"{vote}: {structured}");
    });

    [Fact]
    public void Reported_exact_radius_is_what_brute_force_finds() => Claim.HoldsFor(ManyClassVotes.Any, vote =>
        Assert.Equal(
            new Certificate(CertificateKind.Exact, vote.Oracle.HeadPrediction,
                Radius.Of(vote.Oracle.LeastChangesOfHead - 1, vote.Labels.Length), IsCertified: true),
            Certify(vote)[CertificateKind.Exact]));

    [Fact]
    public void Labels_and_noise_must_have_the_same_classes() =>
        Assert.Throws<ArgumentException>(
            () => new Certifier(new FixedWeightsHead([1, 2]), new ClassLabels([0, 2], 3), new CertifierOptions { Noise = new Noise(0.1) }));

    private static Certifier NewCertifier(int threads = 2)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(203, 5, Classes, seed: 70);
        return new Certifier(RidgeHead.Fit(features), new ClassLabels(labels, Classes),
            new CertifierOptions { Noise = new Noise(0.1, Classes), Threads = threads });
    }

    private static IReadOnlyList<RowCertificates> Batch(Certifier certifier, FeatureMatrix tests) =>
        certifier.CertifyBatch(tests, cancellationToken: TestContext.Current.CancellationToken);

    private static RowCertificates Certify(ManyClassVote vote) =>
        new Certifier(new FixedWeightsHead(vote.Weights), new ClassLabels(vote.Labels, vote.Classes),
            new CertifierOptions { Noise = vote.Noise, Threads = 1 }).Certify([1]);

    private static void AssertOrdered(RowCertificates row) =>
        Assert.InRange(row[CertificateKind.Tight].Radius, row[CertificateKind.Kl].Radius, row[CertificateKind.Structured].Radius);

    private static void AssertSame(RowCertificates expected, RowCertificates actual)
    {
        Assert.Equal(expected.LogFailure, actual.LogFailure);
        Assert.Equal(expected.Certificates, actual.Certificates);
    }
}
