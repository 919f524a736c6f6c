using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using CertiFlip.Data;
using SkiaSharp;

namespace CertiFlip.Onnx;

/// <summary>
/// An image of 8-bit numbers: red, green, blue and one that is not used, pixel by pixel from the top left.
/// </summary>
internal sealed record Pixels(int Width, int Height, byte[] Values)
{
    public const int Bytes = 4;

    /// <summary>Red, green and blue.</summary>
    public const int Colours = 3;

    /// <summary>Whether every pixel is a shade of grey.</summary>
    public bool IsGrey
    {
        get
        {
            for (int at = 0; at < Values.Length; at += Bytes)
            {
                if (Values[at] != Values[at + 1] || Values[at] != Values[at + 2])
                    return false;
            }

            return true;
        }
    }

    /// <summary>Cuts out a part that lies in the image.</summary>
    public Pixels Cut(int left, int top, int width, int height)
    {
        if (left == 0 && top == 0 && width == Width && height == Height)
            return this;
        byte[] part = new byte[width * height * Bytes];
        for (int y = 0; y < height; y++)
            Values.AsSpan(((top + y) * Width + left) * Bytes, width * Bytes).CopyTo(part.AsSpan(y * width * Bytes));
        return new Pixels(width, height, part);
    }

    /// <summary>The same pixels with left and right exchanged.</summary>
    public Pixels Mirrored()
    {
        byte[] mirrored = new byte[Values.Length];
        for (int from = 0; from < Width * Height; from++)
        {
            int column = from % Width, to = from - column + Width - 1 - column;
            Values.AsSpan(from * Bytes, Bytes).CopyTo(mirrored.AsSpan(to * Bytes, Bytes));
        }

        return new Pixels(Width, Height, mirrored);
    }

    /// <summary>
    /// The image in another size. Where it shrinks, every pixel is averaged with its neighbours (antialiasing), in the
    /// integers and in the order of Pillow, so that the result is that of Pillow's resize in each bit.
    /// </summary>
    public Pixels Resized(int width, int height, ImageFilter filter)
    {
        Pixels wide = width == Width ? this : new Taps(filter, Width, width).AlongRows(this);
        return height == Height ? wide : new Taps(filter, Height, height).AlongColumns(wide);
    }

    /// <summary>Which pixels each pixel of a line is made from, and with what weights.</summary>
    private sealed class Taps
    {
        private const int Bits = 22;
        private readonly int[] _first;
        private readonly int[][] _weights;

        public Taps(ImageFilter filter, int before, int after)
        {
            (Func<double, double> kernel, double support) = KernelOf(filter);
            double scale = before / (double)after, stretch = Math.Max(scale, 1);
            support *= stretch;
            (_first, _weights) = (new int[after], new int[after][]);
            for (int i = 0; i < after; i++)
            {
                double centre = (i + 0.5) * scale;
                int first = Math.Max(0, (int)(centre - support + 0.5)), end = Math.Min(before, (int)(centre + support + 0.5));
                double[] weights = new double[end - first];
                double sum = 0;
                for (int j = 0; j < weights.Length; j++)
                    sum += weights[j] = kernel((j + first - centre + 0.5) * (1 / stretch));
                _first[i] = first;
                _weights[i] = Array.ConvertAll(weights, weight => Rounded(sum == 0 ? weight : weight / sum));
            }
        }

        public Pixels AlongRows(Pixels image)
        {
            var resized = new Pixels(_first.Length, image.Height, new byte[_first.Length * image.Height * Bytes]);
            for (int y = 0; y < image.Height; y++)
            {
                for (int x = 0; x < resized.Width; x++)
                    Mix(image.Values, (y * image.Width + _first[x]) * Bytes, Bytes, _weights[x], resized.Values,
                        (y * resized.Width + x) * Bytes);
            }

            return resized;
        }

        public Pixels AlongColumns(Pixels image)
        {
            int step = image.Width * Bytes;
            var resized = new Pixels(image.Width, _first.Length, new byte[image.Width * _first.Length * Bytes]);
            for (int y = 0; y < resized.Height; y++)
            {
                for (int x = 0; x < image.Width; x++)
                    Mix(image.Values, _first[y] * step + x * Bytes, step, _weights[y], resized.Values, y * step + x * Bytes);
            }

            return resized;
        }

        private static void Mix(byte[] from, int at, int step, int[] weights, byte[] to, int target)
        {
            unchecked
            {
                var sum = Vector128.Create(1 << (Bits - 1));
                foreach (int weight in weights)
                {
                    uint pixel = BinaryPrimitives.ReadUInt32LittleEndian(from.AsSpan(at));
                    Vector128<int> parts = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte())).AsInt32();
                    sum += parts * weight;
                    at += step;
                }

                Vector128<int> mixed = Vector128.Min(Vector128.Max(sum >> Bits, Vector128<int>.Zero), Vector128.Create((int)byte.MaxValue));
                for (int channel = 0; channel < Bytes; channel++)
                    to[target + channel] = (byte)mixed[channel];
            }
        }

        private static int Rounded(double weight) => (int)(weight * (1 << Bits) + (weight < 0 ? -0.5 : 0.5));

        private static (Func<double, double> Kernel, double Support) KernelOf(ImageFilter filter) => filter switch
        {
            ImageFilter.Box => (x => x is > -0.5 and <= 0.5 ? 1 : 0, 0.5),
            ImageFilter.Bilinear => (x => Math.Max(0, 1 - Math.Abs(x)), 1),
            ImageFilter.Bicubic => (x => Cubic(Math.Abs(x)), 2),
            ImageFilter.Lanczos => (x => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0, 3),
            _ => throw new ArgumentOutOfRangeException(nameof(filter)),
        };

        private static double Cubic(double x) => x switch
        {
            < 1 => (1.5 * x - 2.5) * x * x + 1,
            < 2 => (((x - 5) * x + 8) * x - 4) * -0.5,
            _ => 0,
        };

        private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
    }
}

