using CertiFlip.Heads;
using CertiFlip.Poisoning;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Poisoning;

/// <summary>
/// Certificates of nearest neighbours and kernels against an oracle that carries out every change of rows.
/// </summary>
public class HeadRowTests
{
    private static Gen<Case> Cases(int mostRows) =>
        from classes in Gen.Choose(2, 3)
        from n in Gen.Choose(2, mostRows)
        from neighbours in Gen.Choose(1, Math.Min(3, n))
        from places in Gen.CollectToArray(Enumerable.Range(0, n), _ => Gen.Choose(-2, 2))
        from labels in Gen.CollectToArray(Enumerable.Range(0, n), _ => Gen.Frequency((2, Gen.Constant(0)), (2, Gen.Choose(0, classes - 1))))
        from insert in Price
        from remove in Price
        from flip in Price
        select new Case(classes, neighbours, places, labels, insert, remove, flip);

    private static Gen<int?> Price => Gen.Frequency((2, Gen.Constant((int?)null)), (5, Gen.Choose(1, 4).Select(price => (int?)price)));

    [Fact]
    public void Nearest_neighbours_have_the_largest_radius_there_is() => Claim.HoldsFor(Cases(mostRows: 4), 400, one =>
    {
        int predicted = Nearest(one.Rows, one.Neighbours, one.Classes)!.Value;
        int? least = one.Oracle.LeastPrice(
            rows => Nearest(rows, one.Neighbours, one.Classes) != predicted, [[0.0], [1.0]], one.Classes == 2 ? one.Neighbours : 2);

        // Of three classes more rows could be inserted than the oracle tries; then its answer is an upper bound.
        bool isWhole = one.Classes == 2 || one.Neighbours <= 2 || one.Insert is null;
        Certificate certificate = Certify(one, $"knn:{one.Neighbours}");
        Assert.Equal(predicted, certificate.Prediction);
        Assert.True(certificate.IsCertified);
        Radius truth = least is { } price ? Radius.Of(price - 1) : Radius.Any;
        if (isWhole)
            Assert.Equal(truth, certificate.Radius);
        else
            Assert.True(certificate.Radius <= truth, $"{certificate.Radius} is more than {truth}.");
    });

    [Fact]
    public void Kernels_have_the_largest_radius_there_is_but_for_ties() => Claim.HoldsFor(Cases(mostRows: 4), 200, one =>
    {
        // Beside e⁰ and e⁻², e^(−½): a bandwidth of 1.
        Certificate certificate = Certify(one, "kernel:1");
        int predicted = certificate.Prediction;
        Rational tie = new(1, 1_000_000_000);
        Radius Truth(Rational slack) => one.Oracle.LeastPrice(
            rows => rows.Count == 0 || IsBeaten(rows, predicted, one.Classes, slack), [[0.0], [1.0]], 2) is { } price
            ? Radius.Of(Math.Max(0, price - 1))
            : Radius.Any;
        if (!certificate.IsCertified)
        {
            Assert.True(IsBeaten(one.Rows, predicted, one.Classes, tie));
            return;
        }

        Assert.False(IsBeaten(one.Rows, predicted, one.Classes, -tie));
        Assert.True(certificate.Radius <= Truth(0), $"{certificate.Radius} is more than {Truth(0)}.");
        if (one.Insert is null || (certificate.Radius < Radius.Of(2 * one.Insert.Value) && one.Insert <= 2))
            Assert.True(certificate.Radius >= Truth(tie), $"{certificate.Radius} is less than {Truth(tie)}.");
    });

    [Fact]
    public void A_heavy_row_of_a_third_class_is_relabelled_first()
    {
        // Twelve rows of class 0 weigh e⁻² each, one of class 1 weighs 1, one of class 2 e^(−½): leads of 0.62 and
        // 1.02. Class 0's own rows cover 0.27 each, so three of them are needed; the row of class 2 and one of them are
        // enough.
        int[] places = [.. Enumerable.Repeat(2, 12), 0, 1], labels = [.. Enumerable.Repeat(0, 12), 1, 2];
        Assert.Equal(Radius.Of(1), Certify(new Case(3, 1, places, labels, null, null, 1), "kernel:1").Radius);

        // One row inserted covers 1.
        Assert.Equal(Radius.Of(1), Certify(new Case(3, 1, places, labels, 2, null, 3), "kernel:1").Radius);
    }

