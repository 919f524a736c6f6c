using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using CertiFlip.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CertiFlip.Onnx;

/// <summary>How an ONNX model is used on images, where the model does not say it.</summary>
public sealed record OnnxImageOptions
{
    /// <summary>What the model wants of images; it takes the place of what the model says itself.</summary>
    public ImagePreparation Preparation { get; init; } = new();

    /// <summary>
    /// The outputs that features are taken from, one after the other; none takes the one that there is, or the pooled
    /// one. What a node within the model computes is named like an output, such as the layer before the last.
    /// </summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>
    /// Whether an image's features are the mean of its own and of those of its mirror image, left and right exchanged.
    /// What the model sees in one of the two alone counts less. It runs twice for each image.
    /// </summary>
    public bool Mirror { get; init; }

    /// <summary>Reads options as the command line has them.</summary>
    /// <param name="settings">
    /// Pairs such as <c>size=224</c> (or <c>size=224x160</c>), <c>shorter=256</c> (0: the whole image is stretched),
    /// <c>filter=bicubic</c>, <c>mean=123.7/116.3/103.5</c>, <c>std=58.4/57.1/57.4</c>, <c>colours=bgr</c>,
    /// <c>layout=nhwc</c>, <c>output=NAME</c> (or <c>output=NAME+NAME</c>) and <c>mirror=yes</c>.
    /// </param>
    /// <exception cref="FormatException">A pair is none of these; the message says what was expected.</exception>
    public static OnnxImageOptions Parse(IEnumerable<string> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        OnnxImageOptions options = new();
        foreach (string setting in settings)
        {
            (string name, string value) = MapSetting.Of(setting);
            ImagePreparation before = options.Preparation;
            options = name switch
            {
                "output" => options with { Outputs = value.Split('+', StringSplitOptions.TrimEntries) },
                "mirror" => options with { Mirror = MapSetting.Is(setting, value, "yes", "no") },
                "size" => Array.ConvertAll(value.Split('x'), side => MapSetting.Whole(setting, side)) switch
                {
                    [var side] => options with { Preparation = before with { Height = side, Width = side } },
                    [var height, var width] => options with { Preparation = before with { Height = height, Width = width } },
                    _ => throw MapSetting.Expected(setting, "size=224 or size=HEIGHTxWIDTH"),
                },
                "shorter" => options with { Preparation = before with { ShorterSide = MapSetting.Whole(setting, value) } },
                "filter" => options with { Preparation = before with { Filter = MapSetting.OneOf<ImageFilter>(setting, value) } },
                "mean" => options with { Preparation = before with { Mean = MapSetting.Numbers(setting, value) } },
                "std" => options with { Preparation = before with { Deviation = MapSetting.Numbers(setting, value) } },
                "colours" => options with { Preparation = before with { BlueFirst = MapSetting.Is(setting, value, "bgr", "rgb") } },
                "layout" => options with { Preparation = before with { ChannelsLast = MapSetting.Is(setting, value, "nhwc", "nchw") } },
                _ => throw MapSetting.Expected(
                    setting, "for a model of images: size, shorter, filter, mean, std, colours, layout, output or mirror, as in size=224"),
            };
        }

        return options;
    }
}

/// <summary>Parts of options of maps as the command line has them: <c>name=value</c>.</summary>
internal static class MapSetting
{
    public static (string Name, string Value) Of(string setting) => setting.IndexOf('=') is > 0 and var at && at + 1 < setting.Length
        ? (setting[..at].Trim().ToLowerInvariant(), setting[(at + 1)..].Trim())
        : throw Expected(setting, "name=value");

    public static float[] Numbers(string setting, string value) => Array.ConvertAll(value.Split('/'), part =>
        float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && float.IsFinite(number) && number >= 0
            ? number
            : throw Expected(setting, "numbers with / between"));

