using System.Buffers;

namespace CertiFlip.Data.Formats;

/// <summary>Comma- or tab-separated text: a header row, numbers, and at most one column of labels.</summary>
internal sealed class DelimitedFormat(char delimiter, string labelColumn) : IDataFormat
{
    private static readonly SearchValues<char> Separators = SearchValues.Create(",;\t| ");

    public Dataset ReadDataset(InputFile file)
    {
        using DelimitedTable table = new(file, delimiter);
        int labelAt = FindLabelColumn(table);
        if (labelAt < 0)
            table.AddHint(LikelyReason(table.Columns));
        int[] featuresAt = [.. Enumerable.Range(0, table.Columns.Count).Where(column => column != labelAt)];
        if (featuresAt.Length == 0)
            throw new DataException($"{file.Path}: there is no column but {DataException.Quote(labelColumn)}; features need at least one.");
        List<double> values = [];
        List<string> labels = [];
        while (table.ReadRow())
        {
            foreach (int column in featuresAt)
                values.Add(table.GetNumber(column));
            if (labelAt >= 0)
                labels.Add(table.GetLabel(labelAt));
        }
        return new Dataset(new FeatureMatrix(values.Count / featuresAt.Length, featuresAt.Length, [.. values]), file.Path)
        {
            FeatureNames = [.. featuresAt.Select(column => table.Columns[column])],
            Labels = labels,
        };
    }

    public IReadOnlyList<string> ReadLabels(InputFile file)
    {
        using DelimitedTable table = new(file, delimiter);
        int labelAt = table.Columns.Count == 1 ? 0 : FindLabelColumn(table);
        if (labelAt < 0)
            throw new DataException($"{file.Path}: none of the {table.Columns.Count} columns is named {DataException.Quote(labelColumn)}; expected a column of that name, or a single one.");
        List<string> labels = [];
        while (table.ReadRow())
            labels.Add(table.GetLabel(labelAt));
        return labels;
    }

    /// <summary>Why there may be text where a number should be, in a table that has no column of labels.</summary>
    private string LikelyReason(List<string> columns)
    {
        if (columns is [var only] && only.AsSpan().IndexOfAny(Separators) >= 0)
            return " The header is read as one cell: cells of a .csv are separated by commas, those of a .tsv by tabs, and numbers have decimal points.";
        return columns.Exists(DelimitedTable.IsNumber)
            ? " Line 1 is read as the names of the columns; are they missing?"
            : $" No column is named {DataException.Quote(labelColumn)}, so every column is read as a feature; is this one the labels'?";
    }

    /// <summary>The index of the column, or −1.</summary>
    private int FindLabelColumn(DelimitedTable table)
    {
        int found = table.Columns.IndexOf(labelColumn);
        int similar = table.Columns.FindIndex(name => name.Equals(labelColumn, StringComparison.OrdinalIgnoreCase));
        // Read as a feature, numeric labels would give the answer away to whoever learns from them.
        return found >= 0 || similar < 0
            ? found
            : throw new DataException($"{table.Path}: column {DataException.Quote(table.Columns[similar])} is spelled like the label column {DataException.Quote(labelColumn)} but for case; make them the same.");
    }
}
