using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Data.Pipelines;
using CertiFlip.Onnx;

namespace CertiFlip.Cli.Report;

/// <summary>What a page shows of the rows that it names.</summary>
/// <param name="Training">Training rows, null where only their numbers are known.</param>
/// <param name="Test">Test rows, likewise.</param>
internal sealed record RowViews(IRowView? Training, IRowView? Test)
{
    /// <summary>What the data themselves show.</summary>
    /// <param name="data">The data.</param>
    /// <param name="textColumn">Their column of texts, where the user named one.</param>
    public static RowViews Of(RunData data, string? textColumn = null) => new(Of(data.Training, textColumn), Of(data.Test, textColumn));

    private static IRowView? Of(Dataset data, string? textColumn)
    {
        if (ImageView.Of(data) is { } own)
            return own;
        IRowView? all = data.Raw is { } raw ? Of(raw, data, textColumn) : null;
        return all is null || data.RowNumbers.Count == 0 ? all : new NumberedView(all, data);
    }

    /// <summary>
    /// What the rows of a file show: the text that features are made of, or one beside them; images of pixels.
    /// </summary>
    private static IRowView? Of(Table raw, Dataset data, string? textColumn)
    {
        if (raw.Columns.OfType<ImageColumn>().FirstOrDefault() is { } images)
            return new StoredImageView(images.Values);
        TextColumn[] texts = [.. raw.Columns.OfType<TextColumn>()];
        string? name = data.Pipeline?.Rows is TextRowMap map ? map.Columns[0]
            : textColumn ?? (texts.Any(column => column.Name == "text") ? "text"
            : texts.Where(Preprocessing.IsFreeText).ToArray() is [var only] && only.Name != data.Pipeline?.IdColumn ? only.Name : null);
        if (name is not null && raw.Find(name) is TextColumn)
            return new TextView(TextRowMap.TextsOf(raw, name));
        return raw.Columns.OfType<VectorColumn>().ToArray() is [var pixels]
            ? ImageView.Of(new Dataset(pixels.Values, data.Source) { RowShape = pixels.RowShape })
            : null;
    }

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

    /// <summary>Images as they are stored, each made small when it is shown.</summary>
    private sealed class StoredImageView(IReadOnlyList<StoredImage> images) : IRowView
    {
        public int Count => images.Count;

        public Html Show(int row, string name, ViewSize size)
        {
            (byte[] jpeg, int width, int height) = Picture.Thumbnail(images[row], size.Pixels);
            return Html.Of(
                $"<img alt=\"{name}\" width=\"{width}\" height=\"{height}\" "
                    + $"src=\"data:image/jpeg;base64,{Html.Made(Convert.ToBase64String(jpeg))}\">");
        }
    }

    /// <summary>A view of every row of a source, of which the data have some.</summary>
    private sealed class NumberedView(IRowView all, Dataset data) : IRowView
    {
        public int Count => data.Features.Rows;

        public string? TextOf(int row) => all.TextOf(data.NumberOf(row));

        public Html Show(int row, string name, ViewSize size) => all.Show(data.NumberOf(row), name, size);
    }
}
