using CertiFlip.Heads;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Certifiers;

/// <summary>
/// Radii of a vote of ridge heads carried out in earnest: flip labels, fit everything again from nothing, look at the
/// prediction.
/// </summary>
public class RefittedPartitionTests
{
    private const int Trials = 40;

    [Theory]
    [InlineData(2, 5)]
    [InlineData(3, 5)]
    [InlineData(3, 12)]
    public void No_flips_within_the_radius_change_the_refitted_vote(int classes, int parts)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(150, 3, classes, seed: 90 + classes);
        FeatureMatrix tests = SomeFeatures.Generic(20, 3, seed: 91);
        IReadOnlyList<RowCertificates> certified = Certify(features, labels, classes, parts, tests);
        var random = new Random(92);
        for (int row = 0; row < tests.Rows; row++)
        {
            (int prediction, int radius) =
                (certified[row].Certificates[0].Prediction, certified[row][CertificateKind.WhiteBox].Radius.Budget);
            FeatureMatrix test = new(1, 3, tests.Row(row).ToArray());
            for (int trial = 0; trial < Trials; trial++)
            {
                int[] flipped = trial % 2 == 0
                    ? FlipAnywhere(labels, classes, radius, random)
                    : FlipAgainst(prediction, labels, classes, radius, random, features, parts);
                Assert.Equal(prediction, Certify(features, flipped, classes, parts, test)[0].Certificates[0].Prediction);
            }
        }

        Assert.InRange(certified.Max(row => row[CertificateKind.WhiteBox].Radius.Budget), 3, 100);
    }

    [Fact]
    public void Twice_as_many_flips_against_the_prediction_do_change_some()
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(150, 3, 3, seed: 93);
        FeatureMatrix tests = SomeFeatures.Generic(20, 3, seed: 91);
        var random = new Random(92);
        IReadOnlyList<RowCertificates> certified = Certify(features, labels, 3, 5, tests);
        Assert.Contains(Enumerable.Range(0, tests.Rows), row =>
        {
            Certificate before = certified[row][CertificateKind.WhiteBox];
            int[] flipped = FlipAgainst(before.Prediction, labels, 3, 2 * before.Radius.Budget + 2, random, features, parts: 5);
            return Certify(features, flipped, 3, 5, tests)[row][CertificateKind.WhiteBox].Prediction != before.Prediction;
        });
    }

    private static IReadOnlyList<RowCertificates> Certify(
        FeatureMatrix features, int[] labels, int classes, int parts, FeatureMatrix tests) =>
        PartitionCertifier.Fit(
            new TrainingSet(features, new ClassLabels(labels, classes)), FeaturePartition.ByHash(features, parts),
            (own, _) => RidgeHead.Fit(own, new RelativeRidge(0.2)),
            new() { Threads = 1 }, cancellationToken: TestContext.Current.CancellationToken)
        .CertifyBatch(tests, cancellationToken: TestContext.Current.CancellationToken);

    private static int[] FlipAnywhere(int[] labels, int classes, int flips, Random random)
    {
        int[] rows = [.. Enumerable.Range(0, labels.Length)];
        random.Shuffle(rows);
        return With(labels, rows.Take(flips), row => (labels[row] + random.Next(1, classes)) % classes);
    }

    /// <summary>Flips labels of the predicted class to one rival, one part after the other.</summary>
    private static int[] FlipAgainst(int prediction, int[] labels, int classes, int flips, Random random, FeatureMatrix features, int parts)
    {
        var partition = FeaturePartition.ByHash(features, parts);
        int[] order = [.. Enumerable.Range(0, parts)];
        random.Shuffle(order);
        int rival = (prediction + random.Next(1, classes)) % classes;
        IEnumerable<int> rows = order.SelectMany(part => partition.RowsOf(part).ToArray()).Where(row => labels[row] == prediction);
        return With(labels, rows.Take(flips), _ => rival);
    }

    private static int[] With(int[] labels, IEnumerable<int> rows, Func<int, int> label)
    {
        int[] changed = [.. labels];
        foreach (int row in rows)
            changed[row] = label(row);
        return changed;
    }
}
