using CertiFlip.Heads;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Certifiers;

public class PartitionCertifierTests
{
    private const int Classes = 3;

    private static readonly (FeatureMatrix Features, int[] Labels) Training = SomeFeatures.Clouds(83, 4, Classes, seed: 60);
    private static readonly FeatureMatrix Tests = SomeFeatures.Generic(150, 4, seed: 61);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200)]
    public void Row_gets_the_same_answer_alone_as_in_a_batch(int parts)
    {
        PartitionCertifier certifier = NewCertifier(parts);
        IReadOnlyList<RowCertificates> batch = Batch(certifier);
        for (int row = 0; row < Tests.Rows; row++)
            AssertSame(batch[row], certifier.Certify(Tests.Row(row)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Answers_do_not_depend_on_the_number_of_threads(int threads)
    {
        IReadOnlyList<RowCertificates> alone = Batch(NewCertifier(7, threads: 1));
        IReadOnlyList<RowCertificates> together = Batch(NewCertifier(7, threads));
        for (int row = 0; row < Tests.Rows; row++)
            AssertSame(alone[row], together[row]);
    }

    [Fact]
    public void Reported_radii_of_two_classes_are_those_of_brute_force() => HoldsForWeights(classes: 2, rows: 8, (oracle, row) =>
    {
        Assert.Equal(new Certificate(CertificateKind.WhiteBox, oracle.Prediction, oracle.Radius, IsCertified: true),
            row[CertificateKind.WhiteBox]);
        Assert.InRange(row[CertificateKind.Partition].Radius, Radius.Of(0), oracle.Radius);
    });

    [Fact]
    public void Reported_radii_of_three_classes_never_exceed_brute_force() => HoldsForWeights(classes: 3, rows: 6, (oracle, row) =>
    {
        Assert.All(row.Certificates, certificate => Assert.Equal(oracle.Prediction, certificate.Prediction));
        Assert.All(row.Certificates, certificate => Assert.InRange(certificate.Radius, Radius.Of(0), oracle.Radius));
    });

    /// <summary>
    /// Where every label costs 5, one flip more than is survived costs 5 times as many, and a radius is 1 less.
    /// </summary>
    [Fact]
    public void Limits_reach_the_parts_and_their_votes()
    {
        IReadOnlyList<RowCertificates> free = Batch(NewCertifier(7));
        IReadOnlyList<RowCertificates> priced = Batch(Fit(7, new()
        {
            Adversary = new LabelFlipAdversary { Costs = [.. Enumerable.Repeat(5, Training.Labels.Length)] },
        }));
        foreach ((RowCertificates one, RowCertificates other) in free.Zip(priced))
        {
            foreach (CertificateKind kind in PartitionCertifierOptions.AllCertificates)
                Assert.Equal(Radius.Of(5 * (one[kind].Radius.Budget + 1) - 1), other[kind].Radius);
        }
    }

    [Fact]
    public void One_part_is_the_head_and_its_exact_certificate()
    {
        var labels = new ClassLabels(Training.Labels, Classes);
        var head = new Certifier(RidgeHead.Fit(Training.Features), labels, new CertifierOptions { Noise = new Noise(0.1, Classes) });
        IReadOnlyList<RowCertificates> exact = head.CertifyBatch(Tests, cancellationToken: TestContext.Current.CancellationToken);
        IReadOnlyList<RowCertificates> whiteBox = Batch(NewCertifier(1));
        for (int row = 0; row < Tests.Rows; row++)
            Assert.Equal(exact[row][CertificateKind.Exact] with { Kind = CertificateKind.WhiteBox },
                whiteBox[row][CertificateKind.WhiteBox]);
    }

    [Fact]
    public void Parts_without_rows_cast_no_vote()
    {
        // Two parts of a thousand have a row. Both vote for class 1, and one flip makes a tie, which class 0 wins.
        FeatureMatrix features = new(2, 1, [1, 2]);
        var certifier = PartitionCertifier.Fit(
            new TrainingSet(features, new ClassLabels([1, 1], 2)), FeaturePartition.ByHash(features, 1000), (own, _) => RidgeHead.Fit(own),
            cancellationToken: TestContext.Current.CancellationToken);
        RowCertificates row = certifier.Certify([1.5]);
        Assert.All(row.Certificates, certificate =>
            Assert.Equal((1, Radius.Of(0), true), (certificate.Prediction, certificate.Radius, certificate.IsCertified)));
    }

    [Fact]
    public void Vote_has_no_failure_probability() => Assert.All(Batch(NewCertifier(7)), row => Assert.True(double.IsNaN(row.LogFailure)));

    [Fact]
    public void Partition_alone_gets_the_same_answer_as_with_the_white_box()
    {
        IReadOnlyList<RowCertificates> both = Batch(NewCertifier(7));
        IReadOnlyList<RowCertificates> one = Batch(Fit(7, new() { Certificates = [CertificateKind.Partition] }));
        for (int row = 0; row < Tests.Rows; row++)
            Assert.Equal([both[row][CertificateKind.Partition]], one[row].Certificates);
    }

    [Fact]
    public void Radii_depend_on_labels_only_where_the_heads_say_so()
    {
        Assert.False(NewCertifier(3).IsConditional);
        var labels = new ClassLabels(Training.Labels, Classes);
        Assert.True(PartitionCertifier.Fit(
            new TrainingSet(Training.Features, labels), FeaturePartition.ByHash(Training.Features, 3),
            (features, own) => RidgeHead.Fit(features, new PaperRidge(own, new Noise(0.1, Classes))),
            cancellationToken: TestContext.Current.CancellationToken).IsConditional);
    }

    [Fact]
    public void Heads_get_the_features_and_labels_of_their_part()
    {
        var partition = FeaturePartition.ByHash(Training.Features, 2);
        var seen = new List<(double[] Features, int[] Labels)>();
        PartitionCertifier.Fit(
            new TrainingSet(Training.Features, new ClassLabels(Training.Labels, Classes)), partition, (features, labels) =>
        {
            seen.Add((features.Values.ToArray(), [.. Enumerable.Range(0, labels.Count).Select(row => labels[row])]));
            Assert.Equal(Classes, labels.ClassCount);
            return RidgeHead.Fit(features);
        }, new() { Threads = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        int[][] rows = [partition.RowsOf(0).ToArray(), partition.RowsOf(1).ToArray()];
        Assert.Equal(rows.Select(own => own.Select(row => Training.Labels[row]).ToArray()), seen.Select(part => part.Labels));
        Assert.Equal(rows.Select(own => own.SelectMany(row => Training.Features.Row(row).ToArray()).ToArray()),
            seen.Select(part => part.Features));
    }

    private static PartitionCertifier Fit(int parts, PartitionCertifierOptions options) =>
        PartitionCertifier.Fit(
            new TrainingSet(Training.Features, new ClassLabels(Training.Labels, Classes)),
            FeaturePartition.ByHash(Training.Features, parts), (own, _) => RidgeHead.Fit(own),
            options, cancellationToken: TestContext.Current.CancellationToken);

    private static PartitionCertifier NewCertifier(int parts, int threads = 2) => Fit(parts, new() { Threads = threads });

    private static IReadOnlyList<RowCertificates> Batch(PartitionCertifier certifier) =>
        certifier.CertifyBatch(Tests, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>
    /// Features that are themselves the label weights, split into parts by their hash like any others.
    /// </summary>
    private static void HoldsForWeights(int classes, int rows, Action<PartitionOracle, RowCertificates> claim)
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            double[] weights = [.. Enumerable.Range(0, 1 + random.Next(rows)).Select(_ => random.Next(-2, 9) / 8.0)];
            int[] labels = [.. weights.Select(weight => weight > 0 && random.Next(3) > 0 ? seed % classes : random.Next(classes))];
            FeatureMatrix features = new(weights.Length, 1, weights);
            var partition = FeaturePartition.ByHash(features, 1 + seed % 5);
            int[][] parts = [.. Enumerable.Range(0, partition.Count).Select(part => partition.RowsOf(part).ToArray())];
            var oracle = new PartitionOracle(
                [.. parts.Select(own => own.Select(row => weights[row]).ToArray())],
                [.. parts.Select(own => own.Select(row => labels[row]).ToArray())],
                classes);
            var certifier = PartitionCertifier.Fit(
                new TrainingSet(features, new ClassLabels(labels, classes)), partition,
                (own, _) => new FixedWeightsHead(own.Values.ToArray()),
                new() { Threads = 1 }, cancellationToken: TestContext.Current.CancellationToken);
            claim(oracle, certifier.Certify([1]));
        }
    }

    private static void AssertSame(RowCertificates expected, RowCertificates actual)
    {
        Assert.Equal(expected.Certificates, actual.Certificates);
    }
}
