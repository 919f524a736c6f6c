using System.IO.Hashing;
using CertiFlip.Data;
using CertiFlip.Onnx.Tests.Support;
using SkiaSharp;

namespace CertiFlip.Onnx.Tests;

/// <summary>Images as Pillow reads and resizes them.</summary>
public class ImageDecoderTests
{
    // What Pillow 9.4 makes of the picture of Gradient(7, 5) at 3 × 2, and the CRC-32 of it at 9 × 8.
    public static TheoryData<ImageFilter, byte[], uint> OfPillow => new()
    {
        { ImageFilter.Box, [20, 63, 19, 120, 108, 83, 220, 170, 118, 20, 213, 65, 120, 88, 133, 220, 107, 137], 934520343 },
        { ImageFilter.Bilinear, [34, 66, 32, 120, 107, 85, 206, 163, 111, 34, 169, 78, 120, 122, 135, 206, 108, 134], 3930015160 },
        { ImageFilter.Bicubic, [29, 56, 26, 120, 106, 82, 211, 168, 109, 29, 180, 77, 120, 119, 144, 211, 106, 137], 3692032508 },
        { ImageFilter.Lanczos, [26, 52, 26, 120, 109, 81, 214, 170, 107, 26, 185, 78, 120, 119, 150, 214, 107, 140], 521147475 },
    };

    [Theory]
    [MemberData(nameof(OfPillow))]
    public void Resizing_gives_Pillow_s_bytes(ImageFilter filter, byte[] small, uint large)
    {
        Assert.Equal(small, Rgb(Gradient(7, 5).Resized(3, 2, filter)));
        Assert.Equal(large, Crc32.HashToUInt32(Rgb(Gradient(7, 5).Resized(9, 8, filter))));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    public void Formats_are_found_by_content(SKEncodedImageFormat format)
    {
        Pixels pixels = ImageDecoder.Decode(Pictures.Make(6, 4, 1, format), "picture");
        Assert.Equal((6, 4), (pixels.Width, pixels.Height));
        SKColor colour = Pictures.ColourAt(2, 3, 1);
        int tolerance = format == SKEncodedImageFormat.Png ? 0 : 40;
        Assert.InRange(Math.Abs(colour.Red - pixels.Values[(3 * 6 + 2) * 4]), 0, tolerance);
        Assert.InRange(Math.Abs(colour.Blue - pixels.Values[(3 * 6 + 2) * 4 + 2]), 0, tolerance);
    }

    [Fact]
    public void Bitmaps_grey_images_and_images_with_a_palette_become_colours()
    {
        byte[] bmp = [.. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0,
            .. new byte[24], 3, 2, 1, 0];
        Assert.Equal([1, 2, 3], Rgb(ImageDecoder.Decode(bmp, "a.bmp")));
        byte[] gif = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 9, 8, 7, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];
        Assert.Equal([9, 8, 7], Rgb(ImageDecoder.Decode(gif, "a.gif")));
        using var grey = new SKBitmap(new SKImageInfo(2, 1, SKColorType.Gray8));
        grey.SetPixel(0, 0, new SKColor(77, 77, 77));
        using SKData data = grey.Encode(SKEncodedImageFormat.Png, 100);
        Assert.Equal([77, 77, 77], Rgb(ImageDecoder.Decode(data.ToArray(), "grey.png"))[..3]);
    }

    [Fact]
    public void Transparency_is_dropped_as_by_Pillow()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(1, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.SetPixel(0, 0, new SKColor(200, 100, 50, 60));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        byte[] rgb = Rgb(ImageDecoder.Decode(data.ToArray(), "a.png"));
        Assert.InRange(rgb[0], 195, 205);
        Assert.InRange(rgb[2], 45, 55);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 5, 0)]
    [InlineData(3, 5, 3)]
    [InlineData(4, 0, 3)]
    [InlineData(5, 0, 0)]
    [InlineData(6, 0, 3)]
    [InlineData(7, 5, 3)]
    [InlineData(8, 5, 0)]
    public void Images_are_turned_as_they_are_to_be_seen(byte orientation, int firstX, int firstY)
    {
        foreach (byte[] image in new[]
        {
            Pictures.Turned(Pictures.Make(6, 4), orientation),
            Pictures.TurnedJpeg(Pictures.Make(6, 4, 0, SKEncodedImageFormat.Jpeg), orientation),
        })
        {
            bool isJpeg = image[0] == 0xFF;
            Pixels pixels = ImageDecoder.Decode(image, "picture");
            Assert.Equal(orientation < 5 ? (6, 4) : (4, 6), (pixels.Width, pixels.Height));
            SKColor colour = Pictures.ColourAt(firstX, firstY, 0);
            Assert.InRange(Math.Abs(colour.Red - pixels.Values[0]), 0, isJpeg ? 40 : 0);
            Assert.InRange(Math.Abs(colour.Green - pixels.Values[1]), 0, isJpeg ? 40 : 0);
        }
    }

    [Theory]
    [InlineData("", "the image is empty")]
    [InlineData("II*\0abc", "this is a TIFF image, which is not read")]
    [InlineData("\0\0\0\u0018ftypavif", "this is an AVIF, HEIC or video file")]
    [InlineData("<svg></svg>", "this is SVG, HTML or XML")]
    [InlineData("hello", "this is no image of a format that is read")]
    public void What_is_no_image_is_refused_with_what_it_is(string content, string problem)
    {
        byte[] bytes = [.. content.Select(c => (byte)c)];
        string message = Assert.Throws<DataException>(() => ImageDecoder.Decode(bytes, "a.jpg")).Message;
        Assert.StartsWith($"a.jpg: {problem}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_damaged_image_is_refused_and_crashes_nothing(SKEncodedImageFormat format)
    {
        byte[] image = Pictures.Make(40, 30, 2, format);
        Assert.Throws<DataException>(() => ImageDecoder.Decode(image[..(image.Length / 2)], "a"));
        var random = new Random(5);
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. image];
            for (int j = 0; j < 3; j++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                ImageDecoder.Decode(damaged, "a");
            }
            catch (DataException e)
            {
                Assert.StartsWith("a: ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void An_image_made_to_fill_memory_is_refused_before_it_is_unpacked()
    {
        byte[] png = Pictures.Make(4, 4);
        new byte[] { 0, 0, 0xF0, 0, 0, 0, 0xF0, 0 }.CopyTo(png, 16);
        byte[] check = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(check, Crc32.HashToUInt32(png.AsSpan(12, 17)));
        check.CopyTo(png, 29);
        string message = Assert.Throws<DataException>(() => ImageDecoder.Decode(png, "bomb.png")).Message;
        Assert.Contains("would take more than", message, StringComparison.Ordinal);
        Assert.Contains("--max-unpacked", message, StringComparison.Ordinal);
        using (new ReaderOptions { MaxUnpacked = 63 }.Use())
            Assert.Throws<DataException>(() => ImageDecoder.Decode(Pictures.Make(4, 4), "a.png"));
    }

    private static Pixels Gradient(int width, int height)
    {
        byte[] values = new byte[width * height * 4];
        for (int i = 0; i < width * height; i++)
        {
            (int x, int y) = (i % width, i / width);
            values[4 * i] = (byte)(x * 40);
            values[4 * i + 1] = (byte)(y * 60 + x * x * 5);
            values[4 * i + 2] = (byte)(x * y * 37);
        }

        return new Pixels(width, height, values);
    }

    private static byte[] Rgb(Pixels pixels) => [.. pixels.Values.Where((_, i) => i % 4 != 3)];
}
