namespace CertiFlip.Cli.Output;

/// <summary>Certified accuracy under a name: a column of a table, a line of a chart.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="Accuracy">The numbers.</param>
internal sealed record Curve(string Name, string Style, CertifiedAccuracy Accuracy);
