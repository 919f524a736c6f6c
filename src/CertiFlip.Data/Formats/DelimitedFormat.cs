namespace CertiFlip.Data.Formats;

/// <summary>Comma- or tab-separated text: a header row, numbers, and at most one column of labels.</summary>
/// <param name="delimiter">What stands between cells.</param>
/// <param name="labelColumn">The column that may hold labels.</param>
/// <param name="ignored">Columns that are passed over, whatever they hold.</param>
internal sealed class DelimitedFormat(char delimiter, string labelColumn, IReadOnlyCollection<string> ignored) : IDataFormat
{
    public Dataset ReadDataset(InputFile file)
    {
        using DelimitedTable table = new(file, delimiter, ignored);
        int labelAt = FindLabelColumn(table);
        RowNumbers? numbers = ignored.Contains(RowNumbers.Column) ? null : RowNumbers.Of(table, labelColumn);
        int[] featuresAt =
        [
            .. Enumerable.Range(0, table.Columns.Count)
                .Where(column => column != labelAt && column != numbers?.At && !ignored.Contains(table.Columns[column])),
        ];
        table.ExpectNumbers(featuresAt, labelAt < 0 && table.OtherSeparator is null ? LikelyReason(table.Columns) : "");
        if (featuresAt.Length == 0)
        {
            string others = string.Join(" and ", table.Columns.Select(DataException.Quote));
            throw new DataException($"{file.Path}: there is no column but {others}; features need at least one.");
        }

        var values = new NumberBuffer<double>(file.Budget);
        List<string> labels = [];
        List<int> lines = [];
        var names = new LabelNames(file.Budget);
        while (table.ReadRow())
        {
            lines.Add((int)table.Line);
            file.Budget.Take(sizeof(int));
            foreach (int column in featuresAt)
                values.Add(table.GetNumber(column));
            if (labelAt >= 0)
                labels.Add(names.Same(table.GetLabel(labelAt)));
            numbers?.ReadFrom(table);
        }

        int rows = (int)(values.Count / featuresAt.Length);
        var features = new FeatureMatrix(rows, featuresAt.Length, values.TakeAll(file.Path));
        if (numbers?.Order(rows: null) is { } order)
        {
            features = features.SelectRows(order);
            labels = labels.Count == 0 ? [] : [.. order.Select(line => labels[line])];
            lines = [.. order.Select(line => lines[line])];
        }

        return new Dataset(features, file.Path)
        {
            FeatureNames = [.. featuresAt.Select(column => table.Columns[column])],
            Labels = labels,
            LinesOfRows = lines,
            IgnoredColumns = [.. table.Columns.Intersect(ignored)],
        };
    }

    public RowValues ReadLabels(InputFile file, int? rows)
    {
        using DelimitedTable table = new(file, delimiter);
        int labelAt = FindLabelColumn(table);
        if (labelAt < 0 && table.Columns is [var only] && !IsAnother(only))
            labelAt = 0;
        if (labelAt < 0)
            throw table.NoColumnNamed(labelColumn, "expected a column of that name, or a single one");
        RowValues labels = table.ReadLabels(labelAt, labelColumn, rows);
        string header = table.Columns[labelAt];
        return header == labelColumn || !labels.Texts.Contains(header)
            ? labels
            : throw new DataException(
                $"{file.Path}, line 1: {DataException.Quote(header)} is read as the name of the column, but it is also a label below; "
                + $"name the column in line 1, for example {DataException.Quote(labelColumn)}.");
    }

    /// <summary>Whether the only column holds something else, by its name.</summary>
    private static bool IsAnother(string only) => ((string[])[RowNumbers.Column, "cost", "text"]).Contains(only);

    /// <summary>Why there may be text where a number should be, in a table that has no column of labels.</summary>
    private string LikelyReason(List<string> columns) => columns.Exists(DelimitedTable.IsNumber)
        ? " Line 1 is read as the names of the columns; are they missing?"
        : $" No column is named {DataException.Quote(labelColumn)}, so every column is read as a feature; is this one the labels'?";

    /// <summary>The index of the column, or −1.</summary>
    private int FindLabelColumn(DelimitedTable table)
    {
        if (ignored.Contains(labelColumn))
            return -1;
        int found = table.Columns.IndexOf(labelColumn);
        int similar = table.Columns.FindIndex(name => name.Equals(labelColumn, StringComparison.OrdinalIgnoreCase));
        // Read as a feature, a column of numeric labels would tell a head the answer.
        return found >= 0 || similar < 0
            ? found
            : throw new DataException(
                $"{table.Path}: column {DataException.Quote(table.Columns[similar])} is spelled like the label column "
                + $"{DataException.Quote(labelColumn)} but for case; make them the same.");
    }
}
