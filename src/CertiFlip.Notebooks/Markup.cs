using System.Globalization;
using System.Text.Encodings.Web;
using CertiFlip.Data;
using Microsoft.AspNetCore.Html;

namespace CertiFlip.Notebooks;

/// <summary>
/// A piece of what a cell shows. Whatever is put between its tags is encoded, unless it is such a piece.
/// </summary>
/// <param name="Text">The tags and what is between them.</param>
internal readonly record struct Markup(string Text)
{
    /// <summary>Tags as they are written, values encoded.</summary>
    public static Markup Of(FormattableString markup) => new(string.Format(
        CultureInfo.InvariantCulture, markup.Format, [.. markup.GetArguments().Select(value => (object)Encoded(value))]));

    /// <summary>Pieces, one after the other.</summary>
    public static Markup Of(IEnumerable<Markup> pieces) => new(string.Concat(pieces.Select(piece => piece.Text)));

    /// <summary>A table: the names of its columns, and its rows, whose first cell is the row's name.</summary>
    public static Markup Table(string caption, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows) => Of($"""
        <table style="border-collapse:separate;border-spacing:1em 0"><caption style="text-align:left">{caption}</caption>
        <thead><tr>{Of(header.Select(name => Of($"<th scope=\"col\">{name}</th>")))}</tr></thead>
        <tbody>
        {Of(rows.Select(Row))}</tbody></table>

        """);

    /// <summary>What a cell shows.</summary>
    public static IHtmlContent Shown(params IEnumerable<Markup> pieces) =>
        new HtmlString(Of($"<div class=\"certiflip\">\n{Of(pieces)}</div>\n").Text);

    private static Markup Row(IReadOnlyList<string> cells)
    {
        IEnumerable<Markup> values = cells.Skip(1).Select(cell => Of($"<td style=\"text-align:right\">{cell}</td>"));
        return Of($"<tr><th scope=\"row\">{cells[0]}</th>{Of(values)}</tr>\n");
    }

    private static string Encoded(object? value) => value is Markup piece
        ? piece.Text ?? ""
        : HtmlEncoder.Default.Encode(ShownText.Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
}
