using CertiFlip.Attacks;
using CertiFlip.Learners;
using CertiFlip.Votes;

namespace CertiFlip.Tests.Attacks;

public class LabelFlipAttackTests
{
    private static readonly AttackOptions Everything =
        new() { Kinds = [AttackKind.Distance, AttackKind.Influence, AttackKind.InfluenceRecomputed] };

    public static TheoryData<AttackKind> Kinds => [AttackKind.Distance, AttackKind.Influence, AttackKind.InfluenceRecomputed];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_attack_changes_what_an_independent_learner_predicts(AttackKind kind)
    {
        (FeatureMatrix training, int[] labels, FeatureMatrix tests) = Clouds(60, 12, 3);
        IReadOnlyList<AttackedRow> attacked = Attack(training, labels, tests, new AttackOptions { Kinds = [kind] });
        var learner = LogisticLearner.Fit(training, 2);
        Assert.All(attacked.Select((row, i) => (row, i)), pair =>
        {
            Assert.True(pair.row.IsBroken);
            Assert.Equal(pair.row.Rows.Count, pair.row.Rows.Distinct().Count());
            Assert.Equal(pair.row.Prediction, Learn(learner, labels, tests, pair.i));
            int[] flipped = [.. labels];
            foreach (int row in pair.row.Rows)
                flipped[row] = 1 - flipped[row];
            Assert.Equal(1 - pair.row.Prediction, Learn(learner, flipped, tests, pair.i));
        });
    }

