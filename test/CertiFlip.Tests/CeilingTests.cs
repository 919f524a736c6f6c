using CertiFlip.Exact;
using CertiFlip.Heads;
using CertiFlip.Tests.Instances;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests;

/// <summary>
/// No learner that treats class names alike has a radius above the ceiling: tried on every such learner of a few
/// labels, and on heads.
/// </summary>
public class CeilingTests
{
    [Theory]
    [InlineData(new[] { 3, 2 }, new[] { 2, 2 })]
    [InlineData(new[] { 4, 2 }, new[] { 2, 2 })]
    [InlineData(new[] { 4, 2, 3 }, new[] { 2, 2, 2 })]
    [InlineData(new[] { 1, 0 }, new[] { 0, 0 })]
    [InlineData(new[] { 5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949 },
        new[] { 5671, 6081, 5689, 5775, 5631, 5631, 5669, 5842, 5635, 5684 })] // MNIST.
    public void Ceiling_is_half_of_the_rows_of_the_class_and_the_rarest_other(int[] counts, int[] expected)
    {
        var labels = new ClassLabels([.. counts.SelectMany((count, c) => Enumerable.Repeat(c, count))], counts.Length);
        Assert.Equal(expected.Select(r => Radius.Of(r)), Enumerable.Range(0, counts.Length).Select(labels.CeilingOf));
    }

    [Fact]
    public void A_prior_tells_classes_apart_and_has_no_ceiling() =>
        Assert.Equal(Radius.Any, new ClassLabels([0, 1], ClassList.Numbered(2).WithPrior(0.3, 0.7)).CeilingOf(0));

    /// <summary>
    /// For two classes a learner that treats names alike may answer anything on one of each two mirrored labellings:
    /// all 2^(2^(n−1)) of them.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_learner_at_all_exceeds_it_and_some_reach_it(int rows)
    {
        int labellings = 1 << rows, all = labellings - 1;
        int[] largest = new int[labellings];
        for (long learner = 0; learner < 1L << labellings / 2; learner++)
        {
            int Predict(int y) => y < labellings / 2 ? (int)(learner >> y & 1) : 1 - (int)(learner >> (all ^ y) & 1);
            for (int y = 0; y < labellings; y++)
            {
                int fewest = Enumerable.Range(0, labellings).Where(other => Predict(other) != Predict(y))
                    .Min(other => int.PopCount(other ^ y));
                largest[y] = Math.Max(largest[y], fewest - 1);
            }
        }

        for (int y = 0; y < labellings; y++)
        {
            var labels = new ClassLabels([.. Enumerable.Range(0, rows).Select(row => y >> row & 1)], 2);
            Assert.Equal(Math.Max(labels.CeilingOf(0).Budget, labels.CeilingOf(1).Budget), largest[y]);
        }
    }

    /// <summary>
    /// Whatever its label weights, if they are not all 0: with ties by the order of names one flip more.
    /// </summary>
    [Fact]
    public void No_weights_exceed_it_by_more_than_one_flip_and_only_of_an_even_number_of_rows() => Claim.HoldsFor(Weighted, 20000, it =>
    {
        var vote = new Vote(it.Weights, new ClassLabels(it.Labels, it.Classes), TwoClassRule.LargestScore);
        int prediction = vote.HeadPrediction;
        Radius radius = ExactCertificate.Radius(vote);
        if (it.Weights.All(weight => weight == 0))
            return;
        Radius ceiling = Enumerable.Range(0, it.Classes).Where(d => d != prediction).Select(d =>
        {
            int both = vote.Labels.CountOf(prediction) + vote.Labels.CountOf(d);
            return Radius.Of((both + 1) / 2 - 1 + (both % 2 == 0 ? 1 : 0));
        }).Min();
        Assert.True(radius <= ceiling, $"{radius} > {ceiling}");
        Assert.True(ceiling.Budget <= vote.Labels.CeilingOf(prediction).Budget + 1);
    });

    [Theory]
    [InlineData("ridge")]
    [InlineData("saturated-ridge")]
    [InlineData("knn:7")]
    [InlineData("kernel")]
    public void No_head_exceeds_it(string head)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            int classes = 2 + seed % 3, rows = 9 + random.Next(12);
            int[] labels = [.. Enumerable.Range(0, rows).Select(row => row < classes ? row : random.Next(classes))];
            double[][] features =
                [.. labels.Select(label => (double[])[label + 0.3 * random.NextDouble(), label % 2 + 0.3 * random.NextDouble()])];
            var training = new TrainingSet(FeatureMatrix.FromRows(features), labels, ClassList.Numbered(classes));
            Certifier certifier = Certifier.Fit(training, new CertifierOptions { Head = HeadChoice.TryParse(head)! });
            IReadOnlyList<RowCertificates> certified =
                certifier.CertifyBatch(training.Features, cancellationToken: TestContext.Current.CancellationToken);
            foreach (RowCertificates row in certified)
                Assert.True(row.Exact.Radius.Budget <= training.Labels.CeilingOf(row.Exact.Prediction).Budget + 1, $"{head}, seed {seed}");
        }
    }

    /// <summary>Weights of one size, with the sign of the row's own class: pure clusters.</summary>
    [Theory]
    [InlineData(4, 3, 6)]
    [InlineData(5, 3, 3)]
    [InlineData(2, 2, 2)]
    public void Pure_clusters_with_weights_of_one_size_reach_it(int first, int second, int third)
    {
        int[] labels =
            [.. Enumerable.Repeat(0, first), .. Enumerable.Repeat(1, second), .. Enumerable.Repeat(2, third)];
        var vote = new Vote(
            labels.Select(label => label == 2 ? 1.0 : -1).ToArray(), new ClassLabels(labels, 3), TwoClassRule.LargestScore);
        Assert.Equal((2, vote.Labels.CeilingOf(2)), (vote.HeadPrediction, ExactCertificate.Radius(vote)));
    }

    private static Gen<(double[] Weights, int[] Labels, int Classes)> Weighted { get; } =
        from classes in Gen.Choose(2, 4)
        from rows in Gen.Choose(1, 9)
        from weights in LabelWeights.Of(rows)
        from labels in Gen.OneOf(
            LabelWeights.ArrayOf(Gen.Choose(0, classes - 1), rows),
            Gen.Constant(weights.Select(weight => weight > 0 ? classes - 1 : 0).ToArray()),
            Gen.Constant(weights.Select(weight => weight > 0 ? 0 : classes - 1).ToArray()))
        select (weights, labels, classes);
}
