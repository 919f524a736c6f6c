using CertiFlip.Heads;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Heads;

/// <summary>Preferences: a pair and its mirror image are one thing.</summary>
public class PairsHeadTests
{
    private const double Tolerance = 1e-9;
    private static readonly CertifierOptions Pairs = new()
    {
        Head = new PairsHeadChoice(),
        Certificates = [CertificateKind.Exact],
    };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Weights_are_those_of_exact_ridge_regression_without_an_intercept(int seed)
    {
        (FeatureMatrix differences, _) = SomePairs(seed);
        var head = PairsHead.Fit(differences, new RelativeRidge(0.3));
        Rational trace = Enumerable.Range(0, differences.Rows).SelectMany(row => differences.Row(row).ToArray())
            .Aggregate((Rational)0, (sum, value) => sum + (Rational)value * value);
        Assert.Equal(0.3 * trace.ToDouble() / differences.Columns, head.Lambda, Tolerance * head.Lambda);
        double[] x = SomePair(differences.Columns, seed);
        Rational[] expected = new RationalRidge(differences, head.Lambda, Intercept.None).Weights(x);
        foreach ((double weight, Rational exact) in NamedHeads.Weights(head, x).Zip(expected))
            Assert.Equal(exact.ToDouble(), weight, Tolerance);
    }

