using CertiFlip.Features.Images;

namespace CertiFlip.Tests.Features.Images;

public class ConvolutionalNetworkTests
{
    private static readonly Bars Training = Bars.Of(300, seed: 1);
    private static readonly ConvolutionalNetworkOptions Options = new() { Features = 6, Epochs = 3, BatchSize = 40 };

    [Fact]
    public void It_learns_to_tell_bars_apart()
    {
        var map = ConvolutionalNetwork.Fit(Training.Images, Bars.Shape, Training.Labels, Options with { Epochs = 20 });
        Bars fresh = Bars.Of(150, seed: 2);
        Assert.InRange(map.Predict(fresh.Images).Where((c, row) => c == fresh.Labels[row]).Count(), 143, 150);
    }

    [Fact]
    public void Threads_change_no_bit_and_the_seed_changes_many()
    {
        ConvolutionalNetwork Fit(int threads, ulong seed = 1) =>
            ConvolutionalNetwork.Fit(Training.Images, Bars.Shape, Training.Labels, Options with { Seed = seed }, null,
                new ParallelOptions { MaxDegreeOfParallelism = threads });
        ConvolutionalNetwork one = Fit(1);
        Assert.Equal(one.Weights, Fit(3).Weights);
        Assert.NotEqual(one.Weights, Fit(3, seed: 2).Weights);
        Assert.Equal(one.Transform(Training.Images).Values,
            one.Transform(Training.Images, new ParallelOptions { MaxDegreeOfParallelism = 3 }).Values);
    }

    [Fact]
    public void Features_of_an_image_do_not_depend_on_its_neighbours()
    {
        var map = ConvolutionalNetwork.Fit(Training.Images, Bars.Shape, Training.Labels, Options with { Epochs = 1 });
        FeatureMatrix all = map.Transform(Training.Images);
        var alone = new FeatureMatrix(1, Bars.Shape.Numbers, Training.Images.Row(37).ToArray());
        Assert.Equal(all.Row(37), map.Transform(alone).Row(0));
        Assert.Equal(0, map.Transform(new FeatureMatrix(0, Bars.Shape.Numbers, [])).Rows);
    }

    [Fact]
    public void Every_image_of_every_epoch_is_reported()
    {
        int images = 0;
        ConvolutionalNetwork.Fit(Training.Images, Bars.Shape, Training.Labels, Options, new Sum(count => images += count));
        Assert.Equal(3 * 300, images);
    }

    [Fact]
    public void It_stops_when_told_to()
    {
        using var source = new CancellationTokenSource();
        var stop = new Sum(_ => source.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(() =>
            ConvolutionalNetwork.Fit(
                Training.Images, Bars.Shape, Training.Labels, Options, stop, new ParallelOptions { CancellationToken = source.Token }));
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        static string Refusal(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.Contains("at least 16 × 20", Refusal(() => _ = new ConvolutionalNetwork(new ImageShape(8, 8), 5, 2, [])),
            StringComparison.Ordinal);
        Assert.Contains("rows have 357", Refusal(() => ConvolutionalNetwork.Fit(Training.Images, new ImageShape(28, 28), Training.Labels)),
            StringComparison.Ordinal);
        Assert.Contains("labels for 300 images",
            Refusal(() => ConvolutionalNetwork.Fit(Training.Images, Bars.Shape, new ClassLabels([0, 1], 2))), StringComparison.Ordinal);
        var map = ConvolutionalNetwork.Fit(Training.Images, Bars.Shape, Training.Labels, Options with { Epochs = 1 });
        Assert.Contains("takes 357 numbers", Refusal(() => map.Transform(new FeatureMatrix(1, 2, [0, 0]))), StringComparison.Ordinal);
        Assert.Contains("weights; this network has", Refusal(() => _ = new ConvolutionalNetwork(Bars.Shape, 6, 3, [1])),
            StringComparison.Ordinal);
        Assert.Contains("not finite", Refusal(() =>
            _ = new ConvolutionalNetwork(Bars.Shape, 6, 3, [.. map.Weights.Select(_ => float.NaN)])), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { Epochs = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { BatchSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { Features = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { LearningRate = double.NaN });
    }

    private sealed class Sum(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
