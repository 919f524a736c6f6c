using CertiFlip.Heads;
using CertiFlip.Tests.Heads;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Auditing;

/// <summary>
/// Leaving a row out against a head that is fitted again to all rows but one; ridge's, in exact arithmetic.
/// </summary>
public class LeaveOneOutTests
{
    private static readonly Dictionary<string, HeadChoice> Choices = new()
    {
        ["ridge"] = HeadChoice.Default,
        ["ridge, no intercept"] = new RidgeHeadChoice { Intercept = Intercept.None },
        ["saturated-ridge"] = HeadChoice.TryParse("saturated-ridge")!,
        ["saturated-ridge, gain 0.7"] = new SaturatedRidgeHeadChoice { Saturation = new SaturationOptions { Gain = 0.7 } },
        ["saturated-ridge, offset −0.3"] = new SaturatedRidgeHeadChoice { Saturation = new SaturationOptions { Offset = -0.3 } },
        ["saturated-ridge:2"] = HeadChoice.TryParse("saturated-ridge:2")!,
        ["saturated-ridge:3, gain 0.7"] =
            new SaturatedRidgeHeadChoice { Saturation = new SaturationOptions { Gain = 0.7, Classes = 3 } },
        ["saturated-ridge, lift 0.5"] = new SaturatedRidgeHeadChoice { Saturation = new SaturationOptions { Lift = 0.5 } },
        ["saturated-ridge:3, gain 0.7, lift 1"] =
            new SaturatedRidgeHeadChoice { Saturation = new SaturationOptions { Gain = 0.7, Classes = 3, Lift = 1 } },
        ["two-means"] = HeadChoice.TryParse("two-means")!,
        ["two-means, gain 3"] = new TwoMeansHeadChoice { Gain = 3 },
        ["two-means, lift 0.5"] = new TwoMeansHeadChoice { Lift = 0.5 },
        ["two-means, gain 3, lift 1"] = new TwoMeansHeadChoice { Gain = 3, Lift = 1 },
        ["tempered-ridge"] = HeadChoice.TryParse("tempered-ridge")!,
        ["tempered-ridge:2, gain 0.7"] = HeadChoice.TryParse("tempered-ridge:2")!.WithOption("gain", "0.7")!,
        ["bounded-ridge:0.5"] = HeadChoice.TryParse("bounded-ridge:0.5")!,
        ["hierarchy:2"] = HeadChoice.TryParse("hierarchy:2")!,
        ["hierarchy:3"] = HeadChoice.TryParse("hierarchy:3")!,
        ["hierarchy:4, one level"] = HeadChoice.TryParse("hierarchy:4")!.WithOption("levels", "1")!,
        ["pairs"] = HeadChoice.TryParse("pairs")!,
        ["knn:1"] = HeadChoice.TryParse("knn:1")!,
        ["knn:3"] = HeadChoice.TryParse("knn:3")!,
        ["knn:30"] = HeadChoice.TryParse("knn:30")!,
        ["kernel:0.4"] = HeadChoice.TryParse("kernel:0.4")!,
        ["kernel:1e-3"] = HeadChoice.TryParse("kernel:1e-3")!,
    };

    public static TheoryData<string, int> Heads => new(from name in Choices.Keys from columns in (int[])[1, 3, 40] select (name, columns));

    [Theory]
    [MemberData(nameof(Heads))]
    public void Every_head_without_a_row_is_the_head_of_the_others(string name, int columns)
    {
        const int Rows = 23, Stride = 32;
        HeadChoice choice = NamedHeads.WithRidge(Choices[name], "fixed:0.8");
        FeatureMatrix features = SomeFeatures.Of(Rows, columns, seed: columns, (row, column, value) =>
            row % 6 == 5 ? column : value + 3); // Some rows are the same.
        ILeaveOneOutHead head = choice.Fit(features);
        double[] weights = new double[Stride * 28];
        Array.Fill(weights, 7e77);
        double[] errors = new double[Rows];
        head.ComputeLeaveOneOutWeights(features, 0, 5, weights, Stride, errors.AsSpan(0, 5));
        head.ComputeLeaveOneOutWeights(features, 5, Rows - 5, weights.AsSpan(5 * Stride), Stride, errors.AsSpan(5));
        for (int left = 0; left < Rows; left++)
        {
            int[] others = [.. Enumerable.Range(0, Rows).Where(row => row != left)];
            double[] expected = NamedHeads.Weights(choice.Fit(features.SelectRows(others)), features.Row(left).ToArray());
            Assert.Equal(0, weights[left * Stride + left]);
            Assert.All(others.Zip(expected), pair => Assert.Equal(pair.Second, weights[left * Stride + pair.First], 1e-11));
            Assert.True(others.Zip(expected).Sum(pair => Math.Abs(pair.Second - weights[left * Stride + pair.First])) <= errors[left]);
        }
    }