    [Theory]
    [InlineData(200, 100, 199)] // The nearest 200 must go.
    [InlineData(299, 1, 298)]
    [InlineData(300, 0, 299)] // Without any row there is no prediction.
    public void Removals_reach_as_far_as_it_takes(int own, int others, int radius)
    {
        int[] labels = [.. Enumerable.Repeat(0, own), .. Enumerable.Repeat(1, others)];
        int[] places = [.. Enumerable.Range(1, own + others)];
        Assert.Equal(Radius.Of(radius), Certify(new Case(2, 1, places, labels, null, 1, null), "knn:1").Radius);
        Assert.Equal(Radius.Of(2 * radius + 1), Certify(new Case(2, 1, places, labels, 1000, 2, null), "knn:1").Radius);
    }

    [Fact]
    public void Covers_of_a_lead_are_the_cheapest_there_are() => Claim.HoldsFor(
        from weights in Gen.CollectToArray(Enumerable.Range(0, 14), _ => Gen.Choose(1, 1000))
        from labels in Gen.CollectToArray(Enumerable.Range(0, 14), _ => Gen.Choose(0, 2))
        from inserted in Gen.Choose(1000, 3000)
        from lead in Gen.Choose(1, 6000)
        from insert in Gen.OneOf(Price, Gen.Choose(5, 12).Select(price => (int?)price))
        from remove in Price
        from flip in Price
        select (weights, labels, inserted, lead, insert, remove, flip),
        one =>
        {
            double[] weights = [.. one.weights.Select(weight => weight / 1000.0)];
            var adversary = new RowAdversary { InsertPrice = one.insert, RemovePrice = one.remove, FlipPrice = one.flip };
            long? least = new KernelCover(
                new KernelWeights(weights, weights, one.inserted / 1000.0), new ClassLabels(one.labels, 3), 0, 1, adversary)
                .LeastPrice((one.lead - 0.5) / 1000.0); // Sums of thousandths do not fall between.

            Assert.Equal(Cheapest(one.weights, one.labels, one.inserted, one.lead, adversary), least);
        },
        count: 2000);

