using CertiFlip.Collective;
using CertiFlip.Kernels;
using CertiFlip.Tests.Certifiers;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;
using CertiFlip.Votes;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Collective;

/// <summary>
/// What is proved of all rows together, against every labelling that one adversary can make, in exact arithmetic.
/// </summary>
public class CollectiveSoundnessTests
{
    private static Gen<Instance> Any { get; } =
        from classes in Gen.Choose(2, 4)
        from rows in Gen.Choose(2, classes == 2 ? 8 : 5)
        from labels in LabelWeights.ArrayOf(Gen.Choose(0, classes - 1), rows)
        from tests in Gen.Choose(1, 6)
        from weights in Gen.OneOf(
            LabelWeights.ArrayOf(LabelWeights.Of(rows), tests),
            LabelWeights.ArrayOf(LabelWeights.ArrayOf(Gen.Elements(-0.25, 0.25), rows), tests),
            LabelWeights.Of(rows).Select(row => Enumerable.Repeat(row, tests).ToArray()))
        from adversary in Gen.OneOf(Gen.Constant(LabelFlipAdversary.Unlimited), Limits.Of(rows, classes))
        from truth in LabelWeights.ArrayOf(Gen.Choose(0, classes - 1), tests)
        from groups in LabelWeights.ArrayOf(Gen.Choose(-1, 1), tests)
        from rule in Gen.Elements(TwoClassRule.Half, TwoClassRule.LargestScore)
        from share in Gen.Choose(-8, 8)
        from lifts in LabelWeights.ArrayOf(Gen.Elements(0, 0.25, 0.5, 1, 1.0 / 3, -0.125), tests)
        select new Instance(weights, labels, classes, adversary, truth, groups, share < 0 ? rule : TwoClassRule.LargestScore)
        {
            Shares = share < 0 ? [] : [share / 8.0, 1 - share / 8.0, .. new double[classes - 2]],
            Lifts = lifts,
        };

    [Fact]
    public void Cuts_never_prove_too_little_and_attacks_change_what_they_say() => Claim.HoldsFor(Any, 1500, instance =>
    {
        CollectiveOracle oracle = instance.Oracle;
        foreach ((Game game, Func<int[], int> number) in instance.Play(searched: 0))
        {
            int largest = oracle.Largest(game.Budget, number);
            Assert.True(game.Most >= largest, $"budget {game.Budget}: at most {game.Most} is claimed, but {largest} is possible");
            Assert.Equal(game.Found, Number(instance, game.InRows(game.Attack), game.Budget, number));
        }
    });

    [Fact]
    public void Small_cases_are_searched_to_their_end() => Claim.HoldsFor(Any.Where(it => it.Adversary.HasUnitCosts), 1000, instance =>
    {
        CollectiveOracle oracle = instance.Oracle;
        foreach ((Game game, Func<int[], int> number) in instance.Play(SmallSearch.MostSums))
        {
            int largest = oracle.Largest(game.Budget, number);
            Assert.Equal((largest, largest), (game.Most, game.Found));
        }
    });

    /// <summary>
    /// Every training row is in a cluster, and every test row counts the labels of its own cluster for and all others
    /// against: then only numbers of flips from each cluster and class matter, and an integer program has the truth.
    /// </summary>
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Clusters_are_solved_as_an_integer_program_solves_them(int size)
    {
        const int Clusters = 3;
        int[] clusters = [.. Enumerable.Range(0, Clusters * size).Select(row => row % Clusters)];
        int[] labels = [.. clusters.Select((cluster, row) => row < Clusters - 1 ? (cluster + 1) % Clusters : cluster)];
        double[][] weights = [.. Enumerable.Range(0, Clusters).Select(own => clusters.Select(c => c == own ? 1.0 : -1.0).ToArray())];
        int[] rows = [.. Enumerable.Range(0, 9).Select(row => row % Clusters)];
        var certifier = new Certifier(new RowWeightsHead(weights), new ClassLabels(labels, Clusters));
        CollectiveCertificates certificates = certifier.CertifyTogether(
            new FeatureMatrix(rows.Length, 1, [.. rows.Select(row => (double)row)]),
            new CollectiveOptions { Budgets = [.. Enumerable.Range(1, size + 2)] },
            cancellationToken: TestContext.Current.CancellationToken);
        int[] most = ClusterProgram(clusters, labels, rows, Clusters, size + 2);
        Assert.Equal(most, certificates.Certificates.Select(one => one.AtMost));
        Assert.Equal(most, certificates.Certificates.Select(one => one.Found));
        Assert.True(most.Distinct().Count() > 2);
    }

