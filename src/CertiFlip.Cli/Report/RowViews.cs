using System.Globalization;
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
    public static RowViews Of(RunData data, string? textColumn = null)
    {
        IRowView? training = Of(data.Training, textColumn), test = Of(data.Test, textColumn);
        return training is null && test is null && ColumnView.Of(data) is var (ofTraining, ofTest)
            ? new RowViews(ofTraining, ofTest)
            : new RowViews(training, test);
    }

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

    /// <summary>
    /// The columns in which a row stands out: where it is furthest from the mean of the training rows. No label has a
    /// say in that.
    /// </summary>
    private sealed class ColumnView(Dataset data, Preprocessing? columns, double[] means, double[] deviations) : IRowView
    {
        // So many values are shown of each row, and more where they are further than so many standard deviations.
        private const int Fewest = 2;
        private const double Far = 1;

        private readonly IReadOnlyList<string> _names =
            data.Pipeline?.FeatureColumns is { Count: > 0 } named ? named : data.FeatureNames;

        public int Count => data.Features.Rows;

        public string Legend =>
            "Of each row the values are shown that stand out most: those furthest from the mean of the training rows, "
            + "in standard deviations of "
            + "the training rows (sd), or the rarest categories. No label has a say in which these are.";

        /// <summary>Null where columns have no names, or features are not made of single columns.</summary>
        public static (IRowView Training, IRowView Test)? Of(RunData data)
        {
            Dataset training = data.Training;
            if (training.FeatureNames.Count == 0 || training.Pipeline is { Rows: not Preprocessing })
                return null;
            FeatureMatrix features = training.Features;
            (double[] means, double[] squares, double[] row) =
                (new double[features.Columns], new double[features.Columns], new double[features.Columns]);
            for (int i = 0; i < features.Rows; i++)
            {
                features.CopyRow(i, row);
                for (int column = 0; column < row.Length; column++)
                {
                    double off = row[column] - means[column];
                    means[column] += off / (i + 1);
                    squares[column] += off * (row[column] - means[column]);
                }
            }

            double[] deviations = [.. squares.Select(sum => Math.Sqrt(sum / features.Rows))];
            var columns = training.Pipeline?.Rows as Preprocessing;
            return (new ColumnView(training, columns, means, deviations), new ColumnView(data.Test, columns, means, deviations));
        }

        public Html Show(int row, string name, ViewSize size)
        {
            double[] values = new double[data.Features.Columns];
            data.Features.CopyRow(row, values);
            (Html Entry, double Off)[] shown =
            [
                .. from column in Enumerable.Range(0, values.Length)
                   where deviations[column] > 0 && double.IsFinite(deviations[column])
                   let off = (values[column] - means[column]) / deviations[column]
                   orderby Math.Abs(off) descending
                   let text = columns is null ? NumericData.Shown(values[column]) : columns.Read(column, values[column])
                   where text is not null
                   select (Name: _names[column], Text: text, Aside: Aside(column, off), Off: Math.Abs(off)) into one
                   group one by one.Name into ofColumn
                   select ofColumn.First() into one
                   select (
                       Html.Of($"<li>{Html.Name(one.Name)} <b>{Html.Name(one.Text)}</b> <span>{one.Aside}</span></li>\n"), one.Off),
            ];
            IEnumerable<Html> furthest = shown.Where((one, rank) => rank < Fewest || one.Off >= Far)
                .Select(one => one.Entry).Take(size.Values);
            return shown.Length == 0 ? Html.Empty : Html.Of($"<ul class=\"values\">\n{furthest}</ul>\n");
        }

        /// <summary>How far a value is from the mean; of a category, how many training rows have it.</summary>
        private string Aside(int column, double off) =>
            data.Pipeline is not null && data.FeatureNames[column] != _names[column]
                ? $"{Format.Percent(means[column])} of rows"
                : off.ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture) + " sd";
    }

    /// <summary>A view of every row of a source, of which the data have some.</summary>
    private sealed class NumberedView(IRowView all, Dataset data) : IRowView
    {
        public int Count => data.Features.Rows;

        public string? TextOf(int row) => all.TextOf(data.NumberOf(row));

        public Html Show(int row, string name, ViewSize size) => all.Show(data.NumberOf(row), name, size);
    }
}