/// <summary>Decodes images with Skia, to what Pillow makes of them.</summary>
internal static class ImageDecoder
{
    /// <summary>A version of decoding and resizing: what was kept under another is computed again.</summary>
    public const int Version = 1;

    private const string Formats = "images are read from JPEG, PNG, WebP, GIF, BMP and ICO files";

    /// <summary>
    /// The first picture of an image, upright. Colour profiles are passed over and transparency is dropped, as by
    /// Pillow's <c>convert("RGB")</c>.
    /// </summary>
    /// <param name="image">The file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="DataException">It is no image, is damaged or too large.</exception>
    public static Pixels Decode(byte[] image, string name)
    {
        using SKData data = Data(image, name);
        using SKCodec codec = SKCodec.Create(data) ?? throw new DataException(
            image.Length == 0 ? $"{name}: the image is empty; copy it again or remove it."
            : $"{name}: {What(image)}; {Formats}. Convert it, or remove it from the images.");
        SKImageInfo info = new(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, AlphaOf(codec));
        ReaderOptions.Current.ThrowIfTooLarge(name, image.Length, (long)info.Width * info.Height * Pixels.Bytes);
        byte[] pixels = new byte[(long)info.Width * info.Height * Pixels.Bytes];
        SKCodecResult result;
        unsafe
        {
            fixed (byte* values = pixels)
                result = codec.GetPixels(info, (nint)values);
        }

        return result == SKCodecResult.Success
            ? Upright(new Pixels(info.Width, info.Height, pixels), codec.EncodedFormat == SKEncodedImageFormat.Png
                ? OrientationOfPng(image)
                : (int)codec.EncodedOrigin)
            : throw new DataException($"{name}: the image is {(result == SKCodecResult.IncompleteInput ? "cut off" : "damaged")}; "
                + "copy it again, or remove it from the images.");
    }

    private static SKData Data(byte[] image, string name)
    {
        try
        {
            return SKData.CreateCopy(image);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new DataException($"{name}: SkiaSharp has no build for this system, so that images cannot be read here.", e);
        }
    }

    private static SKAlphaType AlphaOf(SKCodec codec) =>
        codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;

    private static string What(ReadOnlySpan<byte> image) => image switch
    {
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "this is a TIFF image, which is not read",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "this is an AVIF, HEIC or video file, which is not read",
        [(byte)'<', ..] => "this is SVG, HTML or XML and no picture of pixels",
        [0xFF, 0xD8, 0xFF, ..] or [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..]
            or [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "the image is cut off or damaged",
        _ => "this is no image of a format that is read",
    };

    /// <summary>Turns an image as EXIF says it is to be seen.</summary>
    private static Pixels Upright(Pixels image, int orientation)
    {
        if (orientation is < 2 or > 8)
            return image;
        (int width, int height) = (image.Width, image.Height);
        bool swaps = orientation >= 5;
        var turned = new Pixels(swaps ? height : width, swaps ? width : height, new byte[image.Values.Length]);
        for (int y = 0; y < turned.Height; y++)
        {
            for (int x = 0; x < turned.Width; x++)
            {
                (int fromX, int fromY) = orientation switch
                {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    _ => (width - 1 - y, x),
                };
                image.Values.AsSpan((fromY * width + fromX) * Pixels.Bytes, Pixels.Bytes)
                    .CopyTo(turned.Values.AsSpan((y * turned.Width + x) * Pixels.Bytes));
            }
        }

        return turned;
    }

    /// <summary>
    /// The orientation in the EXIF chunk of a PNG file, which Skia passes over; 1 where there is none.
    /// </summary>
    private static int OrientationOfPng(ReadOnlySpan<byte> png)
    {
        const int Head = 8, Tail = 4;
        for (int at = 8; at + Head <= png.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
            if (length > png.Length - at - Head)
                break;
            if (png.Slice(at + 4, 4).SequenceEqual("eXIf"u8))
                return OrientationOf(png.Slice(at + Head, (int)length));
            at += Head + (int)length + Tail;
        }

        return 1;
    }

    private static int OrientationOf(ReadOnlySpan<byte> exif)
    {
        const int Entry = 12, Orientation = 0x0112;
        if (exif.Length < 8)
            return 1;
        bool isBig = exif[0] == 'M';
        uint start = isBig ? BinaryPrimitives.ReadUInt32BigEndian(exif[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(exif[4..]);
        for (long at = start + 2L; at + Entry <= exif.Length; at += Entry)
        {
            if (Short(exif, (int)at) == Orientation)
                return Short(exif, (int)at + 8);
        }

        return 1;

        int Short(ReadOnlySpan<byte> bytes, int at) => isBig
            ? BinaryPrimitives.ReadUInt16BigEndian(bytes[at..])
            : BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
    }
}
