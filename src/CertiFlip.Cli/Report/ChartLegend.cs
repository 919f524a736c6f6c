using System.Text;
using System.Text.Encodings.Web;

namespace CertiFlip.Cli.Report;

/// <summary>The names above the chart, in as many lines as they need.</summary>
/// <param name="frame">The size of the drawing.</param>
/// <param name="items">Names and the style classes of their samples.</param>
internal sealed class ChartLegend(ChartFrame frame, IReadOnlyList<(string Name, string Style)> items)
{
    private const int Sample = 28, Gap = 6, Baseline = 28, LineHeight = 22;
    private const int ShortItem = 112, LongItem = 168, ShortName = 10, LongName = 17;

    // About as wide as a letter gets, and a gap.
    private const int Letter = 7, Apart = 12;

    private readonly int _item = items.Where(item => Is("curve", item.Style) || Is("point", item.Style)).Select(item => item.Name.Length).DefaultIfEmpty(0).Max() switch
    {
        <= ShortName => ShortItem,
        <= LongName => LongItem,
        int longest => Sample + Gap + longest * Letter + Apart,
    };

    /// <summary>The height of the lines after the first.</summary>
    public int Height => items.Count == 0 ? 0 : (items.Count - 1) / PerLine * LineHeight;

    private int PerLine => frame.PlotWidth / _item;

    public void AppendTo(StringBuilder svg)
    {
        if (items.Count == 0)
            return;
        svg.Append("<g class=\"legend\">\n");
        for (int i = 0; i < items.Count; i++)
        {
            int x = frame.Left + i % PerLine * _item, y = Baseline + i / PerLine * LineHeight;
            svg.Append($"{SampleAt(x, y - 4, items[i].Style)}<text x=\"{x + Sample + Gap}\" y=\"{y}\">{HtmlEncoder.Default.Encode(items[i].Name)}</text>\n");
        }

        svg.Append("</g>\n");
    }

    private static string SampleAt(int x, int y, string style) => Is("point", style)
        ? $"<circle class=\"{style}\" cx=\"{x + Sample / 2}\" cy=\"{y}\" r=\"{ChartPoint.Radius}\"/>"
        : $"<line class=\"{style}\" x1=\"{x}\" y1=\"{y}\" x2=\"{x + Sample}\" y2=\"{y}\"/>";

    private static bool Is(string kind, string style) => style.StartsWith(kind, StringComparison.Ordinal);
}
