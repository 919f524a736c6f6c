using CertiFlip.Heads;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Regression;

/// <summary>Predictions, coefficients, means and labels that are left out, each as its weights say.</summary>
public class RegressionCertifierTests
{
    private const int Rows = 6, Columns = 2, Tests = 37;

    private static readonly FeatureMatrix Training = Features(Rows, 1), Test = Features(Tests, 2);
    private static readonly double[] Values = [0, 2, 5, 3, 8, 10];
    private static readonly NumericLabels Labels = new(Values, 0, 10);
    private static readonly RegressionOptions Options = new() { Tolerance = 1, Budgets = [0, 1, 2, 6], Threads = 2 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Heads => ["ridge", "knn:3", "kernel", "saturated-ridge"];

    [Theory]
    [MemberData(nameof(Heads))]
    public void Prediction_of_every_head_is_certified_as_its_weights_are(string name)
    {
        HeadChoice choice = HeadChoice.TryParse(name)!;
        IHead head = choice.Fit(Training);
        var truth = Enumerable.Range(0, Tests).Select(row => row % 11.0).ToArray();
        IReadOnlyList<NumericCertificate> certificates =
            RegressionCertifier.Fit(Training, Labels, Options with { Head = choice }).CertifyBatch(Test, truth, null, Token);
        for (int row = 0; row < Tests; row++)
        {
            LinearNumberOracle oracle = OracleOf(WeightsOf(head, Test, row));
            NumericCertificate certificate = certificates[row];
            AssertInterval(oracle, certificate);
            Assert.True(certificate.IsKept);
            AssertRadius(oracle.Survived(value => value - oracle.Value <= 1 && oracle.Value - value <= 1), certificate.Radius);
            long? error = oracle.Survived(value => value - truth[row] <= 1 && (Rational)truth[row] - value <= 1);
            Assert.Equal(error != -1, certificate.ErrorRadius is not null);
            if (error != -1)
                AssertRadius(error, certificate.ErrorRadius!.Value);
        }
    }

    [Theory]
    [InlineData(Intercept.Fitted)]
    [InlineData(Intercept.None)]
    public void Coefficient_is_what_a_prediction_gains_for_one_unit(Intercept intercept)
    {
        foreach (RidgeSystem system in Enum.GetValues<RidgeSystem>())
        {
            var head = RidgeHead.Fit(
                Training, new FixedRidge(0.5), intercept, system, new ParallelOptions(), CertiFlip.Kernels.KernelSet.Best);
            IReadOnlyList<NumericCertificate> coefficients = new RegressionCertifier(head, Labels, Options).CertifyCoefficients(Token);
            Assert.Equal(Columns, coefficients.Count);
            double[] origin = WeightsOf(head, new FeatureMatrix(1, Columns, new double[Columns]), 0);
            for (int column = 0; column < Columns; column++)
            {
                double[] unit = new double[Columns];
                unit[column] = 1;
                double[] weights =
                    [.. WeightsOf(head, new FeatureMatrix(1, Columns, unit), 0).Zip(origin, (at, from) => at - from)];
                Assert.Equal(weights.Zip(Values, (weight, label) => weight * label).Sum(), coefficients[column].Value, 1e-10);
                LinearNumberOracle oracle = OracleOf(weights);
                AssertRadius(oracle.Survived(value => value.Sign == oracle.Value.Sign), coefficients[column].Radius);
                (Rational low, Rational high) = oracle.Within(2);
                Assert.Equal(low.ToDouble(), coefficients[column].Intervals[2].Low, 1e-10);
                Assert.Equal(high.ToDouble(), coefficients[column].Intervals[2].High, 1e-10);
            }
        }
    }

    [Fact]
    public void Means_of_groups_and_their_gaps_are_those_of_the_mean_weights()
    {
        int[] groups = [.. Enumerable.Range(0, Tests).Select(row => row % 3)];
        var certifier = RegressionCertifier.Fit(Training, Labels, Options);
        GroupMeans means = certifier.CertifyMeans(Test, groups, 3, Token);
        IHead head = HeadChoice.Default.Fit(Training);
        Rational[][] weights = [.. Enumerable.Range(0, 3).Select(group => MeanOf(head, groups, group))];
        Assert.Equal(3, means.Means.Count);
        for (int group = 0; group < 3; group++)
        {
            NumericCertificate mean = means.Means[group];
            AssertExtremes(weights[group], mean);
            Assert.Equal(ExtremeRadius(weights[group], relativeTolerance: 1), mean.Radius);
        }

        Assert.Equal([(0, 1), (0, 2), (1, 2)], means.Gaps.Select(gap => (gap.One, gap.Other)));
        foreach (GroupGap gap in means.Gaps)
        {
            Rational[] difference = [.. weights[gap.One].Zip(weights[gap.Other], (a, b) => a - b)];
            AssertExtremes(difference, gap.Gap);
            Assert.Equal(ExtremeRadius(difference, relativeTolerance: null), gap.Gap.Radius);
        }

        Assert.Throws<ArgumentException>(() => certifier.CertifyMeans(Test, groups, 4, Token));
        Assert.Throws<ArgumentException>(() => certifier.CertifyMeans(Test, groups, 2, Token));
        Assert.Throws<ArgumentException>(() => certifier.CertifyMeans(Test, [0, 1], 2, Token));
    }

    [Fact]
    public void Rounding_of_a_mean_is_no_room()
    {
        var random = new Random(6);
        int decided = 0;
        for (int i = 0; i < 200; i++)
        {
            double[] weights = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
            double mean = (weights[0] + weights[1] + weights[2]) / 3;
            var certifier = new RegressionCertifier(
                new FixedWeights(weights), new NumericLabels([0.0], 0, 1), Options with { Tolerance = mean });
            NumericCertificate certificate = certifier.CertifyMeans(new FeatureMatrix(3, 1, [0, 0, 0]), [0, 0, 0], 1, Token).Means[0];
            bool isBeyond = weights.Select(weight => (Rational)weight).Aggregate((a, b) => a + b) / 3 > mean;
            decided += isBeyond ? 1 : 0;
            Assert.True(!isBeyond || certificate.Radius == Radius.Of(0));
        }

        Assert.InRange(decided, 20, 200);
    }

    [Fact]
    public void Label_is_held_against_the_head_that_is_fitted_to_the_others()
    {
        IReadOnlyList<LeftOutLabel> rows = new RegressionCertifier(
            RidgeHead.Fit(Training, new FixedRidge(0.5)), Labels, Options).LeaveOut(Training, null, Token);
        for (int row = 0; row < Rows; row++)
        {
            int[] others = [.. Enumerable.Range(0, Rows).Where(other => other != row)];
            var head = RidgeHead.Fit(Training.SelectRows(others), new FixedRidge(0.5));
            double[] weights = new double[Rows];
            foreach ((int at, double weight) in WeightsOf(head, Training, row).Index())
                weights[others[at]] = weight;
            LinearNumberOracle oracle = OracleOf(weights);
            Assert.Equal(Values[row], rows[row].Label);
            Assert.Equal(oracle.Value.ToDouble(), rows[row].Prediction, 1e-10);
            bool isAbove = oracle.Value > Values[row];
            long? survived = oracle.Survived(value => isAbove ? value > (Rational)Values[row] + 1 : value < (Rational)Values[row] - 1);
            Assert.Equal(survived != -1, rows[row].Contradiction is not null);
            if (survived != -1)
                AssertRadius(survived, rows[row].Contradiction!.Value);
        }

        Assert.Contains(rows, row => row.Contradiction is not null);
        Assert.Throws<InvalidOperationException>(() => RegressionCertifier.Fit(Training, Labels).LeaveOut(Training, null, Token));
    }

    [Fact]
    public void Reliance_counts_the_rows_of_witnesses()
    {
        var certifier = RegressionCertifier.Fit(Training, Labels, Options);
        int[] expected = new int[Rows];
        for (int row = 0; row < Tests; row++)
        {
            if (certifier.TryFindWitness(Test.Row(row), out NumericWitness? witness))
            {
                foreach (LabelChange change in witness.Changes)
                    expected[change.Row]++;
            }
        }

        Assert.Equal(expected, certifier.CountReliance(Test, null, Token));
        Assert.True(expected.Sum() > 0);
    }

    [Fact]
    public void Reliance_of_training_rows_is_that_of_the_heads_without_them()
    {
        int[] expected = new int[Rows];
        for (int row = 0; row < Rows; row++)
        {
            int[] others = [.. Enumerable.Range(0, Rows).Where(other => other != row)];
            var certifier = new RegressionCertifier(
                RidgeHead.Fit(Training.SelectRows(others), new FixedRidge(0.5)),
                new NumericLabels([.. others.Select(j => Values[j])], 0, 10),
                Options);
            if (certifier.TryFindWitness(Training.Row(row), out NumericWitness? witness))
            {
                foreach (LabelChange change in witness.Changes)
                    expected[others[change.Row]]++;
            }
        }

        Assert.Equal(
            expected,
            new RegressionCertifier(RidgeHead.Fit(Training, new FixedRidge(0.5)), Labels, Options).CountRelianceLeftOut(
                Training, null, Token));
    }

    [Fact]
    public void Results_do_not_depend_on_threads()
    {
        FeatureMatrix training = Features(300, 5), tests = Features(200, 6);
        var labels = new NumericLabels([.. Enumerable.Range(0, 300).Select(row => row % 7 * 0.3)], 0, 2);
        int[] groups = [.. Enumerable.Range(0, 200).Select(row => row % 2)];
        string Run(int threads)
        {
            var certifier = RegressionCertifier.Fit(training, labels, Options with { Threads = threads });
            GroupMeans means = certifier.CertifyMeans(tests, groups, 2, Token);
            return string.Join(';', certifier.CertifyBatch(tests, null, null, Token).Concat(means.Means)
                .Concat(means.Gaps.Select(gap => gap.Gap))
                .Select(row => $"{row.Value:R},{row.Radius},{string.Join(',', row.Intervals)}"));
        }

        Assert.Equal(Run(1), Run(4));
    }

    [Fact]
    public void Two_classes_as_0_and_1_and_one_class_against_the_rest_are_numbers()
    {
        NumericLabels second = NumericLabels.OfClass(new ClassLabels([0, 1, 2, 1], 3), 1);
        Assert.Equal([0.0, 1, 0, 1], Enumerable.Range(0, 4).Select(row => second[row]));
        Assert.All(Enumerable.Range(0, 4), row => Assert.Equal((0.0, 1.0), (second.LowOf(row), second.HighOf(row))));
    }

    [Fact]
    public void Ranges_are_those_stated_and_no_shift_is_left_out()
    {
        double[] values = [0.1, 1e16, -3];
        NumericLabels shifted = NumericLabels.Shifted(values, 0.2, 0.7);
        for (int row = 0; row < values.Length; row++)
        {
            Assert.True(shifted.LowOf(row) <= (Rational)values[row] - (Rational)0.2);
            Assert.True(Math.BitIncrement(shifted.LowOf(row)) > (Rational)values[row] - (Rational)0.2);
            Assert.True(shifted.HighOf(row) >= (Rational)values[row] + (Rational)0.7);
            Assert.True(Math.BitDecrement(shifted.HighOf(row)) < (Rational)values[row] + (Rational)0.7);
        }

        NumericLabels both = NumericLabels.Shifted([1.0, 4], 2, 2).Within(0, 5);
        Assert.Equal((0.0, 3.0, 2.0, 5.0), (both.LowOf(0), both.HighOf(0), both.LowOf(1), both.HighOf(1)));
        Assert.Contains(
            "Label 1 is 7, outside its range 0 to 5", Assert.Throws<ArgumentException>(() => new NumericLabels([1.0, 7], 0, 5)).Message);
        Assert.Throws<ArgumentException>(() => new NumericLabels([double.NaN], 0, 5));
        Assert.Throws<ArgumentException>(() => new NumericLabels([], 0, 5));
        Assert.Throws<ArgumentException>(() => new NumericLabels([1.0], [0.0, 1], [2.0, 2]));
        Assert.Throws<ArgumentException>(() => NumericLabels.Shifted([1.0], -1, 0));
    }

    [Fact]
    public void Heads_that_look_at_labels_and_far_rows_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RegressionCertifier.Fit(
            Training, Labels, Options with { Head = new RidgeHeadChoice { Ridge = RidgeChoice.TryParse("paper")! } }));
        Assert.Throws<ArgumentException>(() => new RegressionCertifier(HeadChoice.Default.Fit(Training), new NumericLabels([1.0], 0, 1)));
        HeadException far = Assert.Throws<HeadException>(() =>
            RegressionCertifier.Fit(Training, Labels, Options)
                .CertifyBatch(new FeatureMatrix(1, Columns, [1e308, -1e308]), null, null, Token));
        Assert.Contains("Test row 0", far.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() =>
            RegressionCertifier.Fit(Training, Labels, Options with { Head = HeadChoice.TryParse("knn:3")! }).CertifyCoefficients(Token));
        Assert.Throws<ArgumentException>(() => RegressionCertifier.Fit(Training, Labels, Options).CertifyBatch(Test, [1.0], null, Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { Tolerance = -1 });
        Assert.Throws<ArgumentException>(() => Options with { Range = new NumberInterval(2, 1) });
        Assert.Throws<ArgumentException>(() => Options with { Budgets = [-1] });
    }

