namespace CertiFlip.Cli.Report;

/// <summary>What people see of a row, who would see nothing in its numbers: an image, a text.</summary>
internal interface IRowView
{
    /// <summary>How many rows can be seen.</summary>
    int Count { get; }

    /// <summary>One row.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="name">What to call it where it cannot be seen.</param>
    /// <param name="size">How much room there is.</param>
    Html Show(int row, string name, ViewSize size);

    /// <summary>What is shown of rows, in a sentence; null where anybody sees what it is.</summary>
    string? Legend => null;

    /// <summary>One row as text; null where it is none.</summary>
    /// <param name="row">From 0.</param>
    string? TextOf(int row) => null;
}

/// <summary>How much room a row is given on a page.</summary>
/// <param name="Pixels">The longer side of an image; larger ones are made smaller.</param>
/// <param name="Letters">The length of a text; longer ones are cut.</param>
/// <param name="Values">How many values of a table.</param>
internal sealed record ViewSize(int Pixels, int Letters, int Values)
{
    /// <summary>A row that the page is about.</summary>
    public static ViewSize Large { get; } = new(192, 400, 4);

    /// <summary>One of many beside it.</summary>
    public static ViewSize Small { get; } = new(64, 140, 2);
}
