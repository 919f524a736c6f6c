using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CertiFlip.Data;

namespace CertiFlip.Onnx;

/// <summary>How pixels of a resized image come about.</summary>
public enum ImageFilter
{
    /// <summary>The mean of the pixels that each replaces.</summary>
    Box,

    /// <summary>A triangle: what torchvision takes where nothing is said.</summary>
    Bilinear,

    /// <summary>A cubic curve with a = −0.5.</summary>
    Bicubic,

    /// <summary>Lanczos's curve over three pixels.</summary>
    Lanczos,
}

/// <summary>
/// What a model wants of images: how they are resized and cut, and which numbers stand for colours. What is null is
/// taken from the model, from the files beside it, or from what is known of models of its name.
/// </summary>
public sealed partial record ImagePreparation
{
    /// <summary>The height in pixels that the model gets.</summary>
    public int? Height { get; init; }

    /// <summary>The width in pixels that the model gets.</summary>
    public int? Width { get; init; }

    /// <summary>
    /// The pixels of the shorter side after resizing, at least the height and the width; then the centre is cut out.
    /// 0: the whole image is stretched to height and width, whatever its shape.
    /// </summary>
    public int? ShorterSide { get; init; }

    /// <summary>How pixels of a resized image come about.</summary>
    public ImageFilter? Filter { get; init; }

    /// <summary>
    /// What is taken off each number from 0 to 255: one number, three for red, green and blue, or one for each number
    /// of the image in the order of the model's input.
    /// </summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>What each difference is divided by: one number, or three for red, green and blue.</summary>
    public IReadOnlyList<float>? Deviation { get; init; }

    /// <summary>Whether the model's input begins with blue and ends with red.</summary>
    public bool? BlueFirst { get; init; }

    /// <summary>
    /// Whether the numbers of a pixel are side by side (n×H×W×3), and not in a plane for each colour (n×3×H×W).
    /// </summary>
    public bool? ChannelsLast { get; init; }

    /// <summary>These, and what others say where these say nothing.</summary>
    /// <param name="others">The others.</param>
    public ImagePreparation Or(ImagePreparation others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new ImagePreparation
        {
            Height = Height ?? others.Height,
            Width = Width ?? others.Width,
            ShorterSide = ShorterSide ?? others.ShorterSide,
            Filter = Filter ?? others.Filter,
            Mean = Mean ?? others.Mean,
            Deviation = Deviation ?? others.Deviation,
            BlueFirst = BlueFirst ?? others.BlueFirst,
            ChannelsLast = ChannelsLast ?? others.ChannelsLast,
        };
    }

    /// <summary>In words, for outputs: "224 × 224, whole image, bicubic".</summary>
    public override string ToString()
    {
        string mean = Mean is null ? "?" : Mean.Count <= 3 ? Listed(Mean) : "an image";
        string part = ShorterSide is > 0 ? $"centre of the image with its shorter side at {ShorterSide}" : "whole image";
        return $"{Height} × {Width}, {part}, "
            + $"{Filter?.ToString().ToLowerInvariant()}; (pixel − {mean}) / {(Deviation is null ? "?" : Listed(Deviation))}, "
            + $"{(BlueFirst == true ? "BGR" : "RGB")}, {(ChannelsLast == true ? "NHWC" : "NCHW")}";
    }

    /// <summary>What the model's own metadata say.</summary>
    internal static ImagePreparation OfMetadata(IReadOnlyDictionary<string, string> metadata, Func<string, Exception> refuse)
    {
        string resize = metadata.GetValueOrDefault("resize", "").ToLowerInvariant();
        string crop = metadata.GetValueOrDefault("crop", "").ToLowerInvariant();
        string order = (metadata.GetValueOrDefault("colour_order") ?? metadata.GetValueOrDefault("color_order", "")).ToUpperInvariant();
        string layout = metadata.GetValueOrDefault("layout", "").ToUpperInvariant();
        (int, int)? size = SizeIn(resize), cut = SizeIn(crop) ?? SizeOf(Number().Match(crop));
        bool isWhole = resize.Contains("not kept", StringComparison.Ordinal) || resize.Contains("whole", StringComparison.Ordinal);
        bool isShorter = resize.Contains("shorte", StringComparison.Ordinal);
        return new ImagePreparation
        {
            Height = (cut ?? size)?.Item1,
            Width = (cut ?? size)?.Item2,
            ShorterSide = isShorter && Number().Match(resize) is { Success: true } side ? Parsed(side.Value) : isWhole ? 0 : null,
            Filter = resize.Length == 0 ? null : Enum.GetValues<ImageFilter>().Cast<ImageFilter?>()
                .FirstOrDefault(filter => resize.Contains(filter.ToString()!.ToLowerInvariant(), StringComparison.Ordinal)),
            Mean = Numbers("input_mean"),
            Deviation = Numbers("input_std"),
            BlueFirst = order.Length == 0 ? null : order == "BGR",
            ChannelsLast = layout.Length == 0 ? null : layout == "NHWC",
        };

        float[]? Numbers(string name)
        {
            if (!metadata.TryGetValue(name, out string? text))
                return null;
            string[] parts = text.Trim('[', ']', '(', ')', ' ')
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            float[] numbers = new float[parts.Length];
            for (int i = 0; i < parts.Length; i++)
            {
                if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                    throw refuse($"the model's metadata have {name} = {DataException.Quote(text)}; expected numbers with commas between.");
            }

            return numbers;
        }
    }