    [Fact]
    public void Certificates_hold_for_all_rows_groups_and_gaps() => Claim.HoldsFor(Any, 400, instance =>
    {
        CollectiveOracle oracle = instance.Oracle;
        int[] truth = instance.Truth, groups = instance.Groups;
        CollectiveCertificates certificates = instance.Certifier.CertifyTogether(
            instance.Rows, new CollectiveOptions { Budgets = instance.Budgets, Truth = truth, Groups = groups });
        bool IsCorrect(int row, int[] classes) => classes[row] == truth[row];
        int[] all = [.. Enumerable.Range(0, truth.Length)];
        int[] correct = [.. all.Where(row => IsCorrect(row, oracle.Predictions))];
        Assert.Equal((truth.Length, correct.Length), (certificates.Rows, certificates.Counted));
        Assert.Equal(instance.Budgets, certificates.Certificates.Select(one => one.Budget));
        foreach (CollectiveCertificate one in certificates.Certificates)
        {
            int Lost(int[] classes) => correct.Count(row => !IsCorrect(row, classes));
            int most = oracle.Largest(one.Budget, Lost);
            Assert.InRange(one.AtMost, most, one.Alone);
            Assert.InRange(one.Found, 0, most);
            Assert.Equal(one.Found, Number(instance, one.Attack, one.Budget, Lost));
            Assert.Equal((certificates.Counted - one.AtMost) / (double)truth.Length, certificates.At(one.Budget), 12);
        }

        foreach (GroupCertificate one in certificates.Groups)
        {
            int[] own = [.. all.Where(row => groups[row] == one.Group)];
            Assert.Equal((own.Length, own.Count(correct.Contains)), (one.Rows, one.Correct));
            int most = oracle.Largest(one.Budget, classes => one.Correct - own.Count(row => IsCorrect(row, classes)));
            Assert.InRange(most, one.LostFound, one.LostAtMost);
            most = oracle.Largest(one.Budget, classes => own.Count(row => IsCorrect(row, classes)) - one.Correct);
            Assert.InRange(most, one.GainedFound, one.GainedAtMost);
        }

        foreach (GapCertificate one in certificates.Gaps)
        {
            int[] ofOne = [.. all.Where(row => groups[row] == one.Group)], ofOther = [.. all.Where(row => groups[row] == one.Other)];
            int unit = ofOne.Length * ofOther.Length;
            int Gap(int[] classes) => ofOne.Count(row => IsCorrect(row, classes)) * ofOther.Length
                - ofOther.Count(row => IsCorrect(row, classes)) * ofOne.Length;
            Assert.Equal(Gap(oracle.Predictions), one.Difference * unit, 9);
            Assert.InRange(oracle.Largest(one.Budget, Gap), one.FoundMost * unit - 1e-9, one.AtMost * unit + 1e-9);
            Assert.InRange(-oracle.Largest(one.Budget, classes => -Gap(classes)), one.AtLeast * unit - 1e-9, one.FoundLeast * unit + 1e-9);
        }
    });

