using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Certifiers;

/// <summary>A head that the library does not know: the vote of the nearest neighbours.</summary>
public class CustomHeadTests
{
    [Fact]
    public void Neighbours_that_agree_on_class_one_keep_it_down_to_a_tie() =>
        Assert.Equal(Radius.Of(4), Certify(label: 1).Exact.Radius);

    [Fact]
    public void Neighbours_that_agree_on_class_nought_lose_it_at_a_tie() =>
        Assert.Equal(Radius.Of(3), Certify(label: 0).Exact.Radius);

    [Theory]
    [InlineData("kl")]
    [InlineData("tight")]
    [InlineData("structured")]
    public void Every_certificate_of_the_smoothed_vote_is_at_most_half_of_the_neighbours(string name)
    {
        CertificateKind kind = CertificateKind.TryParse(name)!;
        Assert.Equal(1, Certify(label: 1)[kind].Prediction);
        Assert.InRange(Certify(label: 1)[kind].Radius, Radius.Of(0), Radius.Of(4));
    }

    [Fact]
    public void Structured_certificate_proves_some_flips() =>
        Assert.InRange(Certify(label: 1)[CertificateKind.Structured].Radius, Radius.Of(1), Radius.Of(4));

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
        var labels = new ClassLabels([.. Enumerable.Repeat(label, 8), .. Enumerable.Repeat(1 - label, 8)], 2);
        return new Certifier(new MeanOfNeighboursHead(training, neighbours: 8), labels, new CertifierOptions { Noise = new Noise(0.05) });
    }
}
