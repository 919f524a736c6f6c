using CertiFlip.Cli.Output;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Options;

/// <summary>
/// The rival: a vote of heads trained on disjoint parts of the rows (SS-DPA), and its white-box strengthening.
/// </summary>
internal sealed record PartitionMethod : IMethod
{
    /// <summary>P.</summary>
    public int Partitions { get; init; } = 50;

    public HeadChoice Head { get; init; } = HeadChoice.Default;

    public IReadOnlyList<CertificateKind> Certificates { get; init; } = PartitionCertifierOptions.AllCertificates;

    public void Check(RunData data)
    {
        if (Head is RegularisedHeadChoice { DependsOnLabels: true, Ridge.Text: var rule })
        {
            throw new UsageException(
                $"--ridge '{rule}': expected relative:C or fixed:L with partitions: the paper's λ depends on the noise q, and parts have "
                    + $"none.");
        }

        data.Check(Head);
    }

    public MethodResult Run(RunData data, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        FeatureMatrix training = data.Training.Features, test = data.Test.Features;
        var partition = FeaturePartition.ByHash(training, Partitions);
        var options = new PartitionCertifierOptions { Certificates = Certificates, Adversary = data.Adversary, Threads = threads };
        var oneThread = new ParallelOptions { MaxDegreeOfParallelism = 1 }; // Parts are spread over the threads.
        IProgress<int> partsDone = progress.ReportCount("fitting", Partitions, "parts");
        PartitionCertifier certifier = RunData.Named(data.Training, () =>
            PartitionCertifier.Fit(
                new TrainingSet(training, data.Labels), partition, (features, _) => Head.Fit(features, oneThread), options, partsDone,
                cancellation));

        IReadOnlyList<RowCertificates> rows = data.Certified(
            Certificates, progress, (first, count, done) => certifier.CertifyBatch(test.Part(first, count), done, cancellation));
        return new MethodResult(rows, SettingOf(partition, certifier));
    }

    private Setting SettingOf(FeaturePartition partition, PartitionCertifier certifier)
    {
        int[] sizes = [.. Enumerable.Range(0, partition.Count).Select(part => partition.RowsOf(part).Length)];
        string rows =
            sizes.Min() == sizes.Max() ? Wording.Count(sizes.Max(), "row") : $"{sizes.Min():N0} to {Wording.Count(sizes.Max(), "row")}";
        return new Setting
        {
            Method = MethodNames.Partition,
            Sentence = $"{Wording.Count(partition.Count, "part")} of {rows} by a hash of the features; in each, {Head.Describe()}.",
            ConditionalOnLambda = certifier.IsConditional,
            Partitions = partition.Count,
        }.With(Head);
    }
}
