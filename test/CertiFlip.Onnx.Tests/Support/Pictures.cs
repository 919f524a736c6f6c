using System.Buffers.Binary;
using System.IO.Hashing;
using CertiFlip.Data;
using SkiaSharp;

namespace CertiFlip.Onnx.Tests.Support;

/// <summary>Small images in many formats.</summary>
internal static class Pictures
{
    /// <summary>A picture whose colours follow from the place, and from a number.</summary>
    public static byte[] Make(int width, int height, int seed = 0, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                bitmap.SetPixel(x, y, ColourAt(x, y, seed));
        }

        using SKData data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    public static SKColor ColourAt(int x, int y, int seed) =>
        new((byte)(40 * x + 7 * seed), (byte)(30 * y + 11 * seed), (byte)(20 * (x + y) + 13 * seed));

    /// <summary>Pictures in memory.</summary>
    public static StoredImage[] Many(int count, int side = 8) =>
        [.. Enumerable.Range(0, count).Select(i => Stored($"{i}.png", Make(side + i % 3, side, i)))];

    public static StoredImage Stored(string name, byte[] bytes) => new(name, () => new MemoryStream(bytes, writable: false));

    /// <summary>A PNG file that says how it is to be turned.</summary>
    public static byte[] Turned(byte[] png, byte orientation)
    {
        const int AfterHeader = 33;
        byte[] exif = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
        byte[] named = [.. "eXIf"u8, .. exif];
        byte[] length = new byte[4], check = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, exif.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc32.HashToUInt32(named));
        return [.. png[..AfterHeader], .. length, .. named, .. check, .. png[AfterHeader..]];
    }

    /// <summary>A JPEG file that says how it is to be turned.</summary>
    public static byte[] TurnedJpeg(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }
}
