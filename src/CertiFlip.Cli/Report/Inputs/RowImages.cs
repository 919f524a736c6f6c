using System.Text.RegularExpressions;
using BigGustave;
using CertiFlip.Cli.Report.Markup;
using CertiFlip.Data;

namespace CertiFlip.Cli.Report.Inputs;

/// <summary>Rows that are grey images, as pictures: the larger a number, the brighter the pixel.</summary>
internal sealed partial class RowImages
{
    private readonly FeatureMatrix _rows;
    private readonly int _height, _width;
    private readonly double _darkest, _brightest;

    private RowImages(FeatureMatrix rows, int height, int width)
    {
        (_rows, _height, _width) = (rows, height, width);
        (_darkest, _brightest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (int row = 0; row < rows.Rows; row++)
        {
            foreach (double pixel in rows.Row(row))
                (_darkest, _brightest) = (Math.Min(_darkest, pixel), Math.Max(_brightest, pixel));
        }
    }

    /// <summary>The rows of data as images, or null where nothing says that they are: neither the format nor columns named <c>pixel_R_C</c>.</summary>
    public static RowImages? Of(Dataset data)
    {
        if (data.ImageShape is [var height, var width])
            return new RowImages(data.Features, height, width);
        if (data.FeatureNames.Count == 0 || !LastPixel().IsMatch(data.FeatureNames[^1]))
            return null;
        int[] last = [.. LastPixel().Match(data.FeatureNames[^1]).Groups.Values.Skip(1).Select(index => int.Parse(index.Value, System.Globalization.CultureInfo.InvariantCulture) + 1)];
        IEnumerable<string> names = from y in Enumerable.Range(0, last[0]) from x in Enumerable.Range(0, last[1]) select $"pixel_{y}_{x}";
        return names.SequenceEqual(data.FeatureNames) ? new RowImages(data.Features, last[0], last[1]) : null;
    }

    /// <summary>One row.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="description">What somebody who does not see it should know.</param>
    public Html Show(int row, string description) => Html.Of(
        $"<img alt=\"{description}\" width=\"{_width}\" height=\"{_height}\" src=\"data:image/png;base64,{Html.Made(Convert.ToBase64String(Png(_rows.Row(row))))}\">");

    private byte[] Png(ReadOnlySpan<double> pixels)
    {
        var image = PngBuilder.Create(_width, _height, hasAlphaChannel: false);
        double range = _brightest > _darkest ? _brightest - _darkest : 1;
        for (int i = 0; i < pixels.Length; i++)
        {
            byte grey = (byte)Math.Round(255 * (pixels[i] - _darkest) / range);
            image.SetPixel(grey, grey, grey, i % _width, i / _width);
        }

        return image.Save(new PngBuilder.SaveOptions { AttemptCompression = false });
    }

    [GeneratedRegex(@"^pixel_(\d{1,4})_(\d{1,4})$")]
    private static partial Regex LastPixel();
}
