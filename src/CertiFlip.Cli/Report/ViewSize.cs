namespace CertiFlip.Cli.Report;

/// <summary>How much room a row is given on a page.</summary>
/// <param name="Pixels">The longer side of an image; larger ones are made smaller.</param>
/// <param name="Letters">The length of a text; longer ones are cut.</param>
internal sealed record ViewSize(int Pixels, int Letters)
{
    /// <summary>A row that the page is about.</summary>
    public static ViewSize Large { get; } = new(192, 400);

    /// <summary>One of many beside it.</summary>
    public static ViewSize Small { get; } = new(64, 140);
}
