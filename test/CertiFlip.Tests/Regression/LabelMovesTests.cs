using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Regression;

/// <summary>
/// Radii, intervals and witnesses of numbers that are linear in labels, against every labelling there is in exact
/// arithmetic: with ties, zeros, equal and negative weights, trusted rows, costs, and numbers that rounding could
/// decide.
/// </summary>
public class LabelMovesTests
{
    private const int Cases = 400, MostRows = 5;

    private static readonly double[] Weights =
        [0, -0.0, 0.1, -0.1, 0.2, 0.3, -0.3, 0.125, 0.125, -0.25, 1 / 3.0, 1, -1, 1e-17, 1e16, -1e16, 5e-324, -5e-324, 1e-300];

    private static readonly double[] Labels = [0, 1, 1, 2, 3, -1, 0.1, 0.2, 0.3, 1 / 3.0, 1e-10, 1e10, -2.5, 1e-200];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Radius_is_the_fewest_labels_of_all_labellings(bool hasCosts)
    {
        int broken = 0, any = 0, outside = 0;
        foreach (Instance instance in Instances(hasCosts))
        {
            foreach ((KeptRange range, Func<Rational, bool> isKept) in instance.Ranges())
            {
                Radius radius = instance.Moves.Survived(range, out bool inside, out LabelMoves.BreakingChanges? found);
                long? expected = instance.Oracle.Survived(isKept);
                Assert.Equal(expected != -1, inside);
                Assert.Equal(
                    expected is { } survived ? Radius.Of((int)Math.Max(0, survived)) : Radius.Any, radius);
                Assert.Equal(expected is >= 0, found is not null);
                _ = expected is null ? any++ : expected == -1 ? outside++ : broken++;
                if (found is not null)
                    AssertBreaks(instance, instance.Moves.WitnessOf(found), (int)expected!.Value + 1, isKept);
            }
        }

        Assert.All((int[])[broken, any, outside], count => Assert.InRange(count, 50, int.MaxValue));
    }

    [Fact]
    public void Interval_holds_every_labelling_and_is_no_wider_than_rounding()
    {
        foreach (Instance instance in Instances(hasCosts: false))
        {
            for (int budget = 0; budget <= instance.Weights.Length + 1; budget++)
            {
                NumberInterval interval = instance.Moves.Within(budget);
                (Rational low, Rational high) = instance.Oracle.Within(budget);
                Assert.True(interval.Low <= low && high <= interval.High);
                Rational slack = (Rational)1e-13 * instance.Size + (Rational)1e-300;
                Assert.True(low - interval.Low <= slack && interval.High - high <= slack);
            }
        }
    }

    [Fact]
    public void Interval_of_labels_that_differ_in_cost_holds_every_labelling()
    {
        foreach (Instance instance in Instances(hasCosts: true))
        {
            int all = instance.Costs.Sum();
            for (int budget = 0; budget <= all + 1; budget++)
            {
                NumberInterval interval = instance.Moves.Within(budget);
                (Rational low, Rational high) = instance.Oracle.Within(budget);
                Assert.True(interval.Low <= low && high <= interval.High);
                if (budget < all)
                    continue;
                Rational slack = (Rational)1e-13 * instance.Size + (Rational)1e-300;
                Assert.True(low - interval.Low <= slack && interval.High - high <= slack);
            }
        }
    }

