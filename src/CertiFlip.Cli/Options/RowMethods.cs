using CertiFlip.Cli.Output;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Options;

/// <summary>
/// A vote of heads that learn from parts of whole rows: Deep Partition Aggregation, and with a spread Finite
/// Aggregation.
/// </summary>
/// <param name="Head">The head of each part.</param>
/// <param name="Partitions">P.</param>
/// <param name="Spread">D.</param>
/// <param name="Adversary">What may be done to rows.</param>
internal sealed record RowVoteMethod(HeadChoice Head, int Partitions, int Spread, RowAdversary Adversary) : IMethod
{
    public IReadOnlyList<CertificateKind> Certificates => [Spread == 1 ? CertificateKind.Dpa : CertificateKind.FiniteAggregation];

    public void Check(RunData data)
    {
        RowThreat.CheckClasses(data);
        if (Head is RegularisedHeadChoice { DependsOnLabels: true, Ridge.Text: var rule })
            throw new UsageException(
                $"--ridge '{rule}': expected relative:C or fixed:L with --threat rows: the paper's λ looks at labels of all parts.");
        data.Check(Head);
    }

    public MethodResult Run(RunData data, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        var training = new TrainingSet(data.Training.Features, data.Labels);
        var partition = RowPartition.ByHash(training, Partitions, Spread);
        var oneThread = new ParallelOptions { MaxDegreeOfParallelism = 1 }; // Parts are spread over the threads.
        var certifier = new AggregationCertifier(
            training, partition, features => Head.Fit(features, oneThread), new() { Adversary = Adversary, Threads = threads });
        IReadOnlyList<RowCertificates> rows = data.Certified(Certificates, progress, (first, count, done) =>
            RunData.Named(data.Training, () => certifier.CertifyBatch(data.Test.Features.Part(first, count), done, cancellation)));
        return new MethodResult(rows, SettingOf(partition));
    }

    private Setting SettingOf(RowPartition partition)
    {
        int[] sizes = [.. Enumerable.Range(0, partition.Count).Select(head => partition.RowsOf(head).Count)];
        string rows =
            sizes.Min() == sizes.Max() ? Wording.Count(sizes.Max(), "row") : $"{sizes.Min():N0} to {Wording.Count(sizes.Max(), "row")}";
        string parts = Spread == 1
            ? $"{Wording.Count(partition.Count, "part")} of {rows} by a hash of the whole row; in each, {Head.Describe()}."
            : $"{Wording.Count(partition.Count, "part")} by a hash of the whole row, and as many heads of {rows}, each "
                + $"of {Spread} parts; each "
                + $"head: {Head.Describe()}.";
        return new Setting
        {
            Method = MethodNames.Partition,
            Sentence = parts,
            ConditionalOnLambda = false,
            Partitions = Partitions,
            Spread = Spread,
        }.With(Head);
    }
}

/// <summary>
/// A head on all rows: nearest neighbours and kernels exactly, ridge regression where rows can only be removed.
/// </summary>
/// <param name="Head">The head.</param>
/// <param name="Adversary">What may be done to rows.</param>
/// <param name="Attack">How many rows an attack removes, where there is to be one.</param>
internal sealed record RowHeadMethod(HeadChoice Head, RowAdversary Adversary, int? Attack) : IMethod
{
    private static readonly RowForm<int?> RemovedRows = new(
        (writer, rows) => writer.Write(rows ?? -1),
        reader => RowForm.Within(reader.ReadInt32(), -1, int.MaxValue) is var rows and >= 0 ? rows : null);

    public IReadOnlyList<CertificateKind> Certificates => [Head is RidgeHeadChoice ? CertificateKind.Removal : CertificateKind.Rows];

    public void Check(RunData data)
    {
        RowThreat.CheckClasses(data);
        if (RowCertifier.WhyNot(Head, Adversary) is { } expected)
        {
            (string given, string otherwise) = Head switch
            {
                RidgeHeadChoice { Ridge.LabelFreeRule: FixedRidge { Value: > 0 } } =>
                    ($"--head {Head.Text}", ": --prices remove:1; or --method partition, which holds for all"),
                RidgeHeadChoice ridge => ($"--ridge '{ridge.Ridge.Text}'", ""),
                _ => ($"--head '{Head.Text}'", "; or --method partition"),
            };
            throw new UsageException($"{given}: expected, with --threat rows, {expected}{otherwise}.");
        }

        if (!data.Classes.AreAlike)
            throw new UsageException(
                $"{ClassWording.OptionOf(data.Classes)} has no effect with --threat rows and a head on all rows: leave it out.");
        data.Check(Head);
    }

    public MethodResult Run(RunData data, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        FeatureMatrix training = data.Training.Features, test = data.Test.Features;
        progress.Report($"fitting a {Head.Text} head to {training.Rows:N0} × {training.Columns:N0} features");
        var options = new RowCertifierOptions { Adversary = Adversary, Threads = threads };
        RowCertifier certifier =
            RunData.Named(data.Training, () => RowCertifier.Fit(new TrainingSet(training, data.Labels), Head, options));
        IReadOnlyList<RowCertificates> rows = data.Certified(
            Certificates, progress, (first, count, done) => certifier.CertifyBatch(test.Part(first, count), done, cancellation));
        IReadOnlyList<int?>? attacked = Attack is not { } most ? null : RowWork.Current.Rows(
            "removals", test.Rows, RemovedRows,
            (first, count) =>
            {
                IProgress<int> done = progress.ReportCount("attacking", count, "rows");
                return RunData.Named(data.Test, () =>
                    (int?[])
                    [
                        .. certifier.AttackByRemoval(test.Part(first, count), most, done, cancellation).Select(found => found?.Count),
                    ]);
            });

        return new MethodResult(rows, SettingOf(certifier.MostRemovedRows)) { Attack = RowAttack.Of(attacked, Attack, Adversary) };
    }

    private Setting SettingOf(int? most)
    {
        string words = Head.Describe(), ends = most is { } rows
            ? $" The bound ends at {Wording.Count(rows, "removed row")}: the leverages of more can add up to 1."
            : "";
        return new Setting
        {
            Method = "rows",
            Sentence = $"{char.ToUpperInvariant(words[0])}{words[1..]}, on all rows.{ends}",
            ConditionalOnLambda = false,
        }.With(Head);
    }
}
