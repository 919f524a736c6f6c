namespace CertiFlip.Cli.Report;

/// <summary>A bar that stands on the horizontal axis.</summary>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="From">Where it begins on the horizontal axis.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Height">How far up it goes on the vertical axis.</param>
internal sealed record ChartBar(string Style, double From, double To, double Height)
{
    public string Draw(ChartScale scale) =>
        $"<path class=\"bar {Style}\" d=\"M{scale.X(From)} {scale.Y(0)}V{scale.Y(Height)}H{scale.X(To)}V{scale.Y(0)}Z\"/>\n";
}
