namespace CertiFlip.Tests.Certifiers;

public class AccuracyByClassTests
{
    [Fact]
    public void Figures_of_a_class_are_those_of_its_rows_alone()
    {
        var random = new Random(5);
        for (int trial = 0; trial < 200; trial++)
        {
            int classes = random.Next(2, 6), rows = random.Next(1, 40);
            int[] truth = [.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))];
            Certificate[] certificates = [.. Enumerable.Range(0, rows).Select(_ => Any(random, classes))];
            AccuracyByClass figures = Of(certificates, truth).ByClass!;
            double[] recalls = [.. Present(truth)
                .Select(c => Share(certificates, truth, c, (certificate, _) => certificate.Prediction == c))];
            Assert.Equal(recalls.Sum() / recalls.Length, figures.BalancedAccuracy, 12);
            Assert.Equal(Present(truth).Max(c => truth.Count(label => label == c)) / (double)rows, figures.ConstantAccuracy);
            Assert.Equal(truth.Count(label => label == figures.CommonestClass) / (double)rows, figures.ConstantAccuracy);
            for (int flips = 0; flips < 6; flips++)
            {
                double[] shares = [.. Present(truth)
                    .Select(c => Share(certificates, truth, c, (certificate, label) => Counts(certificate, label, flips)))];
                Assert.Equal(shares, figures.Classes.Where(one => one.Rows > 0).Select(one => one.Curve.At(flips)));
                Assert.Equal(shares.Sum() / shares.Length, figures.BalancedAt(flips), 12);
            }

            Assert.All(figures.Classes, one => Assert.Equal(certificates.Count(row => row.Prediction == one.Class), one.Predicted));
            Assert.All(figures.Classes, one => Assert.Equal(truth.Count(label => label == one.Class), one.Rows));
            Assert.Equal(
                Present(truth).Where(c => certificates.All(row => row.Prediction != c)), figures.NeverPredicted.Select(one => one.Class));
        }
    }

    [Fact]
    public void The_median_of_a_class_is_over_its_rows_alone()
    {
        AccuracyByClass figures = Of([Exact(0, 9), Exact(0, 5), Exact(0, 7), Exact(0, 3), Exact(1, 1)], [0, 0, 0, 1, 1]).ByClass!;
        Assert.Equal([7, 0.5], figures.Classes.Select(one => one.Curve.MedianRadius));
    }

    [Fact]
    public void A_constant_answer_is_balanced_over_the_classes_that_have_rows()
    {
        AccuracyByClass figures = Of([Exact(2, 4), Exact(2, 4), Exact(2, 4), Exact(2, 4)], [2, 2, 2, 5]).ByClass!;
        Assert.Equal((0.5, 0.75, 2), (figures.BalancedAccuracy, figures.ConstantAccuracy, figures.CommonestClass));
        Assert.Equal(5, Assert.Single(figures.NeverPredicted).Class);
    }

    [Fact]
    public void A_class_that_is_predicted_without_rows_is_listed_and_weighs_nothing()
    {
        AccuracyByClass figures = Of([Exact(0, 1), Exact(3, 1)], [0, 0]).ByClass!;
        Assert.Equal([(0, 2, 1), (3, 0, 1)], figures.Classes.Select(one => (one.Class, one.Rows, one.Predicted)));
        Assert.Equal(0.5, figures.BalancedAccuracy);
    }

    [Fact]
    public void An_abstention_is_a_prediction_of_no_class()
    {
        AccuracyByClass figures = Of([Exact(Certificate.Abstention, 0), Exact(1, 2)], [0, 1]).ByClass!;
        Assert.Equal([(0, 0), (1, 1)], figures.Classes.Select(one => (one.Class, one.Predicted)));
    }

    [Fact]
    public void Of_equally_common_classes_the_first_is_the_commonest() =>
        Assert.Equal((1, 0.4), AccuracyByClass.CommonestOf([2, 1, 2, 1, 0]));

    [Fact]
    public void Without_true_classes_there_are_no_figures() => Assert.Null(Of([Exact(0, 1)], []).ByClass);

    [Fact]
    public void There_must_be_a_true_class_for_each_prediction()
    {
        static AccuracyCurve NoCurve(IReadOnlyList<int> rows) => throw new InvalidOperationException();
        Assert.Throws<ArgumentException>(() => AccuracyByClass.Of([0, 1], [0], NoCurve));
        Assert.Throws<ArgumentException>(() => AccuracyByClass.Of([], [], NoCurve));
        Assert.Throws<ArgumentException>(() => AccuracyByClass.CommonestOf([]));
    }

    private static CertifiedAccuracy Of(Certificate[] certificates, int[] truth) =>
        CertifiedAccuracy.Of(CertificateKind.Exact, [.. certificates.Select(one => new RowCertificates([one]))], truth);

    private static Certificate Exact(int prediction, int radius) => new(CertificateKind.Exact, prediction, Radius.Of(radius), true);

    private static Certificate Any(Random random, int classes) => new(
        CertificateKind.Exact, random.Next(-1, classes), random.Next(9) == 0 ? Radius.Any : Radius.Of(random.Next(7)), random.Next(5) > 0);

    private static IEnumerable<int> Present(int[] truth) => truth.Distinct().Order();

    private static bool Counts(Certificate certificate, int label, int flips) =>
        certificate.Prediction == label && certificate.IsCertified && (certificate.Radius.IsAny || certificate.Radius.Budget >= flips);

    private static double Share(Certificate[] certificates, int[] truth, int c, Func<Certificate, int, bool> counts)
    {
        int[] rows = [.. Enumerable.Range(0, truth.Length).Where(row => truth[row] == c)];
        return rows.Count(row => counts(certificates[row], c)) / (double)rows.Length;
    }
}
