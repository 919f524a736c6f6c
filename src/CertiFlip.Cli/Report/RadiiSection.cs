using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>
/// How radii are distributed: a histogram for each certificate, all over the same radii and each as high as it needs.
/// </summary>
internal static class RadiiSection
{
    /// <param name="curves">Names, classes in the chart's style sheet, and curves; at least one.</param>
    /// <param name="hasTruth">Whether the test rows are labelled.</param>
    /// <param name="unit">What radii count.</param>
    /// <param name="largest">
    /// Where the charts end. Rows beyond are those that nothing the adversary can do changes.
    /// </param>
    public static ReportSection Of(
        IReadOnlyList<(string Name, string Style, AccuracyCurve Curve)> curves, bool hasTruth, RadiusUnit unit, int largest)
    {
        var bins = RadiusBins.UpTo(largest);
        int[][] counts = [.. curves.Select(curve => bins.CountOf(curve.Curve.Radii))];
        return new ReportSection("radii", "Radii", "How radii are distributed", Html.Of($"""
            <p>{(hasTruth ? "Rows that are correct and certified" : "Certified rows")}, by {unit.Counted} that they survive.
            All charts have the same horizontal axis; their vertical axes differ.</p>
            <div class="several">
            {curves.Select((curve, i) => Figure(curve, i, counts[i], bins, hasTruth))}</div>
            <details>
            <summary>The same in numbers</summary>
            {Table(curves, counts, bins, hasTruth)}</details>

            """));
    }

    private static Html Figure(
        (string Name, string Style, AccuracyCurve Curve) curve, int number, int[] counts, RadiusBins bins, bool hasTruth)
    {
        int safe = curve.Curve.UnchangeableRows;
        string summary = $"Median radius {Format.Median(curve.Curve.MedianRadius, "#,0.#")}, largest {curve.Curve.LargestBudget:N0}; "
            + $"{Rest(curve.Curve, hasTruth)}.{(safe == 0 ? "" : $" Not shown: {safe:N0} that nothing changes.")}";
        var chart = new Chart
        {
            Id = $"radii-{number}",
            Title = $"Radii by {curve.Name}",
            Description = summary,
            Frame = ChartFrame.Small,
            HasStyle = false,
            Horizontal = new ChartAxis("radius", 0, bins.Count * (double)bins.Width, LeastStep: 1, radius => $"{radius:N0}"),
            Vertical = ChartAxis.Rows(counts.Max()),
            Bars =
            [
                .. counts.Select((count, bin) => new ChartBar(curve.Style, bin * (double)bins.Width, (bin + 1.0) * bins.Width, count))
                    .Where(bar => bar.Height > 0),
            ],
        };
        return Html.Of($"<figure>\n<h3>{curve.Name}</h3>\n{chart.Draw()}\n<figcaption>{summary}</figcaption>\n</figure>\n");
    }

    private static Html Table(
        IReadOnlyList<(string Name, string Style, AccuracyCurve Curve)> curves, int[][] counts, RadiusBins bins, bool hasTruth)
    {
        (string, IReadOnlyList<string>) Row(string name, Func<AccuracyCurve, int> value) =>
            (name, [.. curves.Select(curve => $"{value(curve.Curve):N0}")]);
        return new HtmlTable(
            "radii-table",
            "Rows by radius.",
            ["radius", .. curves.Select(curve => curve.Name)],
            [
                .. hasTruth ? [Row("wrong", Wrong)] : (IEnumerable<(string, IReadOnlyList<string>)>)[],
                Row("not certified", Uncertified),
                .. Enumerable.Range(0, bins.Count)
                    .Select(bin => (bins.NameOf(bin), (IReadOnlyList<string>)[.. counts.Select(row => $"{row[bin]:N0}")])),
                .. curves.Any(curve => curve.Curve.UnchangeableRows > 0)
                    ? [Row("no change possible", curve => curve.UnchangeableRows)]
                    : (IEnumerable<(string, IReadOnlyList<string>)>)[],
            ]).ToHtml();
    }

    private static string Rest(AccuracyCurve curve, bool hasTruth) => hasTruth
        ? $"{Wrong(curve):N0} rows are wrong and {Uncertified(curve):N0} correct but not certified"
        : $"{Uncertified(curve):N0} rows are not certified";

    private static int Wrong(AccuracyCurve curve) => curve.Rows - Correct(curve);

    private static int Uncertified(AccuracyCurve curve) => Correct(curve) - curve.Radii.Count;

    private static int Correct(AccuracyCurve curve) => (int)Math.Round(curve.Accuracy * curve.Rows);
}

/// <summary>Intervals of radii, all of a round width.</summary>
/// <param name="Width">How many radii fall into each.</param>
/// <param name="Count">How many intervals.</param>
internal sealed record RadiusBins(int Width, int Count)
{
    private const int Most = 24;

    /// <summary>Intervals from 0 that hold every radius up to the largest, not too many to look at.</summary>
    public static RadiusBins UpTo(int largest)
    {
        IEnumerable<long> round =
            from decade in Enumerable.Range(0, 10) from digit in (int[])[1, 2, 5] select digit * (long)PowerOfTen.Nearest(decade);
        int width = (int)round.First(candidate => largest / candidate < Most);
        return new RadiusBins(width, largest / width + 1);
    }

    /// <summary>How many radii fall into each interval; what lies beyond the last is not counted.</summary>
    public int[] CountOf(IEnumerable<Radius> radii)
    {
        int[] counts = new int[Count];
        foreach (Radius radius in radii.Where(radius => !radius.IsAny && radius.Budget / Width < Count))
            counts[radius.Budget / Width]++;
        return counts;
    }

    /// <summary>An interval as a table shows it.</summary>
    public string NameOf(int bin) => Width == 1 ? $"{bin:N0}" : $"{bin * (long)Width:N0}–{(bin + 1L) * Width - 1:N0}";
}
