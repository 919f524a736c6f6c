using CertiFlip.Data;
using SkiaSharp;

namespace CertiFlip.Onnx;

/// <summary>Pictures of images, for people to look at.</summary>
public static class Picture
{
    private const int Quality = 85;

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
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var picture = SKImage.FromPixelCopy(info, small);
        using SKData data = picture.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return (data.ToArray(), width, height);
    }
}
