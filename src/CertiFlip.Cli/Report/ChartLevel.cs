namespace CertiFlip.Cli.Report;

/// <summary>A horizontal line across a chart.</summary>
/// <param name="Name">What the legend calls it; lines of one name share an entry there.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="Height">Where it lies on the vertical axis.</param>
internal sealed record ChartLevel(string Name, string Style, double Height);
