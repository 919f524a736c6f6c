using System.Globalization;

namespace CertiFlip.Data.Formats;

/// <summary>
/// Files of libsvm and svmlight: in each line a label, then numbers of columns with values, such as <c>+1 3:0.5
/// 7:1</c>.
/// </summary>
/// <remarks>The columns are counted from 1, or from 0 if that number is in the file. The table is dense.</remarks>
internal sealed class SparseTables : ITableFormat
{
    public string Name => "libsvm";

    public bool Recognises(InputFile file) => ForeignFormat.IsSparse(file.Start);

    public Table Read(InputFile file, TableOptions options)
    {
        // Of a few bytes may become a large matrix, as of a compressed file.
        ReadBudget budget = ReaderOptions.Current.BudgetFor(file.Path, file.Length, isPacked: true);
        var numbers = new SparseRows(file.Path, budget);
        var names = new LabelNames(budget);
        List<string> labels = [];
        List<int> lineOf = [];
        using var lines = new TextLines(file, TextEncoding.Utf8);
        while (lines.Read() is { } line)
        {
            int comment = line.IndexOf('#', StringComparison.Ordinal);
            ReadOnlySpan<char> rest = line.AsSpan(0, comment < 0 ? line.Length : comment);
            if (!Next(ref rest, out ReadOnlySpan<char> label))
                continue;
            string place = $"{file.Path}, line {lines.Count}";
            labels.Add(names.Same(label.ToString()));
            lineOf.Add(lines.Count);
            budget.Take(sizeof(int));
            ReadRow(rest, labels.Count - 1, numbers, place);
        }

        if (labels.Count == 0)
            throw new DataException($"{file.Path}: there is no row in it.");
        int first = options.FirstIndex ?? (numbers.HasZero ? 0 : 1);
        if (first > 0 && numbers.HasZero)
            throw new DataException($"{file.Path}: columns are counted from 1, but there is a column 0.");
        int columns = options.SparseColumns ?? (numbers.Width - first);
        FeatureMatrix features = numbers.ToMatrix(labels.Count, columns, first);
        return new Table(
            file.Path,
            [new TextColumn(ArrayTables.Labels, labels), new VectorColumn(ArrayTables.Features, features) { FirstIndex = first }])
        {
            LinesOfRows = lineOf,
            Notes = numbers.Width - first > columns
                ? [$"columns after {columns - 1 + first}, of which no training row has one, are passed over"]
                : [],
        };
    }

    private static void ReadRow(ReadOnlySpan<char> rest, int row, SparseRows numbers, string place)
    {
        int before = -1;
        while (Next(ref rest, out ReadOnlySpan<char> pair))
        {
            if (pair.StartsWith("qid:", StringComparison.Ordinal))
                continue;
            int colon = pair.IndexOf(':');
            if (colon < 0 || !int.TryParse(pair[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out int column)
                || !double.TryParse(pair[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                || !double.IsFinite(value) || column == int.MaxValue)
            {
                throw new DataException(
                    $"{place}: {DataException.Quote(pair.ToString())} is there; expected the number of a column and a "
                    + $"finite value, such as "
                    + "3:0.5.");
            }

            if (column <= before)
                throw new DataException($"{place}: column {column} comes after column {before}; expected each once, in rising order.");
            before = column;
            numbers.Add(row, column, value);
        }
    }

    private static bool Next(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> word)
    {
        rest = rest.TrimStart(" \t");
        int length = rest.IndexOfAny(' ', '\t');
        word = length < 0 ? rest : rest[..length];
        rest = rest[word.Length..];
        return !word.IsEmpty;
    }
}
