using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>
/// Labels that somebody has verified, from a table that <c>audit --corrections</c> wrote and people filled in: columns
/// <c>row</c> (from 0), <c>label</c> (as it was) and <c>correct_label</c>, empty where nobody looked. Where there is a
/// column <c>id</c>, the rows must be called so. Others are passed over.
/// </summary>
/// <remarks>
/// A spreadsheet may have saved the table with semicolons or tabs between cells. An apostrophe before what would be a
/// formula is none of the label's.
/// </remarks>
public sealed class LabelCorrections
{
    /// <summary>The column of the rows' numbers.</summary>
    public const string RowColumn = "row";

    /// <summary>The column of what rows are called, where they have names of their own.</summary>
    public const string IdColumn = "id";

    /// <summary>The column of the labels as they were.</summary>
    public const string LabelColumn = "label";

    /// <summary>The column to fill in.</summary>
    public const string CorrectColumn = "correct_label";

    private readonly Line[] _lines;

    private LabelCorrections(string source, Line[] lines) => (Source, _lines) = (source, lines);

    /// <summary>The file.</summary>
    public string Source { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">A .csv or .tsv, or .gz of these.</param>
    /// <exception cref="DataException">
    /// The file cannot be read, lacks a column, names a row twice or something that is no row, or nobody has filled in
    /// a label.
    /// </exception>
    public static LabelCorrections Read(string path) => InputFile.Read(path, file =>
    {
        file.ThrowIfEmpty();
        if (ForeignFormat.Of(file) is { } foreign)
            throw foreign.Refusal(path);
        char delimiter = file.Extension == ".tsv" ? '\t' : ',';
        using (DelimitedTable table = new(file, delimiter))
        {
            if (table.OtherSeparator is not { } other)
                return Read(table);
            delimiter = other;
        }

        using DelimitedTable separated = new(file, delimiter);
        return Read(separated);
    });

    /// <summary>Applies the corrections to the labels of training data.</summary>
    /// <param name="data">Labelled data.</param>
    /// <param name="classes">
    /// The list of classes, where it is stated; otherwise labels may become those that occur.
    /// </param>
    /// <returns>The same rows with corrected labels, and which of them are verified.</returns>
    /// <exception cref="DataException">
    /// A row is not there, is labelled otherwise than when the file was written, or is given a label that is none of
    /// the classes.
    /// </exception>
    public Dataset ApplyTo(Dataset data, ClassList? classes = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        int[] rowOf = new int[data.RowsInSource];
        Array.Fill(rowOf, -1);
        for (int row = 0; row < data.Features.Rows; row++)
            rowOf[data.NumberOf(row)] = row;
        if (data.Ids.Count > 0)
        {
            foreach (Line line in _lines.Where(line => line.Id is not null && line.Row < rowOf.Length && rowOf[line.Row] >= 0))
            {
                if (data.Ids[rowOf[line.Row]] is var id && id != line.Id)
                    throw new DataException(
                        $"{line.Place}: row {line.Row} was called {DataException.Quote(line.Id!)} when this file was "
                        + $"written, and is called "
                        + $"{DataException.Quote(id)} in {data.Source}; the file is out of date, or is for other data.");
            }
        }

        string[] labels = Apply(data.Labels, rowOf, data.LabelSource, classes, out VerifiedLabels verified);
        return data with { Labels = labels, Verified = verified };
    }

    /// <summary>Applies the corrections to labels alone.</summary>
    /// <param name="labels">n labels.</param>
    /// <param name="source">Where they came from, as messages name it.</param>
    /// <param name="classes">
    /// The list of classes, where it is stated; otherwise labels may become those that occur.
    /// </param>
    /// <param name="verified">Which labels are verified.</param>
    /// <returns>n labels.</returns>
    /// <exception cref="DataException">As for <see cref="ApplyTo(Dataset, ClassList?)"/>.</exception>
    public IReadOnlyList<string> ApplyTo(
        IReadOnlyList<string> labels, string source, ClassList? classes, out VerifiedLabels verified)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(source);
        return Apply(labels, [.. Enumerable.Range(0, labels.Count)], source, classes, out verified);
    }

