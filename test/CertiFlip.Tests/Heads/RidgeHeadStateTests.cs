using CertiFlip.Heads;
using CertiFlip.Kernels;
using CertiFlip.Tests.Instances;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Tests.Heads;

/// <summary>A head is its state and its training features.</summary>
public class RidgeHeadStateTests
{
    private static readonly Gen<(FeatureMatrix Features, Intercept Intercept, double C)> Problems =
        from n in Gen.Choose(1, 40)
        from k in Gen.Choose(1, 40)
        from seed in Gen.Choose(1, 1000)
        from intercept in Gen.Elements(Intercept.Fitted, Intercept.None)
        from exponent in Gen.Choose(-3, 3)
        select (SomeFeatures.Generic(n, k, seed), intercept, Math.Pow(10, exponent));

    [Fact]
    public void Restored_head_gives_the_same_label_weights_to_the_bit() => Claim.HoldsFor(Problems, count: 200, problem =>
    {
        var rule = new RelativeRidge(problem.C);
        var head = RidgeHead.Fit(problem.Features, rule, problem.Intercept);
        var restored = RidgeHead.FromState(problem.Features, rule, head.GetState());
        FeatureMatrix tests = SomeFeatures.Generic(7, problem.Features.Columns, seed: 77);
        Assert.Equal(Weights(head, tests), Weights(restored, tests));
        Assert.Equal((head.Lambda, head.TrainingRows, head.Features, head.DependsOnLabels),
            (restored.Lambda, restored.TrainingRows, restored.Features, restored.DependsOnLabels));
        Assert.Equivalent(head.GetState(), restored.GetState());
    });

    [Fact]
    public void So_does_a_restored_saturated_head() => Claim.HoldsFor(Problems, count: 200, problem =>
    {
        var options = new SaturationOptions { Gain = problem.C };
        var head = SaturatedRidgeHead.Fit(problem.Features, new RelativeRidge(problem.C), options);
        var restored = new SaturatedRidgeHead(RidgeOf(head, problem.Features), options, KernelSet.Best);
        FeatureMatrix tests = SomeFeatures.Generic(7, problem.Features.Columns, seed: 77);
        Assert.Equal(Weights(head, tests), Weights(restored, tests));
        Assert.Equal((head.Lambda, head.Options, head.DependsOnLabels), (restored.Lambda, restored.Options, restored.DependsOnLabels));
    });

    [Fact]
    public void So_do_restored_two_means() => Claim.HoldsFor(Problems, count: 200, problem =>
    {
        var head = TwoMeansHead.Fit(problem.Features, new RelativeRidge(problem.C), problem.C, lift: 0.5);
        var restored = new TwoMeansHead(RidgeOf(head, problem.Features), head.Gain, head.Lift, KernelSet.Best);
        FeatureMatrix tests = SomeFeatures.Generic(7, problem.Features.Columns, seed: 77);
        Assert.Equal(Weights(head, tests), Weights(restored, tests));
        Assert.Equal((head.Lambda, head.Gain, head.DependsOnLabels), (restored.Lambda, restored.Gain, restored.DependsOnLabels));
    });

    [Fact]
    public void So_does_a_restored_tempered_head() => Claim.HoldsFor(Problems, count: 100, problem =>
    {
        var head = TemperedRidgeHead.Fit(problem.Features, new RelativeRidge(problem.C), classes: 3, gain: 5 * problem.C);
        var restored = new TemperedRidgeHead(RidgeOf(head, problem.Features), head.Classes, head.Gain, KernelSet.Best);
        FeatureMatrix tests = SomeFeatures.Generic(7, problem.Features.Columns, seed: 77);
        Assert.Equal(Weights(head, tests), Weights(restored, tests));
        Assert.Equal((head.Lambda, head.Gain, head.DependsOnLabels), (restored.Lambda, restored.Gain, restored.DependsOnLabels));
    });

    [Fact]
    public void So_does_a_restored_bounded_head() => Claim.HoldsFor(Problems, count: 100, problem =>
    {
        var head = BoundedRidgeHead.Fit(problem.Features, new RelativeRidge(problem.C), problem.C);
        var restored = new BoundedRidgeHead(RidgeOf(head, problem.Features), head.Bound, KernelSet.Best);
        FeatureMatrix tests = SomeFeatures.Generic(7, problem.Features.Columns, seed: 77);
        Assert.Equal(Weights(head, tests), Weights(restored, tests));
        Assert.Equal((head.Lambda, head.Bound, head.DependsOnLabels), (restored.Lambda, restored.Bound, restored.DependsOnLabels));
    });

