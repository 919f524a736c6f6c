using System.Text.Encodings.Web;

namespace CertiFlip.Cli.Report;

/// <summary>A point that a pointer can ask for its name.</summary>
/// <param name="Name">What the legend calls it; points of one name share an entry there.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="X">Where it lies on the horizontal axis.</param>
/// <param name="Y">Where it lies on the vertical axis.</param>
/// <param name="Title">Which one it is.</param>
internal sealed record ChartPoint(string Name, string Style, double X, double Y, string Title)
{
    public const int Radius = 5;

    public string Draw(ChartScale scale) =>
        $"<circle class=\"point {Style}\" cx=\"{scale.X(X)}\" cy=\"{scale.Y(Y)}\" r=\"{Radius}\"><title>{HtmlEncoder.Default.Encode(Title)}</title></circle>\n";
}
