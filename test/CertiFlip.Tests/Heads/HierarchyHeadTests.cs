using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Heads;

/// <summary>The vote of coarse and fine levels against its definition on top of exact ridge regression.</summary>
public class HierarchyHeadTests
{
    [Theory]
    [InlineData(12, 4, 0.3, 2, null)]
    [InlineData(25, 6, 1e-3, 3, null)]
    [InlineData(31, 5, 100, 4, "2,5")] // As many like as unlike: weights of 0.
    [InlineData(4, 9, 0.01, 2, "1,2,3")] // More features than rows.
    [InlineData(40, 3, 1, 5, "1,2,3")]
    public void Weights_are_those_of_the_definition(int rows, int columns, double multiple, int classes, string? levels)
    {
        FeatureMatrix features = SomeFeatures.Generic(rows, columns, seed: rows);
        var head = HierarchyHead.Fit(
            features, classes, new RelativeRidge(multiple), levels is null ? null : HierarchyLevels.TryParse(levels));
        double[] x = [.. Enumerable.Range(0, columns).Select(i => 0.7 * features.Row(0)[i] - 0.2)];
        int[] votes = new int[rows];
        foreach (int level in head.Levels)
        {
            // αⱼ of ridge regression on the first features is 1/n + xⱼᵀz, and κ = Σs²/(nℓ) with s = n·xⱼᵀz.
            var ridge = new RationalRidge(features.FirstColumns(level), head.Lambda, Intercept.Fitted);
            Rational[] similarities = [.. ridge.Weights(x.AsSpan(0, level)).Select(weight => rows * weight - 1)];
            Rational like = rows * ridge.OwnWeight(x.AsSpan(0, level)) - 1;
            Rational unlike = similarities.Aggregate((Rational)0, (sum, s) => sum + s * s) / like / rows;
            Rational most = (classes - 1) * unlike, middle = ((like > most ? most : like) - unlike) / 2;
            for (int row = 0; row < rows; row++)
                votes[row] += similarities[row] > middle ? 1 : -1;
        }

        Assert.Equal(votes.Select(vote => Math.Sign(vote) / (double)rows), NamedHeads.Weights(head, x));
        if (levels == "2,5")
            Assert.Contains(0, votes);
    }

    /// <summary>
    /// Two large clusters of two small ones each: on the fine level a row's own small cluster alone is like it.
    /// </summary>
    [Fact]
    public void Coarse_levels_decide_where_fine_ones_disagree()
    {
        FeatureMatrix features = SomeFeatures.Of(80, 3, seed: 3, (row, column, value) => 1e-3 * value + column switch
        {
            0 => row % 4 < 2 ? 8 : -8, // The large clusters.
            1 => row % 4 == 0 ? 5 : row % 4 == 1 ? -5 : 0, // The small ones of the first.
            _ => row % 4 == 2 ? 5 : row % 4 == 3 ? -5 : 0,
        });
        double[] fine = NamedHeads.Weights(HierarchyHead.Fit(features, 5, new RelativeRidge(1e-6), new(3)), features.Row(0));
        double[] coarse = NamedHeads.Weights(HierarchyHead.Fit(features, 2, new RelativeRidge(1e-6), new(1)), features.Row(0));
        double[] both = NamedHeads.Weights(HierarchyHead.Fit(features, 5, new RelativeRidge(1e-6), new(1, 3)), features.Row(0));
        for (int row = 0; row < 80; row++)
        {
            Assert.Equal((row % 4 == 0 ? 1 : -1) / 80.0, fine[row]);
            Assert.Equal((row % 4 < 2 ? 1 : -1) / 80.0, coarse[row]);
            Assert.Equal((row % 4 == 0 ? 1 : row % 4 == 1 ? 0 : -1) / 80.0, both[row]);
        }
    }

