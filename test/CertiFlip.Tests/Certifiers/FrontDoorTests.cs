using CertiFlip.Heads;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Certifiers;

/// <summary>The first lines that a user writes.</summary>
public class FrontDoorTests
{
    [Fact]
    public void Features_and_labels_are_all_that_a_radius_needs()
    {
        float[][] x = [[0, 1], [1, 0], [0, 2], [9, 8], [8, 9], [9, 9]];
        string[] labels = ["cat", "cat", "cat", "dog", "dog", "dog"];

        var training = new TrainingSet(FeatureMatrix.FromRows(x), labels);
        ICertifier certifier = Certifier.Fit(training);
        Certificate c = certifier.Certify([8, 8]).Exact;

        Assert.Equal("dog", training.Classes[c.Prediction]);
        Assert.True(c.Radius.Survives(1));
        Assert.True(certifier.TryFindWitness([8, 8], out Witness? witness));
        Assert.Equal(c.Radius.Budget + 1, witness.Flips.Count);
    }

    [Fact]
    public void Exact_certificates_are_the_same_with_noise_and_without()
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(120, 4, classes: 3, seed: 12);
        FeatureMatrix tests = SomeFeatures.Generic(30, 4, seed: 13);
        var training = new TrainingSet(features, labels);
        IReadOnlyList<RowCertificates> alone = Batch(Certifier.Fit(training), tests);
        IReadOnlyList<RowCertificates> all = Batch(Certifier.Fit(training, new CertifierOptions { Noise = new Noise(0.2, 3) }), tests);
        Assert.Equal(all.Select(row => row.Exact), alone.Select(row => row.Exact));
        Assert.All(alone, row => Assert.True(double.IsNaN(row.LogFailure)));
        Assert.All(alone, row => Assert.Single(row.Certificates));
    }

    [Fact]
    public void Certificate_of_the_smoothed_vote_without_noise_is_refused()
    {
        var labels = new ClassLabels([0, 1], 2);
        var options = new CertifierOptions { Certificates = [CertificateKind.Tight] };
        Assert.Contains("tight",
            Assert.Throws<ArgumentException>(() => new Certifier(new FixedWeightsHead([1, 2]), labels, options)).Message);
    }

    [Fact]
    public void Any_head_can_be_fitted()
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.TwoClouds(60, 3, seed: 14);
        var options = new CertifierOptions { Head = HeadChoice.TryParse("knn:5")! };
        Assert.Equal(
            new Certifier(NearestNeighboursHead.Fit(features, 5), new ClassLabels(labels, 2)).Certify(features.Row(0)).Exact.Radius,
            Certifier.Fit(new TrainingSet(features, labels), options).Certify(features.Row(0)).Exact.Radius);
    }

    [Fact]
    public void Every_certificate_is_one_that_its_certifier_computes()
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.TwoClouds(40, 2, seed: 15);
        RowCertificates row = Certifier.Fit(new TrainingSet(features, labels), new CertifierOptions { Noise = new Noise(0.1) })
            .Certify([0, 0]);
        Assert.Equal(CertifierOptions.AllCertificates, row.Certificates.Select(certificate => certificate.Kind));
        Assert.Equal(
            CertificateKind.All,
            CertifierOptions.AllCertificates.Concat(PartitionCertifierOptions.AllCertificates));
    }

    [Fact]
    public void Features_of_single_precision_give_the_same_radii_and_stay_single()
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.TwoClouds(90, 3, seed: 16);
        float[] singles = Array.ConvertAll(features.Values.ToArray(), value => (float)value);
        double[] widened = Array.ConvertAll(singles, value => (double)value);
        FeatureMatrix tests = SomeFeatures.Generic(20, 3, seed: 17);
        Assert.Equal(
            Batch(Certifier.Fit(new TrainingSet(new FeatureMatrix(90, 3, widened), labels)), tests).Select(row => row.Exact),
            Batch(Certifier.Fit(new TrainingSet(new FeatureMatrix(90, 3, singles), labels)), tests).Select(row => row.Exact));
        Assert.Equal(features.FirstColumns(2).Rows, new FeatureMatrix(90, 3, singles).FirstColumns(2).SelectRows(1, 1).Rows + 88);
    }

    private static IReadOnlyList<RowCertificates> Batch(Certifier certifier, FeatureMatrix tests) =>
        certifier.CertifyBatch(tests, cancellationToken: TestContext.Current.CancellationToken);
}