    [Fact]
    public void Doubt_about_weights_takes_from_the_radius_and_widens_the_interval()
    {
        var moves = new LabelMoves(new NumericLabels([0.0, 0.0, 0.0], -1, 1), LabelFlipAdversary.Unlimited);
        moves.Load((double[])[1, 1, 1]);
        Assert.Equal(Radius.Of(2), moves.Survived(KeptRange.Near(2), out _, out _));
        moves.Load((double[])[1, 1, 1], doubt: 0.25);
        Assert.Equal(Radius.Of(1), moves.Survived(KeptRange.Near(2), out _, out _));
        Assert.Equal(Radius.Of(1), moves.Survived(KeptRange.Near(2.1), out _, out _));
        Assert.InRange(moves.Within(1).High, 1.25, 1.2500001);
        Assert.Equal(Radius.Of(0), moves.Survived(KeptRange.Near(0.125), out bool isKept, out _));
        Assert.False(isKept);
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(2.1, 4)]
    [InlineData(2.3, 7)]
    public void Doubt_takes_from_a_radius_that_is_a_cost(double tolerance, int expected)
    {
        var moves = new LabelMoves(new NumericLabels([0.0, 0.0, 0.0], -1, 1), new LabelFlipAdversary { Costs = [3, 2, 2] });
        moves.Load((double[])[1, 1, 1], doubt: 0.25);
        Assert.Equal(Radius.Of(expected - 1), moves.Survived(KeptRange.Near(tolerance), out _, out _));
    }

    [Fact]
    public void Many_equal_moves_that_tie_with_the_tolerance_are_counted_exactly()
    {
        // A power of two times a double is a double; added up one by one, tenths are not.
        double[] weights = [.. Enumerable.Repeat(0.1, 300)];
        var moves = new LabelMoves(new NumericLabels([.. new double[300]], 0, 1), LabelFlipAdversary.Unlimited);
        moves.Load(weights);
        Assert.Equal(Radius.Of(256), moves.Survived(KeptRange.Near(256 * 0.1), out _, out _));
        Assert.Equal(Radius.Of(255), moves.Survived(KeptRange.Near(Math.BitDecrement(256 * 0.1)), out _, out _));
    }

    [Fact]
    public void What_has_no_meaning_is_refused()
    {
        var labels = new NumericLabels([0.0, 1.0], 0, 1);
        void Refused(LabelFlipAdversary adversary) => Assert.Throws<ArgumentException>(() => new LabelMoves(labels, adversary));
        Refused(new LabelFlipAdversary { Directions = [new FlipDirection(0, 1)] });
        Refused(new LabelFlipAdversary { TrustedRows = [2] });
        Refused(new LabelFlipAdversary { Costs = [2, 3, 4] });
        Assert.Throws<ArgumentException>(() => new LabelMoves(labels, LabelFlipAdversary.Unlimited).Load((double[])[1]));
        Assert.Throws<ArgumentException>(() => new LabelMoves(labels, LabelFlipAdversary.Unlimited).Load((double[])[1, double.NaN]));
        Assert.Throws<ArgumentException>(
            () => new LabelMoves(new NumericLabels([0.0], double.MinValue, double.MaxValue / 2), LabelFlipAdversary.Unlimited)
                .Load((double[])[1e10]));
    }

    private static void AssertBreaks(Instance instance, NumericWitness witness, int cost, Func<Rational, bool> isKept)
    {
        Assert.Equal(cost, witness.Cost);
        Assert.Equal(cost, witness.Changes.Sum(change => instance.Costs[change.Row]));
        Assert.Equal(witness.Changes.Count, witness.Changes.DistinctBy(change => change.Row).Count());
        double[] changed = [.. instance.Labels];
        foreach (LabelChange change in witness.Changes)
        {
            Assert.DoesNotContain(change.Row, instance.Trusted);
            Assert.Equal(instance.Labels[change.Row], change.From);
            Assert.InRange(change.To, instance.Lows[change.Row], instance.Highs[change.Row]);
            changed[change.Row] = change.To;
        }

        Rational value = instance.Weights.Zip(changed, (weight, label) => (Rational)weight * label).Aggregate((a, b) => a + b);
        Assert.False(isKept(value));
    }

    private static IEnumerable<Instance> Instances(bool hasCosts)
    {
        var random = new Random(hasCosts ? 71 : 17);
        for (int i = 0; i < Cases; i++)
            yield return new Instance(random, hasCosts);
    }

    private sealed class Instance
    {
        private readonly Random _random;

