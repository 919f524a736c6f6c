using CertiFlip.Heads;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Certifiers;

/// <summary>What a vote of parts says where it cannot go on, and how it is stopped.</summary>
public class PartitionCertifierFailureTests
{
    private static readonly FeatureMatrix Training = SomeFeatures.Generic(120, 3, seed: 70);
    private static readonly FeatureMatrix Tests = SomeFeatures.Generic(200, 3, seed: 71);
    private static readonly ClassLabels Labels = new([.. Enumerable.Range(0, 120).Select(row => row % 2)], 2);

    [Fact]
    public void First_part_without_a_head_is_named()
    {
        var partition = FeaturePartition.ByHash(Training, 40);
        var exception = Assert.Throws<HeadException>(() => Fit(40, (features, _) => RidgeHead.Fit(features, new FixedRidge(0))));
        Assert.Contains($"Part {Enumerable.Range(0, 40).First(part => partition.RowsOf(part).Length is > 0 and < 4)} ", exception.Message);
        Assert.Contains("singular", exception.Message);
    }

    [Fact]
    public void Head_of_another_number_of_rows_is_refused() =>
        Assert.Contains("2 training rows", Assert.Throws<HeadException>(() => Fit(3, (_, _) => new FixedWeightsHead([1, 2]))).Message);

    [Fact]
    public void First_row_whose_label_weights_overflow_is_named_with_its_first_part()
    {
        // Row 2 overflows in the part of 1e308 alone, row 1 in both.
        FeatureMatrix features = new(4, 1, [1, 2, 1e308, 1e307]);
        var partition = FeaturePartition.ByHash(features, 8);
        int[] parts = [.. Enumerable.Range(0, 8).Where(part => partition.RowsOf(part).ToArray().Intersect([2, 3]).Any())];
        Assert.Equal(2, parts.Length);
        var certifier = PartitionCertifier.Fit(
            new TrainingSet(features, new ClassLabels([0, 1, 0, 1], 2)), partition, (own, _) => new FixedWeightsHead(own.Values.ToArray()),
            cancellationToken: TestContext.Current.CancellationToken);
        var exception = Assert.Throws<HeadException>(() =>
            certifier.CertifyBatch(new FeatureMatrix(4, 1, [1, 1e3, 10, 1e3]), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("row 1 ", exception.Message);
        Assert.Contains($"part {parts[0]} ", exception.Message);
    }

    [Fact]
    public void Rows_of_another_width_are_refused()
    {
        var exception = Assert.Throws<HeadException>(() => Fit(5).Certify([1, 2]));
        Assert.Contains("3 features", exception.Message);
        Assert.Contains("have 2", exception.Message);
    }

    [Fact]
    public void Labels_must_be_as_many_as_training_rows() =>
        Assert.Throws<ArgumentException>(() => Fit(2, labels: new ClassLabels([1], 2)));

    [Fact]
    public void Partition_must_have_as_many_rows_as_the_training_rows() =>
        Assert.Throws<ArgumentException>(() => Fit(2, partitioned: Tests));

    [Fact]
    public void Progress_adds_up_to_the_number_of_parts()
    {
        var progress = new Counter();
        Fit(40, progress: progress);
        Assert.Equal(40, progress.Sum);
    }

    [Fact]
    public void Progress_adds_up_to_the_number_of_rows()
    {
        var progress = new Counter();
        Fit(5).CertifyBatch(Tests, progress, TestContext.Current.CancellationToken);
        Assert.Equal(Tests.Rows, progress.Sum);
    }

    [Fact]
    public void Cancellation_stops_the_fit()
    {
        using var source = new CancellationTokenSource();
        var cancelling = new Counter { Told = source.Cancel };
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(40, progress: cancelling, cancellation: source.Token));
        Assert.InRange(cancelling.Sum, 1, 39);
    }

    [Fact]
    public void Cancellation_stops_a_batch_that_has_begun()
    {
        using var source = new CancellationTokenSource();
        var cancelling = new Counter { Told = source.Cancel };
        PartitionCertifier certifier = Fit(5);
        Assert.ThrowsAny<OperationCanceledException>(() => certifier.CertifyBatch(Tests, cancelling, source.Token));
        Assert.InRange(cancelling.Sum, 1, Tests.Rows - 1);
    }

    [Fact]
    public void No_rows_give_no_results() =>
        Assert.Empty(Fit(5).CertifyBatch(new FeatureMatrix(0, 3, []), cancellationToken: TestContext.Current.CancellationToken));

    [Fact]
    public void Certificate_of_a_single_head_is_refused() =>
        Assert.Throws<ArgumentException>(() => new PartitionCertifierOptions { Certificates = [CertificateKind.Exact] });

    [Fact]
    public void Certificate_of_a_vote_is_refused_for_a_single_head() =>
        Assert.Throws<ArgumentException>(() => new CertifierOptions { Certificates = [CertificateKind.Partition] });

    [Fact]
    public void Threads_are_at_least_one() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PartitionCertifierOptions { Threads = 0 });

    private static PartitionCertifier Fit(
        int parts,
        Func<FeatureMatrix, ClassLabels, IHead>? fitHead = null,
        ClassLabels? labels = null,
        FeatureMatrix? partitioned = null,
        IProgress<int>? progress = null,
        CancellationToken? cancellation = null) =>
        PartitionCertifier.Fit(
            new TrainingSet(Training, labels ?? Labels), FeaturePartition.ByHash(partitioned ?? Training, parts),
            fitHead ?? ((features, _) => RidgeHead.Fit(features)),
            new() { Threads = 1 }, progress, cancellation ?? TestContext.Current.CancellationToken);

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