    private static FeatureMatrix Features(int rows, int seed)
    {
        var random = new Random(seed);
        return new FeatureMatrix(
            rows, Columns, [.. Enumerable.Range(0, rows * Columns).Select(_ => Math.Round(random.NextDouble() * 4, 2))]);
    }

    private static double[] WeightsOf(IHead head, FeatureMatrix tests, int row)
    {
        double[] weights = new double[4 * 16];
        head.ComputeWeights(tests, row, 1, weights, 16);
        return weights[..head.TrainingRows];
    }

    private static LinearNumberOracle OracleOf(double[] weights) =>
        new(weights, Values, new double[Rows], [.. Enumerable.Repeat(10.0, Rows)], [], [.. Enumerable.Repeat(1, Rows)]);

    private static void AssertRadius(long? survived, Radius radius) =>
        Assert.Equal(survived is { } flips ? Radius.Of((int)flips) : Radius.Any, radius);

    private static void AssertInterval(LinearNumberOracle oracle, NumericCertificate certificate)
    {
        foreach ((int budget, NumberInterval interval) in Options.Budgets.Zip(certificate.Intervals))
        {
            (Rational low, Rational high) = oracle.Within(budget);
            Assert.True(interval.Low <= low && high <= interval.High);
            Assert.Equal(low.ToDouble(), interval.Low, 1e-10);
            Assert.Equal(high.ToDouble(), interval.High, 1e-10);
        }
    }