        public Instance(Random random, bool hasCosts)
        {
            _random = random;
            int rows = random.Next(1, MostRows + 1);
            bool isTame = random.Next(2) == 0; // Equal magnitudes: ties among sums.
            double unit = random.Next(3) == 0 ? 0.125 : 0.1;
            T[] Each<T>(Func<int, T> make) => [.. Enumerable.Range(0, rows).Select(make)];
            Weights = Each(_ => isTame ? unit * random.Next(-2, 4) : Of(LabelMovesTests.Weights));
            Labels = Each(_ => isTame ? random.Next(0, 4) : Of(LabelMovesTests.Labels));
            double Room() => random.Next(3) == 0 ? 0 : isTame ? random.Next(0, 3) : Math.Abs(Of(LabelMovesTests.Labels));
            Lows = Each(row => Labels[row] - Room());
            Highs = Each(row => Labels[row] + Room());
            Trusted = [.. Enumerable.Range(0, rows).Where(_ => random.Next(6) == 0)];
            Costs = Each(_ => hasCosts ? random.Next(1, 5) : 1);
            Moves = new LabelMoves(
                new NumericLabels(Labels, Lows, Highs), new LabelFlipAdversary { TrustedRows = Trusted, Costs = hasCosts ? Costs : [] });
            Moves.Load(Weights);
            Oracle = new LinearNumberOracle(Weights, Labels, Lows, Highs, Trusted, Costs);
            Size = Weights.Select((weight, row) =>
                (Rational)Math.Abs(weight) * Math.Max(Math.Abs(Lows[row]), Math.Abs(Highs[row]))).Aggregate((a, b) => a + b);
        }

        public double[] Weights { get; }

        public double[] Labels { get; }

        public double[] Lows { get; }

        public double[] Highs { get; }

        public int[] Trusted { get; }

        public int[] Costs { get; }

        public LabelMoves Moves { get; }

        public LinearNumberOracle Oracle { get; }

        public Rational Size { get; }

        public IEnumerable<(KeptRange Range, Func<Rational, bool> IsKept)> Ranges()
        {
            Rational own = Oracle.Value;
            double tolerance = Number();
            yield return (KeptRange.Near(tolerance), value => value - own <= tolerance && own - value <= tolerance);
            double truth = _random.Next(2) == 0 ? Moves.Value : Of(LabelMovesTests.Labels);
            yield return (
                KeptRange.Around(truth, tolerance),
                value => value <= (Rational)truth + tolerance && value >= (Rational)truth - (Rational)tolerance);
            (double low, double high) = (Math.Min(truth, Moves.Value) - Number(), Moves.Value + Number());
            (low, high) = _random.Next(3) switch
            {
                0 => (double.NegativeInfinity, high),
                1 => (low, double.PositiveInfinity),
                _ => (low, high),
            };
            yield return (
                KeptRange.Between(new NumberInterval(low, high)),
                value => (double.IsInfinity(low) || value >= low) && (double.IsInfinity(high) || value <= high));
            bool isPositive = Moves.Value > 0;
            yield return (KeptRange.Sign(Moves.Value), value => isPositive ? value > 0 : value < 0);
            bool isAbove = Moves.Value > truth;
            yield return (
                KeptRange.Beyond(Moves.Value, truth, tolerance),
                value => isAbove ? value > (Rational)truth + tolerance : value < (Rational)truth - (Rational)tolerance);
        }

        /// <summary>A tolerance that some labels may tie with.</summary>
        private double Number()
        {
            double sum = 0;
            for (int row = 0; row < Weights.Length; row++)
                sum += _random.Next(2) * Math.Abs(Weights[row]) * (Highs[row] - Labels[row]);
            return _random.Next(4) switch
            {
                0 => 0,
                1 => Math.Abs(Of(LabelMovesTests.Labels)),
                2 => Math.BitDecrement(sum) is var less and >= 0 ? less : sum,
                _ => sum,
            };
        }

        private double Of(double[] values) => values[_random.Next(values.Length)];
    }
}