    [Theory]
    [InlineData("saturated-ridge", 1)]
    [InlineData("saturated-ridge", 3)]
    [InlineData("saturated-ridge", 40)]
    [InlineData("saturated-ridge:3", 3)]
    [InlineData("saturated-ridge lift=0.5", 3)]
    [InlineData("saturated-ridge lift=1", 3)]
    [InlineData("saturated-ridge gain=0.7", 3)]
    [InlineData("two-means", 3)]
    [InlineData("two-means", 40)]
    [InlineData("two-means lift=0.5", 3)]
    [InlineData("two-means lift=1", 3)]
    [InlineData("two-means gain=3", 3)]
    [InlineData("bounded-ridge", 3)]
    [InlineData("bounded-ridge:0.5", 40)]
    [InlineData("hierarchy:2", 1)]
    [InlineData("hierarchy:3", 3)]
    [InlineData("hierarchy:2", 40)]
    public void A_lift_without_a_row_is_that_of_the_head_of_the_others(string form, int columns)
    {
        const int Rows = 23, Stride = 32;
        HeadChoice choice = NamedHeads.WithRidge(NamedHeads.Choice(form), "fixed:0.8");
        FeatureMatrix features = SomeFeatures.Of(Rows, columns, seed: columns, (row, column, value) => row % 6 == 5 ? column : value + 3);
        var head = (ILiftingHead)choice.Fit(features);
        double[] weights = new double[Stride * 24], lifts = new double[Rows], errors = new double[Rows], plain = new double[Stride * 24];
        head.ComputeLeaveOneOutWeights(features, 0, Rows, weights, Stride, errors, lifts);
        double[] ofWeights = new double[Rows];
        head.ComputeLeaveOneOutWeights(features, 0, Rows, plain, Stride, ofWeights);
        Assert.Equal(plain, weights);
        Assert.All(errors.Zip(ofWeights), pair => Assert.True( // The lift's own is in it.
            pair.First > pair.Second || (pair.First == pair.Second && (!double.IsFinite(pair.First) || head is BoundedRidgeHead))));
        Assert.InRange(errors.Count(double.IsFinite), head is TwoMeansHead or HierarchyHead ? 12 : Rows, Rows); // Others are in doubt.
        for (int left = 0; left < Rows; left++)
        {
            int[] others = [.. Enumerable.Range(0, Rows).Where(row => row != left)];
            double[] expected = new double[Stride * 4], lift = new double[1];
            ((ILiftingHead)choice.Fit(features.SelectRows(others))).ComputeWeights(features, left, 1, expected, Stride, lift);
            double[] own = weights[(left * Stride)..];
            double off = others.Select((row, i) => Math.Abs(expected[i] - own[row])).Sum();
            Assert.InRange(off + Math.Abs(lift[0] - lifts[left]), 0, Math.Min(errors[left], 1e-10));
        }
    }

    [Theory]
    [InlineData("knn:1")]
    [InlineData("kernel:1")]
    [InlineData("saturated-ridge")]
    public void The_only_row_cannot_be_left_out(string name)
    {
        var features = new FeatureMatrix(1, 2, [3, 4]);
        ILeaveOneOutHead head = NamedHeads.WithRidge(HeadChoice.TryParse(name)!, "fixed:1").Fit(features);
        Assert.Throws<HeadException>(() => head.ComputeLeaveOneOutWeights(features, 0, 1, new double[64], 16, new double[4]));
    }

    [Theory]
    [InlineData(8, 2, Intercept.Fitted)]
    [InlineData(8, 2, Intercept.None)]
    [InlineData(5, 9, Intercept.Fitted)]
    [InlineData(5, 9, Intercept.None)]
    public void Weights_are_those_of_the_head_that_is_fitted_again_without_the_row(int rows, int columns, Intercept intercept)
    {
        FeatureMatrix features = SomeFeatures.Of(rows, columns, seed: rows, (_, column, value) => (value + 1) * (column + 1));
        RidgeHead head = RidgeHead.Fit(features, new RelativeRidge(0.3), intercept);
        double[] weights = new double[rows * 16 + 48];
        head.ComputeLeaveOneOutWeights(features, 0, rows, weights, 16, new double[rows]);
        for (int left = 0; left < rows; left++)
        {
            int[] others = [.. Enumerable.Range(0, rows).Where(row => row != left)];
            Rational[] expected = new RationalRidge(features.SelectRows(others), head.Lambda, intercept).Weights(features.Row(left));
            Assert.Equal(0, weights[left * 16 + left]);
            Assert.All(others.Zip(expected), pair => Assert.Equal(pair.Second.ToDouble(), weights[left * 16 + pair.First], 1e-12));
        }
    }

    [Fact]
    public void A_row_that_alone_determines_a_direction_is_named()
    {
        var features = new FeatureMatrix(4, 2, [1, 0, 2, 0, 3, 0, 4, 5]);
        RidgeHead head = RidgeHead.Fit(features, new FixedRidge(0));
        string message = Assert.Throws<HeadException>(
            () => head.ComputeLeaveOneOutWeights(features, 0, 4, new double[64], 16, new double[4])).Message;
        Assert.Contains("Training row 3", message, StringComparison.Ordinal);
        Assert.Contains("larger λ", message, StringComparison.Ordinal);
    }
}