    private static Rational[] MeanOf(IHead head, int[] groups, int group)
    {
        int[] rows = [.. Enumerable.Range(0, Tests).Where(row => groups[row] == group)];
        double[][] weights = [.. rows.Select(row => WeightsOf(head, Test, row))];
        return [.. Enumerable.Range(0, Rows).Select(j => weights.Select(row => (Rational)row[j]).Aggregate((a, b) => a + b) / rows.Length)];
    }

    /// <summary>All moves of a number with rational weights, to one side, the largest first.</summary>
    private static Rational[] MovesOf(Rational[] weights, bool up) =>
    [
        .. weights.Select((weight, row) => weight.Sign >= 0 == up
            ? (up ? weight : -weight) * ((Rational)10 - Values[row])
            : (up ? weight : -weight) * -(Rational)Values[row]).Select(move => move.Sign < 0 ? -move : move).OrderDescending(),
    ];

    private static void AssertExtremes(Rational[] weights, NumericCertificate certificate)
    {
        Rational value = weights.Zip(Values, (weight, label) => weight * label).Aggregate((a, b) => a + b);
        Assert.Equal(value.ToDouble(), certificate.Value, 1e-10);
        foreach ((int budget, NumberInterval interval) in Options.Budgets.Zip(certificate.Intervals))
        {
            Rational high = MovesOf(weights, true).Take(budget).Aggregate(value, (a, b) => a + b);
            Rational low = MovesOf(weights, false).Take(budget).Aggregate(value, (a, b) => a - b);
            Assert.True(interval.Low <= low && high <= interval.High);
            Assert.Equal(low.ToDouble(), interval.Low, 1e-10);
            Assert.Equal(high.ToDouble(), interval.High, 1e-10);
        }
    }

