using System.Text;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>The names above the chart, in as many lines as they need.</summary>
internal sealed class ChartLegend
{
    /// <summary>Where the plot begins below a single line.</summary>
    public const int FirstLine = 56;

    private const int Sample = 28, Gap = 6, Baseline = 28, LineHeight = 22;
    private const int ShortItem = 112, LongItem = 168, ShortName = 10;

    private readonly (string Name, string Style)[] _items;
    private readonly int _item;
    private readonly int _perLine;

    public ChartLegend(CurveSet set, bool hasCleanLines)
    {
        (string Name, string Style)[] clean = hasCleanLines ? [("accuracy", "clean")] : [];
        (string Name, string Style)[] constant = set.Problem.HasTruth ? [("constant", "constant")] : [];
        _items = [.. set.Curves.Select(curve => (curve.Name, $"curve {curve.Style}")), .. clean, .. constant];
        _item = set.Curves.Any(curve => curve.Name.Length > ShortName) ? LongItem : ShortItem;
        _perLine = ChartScale.PlotWidth / _item;
    }

    /// <summary>The height of the lines after the first.</summary>
    public int Height => (_items.Length - 1) / _perLine * LineHeight;

    public void AppendTo(StringBuilder svg)
    {
        for (int i = 0; i < _items.Length; i++)
        {
            int x = ChartScale.Left + i % _perLine * _item, y = Baseline + i / _perLine * LineHeight;
            svg.Append($"<line class=\"{_items[i].Style}\" x1=\"{x}\" y1=\"{y - 4}\" x2=\"{x + Sample}\" y2=\"{y - 4}\"/><text class=\"legend\" x=\"{x + Sample + Gap}\" y=\"{y}\">{_items[i].Name}</text>\n");
        }
    }
}