    [Theory]
    [InlineData("knn:3", 0.0)]
    [InlineData("kernel:0.7", 0.0)]
    [InlineData("knn:3", 1e9)]
    public void Predictions_are_those_of_the_head(string head, double offset)
    {
        (FeatureMatrix features, int[] labels) = Instances.SomeFeatures.Clouds(80, 3, 3, seed: 7);
        FeatureMatrix Moved(FeatureMatrix rows) => new(rows.Rows, 3, [.. rows.Values.ToArray().Select(value => value + offset)]);
        var training = new TrainingSet(Moved(features), new ClassLabels(labels, 3));
        FeatureMatrix tests = Moved(Instances.SomeFeatures.Generic(40, 3, seed: 8));
        HeadChoice choice = HeadChoice.TryParse(head)!;
        IReadOnlyList<RowCertificates> rows =
            RowCertifier.Fit(training, choice).CertifyBatch(tests, cancellationToken: TestContext.Current.CancellationToken);
        IReadOnlyList<RowCertificates> flips = Certifier.Fit(training, new() { Head = choice })
            .CertifyBatch(tests, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(flips.Select(row => row.Exact.Prediction), rows.Select(row => row[CertificateKind.Rows].Prediction));
    }

    [Fact]
    public void A_row_far_from_all_others_is_decided_by_its_nearest_and_survives_no_insertion()
    {
        var training = new TrainingSet(new FeatureMatrix(3, 1, [0.0, 1.0, 2.0]), new ClassLabels([0, 0, 1], 2));
        FeatureMatrix test = new(1, 1, [1000.0]);
        Certificate Certified(RowAdversary adversary) => RowCertifier
            .Fit(training, HeadChoice.TryParse("kernel:1")!, new() { Adversary = adversary })
            .CertifyBatch(test, cancellationToken: TestContext.Current.CancellationToken)[0][CertificateKind.Rows];
        Assert.Equal((1, Radius.Of(0), true), Parts(Certified(new())));

        // One removal leaves class 0.
        Assert.Equal((1, Radius.Of(1), true), Parts(Certified(new() { InsertPrice = null, RemovePrice = 2 })));
        Assert.Equal((1, Radius.Any, true), Parts(Certified(new() { InsertPrice = null, RemovePrice = null })));
        static (int, Radius, bool) Parts(Certificate certificate) => (certificate.Prediction, certificate.Radius, certificate.IsCertified);
    }

    [Theory]
    [InlineData("kernel", "bandwidth")]
    [InlineData("ridge", "fixed:L")]
    [InlineData("saturated-ridge", "nothing is proved")]
    public void What_depends_on_all_rows_is_refused(string head, string expected)
    {
        var training = new TrainingSet(new FeatureMatrix(3, 1, [0.0, 1.0, 2.0]), new ClassLabels([0, 0, 1], 2));
        ArgumentException refused = Assert.Throws<ArgumentException>(() => RowCertifier.Fit(training, HeadChoice.TryParse(head)!));
        Assert.Contains(expected, refused.Message);
    }

    [Fact]
    public void Classes_must_be_stated()
    {
        var training = new TrainingSet(new FeatureMatrix(3, 1, [0.0, 1.0, 2.0]), (string[])["a", "a", "b"]);
        Assert.Throws<ArgumentException>(() => RowCertifier.Fit(training, HeadChoice.TryParse("knn:1")!));
        Assert.Throws<ArgumentException>(() => RowPartition.ByHash(training, 2));
    }

    /// <summary>
    /// The least price that covers a lead of class 0 over class 1: the most that every budget covers, row by row.
    /// </summary>
    private static long? Cheapest(int[] weights, int[] labels, int inserted, int lead, RowAdversary adversary)
    {
        const int Largest = 120;
        long[] covered = new long[Largest + 1];
        for (int row = 0; row < weights.Length; row++)
        {
            (int? Price, int Gain)[] ways = labels[row] switch
            {
                0 => [(adversary.RemovePrice, weights[row]), (adversary.FlipPrice, 2 * weights[row])],
                2 => [(adversary.FlipPrice, weights[row])],
                _ => [],
            };
            long[] before = [.. covered];
            foreach ((int? price, int gain) in ways)
            {
                for (int budget = price ?? Largest + 1; budget <= Largest; budget++)
                    covered[budget] = Math.Max(covered[budget], before[budget - price!.Value] + gain);
            }
        }

        for (int budget = adversary.InsertPrice ?? Largest + 1; budget <= Largest; budget++)
            covered[budget] = Math.Max(covered[budget], covered[budget - adversary.InsertPrice!.Value] + inserted);
        int least = Array.FindIndex(covered, gain => gain >= lead);
        return least < 0 ? null : least;
    }

    private static Certificate Certify(Case one, string head)
    {
        var training = new TrainingSet(
            new FeatureMatrix(one.Places.Length, 1, [.. one.Places.Select(place => (double)place)]),
            new ClassLabels(one.Labels, one.Classes));
        var options = new RowCertifierOptions
        {
            Adversary = new RowAdversary { InsertPrice = one.Insert, RemovePrice = one.Remove, FlipPrice = one.Flip },
            Threads = 1,
        };
        return RowCertifier.Fit(training, HeadChoice.TryParse(head)!, options)
            .CertifyBatch(new FeatureMatrix(1, 1, [0.0]), cancellationToken: TestContext.Current.CancellationToken)[0].Certificates[0];
    }

    /// <summary>The class of the rows nearest to 0; null without rows.</summary>
    private static int? Nearest(IReadOnlyList<OracleRow> rows, int neighbours, int classes)
    {
        if (rows.Count == 0)
            return null;
        OracleRow[] nearest =
            [.. rows.Index().OrderBy(row => (Math.Abs(row.Item.Features[0]), row.Index)).Take(neighbours).Select(row => row.Item)];
        return Enumerable.Range(0, classes).MaxBy(c => (nearest.Count(row => row.Class == c), -c));
    }

    /// <summary>
    /// Whether another class has as much weight as a class, less a slack; by the tie rule, without slack.
    /// </summary>
    private static bool IsBeaten(IReadOnlyList<OracleRow> rows, int predicted, int classes, Rational slack)
    {
        Rational[] sums = new Rational[classes];
        foreach (OracleRow row in rows)
            sums[row.Class] += HighPrecision.Exp((Rational)(-row.Features[0] * row.Features[0] / 2));
        return Enumerable.Range(0, classes).Any(rival => rival != predicted
            && (sums[rival] - sums[predicted] + slack).Sign is var sign && (slack.Sign != 0 || rival < predicted ? sign >= 0 : sign > 0));
    }

    private sealed record Case(int Classes, int Neighbours, int[] Places, int[] Labels, int? Insert, int? Remove, int? Flip)
    {
        public OracleRow[] Rows => [.. Places.Zip(Labels, (place, label) => new OracleRow([place], label))];

        public RowAttackOracle Oracle => new(Rows, Classes, Insert, Remove, Flip);

        public override string ToString() =>
            $"x = [{string.Join(", ", Places)}], y = [{string.Join(", ", Labels)}], K = {Classes}, N = {Neighbours}, "
            + $"prices {Insert?.ToString() ?? "-"} {Remove?.ToString() ?? "-"} {Flip?.ToString() ?? "-"}";
    }
}
