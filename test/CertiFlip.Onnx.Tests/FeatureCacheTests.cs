using CertiFlip.Data;
using CertiFlip.Onnx.Tests.Support;

namespace CertiFlip.Onnx.Tests;

/// <summary>What was computed is not computed again, and never taken for something else.</summary>
public sealed class FeatureCacheTests : IDisposable
{
    private static readonly OnnxImageOptions Plain = new() { Preparation = new ImagePreparation { Mean = [0], Deviation = [1] } };
    private static readonly StoredImage[] Images = Pictures.Many(20);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_run_computes_nothing()
    {
        double[] first = Run(out long runs);
        Assert.Equal(20, runs);
        Assert.Equal(first, Run(out runs));
        Assert.Equal(0, runs);
        Assert.Equal(first, Run(out runs, cached: false));
        Assert.Equal(20, runs);
    }

    [Fact]
    public void New_images_alone_are_computed()
    {
        Run(out _);
        using OnnxImageMap map = Load(Plain);
        map.Transform([.. Images, .. Pictures.Many(25)[20..]]);
        Assert.Equal(5, map.Runs);
    }

    [Fact]
    public void Other_preparation_is_another_map()
    {
        Run(out _);
        foreach (ImagePreparation other in new ImagePreparation[]
        {
            Plain.Preparation with { Mean = [0.5f] }, Plain.Preparation with { Filter = ImageFilter.Box },
            Plain.Preparation with { BlueFirst = true }, Plain.Preparation with { ShorterSide = 9 },
        })
        {
            using OnnxImageMap map = Load(new OnnxImageOptions { Preparation = other });
            map.Transform(Images);
            Assert.Equal(20, map.Runs);
        }
    }

    [Fact]
    public void Another_model_is_another_map()
    {
        Run(out _);
        using OnnxImageMap map = Load(Plain, TinyModel.OfImages(4).Says("note", "another"));
        map.Transform(Images);
        Assert.Equal(20, map.Runs);
    }

    [Fact]
    public void Damage_is_seen_and_computed_again()
    {
        double[] first = Run(out _);
        string kept = Assert.Single(Kept());
        byte[] whole = File.ReadAllBytes(kept);
        var random = new Random(3);
        for (int trial = 0; trial < 40; trial++)
        {
            foreach (string file in Kept())
                File.Delete(file);
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(kept, trial % 4 == 0 ? damaged[..random.Next(damaged.Length)] : damaged);
            Assert.Equal(first, Run(out long runs));
            Assert.InRange(runs, 0, 20);
            Assert.Equal(first, Run(out runs));
            Assert.Equal(0, runs);
        }
    }

    [Fact]
    public async Task Two_runs_at_once_disturb_each_other_in_nothing()
    {
        double[] expected = Run(out _, cached: false);
        double[][] all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Run(out long _))));
        Assert.All(all, one => Assert.Equal(expected, one));
        Assert.Equal(expected, Run(out long runs));
        Assert.Equal(0, runs);
        Assert.DoesNotContain(Directory.EnumerateFiles(Cache().Folder, "*", SearchOption.AllDirectories),
            file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_computed_before_a_cancellation_is_kept()
    {
        using var stop = new CancellationTokenSource();
        using (OnnxImageMap map = Load(Plain))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => map.Transform(
                Images, new Cancels(stop, 10), new ParallelOptions { CancellationToken = stop.Token, MaxDegreeOfParallelism = 1 }));
        }

        Run(out long runs);
        Assert.InRange(runs, 1, 10);
    }

    [Fact]
    public void A_cache_that_cannot_be_written_changes_nothing()
    {
        _folder.Write("cache", "a file where the folder should be");
        Assert.Equal(Run(out _, cached: false), Run(out long runs));
        Assert.Equal(20, runs);
    }

    [Fact]
    public void The_user_s_cache_is_where_the_system_says()
    {
        string? before = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        try
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", _folder["xdg"]);
            Assert.Equal(_folder[Path.Combine("xdg", "certiflip", "features")], FeatureCache.Default.Folder);
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before);
        }
    }

    private FeatureCache Cache() => new(_folder["cache"]);

    private string[] Kept() => Directory.GetFiles(Cache().Folder, "*.rows", SearchOption.AllDirectories);

    private double[] Run(out long runs, bool cached = true)
    {
        using OnnxImageMap map = Load(Plain);
        map.Cache = cached ? Cache() : null;
        double[] features = map.Transform(Images).Values.ToArray();
        runs = map.Runs;
        return features;
    }

    private OnnxImageMap Load(OnnxImageOptions options, TinyModel? model = null)
    {
        string path = _folder.Write($"{Guid.NewGuid()}.onnx", (model ?? TinyModel.OfImages(4)).ToBytes());
        OnnxImageMap map = OnnxImageMap.Load(path, options);
        map.Cache = Cache();
        return map;
    }

    private sealed class Cancels(CancellationTokenSource stop, int after) : IProgress<int>
    {
        private int _done;

        public void Report(int value)
        {
            if (++_done == after)
                stop.Cancel();
        }
    }
}