    [Fact]
    public void Answers_are_the_same_for_any_number_of_threads_and_bring_the_curve_down_only()
    {
        Instance instance = Larger();
        CollectiveCertificates one = Certify(threads: 1), three = Certify(threads: 3);
        Assert.Equal(one.Certificates.Select(Text), three.Certificates.Select(Text));
        Assert.True(one.Certificates.Zip(one.Certificates.Skip(1)).All(two =>
            two.First.AtMost <= two.Second.AtMost && two.First.Found <= two.Second.Found));
        Assert.Contains(one.Certificates, it => it.AtMost < it.Alone);
        Assert.Contains(one.Certificates, it => !it.IsExact);

        CollectiveCertificates Certify(int threads) => new Certifier(
            instance.Head, new ClassLabels(instance.Labels, instance.Classes), new CertifierOptions { Threads = threads })
            .CertifyTogether(instance.Rows, new CollectiveOptions { Budgets = [2, 4, 8, 12, 16] });
        static string Text(CollectiveCertificate it) => $"{it.Budget} {it.Alone} {it.AtMost} {it.Found} {string.Join(' ', it.Attack)}";
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused()
    {
        var certifier = new Certifier(new RowWeightsHead([[1, 1]]), new ClassLabels([0, 1], 2));
        var rows = new FeatureMatrix(1, 1, [0.0]);
        Assert.Throws<ArgumentException>(() => new CollectiveOptions { Budgets = [0] });
        Assert.Throws<ArgumentException>(() => new CollectiveOptions { Budgets = [1], Groups = [-2] });
        Assert.Throws<ArgumentException>(() => Certify(new CollectiveOptions { Budgets = [1], Truth = [0, 1] }));
        Assert.Throws<ArgumentException>(() => Certify(new CollectiveOptions { Budgets = [1], Truth = [2] }));
        Assert.Throws<ArgumentException>(() => Certify(new CollectiveOptions { Budgets = [1], Truth = [-1] }));
        Assert.Throws<ArgumentException>(() => Certify(new CollectiveOptions { Budgets = [1], Groups = [0] }));
        Assert.Throws<ArgumentException>(() => Certify(new CollectiveOptions { Budgets = [1], Truth = [0], Groups = [0, 1] }));
        Assert.Equal(1, Certify(new CollectiveOptions { Budgets = [1] }).At(0));
        Assert.Equal(0, Certify(new CollectiveOptions { Budgets = [1] }).At(2));

        CollectiveCertificates Certify(CollectiveOptions options) =>
            certifier.CertifyTogether(rows, options, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>The most test rows that change for each budget, by trying all numbers of flips of each kind.</summary>
    private static int[] ClusterProgram(int[] clusters, int[] labels, int[] rows, int count, int largest)
    {
        // counts[cluster, class]: how many training rows of the cluster have the label.
        int[,] counts = new int[count, count];
        for (int row = 0; row < labels.Length; row++)
            counts[clusters[row], labels[row]]++;
        int[] before = Classes();
        int[] most = new int[largest + 1];
        Try(0, 0);
        for (int budget = 1; budget <= largest; budget++)
            most[budget] = Math.Max(most[budget], most[budget - 1]);
        return most[1..];

        int[] Classes() => [.. Enumerable.Range(0, count).Select(own => Enumerable.Range(0, count).MaxBy(c =>
            Enumerable.Range(0, count).Sum(cluster => cluster == own ? counts[cluster, c] : -counts[cluster, c])))];

        void Try(int kind, int used)
        {
            if (kind == count * count * count)
            {
                int[] after = Classes();
                most[used] = Math.Max(most[used], rows.Count(row => after[row] != before[row]));
                return;
            }

            (int cluster, int from, int to) = (kind / count / count, kind / count % count, kind % count);
            int flips = 0;
            Try(kind + 1, used);

            // A label may be flipped twice here, which one flip does as well: that changes no maximum.
            while (from != to && used + flips < largest && counts[cluster, from] > 0)
            {
                (counts[cluster, from], counts[cluster, to]) = (counts[cluster, from] - 1, counts[cluster, to] + 1);
                flips++;
                Try(kind + 1, used + flips);
            }

            (counts[cluster, from], counts[cluster, to]) = (counts[cluster, from] + flips, counts[cluster, to] - flips);
        }
    }

    /// <summary>Class 0 has two labels: two flips take it away, and with it the list of classes.</summary>
    [Fact]
    public void Budgets_that_could_take_away_a_class_are_marked_unless_the_list_is_stated()
    {
        Assert.Equal([false, true, true], Marks(ClassList.Of(["a", "b"]), isStated: false));
        Assert.Equal([false, false, false], Marks(ClassList.Of(["a", "b"]), isStated: true));

        static bool[] Marks(ClassList stated, bool isStated)
        {
            FeatureMatrix features = FeatureMatrix.FromRows((double[][])[[-2], [-1], [1], [2], [3]]);
            string[] names = ["a", "a", "b", "b", "b"];
            TrainingSet training = isStated ? new TrainingSet(features, names, stated) : new TrainingSet(features, names);
            return [.. Certifier.Fit(training)
                .CertifyTogether(features, new CollectiveOptions { Budgets = [1, 2, 3] }, null, TestContext.Current.CancellationToken)
                .Certificates.Select(one => one.AssumesClasses)];
        }
    }

    private static Instance Larger()
    {
        const int Classes = 3, Training = 60, Tests = 40;
        var random = new Random(5);
        int[] labels = [.. Enumerable.Range(0, Training).Select(_ => random.Next(Classes))];
        double[][] weights =
        [
            .. Enumerable.Range(0, Tests).Select(test => labels.Select(label =>
                (label == test % Classes ? 1 : -0.3) * random.NextDouble() + 0.3 * random.NextDouble()).ToArray()),
        ];
        return new Instance(
            weights, labels, Classes, LabelFlipAdversary.Unlimited, new int[Tests], new int[Tests], TwoClassRule.LargestScore);
    }

    /// <summary>A number after flips that are carried out, which must be allowed and within the budget.</summary>
    private static int Number(Instance instance, IReadOnlyList<LabelFlip> flips, int budget, Func<int[], int> number)
    {
        int[] labelling = [.. instance.Labels];
        int? cost = 0;
        foreach (LabelFlip flip in flips)
        {
            Assert.Equal(flip.From, labelling[flip.Row]);
            cost += instance.Adversary.Price()(flip.Row, flip.From, flip.To);
            labelling[flip.Row] = flip.To;
        }

        Assert.Equal(flips.Count, flips.Select(flip => flip.Row).Distinct().Count());
        Assert.NotNull(cost);
        Assert.InRange(cost.Value, 0, budget);
        return number(instance.Oracle.Classify(labelling));
    }

    /// <summary>Test rows whose label weights are given.</summary>
    internal sealed record Instance(
        double[][] Weights, int[] Labels, int Classes, LabelFlipAdversary Adversary, int[] Truth, int[] Groups, TwoClassRule Rule)
    {
        /// <summary>A share of each class; none if it is empty.</summary>
        public double[] Shares { get; init; } = [];

        /// <summary>What the scores of each test row rise by with these shares.</summary>
        public double[] Lifts { get; init; } = [];

        public IHead Head => Shares.Length == 0
            ? new RowWeightsHead(Weights) { TwoClassRule = Rule }
            : new LiftedWeightsHead(Weights, Lifts);

        private ClassLabels ClassLabels => new(
            Labels, Shares.Length == 0 ? ClassList.Numbered(Classes) : ClassList.Numbered(Classes).WithShares(Shares));

        public FeatureMatrix Rows => new(Weights.Length, 1, [.. Enumerable.Range(0, Weights.Length).Select(row => (double)row)]);

        public Certifier Certifier =>
            new(Head, ClassLabels, new CertifierOptions { Adversary = Adversary, Threads = 2 });

        public CollectiveOracle Oracle => new(Weights, Labels, Classes, Classes == 2 && Rule == TwoClassRule.Half, Adversary.Price())
        {
            Lifted = Shares.Length == 0 ? null : [.. Lifts.Select(lift => Shares.Select(share => share * lift).ToArray())],
        };

        public int[] Budgets => [.. SomeBudgets.Distinct().Order()];

        private int[] SomeBudgets =>
            Adversary.HasUnitCosts ? [1, 2, 3, Labels.Length] : [1, 5, Adversary.Costs.Max(), Adversary.Costs.Sum()];

        /// <summary>Plays for all rows, and for some that weigh differently and count only as one class.</summary>
        public IEnumerable<(Game Game, Func<int[], int> Number)> Play(double searched)
        {
            ClassLabels labels = ClassLabels;
            var allowed = new AllowedFlips(labels, Adversary);
            IHead head = Head;
            var votes = new RowVotes(labels, head, KernelSet.Best, allowed);
            var bound = new CollectiveBound(head, labels, allowed, votes, Rows, new ParallelOptions { MaxDegreeOfParallelism = 2 })
            {
                MostSearched = searched,
            };
            int[] before = [.. bound.Predictions];
            Assert.Equal(Oracle.Predictions, before);
            List<(Game, Func<int[], int>)> games = [];
            foreach (int budget in Budgets)
            {
                games.Add((
                    new Game(labels, allowed, budget, [.. before.Select(_ => 1)], [.. before.Select(_ => -1)]),
                    after => after.Zip(before).Count(two => two.First != two.Second)));
                int[] weights = [.. Truth.Select((c, row) => row % 3 == 2 ? -2 : 1 + row)];
                int[] targets = [.. Truth.Select((c, row) => c == before[row] ? -1 : c)];
                games.Add((
                    new Game(labels, allowed, budget, weights, targets),
                    after => Enumerable.Range(0, after.Length).Sum(row =>
                        (targets[row] < 0 ? after[row] != before[row] : after[row] == targets[row]) ? weights[row] : 0)));
            }

            bound.Play([.. games.Select(game => game.Item1)], progress: null);
            return games;
        }

        public override string ToString() =>
            $"labels {string.Join(' ', Labels)} of {Classes}, {Rule}, "
            + $"weights {string.Join(" | ", Weights.Select(row => string.Join(' ', row)))}, "
            + $"shares {string.Join(' ', Shares)}, lifts {string.Join(' ', Lifts)}, "
            + $"trusted {string.Join(' ', Adversary.TrustedRows)}, directions {string.Join(' ', Adversary.Directions)}, "
            + $"costs {string.Join(' ', Adversary.Costs)}, truth {string.Join(' ', Truth)}, groups {string.Join(' ', Groups)}";
    }

    /// <summary>A head whose label weights are given for each test row; a row's only feature is its number.</summary>
    internal sealed class RowWeightsHead(double[][] weights) : IHead
    {
        public int TrainingRows => weights[0].Length;

        public int Features => 1;

        public bool DependsOnLabels => false;

        public TwoClassRule TwoClassRule { get; init; }

        public void ComputeWeights(FeatureMatrix tests, int firstRow, int rowCount, Span<double> destination, int stride)
        {
            for (int row = 0; row < rowCount; row++)
                weights[(int)tests.Row(firstRow + row)[0]].CopyTo(destination[(row * stride)..]);
        }
    }
}