    public static int Whole(string setting, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 1 << 14
            ? number
            : throw Expected(setting, $"a whole number of at most {1 << 14}");

    public static T OneOf<T>(string setting, string value)
        where T : struct, Enum =>
        Enum.TryParse(value, ignoreCase: true, out T found) && Enum.IsDefined(found) && !char.IsAsciiDigit(value[0])
            ? found
            : throw Expected(setting, $"one of {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))}");

    public static bool Is(string setting, string value, string yes, string no) =>
        value.Equals(yes, StringComparison.OrdinalIgnoreCase) ? true
        : value.Equals(no, StringComparison.OrdinalIgnoreCase) ? false
        : throw Expected(setting, $"{yes} or {no}");

    public static FormatException Expected(string setting, string expected) => new($"'{ShownText.Cut(setting, 60)}': expected {expected}");
}

/// <summary>
/// h, features of images by an ONNX model, such as a network without its last layer. It must have been trained on other
/// data than those to defend.
/// </summary>
/// <remarks>
/// Of the outputs, one of n×k numbers is taken as it is; of n×k×H×W numbers the mean over the picture; of n×T×k numbers
/// the first of T, which stands for the whole picture in vision transformers. Features depend on the image alone: not
/// on the number of threads, nor on other images. Other processors may round otherwise. Thread-safe.
/// </remarks>
public sealed class OnnxImageMap : IStorable<OnnxImageMap>, IDisposable
{
    private const int Colours = 3, Grey = 1;
    private const string StoredOutputs = "output", StoredMirror = "mirror";
    private readonly OnnxModel _model;
    private readonly string _input;
    private readonly string[] _outputs;
    private readonly Range[] _places;
    private readonly int _channels, _height, _width;
    private readonly float[][] _values;

