using System.Globalization;
using System.Numerics;
using CertiFlip.Heads;
using CertiFlip.Tests.Auditing;
using CertiFlip.Tests.Heads;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Certifiers;

/// <summary>
/// Certificates of training rows that are left out, against the head that is really fitted to the others in rational
/// arithmetic, and every labelling of those. Features are small whole numbers, so that exact ties abound.
/// </summary>
public class LeftOutCertificateTests
{
    private const double Q = 0.125;

    private static Gen<Case> Cases { get; } =
        from classes in Gen.Elements(2, 2, 3)
        from rows in Gen.Choose(3, classes == 2 ? 6 : 5)
        from columns in Gen.Frequency((4, Gen.Constant(1)), (3, Gen.Constant(2)), (1, Gen.Constant(8)))
        from largest in Gen.Elements(1, 2, 9)
        from features in LabelWeights.ArrayOf(Gen.Choose(0, largest), rows * columns)
        from labels in LabelWeights.ArrayOf(Gen.Choose(0, classes - 1), rows)
        from lambda in Gen.Elements(0.25, 0.5, 1, 2, 3)
        from intercept in Gen.Elements(Intercept.Fitted, Intercept.Fitted, Intercept.None)
        from adversary in Gen.OneOf(Gen.Constant(LabelFlipAdversary.Unlimited), Limits.Of(rows, classes))
        let matrix = new FeatureMatrix(rows, columns, Array.ConvertAll(features, value => (double)value))
        select new Case(matrix, labels, classes, lambda, intercept, adversary);

    [Fact]
    public void No_certificate_claims_more_than_is_true_of_the_head_fitted_to_the_others()
    {
        int certified = 0, beyond = 0;
        Claim.HoldsFor(Cases, 600, it =>
        {
            IReadOnlyList<RowCertificates> rows = it.Certifier().CertifyLeftOut(it.Features, null, TestContext.Current.CancellationToken);
            for (int row = 0; row < it.Labels.Length; row++)
            {
                foreach (Certificate certificate in rows[row].Certificates.Where(certificate => certificate.IsCertified))
                {
                    it.AssertTrue(row, certificate);
                    (certified, beyond) = (certified + 1, beyond + (certificate.Radius > Radius.Of(0) ? 1 : 0));
                }
            }
        });
        Assert.True(certified > 2000 && beyond > 500, $"{certified} certified, {beyond} beyond 0");
    }

    [Fact]
    public void Exact_radius_is_that_of_the_head_fitted_to_the_others_where_nothing_ties()
    {
        int rows = 0, equal = 0;
        Claim.HoldsFor(Cases, 600, it =>
        {
            IReadOnlyList<RowCertificates> left = it.Certifier().CertifyLeftOut(it.Features, null, TestContext.Current.CancellationToken);
            for (int row = 0; row < it.Labels.Length; row++)
            {
                Radius largest = it.Oracle(row).Radius(new HashSet<int>());
                (rows, equal) = (rows + 1, equal + (left[row].Exact.Radius == largest ? 1 : 0));
            }
        });
        Assert.True(equal > 0.7 * rows, $"{equal} of {rows}");
    }

    [Fact]
    public void Witness_changes_the_prediction_of_the_head_fitted_to_the_others_where_nothing_ties()
    {
        int found = 0, changed = 0;
        Claim.HoldsFor(Cases, 400, it =>
        {
            Certifier certifier = it.Certifier();
            IReadOnlyList<RowCertificates> left = certifier.CertifyLeftOut(it.Features, null, TestContext.Current.CancellationToken);
            for (int row = 0; row < it.Labels.Length; row++)
            {
                if (!certifier.TryFindLeftOutWitness(it.Features, row, out Witness? witness))
                {
                    Assert.True(left[row].Exact.Radius.IsAny || !left[row].Exact.IsCertified);
                    continue;
                }

                Assert.Equal(left[row].Exact.Radius, Radius.Of(witness.Cost - 1));
                Assert.DoesNotContain(witness.Flips, flip => flip.Row == row);
                int[] flipped = [.. it.Labels];
                foreach (LabelFlip flip in witness.Flips)
                    flipped[flip.Row] = flip.To;
                int after = (it with { Labels = flipped }).Oracle(row).Prediction;
                (found, changed) = (found + 1, changed + (after != left[row].Exact.Prediction ? 1 : 0));
            }
        });
        Assert.True(found > 1000 && changed > 0.85 * found, $"{changed} of {found}");
    }