    /// <summary>What a <c>preprocessor_config.json</c> of Hugging Face's says.</summary>
    internal static ImagePreparation OfProcessor(JsonElement json)
    {
        double factor = json.TryGetProperty("rescale_factor", out JsonElement rescale) && rescale.ValueKind == JsonValueKind.Number
            ? rescale.GetDouble() : 1 / 255.0;
        (int? height, int? width, int? shorter) = SizeOf("size");
        if (Is("do_center_crop") && SizeOf("crop_size") is ({ } cutHeight, { } cutWidth, _))
            (height, width, shorter) = (cutHeight, cutWidth, shorter ?? height);
        else if (height is not null)
            shorter = 0;
        if (json.TryGetProperty("do_rescale", out JsonElement does) && does.ValueKind == JsonValueKind.False)
            factor = 1;
        return new ImagePreparation
        {
            Height = height ?? shorter,
            Width = width ?? shorter,
            ShorterSide = shorter,
            Filter = json.TryGetProperty("resample", out JsonElement resample) && resample.ValueKind == JsonValueKind.Number
                ? resample.GetInt32() switch
                {
                    1 => ImageFilter.Lanczos,
                    2 => ImageFilter.Bilinear,
                    3 => ImageFilter.Bicubic,
                    4 => ImageFilter.Box,
                    _ => null,
                }
                : null,
            Mean = Is("do_normalize") ? Scaled("image_mean") : [0],
            Deviation = Is("do_normalize") ? Scaled("image_std") : [(float)(1 / factor)],
        };

        bool Is(string name) => json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

        float[]? Scaled(string name) => json.TryGetProperty(name, out JsonElement values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Select(value => (float)(value.GetDouble() / factor))]
            : null;

        (int? Height, int? Width, int? Shorter) SizeOf(string name)
        {
            if (!json.TryGetProperty(name, out JsonElement size))
                return (null, null, null);
            if (size.ValueKind == JsonValueKind.Number)
                return name == "size" && Is("do_center_crop") ? (null, null, size.GetInt32()) : (size.GetInt32(), size.GetInt32(), null);
            return size.ValueKind != JsonValueKind.Object ? (null, null, null)
                : (Whole("height"), Whole("width"), Whole("shortest_edge"));

            int? Whole(string part) => size.TryGetProperty(part, out JsonElement number) && number.ValueKind == JsonValueKind.Number
                ? number.GetInt32() : null;
        }
    }

    /// <summary>What is known of the model of Microsoft.ML.DnnImageFeaturizer.ResNet18.</summary>
    /// <param name="mean">The mean image of the preprocessing step beside it, where that is there.</param>
    internal static ImagePreparation OfResNet18(float[]? mean) => new()
    {
        Height = 224,
        Width = 224,
        ShorterSide = 224,
        Filter = ImageFilter.Bilinear,
        Mean = mean ?? [123.151634f, 115.902885f, 103.06262f], // The means of that image.
        Deviation = [1],
        BlueFirst = true,
    };

    private static (int Height, int Width)? SizeIn(string text) =>
        Size().Match(text) is { Success: true } match ? (Parsed(match.Groups[1].Value), Parsed(match.Groups[2].Value)) : null;

    private static (int Height, int Width)? SizeOf(Match match) => match.Success ? (Parsed(match.Value), Parsed(match.Value)) : null;

    private static int Parsed(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    private static string Listed(IEnumerable<float> numbers) =>
        string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"(\d{1,5})\s*[x×]\s*(\d{1,5})")]
    private static partial Regex Size();

    [GeneratedRegex(@"\d{1,5}")]
    private static partial Regex Number();
}
