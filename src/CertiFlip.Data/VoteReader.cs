using System.Globalization;

namespace CertiFlip.Data;

/// <summary>
/// Reads several people's votes for the labels of rows: from columns of the table of the rows, one for each person, or
/// from a table of their own with the columns <c>item</c>, <c>annotator</c> and <c>label</c>. An empty cell is no vote.
/// Words such as <c>none</c> and <c>NA</c> are votes where the list of classes is stated and has them.
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
    /// <exception cref="ArgumentException">A column comes twice: one person would count as two.</exception>
    /// <exception cref="DataException">A column is not there, or a vote is for none of the classes.</exception>
    public static CollectedVotes OfColumns(Table table, IReadOnlyList<string> columns, ClassList? classes = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            throw new ArgumentException($"The column '{twice}' comes twice, but one person has one vote on each row.", nameof(columns));
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
    /// A column or an item is not there, somebody votes twice on an item, two names may be one person, or a vote is for
    /// none of the classes.
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

        string[] people = [.. votes.Select(vote => vote.Annotator).Distinct()];
        if (people.GroupBy(name => LabelText.Folded(name).TrimEnd(' ', '.', ',', ';', ':')).FirstOrDefault(alike => alike.Count() > 1)
            is { } one)
        {
            throw new DataException(
                $"{table.Source}: annotators {string.Join(" and ", one.Select(DataException.Quote))} differ in case, blanks or punctuation "
                + "at the end only, and one person must not count as two; write them alike, or give them different names.");
        }

        return Count(votes, rows, people.Length, table.Source, classes);
    }

    private static CollectedVotes Count(
        IReadOnlyList<Vote> all, int rows, int annotators, string source, ClassList? classes)
    {
        Vote[] votes = [.. all.Where(vote => !string.IsNullOrWhiteSpace(vote.Label))];
        if (votes.Length == 0)
            throw new DataException($"{source}: nobody has voted.");

        // Where + is a class, - is one, too.
        bool hasSigns = votes.Any(vote => LabelText.IsSign(vote.Label!) && !LabelText.MayBeMissing(vote.Label!));
        bool MayBeMissing(string label) => LabelText.MayBeMissing(label) && !(LabelText.IsSign(label) && hasSigns);
        if (classes is null && votes.FirstOrDefault(vote => MayBeMissing(vote.Label!)) is { } word)
        {
            throw new DataException(
                $"{word.Place}: the vote {DataException.Quote(word.Label!)} of {DataException.Quote(word.Annotator)} may be a class or no "
                + "vote; if it is a class, state the list of classes with --classes, otherwise empty such cells.");
        }

        classes ??= LabelEncoding.FromTrainingLabels([.. votes.Select(vote => vote.Label!)], source).Classes;
        int[][] counts = [.. Enumerable.Range(0, rows).Select(_ => new int[classes.Count])];
        foreach (Vote vote in votes)
        {
            if (!classes.TryFind(vote.Label!, out int c))
            {
                string advice = MayBeMissing(vote.Label!) ? "; if it is no vote, empty the cell" : "";
                throw new DataException(
                    $"{vote.Place}: the vote {DataException.Quote(vote.Label!)} is for none of the stated classes, which are "
                    + $"{LabelEncoding.Of(classes).ClassesInWords}{advice}.");
            }

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