    private static LabelCorrections Read(DelimitedTable table)
    {
        int[] at =
        [
            .. ((string[])[RowColumn, LabelColumn, CorrectColumn]).Select(name => table.Columns.IndexOf(name) is >= 0 and var found
                ? found
                : throw table.NoColumnNamed(name, "expected a file that certiflip audit --corrections wrote")),
        ];
        int idAt = table.Columns.IndexOf(IdColumn);
        List<Line> lines = [];
        Dictionary<int, long> seen = [];
        while (table.ReadRow())
        {
            string place = $"{table.Path}, line {table.Line}";
            int row = table.GetWholeNumber(at[0]) ?? throw new DataException(
                $"{place}: the row is {DataException.Quote(table.GetText(at[0]))}; expected a whole number from 0.");
            if (!seen.TryAdd(row, table.Line))
                throw new DataException($"{place}: row {row} is in line {seen[row]}, too; leave one of them out.");
            lines.Add(new Line(place, row, idAt < 0 ? null : table.GetText(idAt), table.GetText(at[1]), table.GetLabel(at[2]).Trim()));
        }

        return lines.Exists(line => line.Correct.Length > 0)
            ? new LabelCorrections(table.Path, [.. lines])
            : throw new DataException(
                $"{table.Path}: no {CorrectColumn} is filled in; write the right label there, also where the given one is right.");
    }

    private string[] Apply(
        IReadOnlyList<string> labels, int[] rowOf, string source, ClassList? classes, out VerifiedLabels verified)
    {
        string[] corrected = [.. labels];
        ClassList known = classes ?? LabelEncoding.FromTrainingLabels(
            [.. labels.Where(label => !string.IsNullOrWhiteSpace(label))], source).Classes;
        List<int> rows = [];
        int changed = 0;
        foreach (Line line in _lines)
        {
            if (line.Row >= rowOf.Length || rowOf[line.Row] is not (>= 0 and var at))
                throw new DataException($"{line.Place}: row {line.Row} is not there: {source} has rows 0 to {rowOf.Length - 1}.");
            string now = labels[at], correct = Spelled(line.Correct, known);
            if (!IsSame(now, line.Given, known) && (correct.Length == 0 || !IsSame(now, correct, known)))
            {
                throw new DataException(
                    $"{line.Place}: row {line.Row} was labelled {DataException.Quote(line.Given)} when this file was written, and is "
                    + $"labelled {DataException.Quote(now)} in {source}; the file is out of date, or is for other data.");
            }

            if (correct.Length == 0)
                continue;
            if (!known.TryFind(correct, out _))
            {
                throw new DataException(
                    $"{line.Place}: {CorrectColumn} {DataException.Quote(correct)} is none of the classes, which are "
                    + $"{LabelEncoding.Of(known).ClassesInWords}.{(classes is null ? " State the list if there are others." : "")}");
            }

            rows.Add(line.Row);
            changed += IsSame(now, correct, known) ? 0 : 1;
            corrected[at] = correct;
        }

        verified = new VerifiedLabels(Source, [.. rows.Order()]) { Changed = changed, Open = _lines.Length - rows.Count };
        return corrected;
    }

    /// <summary>A label as the data spell it: without the apostrophe that a spreadsheet was given.</summary>
    private static string Spelled(string label, ClassList classes) =>
        label is ['\'', .. var rest] && !classes.TryFind(label, out _) ? rest : label;

    private static bool IsSame(string now, string then, ClassList classes)
    {
        string spelled = Spelled(then, classes);
        return now == then || now == spelled || (now.Length == 0 && string.IsNullOrWhiteSpace(then))
            || (classes.TryFind(now, out int own) && classes.TryFind(spelled, out int other) && own == other);
    }

    private sealed record Line(string Place, int Row, string? Id, string Given, string Correct);
}
