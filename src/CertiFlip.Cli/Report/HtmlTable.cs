namespace CertiFlip.Cli.Report;

/// <summary>A table that scrolls by itself where it is wider than the page.</summary>
/// <param name="Id">Tells the tables of one page apart.</param>
/// <param name="Caption">What it shows.</param>
/// <param name="Header">The names of its columns, that of the row headers first.</param>
/// <param name="Rows">A row header and its cells.</param>
internal sealed record HtmlTable(
    string Id, string Caption, IReadOnlyList<string> Header, IEnumerable<(string Name, IReadOnlyList<string> Cells)> Rows)
{
    /// <summary>Whether cells are sentences and not numbers.</summary>
    public bool HasWords { get; init; }

    // A region that scrolls must be reachable by keyboard, and so needs a name.
    public Html ToHtml() => Html.Of($"""
        <div class="scroll" role="region" tabindex="0" aria-labelledby="{Id}-caption">
        <table class="{(HasWords ? "words" : "numbers")}">
        <caption id="{Id}-caption">{Caption}</caption>
        <thead><tr>{Header.Select(name => Html.Of($"<th scope=\"col\">{InOnePiece(name)}</th>"))}</tr></thead>
        <tbody>
        {Rows.Select(Row)}</tbody>
        </table>
        </div>

        """);

    /// <summary>Equations are not broken where lines end.</summary>
    private static string InOnePiece(string name) => name.Replace(" = ", "\u00A0=\u00A0", StringComparison.Ordinal);

    private Html Row((string Name, IReadOnlyList<string> Cells) row) =>
        Html.Of($"<tr><th scope=\"row\">{Text(InOnePiece(row.Name))}</th>{row.Cells.Select(Cell)}</tr>\n");

    private Html Cell(string text) => Html.Of($"<td>{Text(text)}</td>");

    private Html Text(string text) => HasWords ? Html.Of($"{text}") : Html.Name(text);
}