    [Fact]
    public void No_attack_needs_fewer_flips_than_brute_force_and_most_need_no_more()
    {
        (FeatureMatrix training, int[] labels, FeatureMatrix tests) = Clouds(10, 8, 2);
        IReadOnlyList<AttackedRow> attacked = Attack(training, labels, tests, Everything);
        var learner = LogisticLearner.Fit(training, 2);
        int[] fewest = new int[tests.Rows];
        for (int set = 1; set < 1 << 10; set++)
        {
            int[] flipped = [.. labels.Select((label, row) => (set >> row & 1) == 1 ? 1 - label : label)];
            IClassifier classifier = learner.Learn(flipped, TestContext.Current.CancellationToken);
            int[] predictions = new int[tests.Rows];
            classifier.Predict(tests, predictions);
            for (int row = 0; row < tests.Rows; row++)
            {
                int flips = System.Numerics.BitOperations.PopCount((uint)set);
                if (predictions[row] != attacked[row].Prediction && (fewest[row] == 0 || flips < fewest[row]))
                    fewest[row] = flips;
            }
        }

        Assert.All(attacked.Zip(fewest), pair => Assert.True(!pair.First.IsBroken || pair.First.Rows.Count >= pair.Second));
        Assert.InRange(attacked.Zip(fewest).Count(pair => pair.First.Rows.Count == pair.Second), tests.Rows / 2, tests.Rows);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_adversary_with_limits_flips_nothing_else(AttackKind kind)
    {
        (FeatureMatrix training, int[] labels, FeatureMatrix tests) = Clouds(60, 12, 3);
        var adversary = new LabelFlipAdversary { TrustedRows = [.. Enumerable.Range(0, 10)], Directions = [new FlipDirection(1, 0)] };
        int[] able = [.. Enumerable.Range(10, 50).Where(row => labels[row] == 1)];
        IReadOnlyList<AttackedRow> limited = Attack(training, labels, tests, new AttackOptions { Kinds = [kind], Adversary = adversary });
        Assert.Contains(limited, row => row.IsBroken);
        Assert.Contains(limited, row => !row.IsBroken);
        Assert.All(limited, row => Assert.Empty(row.Rows.Except(able)));
    }

    [Fact]
    public void Influence_is_the_slope_of_the_loss_as_a_label_turns()
    {
        // A label that is flipped by a part ε moves the optimum by −εH⁻¹(∇L(z⁻) − ∇L(z)): compared with a copy of the
        // row of weight ε, by a fit to a hundred copies of all rows.
        (FeatureMatrix training, int[] labels, FeatureMatrix tests) = Clouds(20, 1, 2);
        var classifier = new AttackedClassifier(training, 1);
        var fit = new NewtonFit(classifier);
        fit.Fit(labels);
        double[] test = classifier.Augment(tests);
        int prediction = fit.Score(test) >= 0 ? 1 : 0;
        int[] order = new FlipOrder(classifier, labels, new AllowedFlips(new ClassLabels(labels, 2), LabelFlipAdversary.Unlimited))
            .ByInfluence(fit, test, prediction, labels);

        const int copies = 100;
        var many = new FeatureMatrix(20 * copies, 2, [.. Enumerable.Repeat(training.First(20), copies).SelectMany(x => x)]);
        var manyClassifier = new AttackedClassifier(many, 1.0 / copies);
        int[] manyLabels = [.. Enumerable.Repeat(labels, copies).SelectMany(x => x)];
        double[] manyTest = manyClassifier.Augment(tests);
        double ScoreWithout(int row)
        {
            int[] flipped = [.. manyLabels];
            if (row >= 0)
                flipped[row] = 1 - flipped[row];
            var other = new NewtonFit(manyClassifier);
            other.Fit(flipped);
            return (prediction == 1 ? -1 : 1) * other.Score(manyTest);
        }

        double given = ScoreWithout(-1);
        double[] rises = [.. Enumerable.Range(0, 20).Select(row => ScoreWithout(row) - given)];
        Assert.Equal(Enumerable.Range(0, 20).Where(row => rises[row] > 0).OrderByDescending(row => rises[row]), order);
    }

    [Fact]
    public void Fit_is_the_optimum_from_any_start()
    {
        (FeatureMatrix training, int[] labels, _) = Clouds(80, 1, 5);
        var classifier = new AttackedClassifier(training, 1);
        NewtonFit one = new(classifier), other = new(classifier);
        one.Fit(labels);
        other.Start([.. Enumerable.Range(0, classifier.Stride).Select(i => i < classifier.Size ? 30.0 * (i % 2 * 2 - 1) : 0)]);
        other.Fit(labels);
        Assert.All(one.Coefficients.Zip(other.Coefficients), pair =>
            Assert.Equal(pair.First, pair.Second, 1e-6 * (1 + Math.Abs(pair.First))));
    }

    [Fact]
    public void Threads_change_nothing()
    {
        (FeatureMatrix training, int[] labels, FeatureMatrix tests) = Clouds(50, 15, 3);
        IReadOnlyList<AttackedRow> one = Attack(training, labels, tests, Everything with { Threads = 1 });
        IReadOnlyList<AttackedRow> many = Attack(training, labels, tests, Everything with { Threads = 7 });
        Assert.All(one.Zip(many), pair =>
        {
            Assert.Equal(pair.First with { Rows = [] }, pair.Second with { Rows = [] });
            Assert.Equal(pair.First.Rows, pair.Second.Rows);
        });
    }

    [Fact]
    public void More_attacks_never_need_more_flips()
    {
        (FeatureMatrix training, int[] labels, FeatureMatrix tests) = Clouds(50, 10, 3);
        IReadOnlyList<AttackedRow> one = Attack(training, labels, tests, new AttackOptions { Kinds = [AttackKind.Distance] });
        IReadOnlyList<AttackedRow> all = Attack(training, labels, tests, Everything);
        Assert.All(one.Zip(all), pair => Assert.InRange(pair.Second.Rows.Count, 1, pair.First.Rows.Count));
    }

    [Fact]
    public void Budget_bounds_the_flips_and_the_curve()
    {
        (FeatureMatrix training, int[] labels, FeatureMatrix tests) = Clouds(60, 10, 3);
        AttackOptions options = Everything with { Budget = 3 };
        var attack = new LabelFlipAttack(training, new ClassLabels(labels, 2), options);
        IReadOnlyList<AttackedRow> attacked = attack.Attack(tests, cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(attacked, row => Assert.InRange(row.Rows.Count, 0, 3));
        int[] truth = [.. attacked.Select(row => row.Prediction)];
        AccuracyCurve curve = attack.AccuracyUnderAttack(attacked, truth);
        Assert.Equal(1, curve.At(0));
        Assert.Equal(attacked.Count(row => !row.IsBroken) / 10.0, curve.At(3));
    }

    [Fact]
    public void What_cannot_be_attacked_is_refused()
    {
        (FeatureMatrix training, int[] labels, FeatureMatrix tests) = Clouds(6, 2, 2);
        Assert.Throws<ArgumentException>(() => new LabelFlipAttack(training, new ClassLabels([0, 1, 2, 0, 1, 2], 3)));
        Assert.Throws<ArgumentException>(() => new LabelFlipAttack(training, new ClassLabels([0, 1], 2)));
        Assert.Throws<HeadException>(() => new LabelFlipAttack(training, new ClassLabels(labels, 2))
            .Attack(new FeatureMatrix(1, 3, [1, 2, 3]), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => new AttackOptions { Kinds = [] });
        Assert.Throws<ArgumentException>(() => new AttackOptions { Adversary = new LabelFlipAdversary { Costs = [1, 2, 1, 1, 1, 1] } });
        Assert.Throws<ArgumentException>(
            () => new LabelFlipAttack(
                training, new ClassLabels(labels, 2), new AttackOptions { Adversary = new LabelFlipAdversary { TrustedRows = [6] } }));
        Assert.Equal(2, tests.Rows);
    }

    [Fact]
    public void Cancellation_stops_it()
    {
        (FeatureMatrix training, int[] labels, FeatureMatrix tests) = Clouds(60, 10, 3);
        var attack = new LabelFlipAttack(training, new ClassLabels(labels, 2));
        Assert.ThrowsAny<OperationCanceledException>(() => attack.Attack(tests, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static IReadOnlyList<AttackedRow> Attack(FeatureMatrix training, int[] labels, FeatureMatrix tests, AttackOptions options) =>
        new LabelFlipAttack(training, new ClassLabels(labels, 2), options)
            .Attack(tests, cancellationToken: TestContext.Current.CancellationToken);

    private static int Learn(LogisticLearner learner, int[] labels, FeatureMatrix tests, int row)
    {
        int[] predictions = new int[tests.Rows];
        learner.Learn(labels, TestContext.Current.CancellationToken).Predict(tests, predictions);
        return predictions[row];
    }

    private static (FeatureMatrix Training, int[] Labels, FeatureMatrix Tests) Clouds(int n, int m, int k)
    {
        var random = new Random(7 * n + k);
        int[] labels = [.. Enumerable.Range(0, n).Select(row => row % 2)];
        double[] Row(int label) =>
            [.. Enumerable.Range(0, k).Select(i => (i + 1) * (random.NextDouble() + random.NextDouble() - 1) + (i == 0 ? label : 0))];
        return (
            new FeatureMatrix(n, k, [.. labels.SelectMany(Row)]),
            labels,
            new FeatureMatrix(m, k, [.. Enumerable.Range(0, m).SelectMany(row => Row(row % 2))]));
    }
}
