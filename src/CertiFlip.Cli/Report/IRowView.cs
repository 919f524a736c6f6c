namespace CertiFlip.Cli.Report;

/// <summary>What people see of a row, who would see nothing in its numbers: an image, a text.</summary>
internal interface IRowView
{
    /// <summary>How many rows can be seen.</summary>
    int Rows { get; }

    /// <summary>One row.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="name">What to call it where it cannot be seen.</param>
    /// <param name="size">How much room there is.</param>
    Html Show(int row, string name, ViewSize size);
}
