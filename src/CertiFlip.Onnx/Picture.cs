using CertiFlip.Data;
using SkiaSharp;

namespace CertiFlip.Onnx;

/// <summary>Pictures for people to look at, as pages show them.</summary>
public static class Picture
{
    private const int Channels = 4, Quality = 85, Smallest = 100;

    /// <summary>A small picture of an image, as JPEG.</summary>
    /// <param name="image">The image.</param>
    /// <param name="pixels">The longer side; a smaller image stays as large as it is.</param>
    /// <returns>The picture, and its size.</returns>
    /// <exception cref="DataException">The image cannot be read.</exception>
    public static (byte[] Jpeg, int Width, int Height) Thumbnail(StoredImage image, int pixels)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels, 1);
        using var bytes = new MemoryStream();
        using (Stream stored = image.Open())
            stored.CopyTo(bytes);
        Pixels whole = ImageDecoder.Decode(bytes.ToArray(), image.Name);
        double factor = Math.Min(1, pixels / (double)Math.Max(whole.Width, whole.Height));
        int width = Math.Max(1, (int)Math.Round(whole.Width * factor)), height = Math.Max(1, (int)Math.Round(whole.Height * factor));
        byte[] small = whole.Resized(width, height, ImageFilter.Bicubic).Values;
        return (Encoded(width, height, small, SKEncodedImageFormat.Jpeg, Quality), width, height);
    }

    /// <summary>A picture of pixels, as PNG.</summary>
    /// <param name="width">Pixels from left to right.</param>
    /// <param name="height">Pixels from top to bottom.</param>
    /// <param name="pixels">
    /// Red, green, blue and one byte that is passed over for each pixel, row by row from the top.
    /// </param>
    /// <exception cref="ArgumentException">There are not so many pixels.</exception>
    /// <exception cref="DataException">SkiaSharp has no build for this system.</exception>
    public static byte[] Png(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (width < 1 || height < 1 || pixels.LongLength != (long)width * height * Channels)
            throw new ArgumentException($"{pixels.LongLength} bytes are no {width} × {height} pixels.", nameof(pixels));
        return Encoded(width, height, pixels, SKEncodedImageFormat.Png, Smallest);
    }

    private static byte[] Encoded(int width, int height, byte[] pixels, SKEncodedImageFormat format, int quality)
    {
        try
        {
            var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var picture = SKImage.FromPixelCopy(info, pixels);
            using SKData data = picture.Encode(format, quality);
            return data.ToArray();
        }
        catch (Exception e) when (ImageDecoder.IsMissing(e))
        {
            throw new DataException("Pictures cannot be made here: SkiaSharp has no build for this system.", e);
        }
    }
}
