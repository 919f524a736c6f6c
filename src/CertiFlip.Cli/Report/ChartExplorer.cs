using System.Text.Json;
using System.Text.Json.Serialization;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>
/// A chart with a slider over r: what part of the rows each curve still counts there. Without scripts the chart is
/// alone, and its table says the same.
/// </summary>
/// <param name="Chart">The chart, flips along its horizontal axis.</param>
/// <param name="Caption">What it shows.</param>
/// <param name="What">What a row must be to count: "correct and certified".</param>
/// <param name="Lines">The curves.</param>
internal sealed partial record ChartExplorer(Chart Chart, string Caption, string What, IReadOnlyList<ExplorerLine> Lines)
{
    /// <summary>What the slider chooses.</summary>
    public RadiusUnit Unit { get; init; } = RadiusUnit.Flips;

    /// <summary>What one of the curves is.</summary>
    public string Of { get; init; } = "certificate";

    /// <summary>Where the slider stands at first.</summary>
    public int Initial { get; init; }

    private int Largest => (int)Chart.Horizontal.Largest;

    public Html ToHtml()
    {
        string id = Chart.Id;
        (string before, string after) = Unit.IsCost ? ("a cost of ", "") : ("", $" {Unit.Thing}s{Unit.After}");
        return Html.Of($"""
            <div class="explorer" data-explorer>
            {Chart.Figure(Caption)}            <div class="slider" hidden>
            <p class="choice"><label for="{id}-flips">{Unit.Slider}, r</label>
            <input type="number" id="{id}-number" aria-label="{Unit.Slider} r, as a number" min="0" max="{Largest}" value="{Initial}"></p>
            <input type="range" id="{id}-flips" min="0" max="{Largest}" step="1" value="{Initial}">
            <output for="{id}-flips {id}-number" aria-live="polite" class="unseen"></output>
            <table class="shares">
            <caption>Rows that are {What} at {before}<b class="at">{Initial:N0}</b>{after}</caption>
            <thead class="unseen">
            <tr><th scope="col">{Of}</th><td></td><th scope="col">share</th><th scope="col">rows</th></tr>
            </thead>
            <tbody>
            {Lines.Select(Share)}</tbody>
            </table>
            </div>
            <script type="application/json">{Html.Made(Data())}</script>
            </div>

            """);
    }

    private static Html Share(ExplorerLine line) => Html.Of(
        $"<tr><th scope=\"row\">{line.Name}</th><td class=\"share-bar\"><svg class=\"chart share\" aria-hidden=\"true\"><line "
            + $"class=\"curve {line.Style}\" x1=\"0\" y1=\"8\" x2=\"0\" y2=\"8\"/></svg></td><td class=\"share-text\"></td><td "
            + $"class=\"share-rows\"></td></tr>\n");

    private string Data()
    {
        ChartScale scale = Chart.Scale;
        int top = scale.Top, bottom = scale.Top + Chart.Frame.PlotHeight;
        return JsonSerializer.Serialize(
            new Plot(
                Chart.Frame.Left, Chart.Frame.Left + Chart.Frame.PlotWidth, top, bottom, Largest, What, Unit.IsCost,
                [.. Lines.Select(line => new Line(line.Name, line.RowCount, line.Flips, line.Counts))]), PlotTypes.Default.Plot);
    }

    private sealed record Plot(
        int Left, int Right, int Top, int Bottom, int Largest, string What,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsCost, IReadOnlyList<Line> Lines);

    private sealed record Line(string Name, int RowCount, IReadOnlyList<int> Flips, IReadOnlyList<int> Counts);

    /// <summary>What the script reads. The encoder leaves no character in it that could end the element.</summary>
    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Plot))]
    private sealed partial class PlotTypes : JsonSerializerContext;
}

/// <summary>What the slider shows of one curve.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="RowCount">All rows that it is of, m.</param>
/// <param name="Flips">
/// Numbers of flips, ascending: from beyond the one before up to each, its count holds; beyond the last, none.
/// </param>
/// <param name="Counts">Rows that count at each of them.</param>
internal sealed record ExplorerLine(string Name, string Style, int RowCount, IReadOnlyList<int> Flips, IReadOnlyList<int> Counts)
{
    public static ExplorerLine Of(string name, string style, AccuracyCurve curve)
    {
        int[] flips = [.. curve.Steps];
        return new ExplorerLine(name, style, curve.Rows, flips, [.. flips.Select(r => (int)Math.Round(curve.At(r) * curve.Rows))]);
    }
}