    private static Radius ExtremeRadius(Rational[] weights, Rational? relativeTolerance)
    {
        Rational value = weights.Zip(Values, (weight, label) => weight * label).Aggregate((a, b) => a + b);
        bool Breaks(bool up, int count)
        {
            Rational moved = MovesOf(weights, up).Take(count).Aggregate((Rational)0, (a, b) => a + b);
            if (relativeTolerance is { } tolerance)
                return moved > tolerance;
            return up ? value.Sign <= 0 && value + moved >= 0 : value.Sign >= 0 && value - moved <= 0;
        }

        int fewest = Enumerable.Range(1, Rows).FirstOrDefault(count => Breaks(true, count) || Breaks(false, count), -1);
        return fewest < 0 ? Radius.Any : Radius.Of(fewest - 1);
    }

    /// <summary>A head over one training row, whose weight is another for each test row.</summary>
    private sealed class FixedWeights(double[] weightOf) : IHead
    {
        public int TrainingRows => 1;

        public int Features => 1;

        public bool DependsOnLabels => false;

        public TwoClassRule TwoClassRule => TwoClassRule.Half;

        public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> weights, int stride)
        {
            for (int row = 0; row < rowCount; row++)
                weights[row * stride] = weightOf[firstRow + row];
        }
    }
}
