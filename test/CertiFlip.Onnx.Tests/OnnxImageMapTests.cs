using CertiFlip.Data;
using CertiFlip.Onnx.Tests.Support;
using SkiaSharp;

namespace CertiFlip.Onnx.Tests;

/// <summary>Images by a model: the model that tests use takes the mean of each channel.</summary>
public sealed class OnnxImageMapTests : IDisposable
{
    private static readonly OnnxImageOptions Plain = new() { Preparation = new ImagePreparation { Mean = [0], Deviation = [1] } };
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 0, true)]
    [InlineData(true, 0, true)]
    [InlineData(false, 1, true)]
    [InlineData(false, 0, false)]
    public void Features_are_the_model_s_of_the_scaled_pixels(bool isLast, int batch, bool isPooled)
    {
        using OnnxImageMap map = Load(TinyModel.OfImages(4, batch, isLast, isPooled), Plain with
        {
            Preparation = new ImagePreparation { Mean = [10, 20, 30], Deviation = [2, 4, 5] },
        });
        FeatureMatrix features = map.Transform([Pictures.Stored("a.png", Pictures.Make(4, 4, 3))]);
        double[] expected = new double[3];
        for (int i = 0; i < 16; i++)
        {
            SKColor colour = Pictures.ColourAt(i % 4, i / 4, 3);
            expected[0] += (colour.Red - 10) / 2.0 / 16;
            expected[1] += (colour.Green - 20) / 4.0 / 16;
            expected[2] += (colour.Blue - 30) / 5.0 / 16;
        }

        Assert.Equal(3, map.Features);
        for (int i = 0; i < 3; i++)
            Assert.Equal(expected[i], features.Row(0)[i], 4);
    }

    /// <summary>By a model whose features are all pixels: each becomes its mean with the one opposite.</summary>
    [Fact]
    public void Features_are_the_mean_of_an_image_and_its_mirror_image()
    {
        TinyModel pixels = new TinyModel().Input("images", 1, 0, 3, 2, 5).Node("Flatten", ["images"], "features")
            .Output("features", 1, 0, 30);
        using OnnxImageMap plain = Load(pixels, Plain);
        using OnnxImageMap mirror = Load(pixels, Plain with { Mirror = true });
        StoredImage[] images = [Pictures.Stored("a.png", Pictures.Make(5, 2, 3)), Pictures.Stored("b.png", Pictures.Make(9, 7, 4))];
        FeatureMatrix own = plain.Transform(images), mean = mirror.Transform(images);
        Assert.Equal((4, false, true), (mirror.Runs, plain.Mirror, mirror.Mirror));
        for (int row = 0; row < 2; row++)
        {
            for (int at = 0; at < 30; at++)
                Assert.Equal((own.Row(row)[at] + own.Row(row)[at / 5 * 5 + 4 - at % 5]) / 2, mean.Row(row)[at], 1e-5);
        }

        Assert.NotEqual(own.Values.ToArray(), mean.Values.ToArray());
        StoredModel.Of(mirror).Write(_folder["mirror.model"]);
        using OnnxImageMap restored = StoredModel.Read(_folder["mirror.model"]).Restore<OnnxImageMap>();
        Assert.Equal(mean.Values.ToArray(), restored.Transform(images).Values.ToArray());
        Assert.DoesNotContain("mirror", StoredModel.Of(plain).Arrays.All.Keys);
    }

    /// <summary>Rows that were kept of one are not taken for the other.</summary>
    [Fact]
    public void Rows_of_mirrored_images_are_kept_apart()
    {
        TinyModel pixels = new TinyModel().Input("images", 1, 0, 3, 2, 5).Node("Flatten", ["images"], "features")
            .Output("features", 1, 0, 30);
        StoredImage[] images = [Pictures.Stored("a.png", Pictures.Make(5, 2, 3))];
        var cache = new FeatureCache(_folder["cache"]);
        using OnnxImageMap plain = Load(pixels, Plain), mirror = Load(pixels, Plain with { Mirror = true });
        (plain.Cache, mirror.Cache) = (cache, cache);
        Assert.NotEqual(plain.Transform(images).Values.ToArray(), mirror.Transform(images).Values.ToArray());
    }

    [Fact]
    public void Blue_comes_first_where_the_model_was_trained_so()
    {
        StoredImage[] image = [Pictures.Stored("a.png", Pictures.Make(4, 4, 3))];
        using OnnxImageMap red = Load(TinyModel.OfImages(), Plain);
        using OnnxImageMap blue = Load(TinyModel.OfImages(), Plain with { Preparation = Plain.Preparation with { BlueFirst = true } });
        double[] expected = [.. red.Transform(image).Row(0)];
        Assert.Equal(Enumerable.Reverse(expected), blue.Transform(image).Row(0).ToArray());
    }

    [Fact]
    public void The_model_says_how_images_are_prepared()
    {
        using OnnxImageMap map = Load(TinyModel.OfImages(0).Says("input_mean", "127.5,127.5,127.5").Says("input_std", "127.5")
            .Says("resize", "shorter side to 12; bilinear").Says("crop", "8x8").Says("colour_order", "BGR"));
        Assert.Equal("8 × 8, centre of the image with its shorter side at 12, bilinear; "
            + "(pixel − 127.5, 127.5, 127.5) / 127.5, BGR, NCHW",
            map.Preparation.ToString());
    }

    [Fact]
    public void A_preprocessor_of_Hugging_Face_beside_the_model_says_it_too()
    {
        _folder.Write("preprocessor_config.json", """
            {"do_center_crop": true, "crop_size": {"height": 224, "width": 224}, "do_normalize": true, "do_rescale": true,
             "image_mean": [0.5, 0.5, 0.5], "image_std": [0.25, 0.25, 0.25], "resample": 3, "rescale_factor": 0.00392156862745098,
             "size": {"shortest_edge": 256}}
            """);
        using OnnxImageMap map = Load(TinyModel.OfImages(0));
        Assert.Equal("224 × 224, centre of the image with its shorter side at 256, bicubic; "
            + "(pixel − 127.5, 127.5, 127.5) / 63.75, 63.75, 63.75, RGB, NCHW", map.Preparation.ToString());
    }

    [Fact]
    public void Where_nothing_says_it_the_model_is_refused() =>
        Assert.Contains("does not say which mean and standard deviation pixels are scaled by", Refusal(TinyModel.OfImages()),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Any_number_of_threads_gives_the_same_bytes(int threads)
    {
        StoredImage[] images = Pictures.Many(60);
        using OnnxImageMap map = Load(TinyModel.OfImages(5), Plain);
        FeatureMatrix alone = map.Transform([images[7]]);
        FeatureMatrix all = map.Transform(images, null, new ParallelOptions { MaxDegreeOfParallelism = threads });
        FeatureMatrix expected = map.Transform(images, null, new ParallelOptions { MaxDegreeOfParallelism = 1 });
        Assert.Equal(expected.Values.ToArray(), all.Values.ToArray());
        Assert.Equal(alone.Row(0).ToArray(), all.Row(7).ToArray());
    }

    [Fact]
    public void Of_several_outputs_one_has_to_be_named()
    {
        TinyModel Two() => TinyModel.OfImages().Node("Relu", ["features"], "other").Output("other", 1, 0, 3);
        using OnnxImageMap known = Load(Two(), Plain);
        Assert.Equal(["features"], known.Outputs);
        using OnnxImageMap named = Load(Two(), Plain with { Outputs = ["other"] });
        Assert.Equal(["other"], named.Outputs);
        Assert.Contains("no output 'none'; its outputs are 'features' float[?, 3], 'other' float[?, 3]",
            Refusal(Two(), Plain with { Outputs = ["none"] }), StringComparison.Ordinal);
        TinyModel unnamed = TinyModel.OfImages().Node("Relu", ["features"], "a").Node("Relu", ["a"], "b");
        using OnnxImageMap one = Load(unnamed, Plain);
        Assert.Equal(["features"], one.Outputs);
    }

    /// <summary>What the nodes within compute: four numbers for each pixel, pooled, and halved.</summary>
    [Fact]
    public void Outputs_and_layers_within_stand_one_after_the_other()
    {
        TinyModel model = new TinyModel().Input("images", 1, 0, 3, 4, 4).Node("Relu", ["images"], "/layer/relu")
            .Tensor("half", [0.5f], 1).Node("Mul", ["/layer/relu", "half"], "a+b")
            .Node("GlobalAveragePool", ["a+b"], "pooled").Node("Flatten", ["pooled"], "features").Output("features", 1, 0, 3);
        StoredImage[] images = [Pictures.Stored("a.png", Pictures.Make(4, 4, 3)), Pictures.Stored("b.png", Pictures.Make(4, 4, 8))];
        using OnnxImageMap plain = Load(model, Plain);
        using OnnxImageMap three = Load(model, Plain with { Outputs = ["/layer/relu", "features", "pooled"] });
        FeatureMatrix own = plain.Transform(images), all = three.Transform(images);
        Assert.Equal((9, 2L), (three.Features, three.Runs));
        for (int row = 0; row < 2; row++)
        {
            for (int at = 0; at < 3; at++)
            {
                Assert.Equal(own.Row(row)[at], all.Row(row)[3 + at]);
                Assert.Equal(own.Row(row)[at], all.Row(row)[6 + at], 1e-6);
                Assert.Equal(2 * own.Row(row)[at], all.Row(row)[at], 1e-5);
            }
        }

        StoredModel.Of(three).Write(_folder["three.model"]);
        using OnnxImageMap restored = StoredModel.Read(_folder["three.model"]).Restore<OnnxImageMap>();
        Assert.Equal(all.Values.ToArray(), restored.Transform(images).Values.ToArray());
        Assert.Equal(three.Outputs, restored.Outputs);
        using OnnxImageMap plus = Load(model, Plain with { Outputs = ["a+b"] });
        Assert.Equal(own.Values.ToArray(), plus.Transform(images).Values.ToArray().Select(value => value));
    }

    [Fact]
    public void An_output_that_is_not_there_or_named_twice_is_refused()
    {
        TinyModel model = TinyModel.OfImages().Node("Cast", ["features"], "whole", TinyModel.Number("to", 7));
        Assert.Contains("output 'features' is named twice.", Refusal(model, Plain with { Outputs = ["features", "features"] }));
        Assert.Contains("no output 'x'; its outputs are", Refusal(model, Plain with { Outputs = ["features", "x"] }));
        Assert.Contains(
            "with the outputs that are asked for, which have to be float32",
            Refusal(model, Plain with { Outputs = ["features", "whole"] }));
        Assert.Contains("no output 'images'", Refusal(model, Plain with { Outputs = ["images"] }));
    }

    /// <summary>Its shape is known only when it has run.</summary>
    [Fact]
    public void A_layer_of_several_rows_for_one_image_is_refused()
    {
        TinyModel model = TinyModel.OfImages().Node("Concat", ["images", "images"], "twice", TinyModel.Number("axis", 0));
        Assert.Contains("the model returned 2 × 3 × 4 × 4 numbers for one image", Assert.Throws<DataException>(() =>
        {
            using OnnxImageMap map = Load(model, Plain with { Outputs = ["twice"] });
            map.Transform([Pictures.Stored("a.png", Pictures.Make(4, 4, 3))]);
        }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stored_map_with_a_damaged_model_is_refused()
    {
        using OnnxImageMap map = Load(TinyModel.OfImages(), Plain);
        ModelArrays stored = StoredModel.Of(map).Arrays;
        byte[] whole = stored.Bytes("model");
        foreach (byte[] damaged in (byte[][])[[1, 2, 3], whole[..^9], [.. whole, 0x3A, 0x03, 0x62, 0x07, 0xFF]])
        {
            var forged = new ModelArrays();
            forged.Add("model", damaged);
            forged.Add("output", stored.Texts("output").ToArray());
            forged.Add("size", stored.Integers("size"));
            forged.Add("filter", stored.Texts("filter").ToArray());
            forged.Add("order", stored.Integers("order"));
            forged.Add("mean", stored.Singles("mean"));
            forged.Add("deviation", stored.Singles("deviation"));
            Assert.Throws<ArgumentException>(() => OnnxImageMap.Restore(forged));
        }
    }

    [Fact]
    public void Options_are_read_as_the_command_line_has_them()
    {
        OnnxImageOptions options = OnnxImageOptions.Parse(
            ["size=8x6", "shorter=12", "filter=Lanczos", "mean=1/2.5/3", "std=4", "colours=BGR", "layout=nhwc", "output=y+/z",
                "mirror=yes"]);
        ImagePreparation p = options.Preparation;
        Assert.Equal((8, 6, 12, ImageFilter.Lanczos, true, true),
            (p.Height, p.Width, p.ShorterSide, p.Filter, p.BlueFirst, p.ChannelsLast));
        Assert.Equal(["y", "/z"], options.Outputs);
        Assert.Equal((true, false), (options.Mirror, OnnxImageOptions.Parse(["mirror=no"]).Mirror));
        Assert.Equal([1, 2.5f, 3], p.Mean!);
        Assert.Equal([4], p.Deviation!);
        foreach (string bad in (string[])["size", "=4", "size=", "size=a", "size=1x2x3", "size=99999999999", "shorter=-1", "filter=7",
            "filter=best", "mean=1,2", "mean=NaN", "colours=cmyk", "layout=x", "mirror=1", "pooling=mean"])
            Assert.Contains("expected", Assert.Throws<FormatException>(() => OnnxImageOptions.Parse([bad])).Message,
                StringComparison.Ordinal);
        OnnxTextOptions texts = OnnxTextOptions.Parse(["pooling=first", "normalise=yes", "tokens=9", "output=z"]);
        Assert.Equal((TokenPooling.First, true, 9, "z"), (texts.Pooling, texts.Normalise, texts.MostTokens, texts.Output));
        foreach (string bad in (string[])["pooling=max", "normalise=1", "tokens=1e9", "size=3"])
            Assert.Throws<FormatException>(() => OnnxTextOptions.Parse([bad]));
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused_in_one_line()
    {
        foreach (byte[] bytes in new byte[][] { [], [1, 2, 3], [.. "PNG or so"u8], TinyModel.OfImages().ToBytes()[..^40] })
        {
            string path = _folder.Write("no.onnx", bytes);
            string message = Assert.Throws<DataException>(() => OnnxImageMap.Load(path, Plain)).Message;
            Assert.StartsWith(path, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }

        Assert.Contains("there is no such file", Assert.Throws<DataException>(() => OnnxImageMap.Load(_folder["none.onnx"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Other_inputs_than_images_are_refused()
    {
        Assert.Contains("takes 8 images at a time", Refusal(TinyModel.OfImages(4, batch: 8), Plain), StringComparison.Ordinal);
        Assert.Contains("has 'x' float[?, 3]",
            Refusal(new TinyModel().Input("x", 1, 0, 3).Node("Relu", ["x"], "y").Output("y", 1, 0, 3), Plain),
            StringComparison.Ordinal);
        Assert.Contains("takes images of height 4, and not 5",
            Refusal(TinyModel.OfImages(), Plain with { Preparation = Plain.Preparation with { Height = 5 } }), StringComparison.Ordinal);
        Assert.Contains("does not say which height", Refusal(TinyModel.OfImages(0), Plain), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_in_a_file_beside_the_model_become_part_of_it()
    {
        float[] factors = [0, 0, 1, 2, 3];
        _folder.Write("weights.bin", System.Runtime.InteropServices.MemoryMarshal.AsBytes(factors.AsSpan()).ToArray());
        using OnnxImageMap whole = Load(Scaled().Tensor("factors", [1, 2, 3], 3), Plain);
        using OnnxImageMap split = Load(Scaled().Elsewhere("factors", "weights.bin", 8, 12, 3), Plain);
        StoredImage[] images = Pictures.Many(3);
        Assert.Equal(whole.Transform(images).Values.ToArray(), split.Transform(images).Values.ToArray());

        File.Delete(_folder["weights.bin"]);
        var model = StoredModel.Of(split);
        Assert.Equal(whole.Transform(images).Values.ToArray(), model.Restore<OnnxImageMap>().Transform(images).Values.ToArray());
    }

    [Theory]
    [InlineData("../weights.bin", "not beside the model; it is not read")]
    [InlineData("/etc/passwd", "not beside the model; it is not read")]
    [InlineData("..", "not beside the model; it is not read")]
    [InlineData("missing.bin", "put it there")]
    [InlineData("short.bin", "too short for the weights")]
    public void Weights_elsewhere_are_refused(string file, string problem)
    {
        _folder.Write("short.bin", "abc");
        Assert.Contains(problem, Refusal(Scaled().Elsewhere("factors", file, 0, 12, 3), Plain), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_stored_gives_the_same_bytes_without_the_file()
    {
        StoredImage[] images = Pictures.Many(5);
        OnnxImageOptions options = new()
        {
            Preparation = new ImagePreparation { Mean = [1, 2, 3], Deviation = [4], ShorterSide = 6, Filter = ImageFilter.Lanczos },
        };
        using OnnxImageMap map = Load(TinyModel.OfImages(5), options);
        double[] expected = map.Transform(images).Values.ToArray();
        string path = _folder["map.model"];
        StoredModel.Of(map).Write(path);
        File.Delete(_folder["model.onnx"]);
        using OnnxImageMap restored = StoredModel.Read(path).Restore<OnnxImageMap>();
        Assert.Equal(expected, restored.Transform(images).Values.ToArray());
        Assert.Equal(map.Preparation.ToString(), restored.Preparation.ToString());
    }

    [Fact]
    public void A_stored_model_that_does_not_fit_together_is_refused()
    {
        using OnnxImageMap map = Load(TinyModel.OfImages(5), Plain);
        var whole = StoredModel.Of(map);
        foreach (string left in whole.Arrays.All.Keys)
        {
            var broken = new StoredModel(OnnxImageMap.Kind);
            foreach ((string name, Array values) in whole.Arrays.All.Where(array => array.Key != left))
                AddTo(broken, name, values);
            Assert.Throws<DataException>(() => broken.Restore<OnnxImageMap>());
        }

        static void AddTo(StoredModel model, string name, Array values)
        {
            if (values is byte[] bytes)
                model.Arrays.Add(name, bytes);
            else if (values is int[] integers)
                model.Add(name, integers);
            else if (values is float[] numbers)
                model.Add(name, numbers);
            else
                model.Add(name, (string[])values);
        }
    }

    [Fact]
    public void An_array_of_pixels_gives_what_a_file_of_them_gives()
    {
        double[] pixels = new double[2 * 4 * 5 * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int image, int place) = (i / 60, i / 3 % 20);
            SKColor colour = Pictures.ColourAt(place % 5, place / 5, image);
            pixels[i] = (i % 3) switch { 0 => colour.Red, 1 => colour.Green, _ => colour.Blue };
        }

        using OnnxImageMap map = Load(TinyModel.OfImages(6), Plain);
        double[] files =
            map.Transform([.. Enumerable.Range(0, 2).Select(i => Pictures.Stored("", Pictures.Make(5, 4, i)))]).Values.ToArray();
        Assert.Equal(files, map.Transform(new ImageList(new FeatureMatrix(2, 60, pixels), 4, 5, 3, "a.npy"), 255).Values.ToArray());
        double[] scaled = Array.ConvertAll(pixels, pixel => pixel / 255);
        Assert.Equal(files, map.Transform(new ImageList(new FeatureMatrix(2, 60, scaled), 4, 5, 3, "a.npy"), 1).Values.ToArray());
        Assert.StartsWith("a.npy, image 0: a pixel is", Assert.Throws<DataException>(
            () => map.Transform(new ImageList(new FeatureMatrix(2, 60, pixels), 4, 5, 3, "a.npy"), 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_image_that_cannot_be_read_is_named_for_any_number_of_threads()
    {
        StoredImage[] images = Pictures.Many(40);
        foreach (int broken in new[] { 35, 20, 38 })
            images[broken] = Pictures.Stored($"broken{broken}.png", [1, 2, 3]);
        using OnnxImageMap map = Load(TinyModel.OfImages(), Plain);
        for (int threads = 1; threads <= 4; threads++)
        {
            Assert.StartsWith("broken20.png: ", Assert.Throws<DataException>(
                () => map.Transform(images, null, new ParallelOptions { MaxDegreeOfParallelism = threads })).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Progress_counts_images_and_cancelling_ends_the_work()
    {
        using OnnxImageMap map = Load(TinyModel.OfImages(), Plain);
        int done = 0;
        map.Transform(Pictures.Many(30), new Told(count => Interlocked.Add(ref done, count)));
        Assert.Equal(30, done);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => map.Transform(
            Pictures.Many(2000), new Told(_ => stop.Cancel()), new ParallelOptions { CancellationToken = stop.Token }));
        Assert.InRange(map.Runs, 30, 500);
    }

    private static TinyModel Scaled() => TinyModel.OfImages().Node("Mul", ["features", "factors"], "pooler_output")
        .Output("pooler_output", 1, 0, 3);

    private OnnxImageMap Load(TinyModel model, OnnxImageOptions? options = null) =>
        OnnxImageMap.Load(_folder.Write("model.onnx", model.ToBytes()), options);

    private string Refusal(TinyModel model, OnnxImageOptions? options = null) =>
        Assert.Throws<DataException>(() => Load(model, options)).Message;

    private sealed class Told(Action<int> tell) : IProgress<int>
    {
        public void Report(int value) => tell(value);
    }
}
