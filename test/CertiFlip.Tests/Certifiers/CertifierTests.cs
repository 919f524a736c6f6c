using CertiFlip.Heads;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Certifiers;

public class CertifierTests
{
    private static readonly FeatureMatrix Tests = SomeFeatures.Generic(37, 6, seed: 31);

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
    public void Radii_grow_from_kl_over_tight_to_structured() => Claim.HoldsFor(SmallVotes.AtOneHalf, small =>
    {
        RowCertificates row = Certify(small);
        Assert.InRange(row[CertificateKind.Tight].Radius, row[CertificateKind.Kl].Radius, row[CertificateKind.Structured].Radius);
    });

    [Fact]
    public void Reported_structured_radius_never_exceeds_what_brute_force_finds() => Claim.HoldsFor(SmallVotes.AtOneHalf, small =>
    {
        Certificate structured = Certify(small)[CertificateKind.Structured];
        if (structured.IsCertified)
            Assert.True(structured.Radius <= Radius.Of(small.Oracle.LeastFlipsOfSmoothed - 1, small.Labels.Length),
                $"{small}: {structured}");
    });

    [Fact]
    public void Reported_exact_radius_is_what_brute_force_finds() => Claim.HoldsFor(SmallVotes.AtOneHalf, small =>
        Assert.Equal(
            new Certificate(CertificateKind.Exact, small.Oracle.HeadPrediction,
                Radius.Of(small.Oracle.LeastFlipsOfHead - 1, small.Labels.Length), IsCertified: true),
            Certify(small)[CertificateKind.Exact]));

    [Theory]
    [InlineData("ridge", 2)]
    [InlineData("ridge", 4)]
    [InlineData("knn:3", 2)]
    [InlineData("knn:3", 4)]
    [InlineData("kernel", 3)]
    [InlineData("saturated-ridge", 2)]
    public void Predictions_are_those_of_the_exact_certificate_and_decisions_tell_them(string head, int classes)
    {
        FeatureMatrix training = SomeFeatures.Generic(60, 6, seed: 32);
        int[] labels = [.. Enumerable.Range(0, 60).Select(row => (int)(Math.Abs(training.Row(row)[0]) * 10) % classes)];
        HeadChoice choice = HeadChoice.TryParse(head)!;
        double[] prior = [.. Enumerable.Range(1, classes).Select(c => 2.0 * c / classes / (classes + 1))];
        foreach (ClassList list in (ClassList[])[ClassList.Numbered(classes), ClassList.Numbered(classes).WithPrior(prior)])
        {
            var certifier = new Certifier(choice.Fit(training), new ClassLabels(labels, list));
            int[] predictions = certifier.Predict(Tests, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(Batch(certifier, Tests).Select(row => row.Exact.Prediction), predictions);
            double[] decisions = certifier.Decide(Tests, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(classes == 2 ? 37 : 37 * classes, decisions.Length);
            for (int row = 0; row < Tests.Rows; row++)
            {
                double[] own = classes == 2 ? [0, decisions[row]] : decisions[(row * classes)..((row + 1) * classes)];
                Assert.True(own[predictions[row]] >= own.Max() - 1e-12, $"row {row}");
            }
        }
    }

    [Fact]
    public void Progress_adds_up_to_the_number_of_rows()
    {
        var progress = new Counter();
        Batch(NewCertifier(threads: 3), Tests, progress);
        Assert.Equal(Tests.Rows, progress.Sum);
    }

    [Fact]
    public void Cancellation_stops_a_batch() =>
        Assert.ThrowsAny<OperationCanceledException>(() => NewCertifier()
            .CertifyBatch(Tests, cancellationToken: new CancellationToken(canceled: true)));

    [Fact]
    public void Cancellation_stops_a_batch_that_has_begun()
    {
        using var source = new CancellationTokenSource();
        var cancelling = new Counter { Told = source.Cancel };
        Assert.ThrowsAny<OperationCanceledException>(() => NewCertifier(threads: 1).CertifyBatch(Tests, cancelling, source.Token));
        Assert.InRange(cancelling.Sum, 1, Tests.Rows - 1);
    }

    [Fact]
    public void Rows_of_another_width_are_refused()
    {
        var exception = Assert.Throws<HeadException>(() => Batch(NewCertifier(), SomeFeatures.Generic(3, 5, seed: 32)));
        Assert.Contains("6 features", exception.Message);
        Assert.Contains("have 5", exception.Message);
    }

    [Fact]
    public void Row_whose_label_weights_overflow_is_named()
    {
        var certifier = new Certifier(
            new FixedWeightsHead([1, 2]), new ClassLabels([0, 1], 2), new CertifierOptions { Noise = new Noise(0.1) });
        var exception = Assert.Throws<HeadException>(() => Batch(certifier, new FeatureMatrix(4, 1, [1, 2, 1e308, 3])));
        Assert.Contains("row 2", exception.Message);
    }

    [Fact]
    public void Labels_must_be_as_many_as_training_rows() =>
        Assert.Throws<ArgumentException>(
            () => new Certifier(new FixedWeightsHead([1, 2]), new ClassLabels([1], 2), new CertifierOptions { Noise = new Noise(0.1) }));

    [Fact]
    public void Certificates_come_in_the_order_asked_for()
    {
        CertifierOptions options = new() { Certificates = [CertificateKind.Exact, CertificateKind.Kl] };
        var certifier = new Certifier(new FixedWeightsHead([1, 2]), new ClassLabels([1, 1], 2), options with { Noise = new Noise(0.1) });
        Assert.Equal(options.Certificates, certifier.Certify([1]).Certificates.Select(certificate => certificate.Kind));
    }

    [Fact]
    public void Certificate_that_was_not_asked_for_is_missing()
    {
        CertifierOptions options = new() { Certificates = [CertificateKind.Kl] };
        var certifier = new Certifier(new FixedWeightsHead([1, 2]), new ClassLabels([1, 1], 2), options with { Noise = new Noise(0.1) });
        Assert.Throws<KeyNotFoundException>(() => certifier.Certify([1])[CertificateKind.Exact]);
    }

    [Fact]
    public void No_rows_give_no_results() => Assert.Empty(Batch(NewCertifier(), new FeatureMatrix(0, 6, [])));

    [Fact]
    public void Threads_are_at_least_one() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CertifierOptions { Threads = 0 });

    private static Certifier NewCertifier(int threads = 2)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.TwoClouds(83, 6, seed: 30);
        return new Certifier(
            RidgeHead.Fit(features), new ClassLabels(labels, 2), new CertifierOptions { Noise = new Noise(0.2), Threads = threads });
    }

    private static IReadOnlyList<RowCertificates> Batch(Certifier certifier, FeatureMatrix tests, IProgress<int>? progress = null) =>
        certifier.CertifyBatch(tests, progress, TestContext.Current.CancellationToken);

    private static RowCertificates Certify(SmallVote small) =>
        new Certifier(new FixedWeightsHead(small.Weights), new ClassLabels(small.Labels, 2),
            new CertifierOptions { Noise = small.Noise, Threads = 1 }).Certify([1]);

    private static void AssertSame(RowCertificates expected, RowCertificates actual)
    {
        Assert.Equal(expected.LogFailure, actual.LogFailure);
        Assert.Equal(expected.Certificates, actual.Certificates);
    }

    private sealed class Counter : IProgress<int>
    {
        private int _sum;

        public int Sum => _sum;

        public Action Told { get; init; } = () => { };

        public void Report(int value)
        {
            Interlocked.Add(ref _sum, value);
            Told();
        }
    }
}