    /// <summary>
    /// Each flip costs a margin of M/n of two classes at most 2/n, and enough rows cost it that much.
    /// </summary>
    [Fact]
    public void Radius_is_half_of_the_margin()
    {
        var random = new Random(87);
        for (int trial = 0; trial < 60; trial++)
        {
            int rows = random.Next(6, 40), classes = random.Next(2, 5), columns = random.Next(1, 7);
            FeatureMatrix features = SomeFeatures.Generic(rows, columns, seed: trial);
            var labels = new ClassLabels([.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))], ClassList.Numbered(classes));
            var head = HierarchyHead.Fit(features, classes);
            int[] sums = new int[classes];
            foreach ((int row, double weight) in NamedHeads.Weights(head, features.Row(1)).Index())
                sums[labels[row]] += (int)Math.Round(weight * rows);
            int winner = Array.IndexOf(sums, sums.Max());
            int expected = Enumerable.Range(0, classes).Where(rival => rival != winner)
                .Min(rival => (sums[winner] - sums[rival] + (winner < rival ? 1 : 0) + 1) / 2 - 1);
            Certificate found = new Certifier(head, labels).Certify(features.Row(1).ToArray()).Exact;
            Assert.Equal(winner, found.Prediction);
            Assert.Equal(Math.Max(expected, 0), found.Radius.Budget);
        }
    }

    /// <summary>Clusters of all degrees of cleanness, rows that are the same, more features than rows.</summary>
    [Fact]
    public void Weights_without_a_row_are_those_of_the_head_of_the_others_wherever_they_are_known()
    {
        int known = 0, all = 0;
        var random = new Random(86);
        for (int trial = 0; trial < 150; trial++)
        {
            int rows = random.Next(5, 70), columns = random.Next(1, 9), clusters = random.Next(1, 6), classes = random.Next(2, 6);
            double noise = Math.Pow(10, -6 * random.NextDouble());
            var rule = new RelativeRidge(Math.Pow(10, 6 * random.NextDouble() - 3));
            FeatureMatrix features = SomeFeatures.Of(rows, columns, seed: trial, (row, column, value) =>
                (row % clusters * 7 + column) % 5 + noise * (row % 9 == 8 ? column : value));
            var head = HierarchyHead.Fit(features, classes, rule);
            var fixedRule = new FixedRidge(head.Lambda);
            int stride = Tile.PadWidth(rows);
            double[] weights = new double[stride * Tile.PadHeight(rows)], errors = new double[rows];
            Array.Fill(weights, 7e77);
            head.ComputeLeaveOneOutWeights(features, 0, rows, weights, stride, errors);
            for (int left = 0; left < rows; left++)
            {
                int[] others = [.. Enumerable.Range(0, rows).Where(row => row != left)];
                double[] expected = NamedHeads.Weights(
                    HierarchyHead.Fit(features.SelectRows(others), classes, fixedRule), features.Row(left).ToArray());
                double off = others.Zip(expected).Sum(pair => Math.Abs(pair.Second - weights[left * stride + pair.First]));
                Assert.True(off <= errors[left], $"trial {trial}, row {left}: {off:R} > {errors[left]:R}");
                Assert.Equal(0, weights[left * stride + left]);
                all++;
                known += errors[left] == 0 ? 1 : 0;
            }
        }

        Assert.InRange(known, all / 2, all - 1);
    }

    /// <summary>
    /// The last row stands at the mean of those without the first, which is the middle for two classes.
    /// </summary>
    [Fact]
    public void Row_at_the_middle_leaves_those_it_votes_on_in_doubt()
    {
        var features = new FeatureMatrix(4, 1, [0.4, 0.2, 0.4, 0.3]);
        var head = HierarchyHead.Fit(features, 2, new FixedRidge(0.01));
        double[] weights = new double[16 * 4], errors = new double[4];
        head.ComputeLeaveOneOutWeights(features, 0, 4, weights, 16, errors);
        Assert.Equal(double.PositiveInfinity, errors[0]);
        Assert.Equal(0, errors[3]);
    }

    [Fact]
    public void Level_of_constant_columns_leaves_all_to_the_others_when_rows_are_left_out()
    {
        FeatureMatrix features = SomeFeatures.Of(20, 3, seed: 5, (_, column, value) => column == 0 ? 0.3 : value);
        var head = HierarchyHead.Fit(features, 3, new FixedRidge(0.2), new(1, 3));
        double[] weights = new double[32 * 20], errors = new double[20], lifts = new double[20];
        head.ComputeLeaveOneOutWeights(features, 0, 20, weights, 32, errors, lifts);
        Assert.All(errors, error => Assert.InRange(error, 0, 1e-9));
        for (int left = 0; left < 20; left++)
        {
            int[] others = [.. Enumerable.Range(0, 20).Where(row => row != left)];
            var fitted = HierarchyHead.Fit(features.SelectRows(others), 3, new FixedRidge(0.2), new(1, 3));
            Assert.Equal(NamedHeads.Weights(fitted, features.Row(left)), others.Select(row => weights[left * 32 + row]));
        }

        FeatureMatrix equal = features.FirstColumns(1);
        HierarchyHead.Fit(equal, 3).ComputeLeaveOneOutWeights(equal, 0, 20, weights, 32, errors, lifts);
        Assert.All(errors, error => Assert.Equal(0, error));
        Assert.All(lifts, lift => Assert.Equal(0, lift));
        Assert.Equal(1.0 / 19, weights[1]);
    }

    /// <summary>Beside this λ the squares of what is left of the rows are 0 in double arithmetic.</summary>
    [Fact]
    public void Rows_are_equal_only_if_no_number_differs()
    {
        var nearly = new FeatureMatrix(3, 1, [1, 1, 1 + 1e-14]);
        bool AreEqual(FeatureMatrix features) =>
            RidgeHead.FitCentred(features, new FixedRidge(1e305), new ParallelOptions(), KernelSet.Best).Errors.AreRowsEqual;
        Assert.False(AreEqual(nearly));
        Assert.True(AreEqual(new FeatureMatrix(3, 1, [0.3, 0.3, 0.3])));
    }

    [Fact]
    public void Row_that_is_like_no_other_gives_every_label_the_same_weight()
    {
        var features = new FeatureMatrix(4, 2, [1, 0, -1, 0, 1, 0, -1, 0]);
        Assert.All(NamedHeads.Weights(HierarchyHead.Fit(features, 2), 0, 3), weight => Assert.Equal(0.25, weight));
    }

    [Fact]
    public void Level_that_says_nothing_of_a_row_leaves_it_to_the_others()
    {
        var features = new FeatureMatrix(4, 2, [0, 1, 0, -1, 0, 1, 0, -1]);
        Assert.Equal([0.25, -0.25, 0.25, -0.25], NamedHeads.Weights(HierarchyHead.Fit(features, 2), 3, 1));
    }

    [Fact]
    public void Row_so_far_away_that_similarities_overflow_has_no_weights() =>
        Assert.All(NamedHeads.Weights(HierarchyHead.Fit(SomeFeatures.Generic(20, 2, seed: 85), 2), 1e200, 1), weight =>
            Assert.Equal(double.NaN, weight));

    [Fact]
    public void Every_register_width_gives_the_same_bits()
    {
        FeatureMatrix features = SomeFeatures.Generic(53, 19, seed: 84);
        double[][] weights = [.. KernelSet.All.Select(kernels =>
            NamedHeads.Weights(HierarchyHead.Fit(features, 3, new RelativeRidge(), null, new ParallelOptions(), kernels), new double[19]))];
        Assert.All(weights, row => Assert.Equal(weights[^1], row));
    }

    [Theory]
    [InlineData(2, 1, "1")]
    [InlineData(2, 20, "1,2,4,8,16,20")]
    [InlineData(10, 80, "9,18,36,72,80")]
    [InlineData(10, 9, "9")]
    [InlineData(10, 4, "4")]
    [InlineData(3, 8, "2,4,8")]
    [InlineData(int.MaxValue, 3, "3")]
    public void Levels_double_from_one_less_than_the_classes_to_all_features(int classes, int columns, string levels) =>
        Assert.Equal(levels, HierarchyHead.Fit(SomeFeatures.Generic(30, columns, seed: 1), classes).Levels.ToString());

    [Fact]
    public void Levels_rise_and_are_of_features_that_there_are()
    {
        FeatureMatrix features = SomeFeatures.Generic(9, 4, seed: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => HierarchyHead.Fit(features, 1));
        Assert.Throws<ArgumentException>(() => new HierarchyLevels());
        Assert.Throws<ArgumentException>(() => new HierarchyLevels(0, 2));
        Assert.Throws<ArgumentException>(() => new HierarchyLevels(2, 2));
        Assert.Throws<ArgumentException>(() => new HierarchyLevels(3, 1));
        Assert.Throws<HeadException>(() => HierarchyHead.Fit(features, 2, levels: new(2, 5)));
        Assert.Equal(new HierarchyLevels(2, 5), HierarchyLevels.TryParse("2,5"));
        Assert.NotEqual(new HierarchyLevels(2, 3, 5), new HierarchyLevels(2, 4, 5));
        Assert.Throws<InvalidOperationException>(() => new HierarchyHeadChoice().Fit(features));
    }

    [Fact]
    public void Number_of_classes_is_that_of_a_stated_list_unless_it_is_given()
    {
        var three = ClassList.Of(["a", "b", "c"]);
        foreach (string asStated in (string[])["hierarchy", "hierarchy:classes", "tempered-ridge:classes", "saturated-ridge:classes"])
        {
            HeadChoice choice = HeadChoice.TryParse(asStated)!;
            Assert.True(choice.NeedsClasses);
            Assert.Equal(HeadChoice.TryParse($"{choice.Name}:3"), choice.WithClasses(three));
            Assert.Throws<ArgumentException>(() => choice.WithClasses(null));
            Assert.Throws<ArgumentException>(() => choice.WithStoredOptions(new ModelArrays()));
            Assert.Throws<InvalidOperationException>(() => choice.Fit(SomeFeatures.Generic(9, 4, seed: 1)));
        }

        Assert.Equal("hierarchy:4", HeadChoice.TryParse("hierarchy:4")!.WithClasses(three).Text);
        Assert.False(HeadChoice.TryParse("tempered-ridge")!.NeedsClasses);
    }

    [Fact]
    public void A_level_has_the_factor_that_its_features_have_alone()
    {
        FeatureMatrix features = SomeFeatures.Generic(200, 37, seed: 8), tests = SomeFeatures.Generic(5, 37, seed: 9);
        var whole = RidgeHead.FitCentred(features, new FixedRidge(0.3), new ParallelOptions(), KernelSet.Best);
        foreach (int level in (int[])[1, 4, 17, 36, 37])
        {
            var alone = RidgeHead.FitCentred(features.FirstColumns(level), new FixedRidge(0.3), new ParallelOptions(), KernelSet.Best);
            int stride = Tile.PadWidth(200);
            double[] of = new double[8 * stride], expected = new double[8 * stride];
            Leverage[] own = new Leverage[5], expectedOwn = new Leverage[5];
            whole.ComputeProducts(tests, 0, of, stride, own, level);
            alone.ComputeProducts(tests.FirstColumns(level), 0, expected, stride, expectedOwn);
            Assert.Equal(expected, of);
            Assert.Equal(expectedOwn, own);
        }
    }
}