    /// <summary>
    /// What it takes from ridge regression needs centred rows, and is not known of rows that are multiplied already.
    /// </summary>
    [Fact]
    public void Other_states_of_ridge_make_no_head_on_top()
    {
        FeatureMatrix wide = SomeFeatures.Generic(4, 9, seed: 1), tall = SomeFeatures.Generic(9, 4, seed: 1);
        RidgeHeadState multiplied = RidgeHead.Fit(wide).GetState(), uncentred = RidgeHead.Fit(tall, intercept: Intercept.None).GetState();
        Assert.ThrowsAny<ArgumentException>(() => RidgeHead.FromCentredState(wide, new RelativeRidge(), multiplied));
        Assert.ThrowsAny<ArgumentException>(() => RidgeHead.FromCentredState(tall, new RelativeRidge(), uncentred));
    }

    [Fact]
    public void Rows_that_are_too_many_to_keep_packed_are_restored_too()
    {
        FeatureMatrix features = SomeFeatures.Generic((1 << 23) / 64 + 5, 64, seed: 3), tests = SomeFeatures.Generic(3, 64, seed: 4);
        var head = RidgeHead.Fit(features);
        Assert.Equal(Weights(head, tests), Weights(RidgeHead.FromState(features, head.Rule, head.GetState()), tests));
    }

    private static RidgeHead RidgeOf(ReweightedRidgeHead head, FeatureMatrix features) =>
        RidgeHead.FromCentredState(features, head.Rule, head.GetState());

    public static TheoryData<string> Faults => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public void State_that_cannot_be_one_is_refused(string fault)
    {
        FeatureMatrix features = SomeFeatures.Generic(9, 4, seed: 1);
        RidgeHeadState state = Broken[fault](RidgeHead.Fit(features).GetState());
        Assert.ThrowsAny<ArgumentException>(() => RidgeHead.FromState(features, new RelativeRidge(), state));
    }

    private static Dictionary<string, Func<RidgeHeadState, RidgeHeadState>> Broken { get; } = new()
    {
        ["NaN for λ"] = state => Changed(state, lambda: double.NaN),
        ["λ below 0"] = state => Changed(state, lambda: -1),
        ["an intercept that is none"] = state => Changed(state, intercept: (Intercept)7),
        ["a scale too few"] = state => Changed(state, scales: [1, 1, 1]),
        ["a scale that rounds"] = state => Changed(state, scales: [1, 1, 1, 3]),
        ["a scale of 0"] = state => Changed(state, scales: [1, 1, 1, 0]),
        ["a mean too many"] = state => Changed(state, means: [0, 0, 0, 0, 0]),
        ["an infinite mean"] = state => Changed(state, means: [0, 0, 0, double.PositiveInfinity]),
        ["a factor that is too short"] = state => Changed(state, factor: [.. state.Factor.Skip(1)]),
        ["a factor with NaN"] = state => Changed(state, factor: [.. state.Factor.Skip(1), double.NaN]),
        ["a factor that divides by 0"] = state => Changed(state, factor: [.. state.Factor.SkipLast(1), 0]),
        ["neither factor nor rows"] = state => Changed(state, factor: []),
        ["both factor and rows"] = state => Changed(state, multiplied: new double[36]),
        ["rows of another shape"] = state => Changed(state, factor: [], multiplied: new double[35]),
        ["rows with NaN"] = state => Changed(state, factor: [], multiplied: [.. new double[35], double.NaN]),
    };

    private static RidgeHeadState Changed(
        RidgeHeadState state, double? lambda = null, Intercept? intercept = null, double[]? scales = null,
        double[]? means = null, double[]? factor = null, double[]? multiplied = null) => new()
        {
            Lambda = lambda ?? state.Lambda,
            Intercept = intercept ?? state.Intercept,
            Scales = scales ?? state.Scales,
            Means = means ?? state.Means,
            Factor = factor ?? state.Factor,
            Multiplied = multiplied ?? state.Multiplied,
        };

    private static double[] Weights(IHead head, FeatureMatrix tests)
    {
        int stride = (head.TrainingRows + 15) / 16 * 16;
        double[] weights = new double[(tests.Rows + 3) / 4 * 4 * stride];
        head.ComputeWeights(tests, 0, tests.Rows, weights, stride);
        return [.. Enumerable.Range(0, tests.Rows).SelectMany(row => weights[(row * stride)..(row * stride + head.TrainingRows)])];
    }
}
