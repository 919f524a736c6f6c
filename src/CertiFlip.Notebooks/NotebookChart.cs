using System.Globalization;

namespace CertiFlip.Notebooks;

/// <summary>
/// A chart as a cell of a notebook shows it. The page around it is the notebook's, so it has no style sheet, script or
/// id: text and axes have the colour of the text around them, light or dark, and lines have colours and dashes that can
/// be told apart on both.
/// </summary>
/// <param name="Title">What it shows.</param>
/// <param name="Description">The same in sentences, for those who do not see it.</param>
/// <param name="Across">What is counted along the horizontal axis, from 0.</param>
/// <param name="Up">What the vertical axis shows, from 0.</param>
internal sealed record NotebookChart(string Title, string Description, string Across, string Up)
{
    private const int Width = 640, Left = 64, Right = 16, Top = 40, PlotHeight = 220, Bottom = 52, WantedTicks = 6;
    private const int Sample = 28, PerLetter = 8;

    // Each has a contrast of 3 or more to white and to the near-black of dark themes.
    private static readonly (string Colour, string Dashes, string Width)[] Styles =
    [
        ("currentColor", "", "3"), ("#c2600a", "", "2.25"), ("#2b7fc4", "8 4", "2.25"), ("#2f9450", "3 3", "2.25"),
        ("#b34fc0", "12 3 2 3", "2.25"),
    ];

    /// <summary>
    /// The lines: a name, and the height up to each place; between two places the later one's height holds.
    /// </summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<(double Place, double Height)> Steps)> Lines { get; init; }

    /// <summary>Where the vertical axis ends.</summary>
    public double Highest { get; init; } = 1;

    /// <summary>Whether only whole heights mean something.</summary>
    public bool IsWhole { get; init; }

    /// <summary>How a height is written.</summary>
    public Func<double, string> Height { get; init; } = height => $"{Math.Round(100 * height)} %";

    private double Farthest => Math.Max(1, Lines.SelectMany(line => line.Steps).Max(step => step.Place));

    /// <summary>The drawing.</summary>
    public Markup Draw()
    {
        string style = $"width:100%;max-width:{Width}px;font:13px system-ui,sans-serif";
        IEnumerable<Markup> lines = Lines.Index().Select(line => Line(line.Item, Styles[line.Index % Styles.Length]));
        return Markup.Of($"""
            <svg viewBox="0 0 {Width} {Top + PlotHeight + Bottom}" style="{style}" role="img" aria-label="{Title}. {Description}">
            <title>{Title}</title>
            {Markup.Of(Axes())}{Markup.Of(lines)}{Markup.Of(Legend())}</svg>

            """);
    }

    private static IEnumerable<double> Ticks(double last, bool isWhole)
    {
        double rough = last / WantedTicks, decade = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { decade, 2 * decade, 5 * decade, 10 * decade }.First(candidate => candidate >= rough * (1 - 1e-9));
        step = isWhole ? Math.Max(1, step) : step;
        for (int i = 0; i * step <= last * (1 + 1e-9); i++)
            yield return i * step;
    }

    private IEnumerable<Markup> Axes()
    {
        foreach (double height in Ticks(Highest, IsWhole))
        {
            yield return Markup.Of($"<path d=\"M{X(0)} {Y(height)}H{X(Farthest)}\" stroke=\"currentColor\" stroke-opacity=\"0.2\"/>");
            yield return Label(X(0), -8, Y(height), 4, "end", Height(height));
        }

        foreach (double place in Ticks(Farthest, isWhole: true))
            yield return Label(X(place), 0, Y(0), 18, "middle", place.ToString("N0", CultureInfo.InvariantCulture));
        yield return Label(X(Farthest / 2), 0, Y(0), 42, "middle", Across);
        yield return Markup.Of(
            $"<text transform=\"translate(14 {Y(Highest / 2)}) rotate(-90)\" text-anchor=\"middle\" fill=\"currentColor\">{Up}</text>\n");
    }

    private Markup Line(
        (string Name, IReadOnlyList<(double Place, double Height)> Steps) line, (string Colour, string Dashes, string Width) style)
    {
        string path = string.Concat(line.Steps.Select(step => $"V{Y(step.Height)}H{X(step.Place)}"));
        return Markup.Of($"<path d=\"M{X(0)} {Y(line.Steps[0].Height)}{path}\" fill=\"none\" {Stroke(style)}/>\n");
    }

    private IEnumerable<Markup> Legend()
    {
        if (Lines.Count < 2)
            yield break;
        int item = Sample + PerLetter * (2 + Lines.Max(line => line.Name.Length));
        foreach ((int index, (string name, _)) in Lines.Index())
        {
            int x = Left + index * item;
            yield return Markup.Of($"<path d=\"M{x} 18h{Sample - 6}\" {Stroke(Styles[index % Styles.Length])}/>");
            yield return Markup.Of($"<text x=\"{x + Sample}\" y=\"22\" fill=\"currentColor\">{name}</text>\n");
        }
    }

    private static Markup Stroke((string Colour, string Dashes, string Width) style)
    {
        Markup dashes = style.Dashes == "" ? default : Markup.Of($" stroke-dasharray=\"{style.Dashes}\"");
        return Markup.Of($"stroke=\"{style.Colour}\" stroke-width=\"{style.Width}\"{dashes}");
    }

    private static Markup Label(string x, int dx, string y, int dy, string anchor, string text) =>
        Markup.Of($"<text x=\"{x}\" y=\"{y}\" dx=\"{dx}\" dy=\"{dy}\" text-anchor=\"{anchor}\" fill=\"currentColor\">{text}</text>\n");

    private string X(double place) => Coordinate(Left + place / Farthest * (Width - Left - Right));

    private string Y(double height) => Coordinate(Top + (1 - height / Highest) * PlotHeight);

    private static string Coordinate(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
