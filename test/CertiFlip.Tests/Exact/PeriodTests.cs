using CertiFlip.Exact;
using CertiFlip.Tests.Certifiers;
using CertiFlip.Tests.Instances;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Exact;

/// <summary>
/// Whoever owns the labels of a period: the shortest that changes a prediction, against every period and every
/// labelling of its rows.
/// </summary>
public class PeriodTests
{
    private static Gen<(SmallVote Vote, LabelFlipAdversary Adversary, decimal[] Times)> OfTwoClasses { get; } =
        from vote in SmallVotes.Any
        from adversary in Limits.Of(vote.Rows, 2)
        from times in Times(vote.Rows)
        select (vote, adversary with { Costs = [] }, times);

    private static Gen<(ManyClassVote Vote, LabelFlipAdversary Adversary, decimal[] Times)> OfManyClasses { get; } =
        from vote in ManyClassVotes.Any
        from adversary in Limits.Of(vote.Rows, vote.Classes)
        from times in Times(vote.Rows)
        select (vote, adversary with { Costs = [] }, times);

    [Fact]
    public void Shortest_period_of_two_classes_is_what_brute_force_finds() => Claim.HoldsFor(OfTwoClasses, 2000, it =>
    {
        var vote = new Vote(it.Vote.Weights, new ClassLabels(it.Vote.Labels, 2), it.Vote.Threshold, it.Adversary);
        Oracles.SmoothedVoteOracle oracle = it.Vote.Oracle;
        AssertShortest(
            vote, it.Adversary, it.Times,
            changes => oracle.HeadPredictionAfterFlipping(changes.Select(change => change.Row)) != oracle.HeadPrediction);
    });

    [Fact]
    public void Shortest_period_of_many_classes_is_what_brute_force_finds() => Claim.HoldsFor(OfManyClasses, 1000, it =>
    {
        var vote = new Vote(it.Vote.Weights, it.Vote.ClassLabels, adversary: it.Adversary);
        Oracles.PairwiseVoteOracle oracle = it.Vote.Oracle;
        int prediction = oracle.HeadPrediction;
        AssertShortest(
            vote, it.Adversary, it.Times, changes => oracle.HeadPredictionAfter(changes) != prediction);
    });

    [Fact]
    public void Many_equal_weights_are_decided_without_rounding()
    {
        // 0.1 + 0.1 + … is not a tenth of the sum in doubles. Every row a day apart: 11 of 21 labels are a tie.
        foreach (int rows in (int[])[21, 101, 1001])
        {
            double[] weights = [.. Enumerable.Repeat(0.1, rows)];
            int[] labels = [.. Enumerable.Repeat(0, rows)];
            var vote = new Vote(weights, new ClassLabels(labels, 2), TwoClassRule.LargestScore);
            PeriodCertificate certificate = Search(vote, [.. Enumerable.Range(0, rows).Select(row => (decimal)row)]);
            Assert.Equal((rows + 1) / 2 - 1, certificate.Weakest!.Length);

            var even = new Vote(weights.AsMemory(1), new ClassLabels(labels[1..], 2), TwoClassRule.LargestScore);
            Assert.Equal(rows / 2, Search(even, [.. Enumerable.Range(1, rows - 1).Select(row => (decimal)row)]).Weakest!.Length);
        }
    }

    /// <summary>
    /// Class a has its labels within 2 days, and it takes several of class b's, 10 days apart, to change the row.
    /// </summary>
    [Fact]
    public void Periods_that_could_take_away_a_class_are_marked_unless_the_list_is_stated()
    {
        Assert.True(Mark(stated: false, lastOfA: 3));
        Assert.False(Mark(stated: true, lastOfA: 3));
        Assert.False(Mark(stated: false, lastOfA: 300)); // The shortest period that decides is shorter than that.

        static bool Mark(bool stated, int lastOfA)
        {
            FeatureMatrix features = FeatureMatrix.FromRows((double[][])[[-2], [-1], [1], [2], [3], [1], [2], [3], [1], [2]]);
            string[] names = ["a", "a", .. Enumerable.Repeat("b", 8)];
            decimal[] times = [1, lastOfA, .. Enumerable.Range(2, 8).Select(row => 10m * row)];
            TrainingSet training = stated ? new TrainingSet(features, names, ClassList.Of(["a", "b"])) : new TrainingSet(features, names);
            return Certifier.Fit(training).CertifyPeriods(
                FeatureMatrix.FromRows((double[][])[[2]]), times, null, TestContext.Current.CancellationToken)[0].AssumesClasses;
        }
    }

