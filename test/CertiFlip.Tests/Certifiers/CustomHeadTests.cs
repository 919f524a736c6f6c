using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Certifiers;

/// <summary>A head that the library does not know: the vote of the nearest neighbours.</summary>
public class CustomHeadTests
{
    [Fact]
    public void Neighbours_that_agree_on_class_one_keep_it_down_to_a_tie() =>
        Assert.Equal(4, Certify(label: 1)[CertificateKind.Exact].Radius);

    [Fact]
    public void Neighbours_that_agree_on_class_nought_lose_it_at_a_tie() =>
        Assert.Equal(3, Certify(label: 0)[CertificateKind.Exact].Radius);

    [Theory]
    [InlineData(CertificateKind.Kl)]
    [InlineData(CertificateKind.Tight)]
    [InlineData(CertificateKind.Structured)]
    public void Every_certificate_of_the_smoothed_vote_is_at_most_half_of_the_neighbours(CertificateKind kind)
    {
        Assert.Equal(1, Certify(label: 1)[kind].Prediction);
        Assert.InRange(Certify(label: 1)[kind].Radius, 0, 4);
    }

    [Fact]
    public void Structured_certificate_proves_some_flips() =>
        Assert.InRange(Certify(label: 1)[CertificateKind.Structured].Radius, 1, 4);

    [Fact]
    public void Witness_is_made_of_neighbours()
    {
        Assert.True(NewCertifier(label: 1).TryFindWitness([0, 0], out Witness? witness));
        Assert.All(witness.Flips, flip => Assert.InRange(flip.Row, 0, 7));
        Assert.Equal(5, witness.Flips.Count);
    }

    private static RowCertificates Certify(int label) => NewCertifier(label).Certify([0, 0]);

    /// <summary>Eight training rows of one class about the origin, and eight of the other far away.</summary>
    private static Certifier NewCertifier(int label)
    {
        FeatureMatrix training = SomeFeatures.Of(16, 2, seed: 40, (row, _, value) => row < 8 ? value : value + 10);
        return new Certifier(
            new MeanOfNeighboursHead(training, neighbours: 8),
            new ClassLabels([.. Enumerable.Repeat(label, 8), .. Enumerable.Repeat(1 - label, 8)], 2),
            new Noise(0.05));
    }
}
