using System.Globalization;
using System.Text.RegularExpressions;

namespace CertiFlip.Data;

/// <summary>Which rows of numbers are images, and of which shape.</summary>
internal static partial class PixelShape
{
    /// <summary>
    /// The shape of images, if rows are known to be images: by the format, or by columns named in order
    /// <c>pixel_R_C</c> or <c>RxC</c> (row, column), or <c>pixelI</c> in a square.
    /// </summary>
    /// <param name="names">The names of the numbers; empty if they have none.</param>
    /// <param name="rowShape">The lengths of a row's dimensions; empty if they are not known.</param>
    public static ImageShape? Of(IReadOnlyList<string> names, IReadOnlyList<int> rowShape) => rowShape switch
    {
        [var height, var width] => new ImageShape(height, width),
        [(1 or 3) and var channels, var height, var width] => new ImageShape(height, width, channels),
        [_] or [] => Named(names),
        _ => null,
    };

    /// <summary>Whether rows of this shape have so many numbers; true if the shape is not known.</summary>
    public static bool Holds(IReadOnlyList<int> shape, int numbers) =>
        shape.Count == 0 || (shape.All(length => length > 0) && shape.Aggregate(1.0, (product, length) => product * length) == numbers);

    private static ImageShape? Named(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return null;
        if (PixelName().Match(names[^1]) is { Success: true } last)
        {
            // 1x1 is the first pixel in some tables, and 0x0 in others.
            string form = last.Groups["between"].Value == "x" ? "{0}x{1}" : "pixel_{0}_{1}";
            int first = names[0] == "1x1" ? 1 : 0;
            int height = Number(last, "row") + 1 - first, width = Number(last, "column") + 1 - first;
            IEnumerable<string> pixels = from y in Enumerable.Range(first, Math.Max(0, height))
                                         from x in Enumerable.Range(first, Math.Max(0, width))
                                         select string.Format(CultureInfo.InvariantCulture, form, y, x);
            return pixels.SequenceEqual(names) ? new ImageShape(height, width) : null;
        }

        // pixel0 to pixel783: a square.
        int side = (int)Math.Sqrt(names.Count);
        return side * side == names.Count && (Counts(0) || Counts(1)) ? new ImageShape(side, side) : null;

        static int Number(Match name, string group) => int.Parse(name.Groups[group].Value, CultureInfo.InvariantCulture);
        bool Counts(int first) => names.Index().All(name => name.Item == $"pixel{name.Index + first}");
    }

    [GeneratedRegex(@"^(pixel_(?<row>\d{1,4})(?<between>_)(?<column>\d{1,4})|(?<row>\d{1,4})(?<between>x)(?<column>\d{1,4}))$")]
    private static partial Regex PixelName();
}
