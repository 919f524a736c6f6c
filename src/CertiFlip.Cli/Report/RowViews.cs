using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Report;

/// <summary>What a page shows of the rows that it names.</summary>
/// <param name="Training">Training rows, null where only their numbers are known.</param>
/// <param name="Test">Test rows, likewise.</param>
internal sealed record RowViews(IRowView? Training, IRowView? Test)
{
    /// <summary>What the data themselves show.</summary>
    public static RowViews Of(RunData data) => new(ImageView.Of(data.Training), ImageView.Of(data.Test));

    /// <summary>Reads images or texts that belong to the rows of data.</summary>
    /// <param name="path">The file.</param>
    /// <param name="textColumn">In a table, the column that holds the texts.</param>
    /// <param name="data">The data.</param>
    /// <exception cref="DataException">The file holds neither, or not as many as its rows.</exception>
    public static IRowView Read(string path, string textColumn, Dataset data)
    {
        bool areTexts = TextListReader.IsNamedAsTexts(path);
        IRowView view = areTexts ? new TextView(TextListReader.Read(path, textColumn)) : new ImageView(ImageReader.Read(path));
        return view.Count == data.RowsInSource
            ? data.RowNumbers.Count == 0 ? view : new NumberedView(view, data)
            : throw new DataException(
                $"{path}: holds {view.Count} {(areTexts ? "texts" : "images")}, but {data.Source} holds {data.RowsInSource} rows; there "
                    + "must be one for each, in the same order.");
    }

    /// <summary>A view of every row of a source, of which the data have some.</summary>
    private sealed class NumberedView(IRowView all, Dataset data) : IRowView
    {
        public int Count => data.Features.Rows;

        public Html Show(int row, string name, ViewSize size) => all.Show(data.NumberOf(row), name, size);
    }
}
