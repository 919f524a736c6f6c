using System.Text.RegularExpressions;
using CertiFlip.Cli.Report;
using CertiFlip.Data;
using SkiaSharp;

namespace CertiFlip.Cli.Tests.Report;

public sealed partial class ImageViewTests
{
    [Fact]
    public void Colours_stay_in_their_channels_and_on_the_scale_of_the_whole_file()
    {
        // Two images of one row and two pixels; the file's numbers go from −1 to 1.
        using SKBitmap png =
            Shown(new ImageList(new FeatureMatrix(2, 6, [-1, 0, 1, 1, 0, -1, 0, 0, 0, 0.5, 0.5, 0.5]), 1, 2, 3, "x.npy"), row: 0);
        Assert.Equal((0, 128, 255), Colour(png, 0, 0));
        Assert.Equal((255, 128, 0), Colour(png, 1, 0));
    }

    [Fact]
    public void A_large_image_is_made_smaller_by_means_of_squares()
    {
        double[] pixels =
            [.. from y in Enumerable.Range(0, 128) from x in Enumerable.Range(0, 100) select y < 64 ? 0.0 : x % 2 == 0 ? 100 : 200];
        using SKBitmap png = Shown(new ImageList(new FeatureMatrix(1, pixels.Length, pixels), 128, 100, 1, "x.npy"), row: 0);
        Assert.Equal((50, 64), (png.Width, png.Height));
        Assert.Equal((0, 0, 0), Colour(png, 10, 31));
        Assert.Equal((191, 191, 191), Colour(png, 10, 32)); // 150 of 200.
    }

    [Fact]
    public void Images_of_one_value_are_black() =>
        Assert.Equal((0, 0, 0), Colour(Shown(new ImageList(new FeatureMatrix(1, 4, [7, 7, 7, 7]), 2, 2, 1, "x.npy"), row: 0), 0, 0));

    private static SKBitmap Shown(ImageList images, int row)
    {
        string html = new ImageView(images).Show(row, "a \"row\"", ViewSize.Small).ToString();
        Assert.Contains("alt=\"a &quot;row&quot;\"", html, StringComparison.Ordinal);
        return SKBitmap.Decode(Convert.FromBase64String(Base64().Match(html).Groups[1].Value));
    }

    private static (int Red, int Green, int Blue) Colour(SKBitmap png, int x, int y)
    {
        SKColor pixel = png.GetPixel(x, y);
        return (pixel.Red, pixel.Green, pixel.Blue);
    }

    [GeneratedRegex("base64,([^\"]+)")]
    private static partial Regex Base64();
}
