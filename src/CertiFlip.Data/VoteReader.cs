using System.Globalization;

namespace CertiFlip.Data;

/// <summary>
/// Reads several people's votes for the labels of rows: from columns of the table of the rows, one for each person, or
/// from a table of their own with the columns <c>item</c>, <c>annotator</c> and <c>label</c>. A cell without a label is
/// no vote.
/// </summary>
public static class VoteReader
{
    private const string Item = "item", Annotator = "annotator", Label = "label";

    /// <summary>The columns of a table of votes.</summary>
    public static IReadOnlyList<string> Columns { get; } = [Item, Annotator, Label];

    /// <summary>Votes in columns of the rows.</summary>
    /// <param name="table">The rows; these columns as they are written.</param>
    /// <param name="columns">The columns, one for each person.</param>
    /// <param name="classes">The list of classes, where it is stated; otherwise those that get a vote.</param>
    /// <exception cref="DataException">A column is not there, or a vote is for none of the classes.</exception>
    public static CollectedVotes OfColumns(Table table, IReadOnlyList<string> columns, ClassList? classes = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(columns);
        IEnumerable<Vote> votes = columns.SelectMany(name =>
        {
            TableColumn column = table.Find(name)
                ?? throw new DataException($"{table.Source}: there is no column '{name}', but --votes names it.");
            return TextsOf(column).Select((label, row) => new Vote(row, name, label, table.PlaceOf(row)));
        });
        return Count([.. votes], table.Rows, columns.Count, table.Source, classes);
    }

    /// <summary>Votes in a table of their own.</summary>
    /// <param name="table">The votes; every column as it is written.</param>
    /// <param name="rows">How many rows there are to vote on.</param>
    /// <param name="ids">What rows are called; if empty, items are numbers of rows, from 0.</param>
    /// <param name="classes">The list of classes, where it is stated; otherwise those that get a vote.</param>
    /// <exception cref="DataException">
    /// A column or an item is not there, somebody votes twice on an item, or a vote is for none of the classes.
    /// </exception>
    public static CollectedVotes OfItems(Table table, int rows, IReadOnlyList<string> ids, ClassList? classes = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(ids);
        IReadOnlyList<string?>[] cells = [.. Columns.Select(name => TextsOf(table.Find(name) ?? throw new DataException(
            $"{table.Source}: there is no column '{name}'; a file of votes has the columns {string.Join(", ", Columns)}.")))];
        Dictionary<string, int> rowOf = [];
        for (int row = 0; row < ids.Count; row++)
            rowOf.TryAdd(ids[row], row);
        HashSet<(int, string)> seen = [];
        List<Vote> votes = [];
        for (int line = 0; line < table.Rows; line++)
        {
            string place = table.PlaceOf(line), item = cells[0][line] ?? "", annotator = cells[1][line] ?? "";
            int row = ids.Count > 0 ? rowOf.GetValueOrDefault(item, -1)
                : int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < rows ? number : -1;
            if (row < 0)
            {
                throw new DataException(
                    $"{place}: there is no row {DataException.Quote(item)}; expected "
                    + $"{(ids.Count > 0 ? "an id of the data" : $"the number of a row, 0 to {rows - 1}, or name the ids with --id")}.");
            }

            if (!seen.Add((row, annotator)))
                throw new DataException($"{place}: {DataException.Quote(annotator)} has voted on {DataException.Quote(item)} before.");
            votes.Add(new Vote(row, annotator, cells[2][line], place));
        }

        return Count(votes, rows, votes.Select(vote => vote.Annotator).Distinct().Count(), table.Source, classes);
    }

    private static CollectedVotes Count(
        IReadOnlyList<Vote> all, int rows, int annotators, string source, ClassList? classes)
    {
        Vote[] votes = [.. all.Where(vote => vote.Label is not null && !LabelText.MayBeMissing(vote.Label))];
        if (votes.Length == 0)
            throw new DataException($"{source}: nobody has voted.");
        classes ??= LabelEncoding.FromTrainingLabels([.. votes.Select(vote => vote.Label!)], source).Classes;
        int[][] counts = [.. Enumerable.Range(0, rows).Select(_ => new int[classes.Count])];
        foreach (Vote vote in votes)
        {
            if (!classes.TryFind(vote.Label!, out int c))
                throw new DataException(
                    $"{vote.Place}: the vote {DataException.Quote(vote.Label!)} is for none of the stated classes, which are "
                    + $"{LabelEncoding.Of(classes).ClassesInWords}.");
            counts[vote.Row][c]++;
        }

        return new CollectedVotes(new LabelVotes(counts, classes), annotators, source);
    }

    private static IReadOnlyList<string?> TextsOf(TableColumn column) => column switch
    {
        TextColumn texts => texts.Values,
        NumberColumn numbers =>
        [
            .. numbers.Values.ToArray()
                .Select(number => double.IsNaN(number) ? null : number.ToString("R", CultureInfo.InvariantCulture)),
        ],
        _ => throw new DataException($"column '{column.Name}' holds no votes: they are labels."),
    };

    private sealed record Vote(int Row, string Annotator, string? Label, string Place);
}
