namespace CertiFlip.Cli.Report;

/// <summary>A number at the head of a page.</summary>
/// <param name="Value">The number.</param>
/// <param name="Name">What it counts.</param>
internal sealed record Fact(string Value, string Name);
