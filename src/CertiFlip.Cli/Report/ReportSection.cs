namespace CertiFlip.Cli.Report;

/// <summary>A part of a page, with an entry in its list of contents.</summary>
/// <param name="Id">Its name within the page.</param>
/// <param name="Name">What the list of contents calls it.</param>
/// <param name="Heading">Its heading.</param>
/// <param name="Content">What it says.</param>
internal sealed record ReportSection(string Id, string Name, string Heading, Html Content);