    private OnnxImageMap(OnnxModel model, ImagePreparation preparation, IReadOnlyList<string> outputs, bool mirror)
    {
        (_model, Mirror) = (model, mirror);
        (_input, NodeMetadata? images) = model.Inputs.FirstOrDefault();
        if (model.Inputs.Count != 1 || images is not { IsTensor: true, ElementDataType: TensorElementType.Float, Dimensions.Length: 4 })
        {
            throw model.Refuse("a model of images has one input, float32 of four dimensions (n×3×H×W or n×H×W×3); this one has "
                + $"{OnnxModel.Listed(model.Inputs)}.");
        }

        int[] shape = images.Dimensions;
        if (shape[0] > 1)
            throw model.Refuse($"the model takes {shape[0]} images at a time; export it for one, or for any number.");
        bool isLast = preparation.ChannelsLast ?? (shape[1] is not (Colours or Grey) && shape[3] is Colours or Grey);
        (_channels, int height, int width) = isLast ? (shape[3], shape[1], shape[2]) : (shape[1], shape[2], shape[3]);
        if (_channels < 1)
            _channels = Colours;
        if (_channels is not (Colours or Grey))
            throw model.Refuse($"input {DataException.Quote(_input)} has {_channels} channels; images have 1 or 3.");
        _height = SizeOf(height, preparation.Height, "height");
        _width = SizeOf(width, preparation.Width, "width");
        if (preparation.ShorterSide is > 0 and var side && side < Math.Max(_height, _width))
            throw model.Refuse(
                $"images are cut to {_height} × {_width}, so their shorter side has to be at least as long, and it is {side}.");
        Preparation = preparation with
        {
            Height = _height,
            Width = _width,
            ChannelsLast = isLast,
            ShorterSide = preparation.ShorterSide ?? 0,
            Filter = preparation.Filter ?? ImageFilter.Bicubic,
            BlueFirst = preparation.BlueFirst ?? false,
            Mean = preparation.Mean ?? throw Unknown("which mean and standard deviation pixels are scaled by"),
            Deviation = preparation.Deviation ?? throw Unknown("which standard deviation pixels are scaled by"),
        };
        _values = Scales(Preparation);
        string OutputOf(string? name) => model.OutputOf(name, ["image_embeds", "pooler_output", "features", "embeddings"], [2, 4, 3]);
        _outputs = outputs.Count == 0 ? [OutputOf(null)] : [.. outputs.Select(OutputOf)];
        if (_outputs.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw model.Refuse($"output {DataException.Quote(twice.Key)} is named twice.");
        _places = PlacesOf([.. _outputs.Select(name => model.Outputs[name].Dimensions)]);
        Features = _places[^1].End.Value;
    }

    /// <inheritdoc/>
    public static string Kind => "onnx-images";

    /// <summary>k, the numbers that an image becomes.</summary>
    public int Features { get; }

    /// <summary>How images are prepared for the model.</summary>
    public ImagePreparation Preparation { get; }

    /// <summary>The outputs that features are taken from, one after the other.</summary>
    public IReadOnlyList<string> Outputs => _outputs;

    /// <summary>
    /// Whether features are the mean of those of the image and of its mirror image
    /// (<see cref="OnnxImageOptions.Mirror"/>).
    /// </summary>
    public bool Mirror { get; }

    /// <summary>Where rows are kept that were computed before; null, the default, keeps none.</summary>
    public FeatureCache? Cache { get; set; }

    /// <summary>How often the model was run.</summary>
    public long Runs => _model.Runs;

    /// <summary>Loads a model.</summary>
    /// <param name="path">
    /// An <c>.onnx</c> file; a folder with one; or a NuGet package, or a library of one, that brings a model.
    /// </param>
    /// <param name="options">How to use it, where it does not say so itself.</param>
    /// <remarks>
    /// How images are prepared is taken from the options; else from the model's metadata (<c>resize</c>, <c>crop</c>,
    /// <c>input_mean</c>, <c>input_std</c>, <c>colour_order</c>, <c>layout</c>), from a <c>preprocessor_config.json</c>
    /// beside it, or from what is known of the model of Microsoft.ML.DnnImageFeaturizer.ResNet18.
    /// </remarks>
    /// <exception cref="DataException">
    /// It is no ONNX model, does not take images, or does not say how they are prepared.
    /// </exception>
    public static OnnxImageMap Load(string path, OnnxImageOptions? options = null)
    {
        options ??= new OnnxImageOptions();
        var files = ModelFiles.Open(path);
        var model = new OnnxModel(files.Model, files.Name, options.Outputs);
        try
        {
            ImagePreparation preparation =
                options.Preparation.Or(ImagePreparation.OfMetadata(model.Metadata, problem => model.Refuse(problem)));
            if (files.Find("preprocessor_config.json") is { } processor)
                preparation = preparation.Or(OfProcessor(processor, model));
            if (IsResNet18(model))
                preparation = preparation.Or(ImagePreparation.OfResNet18(MeanImageOf(files)));
            return new OnnxImageMap(model, preparation, options.Outputs, options.Mirror);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Maps images.</summary>
    /// <param name="images">n images.</param>
    /// <param name="progress">Is told how many more images are done.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the features do not depend on it.</param>
    /// <returns>n×k features, float32.</returns>
    /// <exception cref="DataException">An image cannot be read; the message names the first such.</exception>
    /// <exception cref="OperationCanceledException">
    /// The work was to stop. What was computed is in the cache.
    /// </exception>
    public FeatureMatrix Transform(IReadOnlyList<StoredImage> images, IProgress<int>? progress = null, ParallelOptions? parallel = null)
    {
        using FeatureCache.Rows? kept = Cache?.Open(Identity("image"), Features);
        return MappedRows.Compute(
            images, Features, kept, BytesOf,
            (image, bytes, row) => Run(ImageDecoder.Decode(bytes, image.Name), image.Name, row), progress, parallel);
    }

    /// <summary>Maps images that are arrays of numbers.</summary>
    /// <param name="images">n images, grey or in colour.</param>
    /// <param name="white">The number of white, where black is 0: 255 for bytes, 1 for images that were scaled.</param>
    /// <param name="progress">Is told how many more images are done.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the features do not depend on it.</param>
    /// <returns>n×k features, float32.</returns>
    /// <exception cref="DataException">A pixel is not between black and white.</exception>
    public FeatureMatrix Transform(ImageList images, double white, IProgress<int>? progress = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(white);
        using FeatureCache.Rows? kept = Cache?.Open(Identity($"pixels {images.Height} {images.Width}"), Features);
        return MappedRows.Compute(
            [.. Enumerable.Range(0, images.Pixels.Rows)], Features, kept, row => PixelsOf(images, row, white),
            (row, pixels, features) =>
                Run(new Pixels(images.Width, images.Height, pixels), $"{images.Source}, image {row}", features),
            progress, parallel);
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("model", _model.Bytes);
        arrays.Add(StoredOutputs, _outputs);
        arrays.Add("size", [_height, _width, Preparation.ShorterSide!.Value]);
        arrays.Add("filter", [$"{Preparation.Filter}"]);
        arrays.Add("order", [Preparation.BlueFirst == true ? 1 : 0, Preparation.ChannelsLast == true ? 1 : 0]);
        arrays.Add("mean", [.. Preparation.Mean!]);
        arrays.Add("deviation", [.. Preparation.Deviation!]);
        if (Mirror)
            arrays.Add(StoredMirror, [1]);
    }

    /// <inheritdoc/>
    public static OnnxImageMap Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        string[] outputs = arrays.Texts(StoredOutputs);
        var model = new OnnxModel(arrays.Bytes("model"), "the model inside", outputs);
        try
        {
            if (outputs.Length == 0)
                throw new ArgumentException("The outputs are missing.");
            int[] size = arrays.Integers("size"), order = arrays.Integers("order");
            if (size is not [> 0, > 0, >= 0] || order is not [0 or 1, 0 or 1]
                || !Enum.TryParse(arrays.Texts("filter").Single(), out ImageFilter filter) || !Enum.IsDefined(filter))
            {
                throw new ArgumentException("How images are prepared is not known.");
            }

            return new OnnxImageMap(model, new ImagePreparation
            {
                Height = size[0],
                Width = size[1],
                ShorterSide = size[2],
                Filter = filter,
                BlueFirst = order[0] == 1,
                ChannelsLast = order[1] == 1,
                Mean = arrays.Singles("mean"),
                Deviation = arrays.Singles("deviation"),
            }, outputs, arrays.All.ContainsKey(StoredMirror));
        }
        catch (DataException e)
        {
            model.Dispose();
            throw new ArgumentException(e.Message, e);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private void Run(Pixels image, string name, Span<float> row)
    {
        Pixels sized = Sized(image);
        float[] features = Embed(sized);
        if (Mirror)
        {
            float[] others = Embed(sized.Mirrored());
            for (int i = 0; i < features.Length; i++)
                features[i] = features[i] / 2 + others[i] / 2; // Halves first: their sum is in range.
        }

        if (Array.FindIndex(features, value => !float.IsFinite(value)) is >= 0 and var bad)
            throw new DataException($"{name}: the model makes {features[bad]} of it (feature {bad}), and features must be finite.");
        features.CopyTo(row);
    }

    /// <summary>The features of an image of the size that the model gets.</summary>
    private float[] Embed(Pixels sized)
    {
        float[] numbers = new float[_channels * _height * _width];
        Fill(sized, numbers);
        float[] features = new float[Features];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(
            numbers, Preparation.ChannelsLast == true ? [1, _height, _width, _channels] : [1, _channels, _height, _width]);
        _model.Run([_input], [input], _outputs, (output, values, shape) => Take(values, shape, features.AsSpan(_places[output])));
        return features;
    }

    private Pixels Sized(Pixels image)
    {
        ImageFilter filter = Preparation.Filter!.Value;
        if (Preparation.ShorterSide is not (> 0 and var side))
            return image.Resized(_width, _height, filter);

        // As torchvision's Resize and CenterCrop: the longer side is rounded down, halves of the margin to even.
        (int width, int height) = image.Width <= image.Height
            ? (side, (int)((long)side * image.Height / image.Width))
            : ((int)((long)side * image.Width / image.Height), side);
        return image.Resized(width, height, filter).Cut(
            (int)Math.Round((width - _width) / 2.0), (int)Math.Round((height - _height) / 2.0), _width, _height);
    }

    private void Fill(Pixels image, float[] numbers)
    {
        bool isLast = Preparation.ChannelsLast == true;
        int plane = _height * _width;
        ReadOnlySpan<byte> pixels = image.Values;
        for (int channel = 0; channel < _channels; channel++)
        {
            int colour = Preparation.BlueFirst == true ? Colours - 1 - channel : channel;
            float[] values = _values[_channels == Grey ? 0 : colour];
            (int at, int step) = isLast ? (channel, _channels) : (channel * plane, 1);
            for (int i = 0; i < plane; i++, at += step)
                numbers[at] =
                    values[_channels == Grey ? GreyOf(pixels.Slice(i * Pixels.Bytes, Colours)) : pixels[i * Pixels.Bytes + colour]];
        }

        if (Preparation.Mean!.Count > Colours)
        {
            float[] mean = (float[])Preparation.Mean;
            float deviation = Preparation.Deviation![0];
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = (numbers[i] - mean[i]) / deviation;
        }
    }

    /// <summary>As Pillow's <c>convert("L")</c>.</summary>
    private static int GreyOf(ReadOnlySpan<byte> pixel) => (pixel[0] * 19595 + pixel[1] * 38470 + pixel[2] * 7471 + 0x8000) >> 16;

    private void Take(ReadOnlySpan<float> values, long[] shape, Span<float> row)
    {
        if (shape.Length != 4)
        {
            if (shape[0] != 1 || shape[^1] != row.Length)
                throw _model.Refuse($"the model returned {string.Join(" × ", shape)} numbers for one image; expected 1 × {row.Length}.");
            values[..row.Length].CopyTo(row);
            return;
        }

        bool isLast = Preparation.ChannelsLast == true;
        if (shape[0] != 1 || shape[isLast ? 3 : 1] != row.Length)
        {
            throw _model.Refuse($"the model returned {string.Join(" × ", shape)} numbers for one image; expected 1 × … with "
                + $"{row.Length} channels.");
        }

        int places = values.Length / row.Length;
        for (int feature = 0; feature < row.Length; feature++)
        {
            double sum = 0;
            for (int place = 0; place < places; place++)
                sum += values[isLast ? place * row.Length + feature : feature * places + place];
            row[feature] = (float)(sum / places);
        }
    }

    /// <summary>Where the features of each output stand. A black image tells what the model does not say.</summary>
    private Range[] PlacesOf(int[][] shapes)
    {
        int[] counts = Array.ConvertAll(shapes, shape => CountOf(Array.ConvertAll(shape, length => (long)length)));
        if (counts.Any(count => count < 1))
        {
            float[] black = new float[_channels * _height * _width];
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(
                black, Preparation.ChannelsLast == true ? [1, _height, _width, _channels] : [1, _channels, _height, _width]);
            _model.Run([_input], [input], _outputs, (output, _, shape) => counts[output] = CountOf(shape));
        }

        int at = 0;
        return Array.ConvertAll(
            counts, count => count > 0 ? at..(at = checked(at + count)) : throw _model.Refuse("the model returns no numbers."));

        int CountOf(long[] shape) => (int)(shape.Length == 4 && Preparation.ChannelsLast != true ? shape[1] : shape[^1]);
    }

    /// <summary>The numbers that 0 to 255 become, for each colour.</summary>
    private float[][] Scales(ImagePreparation preparation)
    {
        (IReadOnlyList<float> mean, IReadOnlyList<float> deviation) = (preparation.Mean!, preparation.Deviation!);
        int numbers = _channels * _height * _width;
        if (mean.Count is not (1 or Colours) && mean.Count != numbers || deviation.Count is not (1 or Colours)
            || mean.Count > Colours && deviation.Count != 1)
        {
            throw _model.Refuse(
                $"pixels are scaled by {mean.Count} means and {deviation.Count} standard deviations; expected one of each, or three.");
        }

        if (mean.Concat(deviation).Any(number => !float.IsFinite(number)) || deviation.Any(number => number == 0))
            throw _model.Refuse("means must be finite, and standard deviations not 0.");
        return
        [
            .. Enumerable.Range(0, Colours).Select(colour => Enumerable.Range(0, 256).Select(value => mean.Count > Colours
                ? value
                : (value - mean[mean.Count == 1 ? 0 : colour]) / deviation[deviation.Count == 1 ? 0 : colour]).ToArray()),
        ];
    }

    private int SizeOf(int model, int? wanted, string name)
    {
        if (model > 0 && wanted is not null && wanted != model)
            throw _model.Refuse($"the model takes images of {name} {model}, and not {wanted}.");
        return model > 0 ? model : wanted is > 0 and <= 1 << 14 ? wanted.Value : throw Unknown($"which {name} images are to have");
    }

    private DataException Unknown(string what) =>
        _model.Refuse($"the model does not say {what}; say it with --map-options (or OnnxImageOptions.Preparation).");

    private static bool IsResNet18(OnnxModel model) =>
        model.Inputs.ContainsKey("Input247") && model.Outputs.ContainsKey("Pooling395_Output_0");

    /// <summary>
    /// What the preprocessing step beside ResNet18 takes off every image, in the order of the model's input.
    /// </summary>
    private static float[]? MeanImageOf(ModelFiles files)
    {
        byte[]? step = files.Find("ResNetPreprocess.onnx") ?? files.Find(Path.Combine("ResNetPrepOnnx", "ResNetPreprocess.onnx"));
        if (step is null)
            return null;
        using var model = new OnnxModel(step, $"{files.Name}: ResNetPreprocess.onnx");
        float[] black = new float[Colours * 224 * 224], mean = new float[black.Length];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(black, [1, Colours, 224, 224]);
        model.Run(
            [model.Inputs.Keys.Single()], [input], [model.Outputs.Keys.Single()],
            (_, values, _) => TensorPrimitives.Negate(values, mean));
        return mean;
    }

    private static ImagePreparation OfProcessor(byte[] json, OnnxModel model)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return ImagePreparation.OfProcessor(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw model.Refuse("the preprocessor_config.json beside the model cannot be read; copy it again, or remove it.", e);
        }
    }

    internal static byte[] BytesOf(StoredImage image)
    {
        try
        {
            using Stream stream = image.Open();
            if (stream is FileStream file)
            {
                byte[] bytes = new byte[file.Length];
                file.ReadExactly(bytes);
                return bytes;
            }

            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new DataException($"{image.Name}: the image cannot be read: {e.Message}", e);
        }
    }

    private static byte[] PixelsOf(ImageList images, int row, double white)
    {
        ReadOnlySpan<double> numbers = images.Pixels.Row(row);
        byte[] pixels = new byte[images.Height * images.Width * Pixels.Bytes];
        for (int i = 0; i < pixels.Length; i++)
        {
            int colour = i % Pixels.Bytes;
            double number = colour == Colours ? 0 : numbers[i / Pixels.Bytes * images.Channels + (images.Channels == Grey ? 0 : colour)];
            pixels[i] = number >= 0 && number <= white
                ? (byte)Math.Round(number / white * byte.MaxValue)
                : throw new DataException($"{images.Source}, image {row}: a pixel is {number}; expected 0 to {white}.");
        }

        return pixels;
    }

    /// <summary>All that features follow from but for the image.</summary>
    private string Identity(string kind)
    {
        string outputs = string.Join('\n', _outputs);
        var identity = new StringBuilder($"{Kind} {ImageDecoder.Version} {kind}\n{_model.Hash}\n{outputs}\n{Preparation}\n");
        foreach (float mean in Preparation.Mean!)
            identity.Append(BitConverter.SingleToUInt32Bits(mean)).Append(' ');
        if (Mirror)
            identity.Append("\nmirror");
        return identity.ToString();
    }
}
