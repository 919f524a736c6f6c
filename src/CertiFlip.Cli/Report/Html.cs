namespace CertiFlip.Cli.Report;

/// <summary>
/// A piece of a page. Whatever is put between its tags is encoded, unless it is such a piece itself: nothing that comes from the data can become markup.
/// </summary>
internal readonly record struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    public static Html Empty => default;

    public bool IsEmpty => string.IsNullOrEmpty(_markup);

    /// <summary>Markup with values in it.</summary>
    public static Html Of(HtmlInterpolation markup) => new(markup.ToString());

    /// <summary>Markup that was made elsewhere and holds nothing that is not encoded: drawings, style sheets.</summary>
    public static Html Made(string markup) => new(markup);

    public override string ToString() => _markup ?? "";
}
