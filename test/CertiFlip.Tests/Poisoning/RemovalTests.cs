using CertiFlip.Heads;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Poisoning;

/// <summary>
/// Ridge regression without any few rows, fitted again in exact arithmetic, against the bound and the attack.
/// </summary>
public class RemovalTests
{
    private static readonly Gen<Case> Cases =
        from classes in Gen.Choose(2, 3)
        from n in Gen.Choose(3, 9)
        from columns in Gen.Choose(1, 2)
        from values in Gen.CollectToArray(Enumerable.Range(0, n * columns), _ => Gen.Choose(-3, 3))
        from labels in Gen.CollectToArray(Enumerable.Range(0, n), row =>
            Gen.Frequency((2, Gen.Choose(0, classes - 1)), (3, Gen.Constant(values[row * columns] > 0 ? 1 : 0))))
        from test in Gen.CollectToArray(Enumerable.Range(0, columns), _ => Gen.Choose(-4, 4))
        from lambda in Gen.Elements(0.25, 1.0, 8.0, 64.0)
        from intercept in Gen.Elements(Intercept.Fitted, Intercept.None)
        select new Case(classes, columns, values, labels, test, lambda, intercept);

    [Fact]
    public void No_few_rows_within_the_radius_change_the_prediction_and_one_is_exact() => Claim.HoldsFor(Cases, 400, one =>
    {
        Certificate certificate = one.Certifier.CertifyBatch(
            one.Test, cancellationToken: TestContext.Current.CancellationToken)[0][CertificateKind.Removal];
        int predicted = certificate.Prediction;
        if (!certificate.IsCertified)
        {
            Assert.True(one.IsBeaten([], predicted, tie: true));
            return;
        }

        Assert.False(one.IsBeaten([], predicted, tie: false));
        bool OneBreaks(bool tie) => Enumerable.Range(0, one.Rows).Any(row => one.IsBeaten([row], predicted, tie));
        if (certificate.Radius < Radius.Of(1))
            Assert.True(OneBreaks(tie: true));
        for (int mask = 1; mask < 1 << one.Rows; mask++)
        {
            int[] removed = [.. Enumerable.Range(0, one.Rows).Where(row => (mask >> row & 1) == 1)];
            if (removed.Length <= 4 && removed.Length < one.Rows && certificate.Radius.Survives(removed.Length))
                Assert.False(one.IsBeaten(removed, predicted, tie: false));
        }
    });

    [Fact]
    public void Attacks_change_the_prediction_of_the_fit_to_the_rows_that_are_left() => Claim.HoldsFor(Cases, 300, one =>
    {
        Certificate certificate = one.Certifier.CertifyBatch(
            one.Test, cancellationToken: TestContext.Current.CancellationToken)[0][CertificateKind.Removal];
        if (one.Certifier.AttackByRemoval(one.Test, 5, cancellationToken: TestContext.Current.CancellationToken)[0] is not { } removed)
            return;
        Assert.False(certificate.Radius.Survives(removed.Count));
        Assert.True(one.IsBeaten([.. removed], certificate.Prediction, tie: false));
    });

    [Theory]
    [InlineData(Intercept.Fitted)]
    [InlineData(Intercept.None)]
    public void The_bound_proves_several_rows_and_the_attack_is_not_far(Intercept intercept)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(400, 4, 3, seed: 5);
        FeatureMatrix tests = SomeFeatures.Generic(30, 4, seed: 6);
        var training = new TrainingSet(features, new ClassLabels(labels, 3));
        var head = new RidgeHeadChoice { Ridge = RidgeChoice.TryParse("fixed:10")!, Intercept = intercept };
        var certifier = RowCertifier.Fit(training, head, new() { Adversary = new() { InsertPrice = null } });
        IReadOnlyList<RowCertificates> rows = certifier.CertifyBatch(tests, cancellationToken: TestContext.Current.CancellationToken);
        IReadOnlyList<IReadOnlyList<int>?> attacks =
            certifier.AttackByRemoval(tests, 100, cancellationToken: TestContext.Current.CancellationToken);
        int[] proved = [.. rows.Select(row => row[CertificateKind.Removal].Radius.Budget)];
        Assert.InRange(proved.Max(), 5, 100);
        Assert.All(proved.Zip(attacks), pair => Assert.True(pair.Second is null || pair.First < pair.Second.Count));
        Assert.Contains(proved.Zip(attacks), pair => pair.First >= 5 && pair.Second?.Count <= 2 * pair.First);
        Assert.InRange(certifier.MostRemovedRows!.Value, proved.Max(), 400);
    }

    [Fact]
    public void A_price_of_several_is_a_budget()
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.Clouds(100, 4, 3, seed: 5);
        FeatureMatrix tests = SomeFeatures.Generic(10, 4, seed: 6);
        var training = new TrainingSet(features, new ClassLabels(labels, 3));
        var head = new RidgeHeadChoice { Ridge = RidgeChoice.TryParse("fixed:10")! };
        int[] Radii(int price) =>
            [.. RowCertifier.Fit(training, head, new() { Adversary = new() { InsertPrice = null, RemovePrice = price } })
            .CertifyBatch(tests, cancellationToken: TestContext.Current.CancellationToken)
            .Select(row => row.Certificates[0]).Where(certificate => certificate.IsCertified)
                .Select(certificate => certificate.Radius.Budget)];
        Assert.Equal(Radii(1).Select(radius => 3 * (radius + 1) - 1), Radii(3));
    }

    private sealed record Case(int Classes, int Columns, int[] Values, int[] Labels, int[] TestRow, double Lambda, Intercept Intercept)
    {
        public int Rows => Labels.Length;

        public FeatureMatrix Test => new(1, Columns, [.. TestRow.Select(value => (double)value)]);

        public RowCertifier Certifier => RowCertifier.Fit(
            new TrainingSet(new FeatureMatrix(Rows, Columns, Features([])), new ClassLabels(Labels, Classes)),
            new RidgeHeadChoice { Ridge = RidgeChoice.TryParse(FormattableString.Invariant($"fixed:{Lambda}"))!, Intercept = Intercept },
            new() { Adversary = new() { InsertPrice = null }, Threads = 1 });

        /// <summary>
        /// Whether the fit to the other rows predicts another class; with ties, whether another could just as well.
        /// </summary>
        public bool IsBeaten(int[] removed, int predicted, bool tie)
        {
            int[] kept = [.. Enumerable.Range(0, Rows).Except(removed)];
            var ridge = new RationalRidge(new FeatureMatrix(kept.Length, Columns, Features(removed)), Lambda, Intercept);
            Rational Score(int c) => ridge.Score([.. kept.Select(row => Labels[row] == c ? 1 : 0)], Test.Row(0));
            if (Classes == 2)
            {
                int sign = (Score(1) - 0.5).Sign;
                return predicted == 1 ? tie ? sign <= 0 : sign < 0 : sign >= 0;
            }

            Rational own = Score(predicted);
            return Enumerable.Range(0, Classes).Any(rival => rival != predicted
                && (Score(rival) - own).Sign is var sign && (tie || rival < predicted ? sign >= 0 : sign > 0));
        }

        public override string ToString() =>
            $"x = [{string.Join(", ", Values)}], y = [{string.Join(", ", Labels)}], K = {Classes}, k = {Columns}, "
            + $"test [{string.Join(", ", TestRow)}], λ = {Lambda}, intercept {Intercept}";

        private double[] Features(int[] removed) =>
            [.. Values.Where((_, i) => !removed.Contains(i / Columns)).Select(value => (double)value)];
    }
}