    [Fact]
    public void Periods_include_both_of_their_ends()
    {
        var labels = new ClassLabels([0, 0, 0, 1], 2);
        var certifier = new Certifier(new FixedWeightsHead([0.3, 0.2, 0.3, 0.2]), labels);
        PeriodCertificate certificate = Periods(certifier, [5, 9, 7, 5]);
        Assert.Equal((0, new DecisivePeriod(5, 5, 1)), (certificate.Prediction, certificate.Weakest));
        Assert.False(certificate.Survives(0));

        certifier = new Certifier(new FixedWeightsHead([0.2, 0.2, 0.4, 0.2]), labels);
        certificate = Periods(certifier, [5, 9, 7.5m, 5]);
        Assert.Equal(new DecisivePeriod(7.5m, 7.5m, 1), certificate.Weakest);

        certifier = new Certifier(new FixedWeightsHead([0.26, 0.24, 0.25, 0.25]), labels);
        certificate = Periods(certifier, [5, 9, 7.5m, 5]);
        Assert.Equal(0, certificate.Weakest!.Length);
    }

    [Fact]
    public void Nothing_changes_what_no_labels_change_and_costs_are_refused()
    {
        var labels = new ClassLabels([0, 0, 1], 2);
        var head = new FixedWeightsHead([0.4, 0.4, 0.2]);
        var trusted = new Certifier(
            head, labels, new CertifierOptions { Adversary = new LabelFlipAdversary { TrustedRows = [0, 1] } });
        PeriodCertificate certificate = Periods(trusted, [1, 2, 3]);
        Assert.Null(certificate.Weakest);
        Assert.True(certificate.Survives(decimal.MaxValue));
        var priced = new Certifier(head, labels, new CertifierOptions { Adversary = new LabelFlipAdversary { Costs = [1, 2, 3] } });
        Assert.Throws<InvalidOperationException>(() => Periods(priced, [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => Periods(trusted, [1, 2]));
    }

    private static PeriodCertificate Periods(Certifier certifier, decimal[] times) => certifier.CertifyPeriods(
        new FeatureMatrix(1, 1, [1]), times, cancellationToken: TestContext.Current.CancellationToken)[0];

    private static PeriodCertificate Search(Vote vote, decimal[] times) =>
        new PeriodSearch(times, vote.Labels, vote.Allowed).Of(vote);

    /// <summary>
    /// Whoever owns a period can make exactly the flips whose rows all lie within it: the shortest is the least time
    /// between the first and the last flip of any labelling that changes the prediction.
    /// </summary>
    private static void AssertShortest(
        Vote vote, LabelFlipAdversary adversary, decimal[] times, Func<IReadOnlyList<(int Row, int To)>, bool> isChangedBy)
    {
        IEnumerable<(int Row, int To)[]> labellings =
            Labellings(times.Length, vote.Labels, adversary.Price()).Select(changes => changes.ToArray());
        (int Row, int To)[][] changing = [.. labellings.Where(changes => isChangedBy(changes))];
        decimal? shortest = changing.Length == 0 ? null : changing.Min(changes => Span(changes, times));
        PeriodCertificate certificate = Search(vote, times);
        Assert.Equal(vote.HeadPrediction, certificate.Prediction);
        Assert.Equal(shortest, certificate.Weakest?.Length);
        if (certificate.Weakest is not { } weakest)
            return;
        Assert.False(certificate.Survives(weakest.Length));
        Assert.True(weakest.Length == 0 || certificate.Survives(weakest.Length - 0.001m));

        // The period that is named does it.
        Assert.Contains(
            changing, changes => changes.All(change => times[change.Row] >= weakest.Start && times[change.Row] <= weakest.End));
    }

    private static decimal Span((int Row, int To)[] changes, decimal[] times) =>
        changes.Max(change => times[change.Row]) - changes.Min(change => times[change.Row]);

    private static IEnumerable<IEnumerable<(int Row, int To)>> Labellings(int rows, ClassLabels labels, Func<int, int, int, int?> price)
    {
        IEnumerable<IEnumerable<(int Row, int To)>> all = [[]];
        for (int row = 0; row < rows; row++)
        {
            int at = row;
            int[] targets =
                [.. Enumerable.Range(0, labels.ClassCount).Where(to => to != labels[at] && price(at, labels[at], to) is not null)];
            all = [.. all.SelectMany(changes => targets.Select(to => changes.Append((at, to))).Prepend(changes))];
        }

        return all;
    }

    private static Gen<decimal[]> Times(int rows) => Gen.OneOf(
        LabelWeights.ArrayOf(Gen.Choose(0, 4).Select(time => time / 2m), rows),
        LabelWeights.ArrayOf(Gen.Choose(-1000, 1000).Select(time => (decimal)time), rows),
        Gen.Constant(Enumerable.Range(0, rows).Select(row => (decimal)row).ToArray()),
        Gen.Constant(new decimal[rows]));
}