    /// <summary>Exchanging A and B negates the score and exchanges the classes, to the bit.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Exchanged_items_have_the_weights_with_the_other_sign_and_the_other_class(int seed)
    {
        (FeatureMatrix differences, int[] labels) = SomePairs(seed);
        var head = PairsHead.Fit(differences);
        double[] x = SomePair(differences.Columns, seed), mirrored = Array.ConvertAll(x, value => -value);
        Assert.Equal(Array.ConvertAll(NamedHeads.Weights(head, x), weight => -weight), NamedHeads.Weights(head, mirrored));

        var certifier = new Certifier(head, new ClassLabels(labels, 2));
        double[] margins = certifier.Decide(Matrix(x, mirrored), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(-margins[0], margins[1]);
        int[] predictions = certifier.Predict(Matrix(x, mirrored), cancellationToken: TestContext.Current.CancellationToken);
        if (margins[0] != 0)
            Assert.Equal(1 - predictions[0], predictions[1]);
    }

    [Fact]
    public void Features_whose_squares_vanish_are_refused() =>
        Assert.Throws<HeadException>(() => PairsHead.Fit(Matrix([1e-170, 2e-170], [3e-170, -1e-170])));

    /// <summary>Both ways holds only what holds each way, of every certificate and of the bounds beside them.</summary>
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    public void Both_ways_is_no_more_than_either(bool ahead, bool back, bool expected)
    {
        RowCertificates Row(int prediction, int radius, bool isCertified, bool assumes, double log) =>
            new([new Certificate(CertificateKind.Kl, prediction, Radius.Of(radius), isCertified) { AssumesClasses = assumes }], log)
            {
                LogChange = 2 * log,
            };
        foreach ((double first, double second) in new[] { (-3.0, -7.0), (-7.0, -3.0) })
        {
            foreach ((bool assumesAhead, bool assumesBack) in new[] { (true, false), (false, true), (false, false) })
            {
                var both = PreferencePairs.CertifyBothWays(
                    new Prepared(Row(0, 5, ahead, assumesAhead, first), Row(1, 4, back, assumesBack, second)), Matrix([1.0]))[0];
                Certificate certificate = Assert.Single(both.Certificates);
                Assert.Equal(
                    (0, expected, Radius.Of(expected ? 4 : 0)),
                    (certificate.Prediction, certificate.IsCertified, certificate.Radius));
                Assert.Equal(expected && (assumesAhead || assumesBack), certificate.AssumesClasses);
                Assert.Equal((-3.0, -6.0), (both.LogFailure, both.LogChange));
            }
        }
    }

    /// <summary>
    /// A flipped label is the mirrored pair in place of the pair: a training pair may stand either way, and all that
    /// is certified is the same.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_flipped_label_is_the_mirrored_pair(int seed)
    {
        (FeatureMatrix differences, int[] labels) = SomePairs(seed);
        double[] x = SomePair(differences.Columns, seed);
        int mirrored = seed % labels.Length;
        double[] values = [.. Enumerable.Range(0, differences.Rows).SelectMany(row =>
            differences.Row(row).ToArray().Select(value => row == mirrored ? -value : value))];
        var seen = new FeatureMatrix(differences.Rows, differences.Columns, values);
        int[] flipped = [.. labels.Select((label, row) => row == mirrored ? 1 - label : label)];

        double[] expected = NamedHeads.Weights(PairsHead.Fit(differences), x);
        expected[mirrored] = -expected[mirrored];
        Assert.Equal(expected, NamedHeads.Weights(PairsHead.Fit(seen), x));

        // The other label on the same pair, and the same label on the pair seen in a mirror.
        Assert.Equal(Certified(differences, flipped, x), Certified(seen, labels, x));

        // Both at once say the same as before.
        Assert.Equal(Certified(differences, labels, x), Certified(seen, flipped, x));
    }

    /// <summary>
    /// Written as chosen and rejected, every label is the same, and all that is certified is what it was: which way a
    /// pair stands tells the head nothing.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Pairs_may_be_written_with_the_preferred_item_first(int seed)
    {
        (FeatureMatrix differences, int[] labels) = SomePairs(seed);
        double[] x = SomePair(differences.Columns, seed);
        double[] chosen = [.. Enumerable.Range(0, differences.Rows).SelectMany(row =>
            differences.Row(row).ToArray().Select(value => labels[row] == 0 ? value : -value))];
        var chosenFirst = new FeatureMatrix(differences.Rows, differences.Columns, chosen);
        Assert.Equal(Certified(differences, labels, x), Certified(chosenFirst, new int[labels.Length], x));
    }

    /// <summary>Nothing is learnt from mirrored copies: twice the data, with twice the λ, is the same head.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Mirrored_copies_of_all_pairs_add_nothing(int seed)
    {
        (FeatureMatrix differences, int[] labels) = SomePairs(seed);
        double[] x = SomePair(differences.Columns, seed);
        double[] values = [.. Enumerable.Range(0, 2 * differences.Rows).SelectMany(row =>
            differences.Row(row % differences.Rows).ToArray().Select(value => row < differences.Rows ? value : -value))];
        var both = new FeatureMatrix(2 * differences.Rows, differences.Columns, values);
        Rational Score(FeatureMatrix features, int[] classes, double lambda) =>
            new RationalRidge(features, lambda, Intercept.None).Weights(x).Zip(classes, (weight, c) => c == 0 ? weight : -weight)
                .Aggregate((Rational)0, (sum, term) => sum + term);
        Assert.True(Score(differences, labels, 0.75) == Score(both, [.. labels, .. labels.Select(label => 1 - label)], 1.5));
        Assert.Equal(2 * PairsHead.Fit(differences, new FixedRidge(0.75)).Lambda, PairsHead.Fit(both, new FixedRidge(1.5)).Lambda);
    }

    /// <summary>
    /// Against every set of flips: within the radius the exact score keeps its sign, and one more flip reverses it or
    /// makes a tie. Ties, repeated pairs and pairs of equal items are among the cases.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Both_ways_the_radius_is_the_fewest_flips_to_a_tie_less_one(int seed)
    {
        (FeatureMatrix differences, int[] labels) = SomePairs(seed);
        double[] x = seed % 5 == 0 ? new double[differences.Columns] : SomePair(differences.Columns, seed);
        Certifier certifier = Certifier.Fit(new TrainingSet(differences, new ClassLabels(labels, 2)), Pairs);
        Certificate both = PreferencePairs.CertifyBothWays(certifier, Matrix(x))[0].Exact;

        // The classifier as it is: its weights are the doubles that it computes.
        double[] weights = NamedHeads.Weights(PairsHead.Fit(differences), x);
        int SignAfter(int flips) => Enumerable.Range(0, weights.Length).Aggregate((Rational)0, (sum, row) =>
            sum + (labels[row] == (flips >> row & 1) ? weights[row] : -(Rational)weights[row])).Sign;
        int sign = SignAfter(0);
        if (sign == 0)
        {
            Assert.Equal((Certificate.Abstention, false, Radius.Of(0)), (both.Prediction, both.IsCertified, both.Radius));
            return;
        }

        int fewest = Enumerable.Range(0, 1 << weights.Length).Where(flips => SignAfter(flips) != sign)
            .Select(flips => int.PopCount(flips)).DefaultIfEmpty(int.MaxValue).Min();
        Assert.True(both.IsCertified);
        Assert.Equal(sign > 0 ? 0 : 1, both.Prediction);
        Assert.Equal(fewest == int.MaxValue ? Radius.Any : Radius.Of(fewest - 1), both.Radius);
    }

    [Fact]
    public void A_stored_head_has_the_same_weights()
    {
        (FeatureMatrix differences, _) = SomePairs(3);
        var choice = new PairsHeadChoice { Ridge = RidgeChoice.TryParse("relative:0.7")! };
        var arrays = new ModelArrays();
        ILeaveOneOutHead fitted = choice.Fit(differences);
        choice.Store(arrays, fitted);
        double[] x = SomePair(differences.Columns, 3);
        Assert.Equal(NamedHeads.Weights(fitted, x), NamedHeads.Weights(choice.Restore(arrays, differences), x));
    }

    [Fact]
    public void Pairs_of_other_shapes_are_refused()
    {
        var one = new FeatureMatrix(2, 3, new double[6]);
        Assert.Throws<ArgumentException>(() => PreferencePairs.Differences(one, new FeatureMatrix(3, 2, new double[6])));
    }

    private static Certificate Certified(FeatureMatrix differences, int[] labels, double[] x) =>
        Certifier.Fit(new TrainingSet(differences, new ClassLabels(labels, ClassList.Numbered(2))), Pairs).Certify(x).Exact;

    private static FeatureMatrix Matrix(params double[][] rows) => new(rows.Length, rows[0].Length, [.. rows.SelectMany(row => row)]);

    /// <summary>Few pairs, on a coarse grid in every third case so that scores tie, some of them twice.</summary>
    private static (FeatureMatrix Differences, int[] Labels) SomePairs(int seed)
    {
        int rows = 5 + seed % 6;
        FeatureMatrix first = SomeFeatures.Of(rows, 1 + seed % 3, seed, (row, _, value) => Grid(value, seed));
        FeatureMatrix second = SomeFeatures.Of(rows, 1 + seed % 3, seed + 100, (row, _, value) => Grid(value, seed));
        return (PreferencePairs.Differences(first, second), [.. Enumerable.Range(0, rows).Select(row => (row * 7 + seed) % 5 % 2)]);
    }

    private static double[] SomePair(int columns, int seed) =>
        SomeFeatures.Of(1, columns, seed + 200, (_, _, value) => Grid(value, seed)).Row(0).ToArray();

    private static double Grid(double value, int seed) => seed % 3 == 0 ? Math.Round(value) : value;

    /// <summary>Says something of a pair, and something else of its mirror image.</summary>
    private sealed class Prepared(RowCertificates ahead, RowCertificates back) : ICertifier
    {
        public IReadOnlyList<CertificateKind> Certificates => [CertificateKind.Kl];

        public bool IsConditional => false;

        public IReadOnlyList<RowCertificates> CertifyBatch(
            FeatureMatrix tests, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
            [tests.Row(0)[0] > 0 ? ahead : back];
    }
}
