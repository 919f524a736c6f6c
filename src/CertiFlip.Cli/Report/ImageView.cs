using CertiFlip.Data;
using CertiFlip.Onnx;

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
        const int Colours = 3, Bytes = 4;
        byte[] colours = new byte[width * height * Bytes];
        for (int place = 0; place < width * height; place++)
        {
            for (int colour = 0; colour < Colours; colour++)
            {
                colours[place * Bytes + colour] = images.Channels == 1 && colour > 0
                    ? colours[place * Bytes]
                    : InRange(MeanOf(pixels, place / width * square, place % width * square, square, colour));
            }
        }

        return Picture.Png(width, height, colours);
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
