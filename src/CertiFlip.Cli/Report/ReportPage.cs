using System.Security.Cryptography;
using System.Text;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Report;

/// <summary>
/// An HTML page: one file that needs no other and may ask for none, the same bytes for the same data and options. What
/// it says is in its sections; whoever writes a page gives them in order.
/// </summary>
internal sealed record ReportPage
{
    private static readonly string Script = Resource.Read("report.js");

    // The one script that may run is the page's own, and nothing may be fetched or sent.
    private static readonly string Policy =
        $"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src "
            + $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))}'; base-uri 'none'; form-action 'none'";

    /// <summary>The name of the document.</summary>
    public required string Title { get; init; }

    /// <summary>What the data are called; null where the title says it.</summary>
    public string? Subject { get; init; }

    /// <summary>The question.</summary>
    public required string Heading { get; init; }

    /// <summary>The answer in a sentence.</summary>
    public required string Lead { get; init; }

    /// <summary>The numbers that somebody in a hurry wants.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>Whether radii hold for a λ that is held fixed only.</summary>
    public bool ConditionalOnLambda { get; init; }

    /// <summary>What somebody must know before they believe the numbers, each in a sentence.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What is to be said of the data.</summary>
    public IReadOnlyList<DataRemark> Remarks { get; init; } = [];

    public required IReadOnlyList<ReportSection> Sections { get; init; }

    private static string Version => typeof(ReportPage).Assembly.GetName().Version!.ToString(3);

    public void Write(TextWriter writer) => writer.Write(Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{Html.Made(Policy)}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,">
        <title>{Title}{(Subject is null ? "" : $" · {Subject}")}</title>
        <style>
        {Html.Made(Resource.Read("report.css"))}{Html.Made(Resource.Read("chart.css"))}</style>
        </head>
        <body>
        <a class="skip" href="#content">Skip to content</a>
        <header>
        <h1>{Heading}</h1>
        <p class="lead">{(Subject is null ? Html.Empty : Html.Of($"<strong>{Subject}.</strong> "))}{Lead}</p>
        {FactList()}{ConditionalNote()}{RemarkList()}{NoteList()}<nav aria-label="On this page"><ul>
        {Sections.Select(section => Html.Of($"<li><a href=\"#{section.Id}\">{section.Name}</a></li>\n"))}</ul></nav>
        </header>
        <main id="content" tabindex="-1">
        {Sections.Select(Section)}</main>
        <footer><p>Made by CertiFlip {Version}. This page is one file and loads nothing else.</p></footer>
        <script>{Html.Made(Script)}</script>
        </body>
        </html>

        """));

    private static Html Section(ReportSection section) => Html.Of($"""
        <section id="{section.Id}" aria-labelledby="{section.Id}-heading">
        <h2 id="{section.Id}-heading">{section.Heading}</h2>
        {section.Content}</section>

        """);

    private Html FactList() => Facts.Count == 0 ? Html.Empty : Html.Of($"""
        <dl class="facts">
        {Facts.Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>\n"))}</dl>

        """);

    private Html NoteList()
    {
        IEnumerable<string> notes = Notes.Concat(UsedConfiguration.Current is { } used ? [used.Said().Sentence] : []);
        return Html.Of($"{notes.Select(note => Html.Of($"<p class=\"note\">{note}</p>\n"))}");
    }

    private Html RemarkList()
    {
        DataRemark[] said = [.. Output.Remarks.Said(Remarks)];
        return said.Length == 0 ? Html.Empty : Html.Of($"""
            <div class="note"><strong>About the data</strong>
            <ul>
            {said.Select(remark => Html.Of($"<li>{remark.Line}</li>\n"))}</ul></div>

            """);
    }

    private Html ConditionalNote() => ConditionalOnLambda
        ? Html.Made(
            "<p class=\"note\"><strong>Conditional on λ.</strong> The ridge penalty λ was computed from the labels (the paper’s rule). An "
                + "adversary who flips labels changes λ too, and no radius on this page covers that.</p>\n")
        : Html.Empty;
}

/// <summary>A part of a page, with an entry in its list of contents.</summary>
/// <param name="Id">Its name within the page.</param>
/// <param name="Name">What the list of contents calls it.</param>
/// <param name="Heading">Its heading.</param>
/// <param name="Content">What it says.</param>
internal sealed record ReportSection(string Id, string Name, string Heading, Html Content);

/// <summary>A number at the head of a page.</summary>
/// <param name="Value">The number.</param>
/// <param name="Name">What it counts.</param>
internal sealed record Fact(string Value, string Name);
