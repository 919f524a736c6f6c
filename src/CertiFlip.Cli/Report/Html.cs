using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CertiFlip.Data;

namespace CertiFlip.Cli.Report;

/// <summary>
/// A piece of a page. Whatever is put between its tags is encoded, unless it is such a piece itself: nothing that comes
/// from the data can become markup.
/// </summary>
internal readonly record struct Html
{
    private const int LongestName = 40;

    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static Html Empty => default;

    public bool IsEmpty => string.IsNullOrEmpty(_markup);

    /// <summary>Markup with values in it.</summary>
    public static Html Of(HtmlInterpolation markup) => new(markup.ToString());

    /// <summary>
    /// A class or another text from a file: cut where it is long, so that it leaves room for what stands beside it, and
    /// whole for whoever points at it.
    /// </summary>
    public static Html Name(string text)
    {
        string cut = ShownText.Cut(text, LongestName);
        return cut == ShownText.Escape(text) ? Of($"{text}") : Of($"<span title=\"{text}\">{cut}</span>");
    }

    /// <summary>Markup that was made elsewhere and holds nothing that is not encoded: drawings, style sheets.</summary>
    public static Html Made(string markup) => new(markup);

    public override string ToString() => _markup ?? "";
}

/// <summary>What the compiler makes of <c>Html.Of($"…")</c>: tags as they are written, values encoded.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlInterpolation
{
    // Letters of every script stay as they are; what could end a text or an attribute does not.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _markup;

    public HtmlInterpolation(int literalLength, int formattedCount) => _markup = new StringBuilder(literalLength + 16 * formattedCount);

    public void AppendLiteral(string markup) => _markup.Append(markup);

    public void AppendFormatted(Html piece) => _markup.Append(piece.ToString());

    public void AppendFormatted(IEnumerable<Html> pieces) => _markup.AppendJoin("", pieces);

    public void AppendFormatted(string? text) => _markup.Append(Encoder.Encode(ShownText.Escape(text ?? "")));

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _markup.ToString();
}
