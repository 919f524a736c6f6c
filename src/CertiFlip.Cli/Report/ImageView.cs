using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using CertiFlip.Data;

namespace CertiFlip.Cli.Report;

/// <summary>Rows as images: the larger a number, the brighter, on one scale for all.</summary>
internal sealed class ImageView(ImageList images) : IRowView
{
    private readonly Lazy<(double Darkest, double Brightest)> _range = new(() => RangeOf(images.Pixels));

    public int Count => images.Pixels.Rows;

    /// <summary>The rows of data as images, or null where nothing says that they are grey images.</summary>
    public static ImageView? Of(Dataset data) => DataColumns.Of(data).Image is { Channels: 1 } image
        ? new ImageView(new ImageList(data.Features, image.Height, image.Width, image.Channels, data.Source))
        : null;

    public Html Show(int row, string name, ViewSize size)
    {
        // Every pixel stands for a square of so many of the image's.
        int square = (Math.Max(images.Height, images.Width) + size.Pixels - 1) / size.Pixels;
        (int height, int width) = (Math.Max(1, images.Height / square), Math.Max(1, images.Width / square));
        string png = Convert.ToBase64String(Png(images.Pixels.Row(row), height, width, square));
        return Html.Of(
            $"<img{Html.Made(square == 1 ? " class=\"pixels\"" : "")} alt=\"{name}\" width=\"{width}\" height=\"{height}\" "
                + $"src=\"data:image/png;base64,{Html.Made(png)}\">");
    }

    private byte[] Png(ReadOnlySpan<double> pixels, int height, int width, int square)
    {
        // Each row begins with a zero, which says that its bytes are colours and not differences.
        const int Colours = 3;
        int line = 1 + width * Colours;
        byte[] lines = new byte[height * line];
        for (int place = 0; place < width * height; place++)
        {
            int at = place / width * line + 1 + place % width * Colours;
            for (int colour = 0; colour < Colours; colour++)
            {
                lines[at + colour] = images.Channels == 1 && colour > 0
                    ? lines[at]
                    : InRange(MeanOf(pixels, place / width * square, place % width * square, square, colour));
            }
        }

        return PngOf(lines, height, width);
    }

    /// <summary>
    /// A file of PNG, written here so that the report of a table needs no native library on any system.
    /// </summary>
    private static byte[] PngOf(byte[] lines, int height, int width)
    {
        const byte BitsPerColour = 8, RedGreenBlue = 2;
        using var png = new MemoryStream();
        png.Write([0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n']);
        byte[] head = [0, 0, 0, 0, 0, 0, 0, 0, BitsPerColour, RedGreenBlue, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(sizeof(int)), height);
        Write("IHDR"u8, head);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(lines);
        Write("IDAT"u8, packed.ToArray());
        Write("IEND"u8, []);
        return png.ToArray();

        void Write(ReadOnlySpan<byte> kind, byte[] content)
        {
            byte[] named = [.. kind, .. content], number = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
            png.Write(number);
            png.Write(named);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(named));
            png.Write(number);
        }
    }

    private double MeanOf(ReadOnlySpan<double> pixels, int top, int left, int square, int channel)
    {
        (int bottom, int right) = (Math.Min(top + square, images.Height), Math.Min(left + square, images.Width));
        double sum = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
                sum += pixels[(y * images.Width + x) * images.Channels + channel];
        }

        return sum / ((bottom - top) * (right - left));
    }

    private byte InRange(double value)
    {
        (double darkest, double brightest) = _range.Value;
        return brightest > darkest ? (byte)Math.Round(255 * (value - darkest) / (brightest - darkest)) : (byte)0;
    }

    private static (double Darkest, double Brightest) RangeOf(FeatureMatrix pixels)
    {
        (double darkest, double brightest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (int row = 0; row < pixels.Rows; row++)
        {
            foreach (double pixel in pixels.Row(row))
                (darkest, brightest) = (Math.Min(darkest, pixel), Math.Max(brightest, pixel));
        }

        return (darkest, brightest);
    }
}