    [Theory]
    [InlineData("ridge")]
    [InlineData("saturated-ridge")]
    [InlineData("knn:2")]
    [InlineData("kernel:0.8")]
    public void Every_head_is_certified_as_the_head_fitted_to_the_others(string name)
    {
        const int Rows = 31;
        HeadChoice choice = NamedHeads.WithRidge(HeadChoice.TryParse(name)!, "fixed:0.8");
        FeatureMatrix features = SomeFeatures.Of(Rows, 3, seed: 5, (_, _, value) => value);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(row => row % 7 == 0 ? 2 : features.Row(row)[0] > 0.5 ? 1 : 0)];
        var classes = new ClassLabels(labels, 3);
        var options = new CertifierOptions { Noise = new Noise(0.02, 3) };
        var certifier = new Certifier(choice.Fit(features), classes, options);
        IReadOnlyList<RowCertificates> left = certifier.CertifyLeftOut(features, null, TestContext.Current.CancellationToken);
        for (int row = 0; row < Rows; row++)
        {
            int[] others = [.. Enumerable.Range(0, Rows).Where(other => other != row)];
            var refit = new Certifier(
                choice.Fit(features.SelectRows(others)), new ClassLabels([.. others.Select(other => labels[other])], 3), options);
            RowCertificates expected = refit.Certify(features.Row(row));
            Assert.Equal(expected.Exact.Prediction, left[row].Exact.Prediction);
            Assert.All(
                expected.Certificates.Zip(left[row].Certificates),
                pair =>
                    Assert.InRange(pair.Second.Radius.BudgetOr(99), pair.First.Radius.BudgetOr(99) - 1, pair.First.Radius.BudgetOr(99)));
        }
    }

    [Fact]
    public void A_rows_own_label_moves_nothing_of_its_certificates()
    {
        FeatureMatrix features = SomeFeatures.Of(20, 3, seed: 2, (_, _, value) => value);
        int[] labels = [.. Enumerable.Range(0, 20).Select(row => row % 3 == 0 ? 1 : 0)], flipped = [.. labels];
        flipped[4] = 1 - flipped[4];
        RowCertificates Of(int[] given) => new Certifier(RidgeHead.Fit(features), new ClassLabels(given, ClassList.Of(["a", "b"])))
            .CertifyLeftOut(features, null, TestContext.Current.CancellationToken)[4];
        Assert.Equal(Of(labels).Exact, Of(flipped).Exact);
    }

    [Fact]
    public void Other_rows_than_those_of_the_head_are_refused()
    {
        FeatureMatrix features = SomeFeatures.Of(6, 2, seed: 2, (_, _, value) => value);
        var labels = new ClassLabels([0, 1, 0, 1, 0, 1], 2);
        var certifier = new Certifier(RidgeHead.Fit(features), labels);
        Assert.Throws<ArgumentException>(
            () => certifier.CertifyLeftOut(features.SelectRows([0, 1]), null, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => certifier.TryFindLeftOutWitness(features, 6, out _));
        var own = new Certifier(new FixedWeightsHead(new double[6]), labels);
        Assert.Throws<InvalidOperationException>(() => own.CertifyLeftOut(features, null, TestContext.Current.CancellationToken));
    }

    private sealed record Case(
        FeatureMatrix Features, int[] Labels, int Classes, double Lambda, Intercept Intercept, LabelFlipAdversary Adversary)
    {
        public Certifier Certifier() => new(
            RidgeHead.Fit(Features, new FixedRidge(Lambda), Intercept),
            new ClassLabels(Labels, ClassList.Of([.. Enumerable.Range(0, Classes).Select(c => $"{c}")])),
            new CertifierOptions { Noise = new Noise(Q, Classes), Adversary = Adversary });

        /// <summary>The head that is fitted to the other rows; a row itself has no weight.</summary>
        public LimitedOracle Oracle(int row) => new(Weights(row), Labels, Classes, Adversary.Price());

        /// <summary>Fails unless the radius is at most that of the classifier that is meant.</summary>
        public void AssertTrue(int row, Certificate certificate)
        {
            if (certificate.Kind == CertificateKind.Exact)
            {
                Assert.Equal(Oracle(row).Prediction, certificate.Prediction);
                Assert.True(certificate.Radius <= Oracle(row).Radius(new HashSet<int>()), $"row {row}: {certificate}");
                return;
            }

            // Sums of whole numbers, so that the oracle of doubles is exact.
            Rational[] weights = Weights(row);
            BigInteger all = weights.Aggregate(BigInteger.One, (product, weight) => product * weight.Denominator);
            BigInteger[] whole = [.. weights.Select(weight => weight.Numerator * (all / weight.Denominator))];
            BigInteger common = whole.Aggregate(2 * all, BigInteger.GreatestCommonDivisor), scale = 2 * all / common;
            double[] scaled = [.. whole.Select(weight => (double)(2 * weight / common))];
            Assert.True(scale < BigInteger.Pow(2, 50) && scaled.All(weight => Math.Abs(weight) < 1L << 50));
            int? least;
            if (Classes == 2)
            {
                var oracle = new SmoothedVoteOracle(scaled, Labels, (double)scale / 2, Q);
                Assert.Equal(oracle.SmoothedPrediction, certificate.Prediction);
                least = oracle.LeastCostOfSmoothed(Adversary.Price());
            }
            else
            {
                var oracle = new PairwiseVoteOracle(scaled, Labels, Classes, Q);
                Assert.True(oracle.WinsEveryPair(certificate.Prediction));
                least = oracle.LeastCostOfSmoothed(certificate.Prediction, Adversary.Price());
            }

            Assert.True(
                least is null || certificate.Radius <= Radius.Of(least.Value - 1) || certificate.Radius.BudgetOr(0) < least,
                string.Create(CultureInfo.InvariantCulture, $"row {row}: {certificate}, but {least} is enough"));
        }

        private Rational[] Weights(int row)
        {
            int[] others = [.. Enumerable.Range(0, Labels.Length).Where(other => other != row)];
            var weights = new Rational[Labels.Length];
            foreach ((int other, Rational weight) in others.Zip(
                new RationalRidge(Features.SelectRows(others), Lambda, Intercept).Weights(Features.Row(row))))
                weights[other] = weight;
            return weights;
        }

        public override string ToString() =>
            $"X = [{string.Join(", ", Features.Values.ToArray())}] of {Features.Rows} × {Features.Columns}, "
            + $"y = [{string.Join(", ", Labels)}] of {Classes}, λ = {Lambda}, {Intercept}, {string.Join(',', Adversary.Costs)}";
    }
}
