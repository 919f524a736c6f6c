using System.Globalization;
using System.Runtime.InteropServices;

namespace CertiFlip.Data;

/// <summary>Checks labels.</summary>
internal static class LabelChecks
{
    private const int MostShown = 5;
    private const double CommonShare = 0.9;
    private const int RareRatio = 50;
    private const int FewestRowsOfUnique = 6, FewestRows = 10;

    /// <summary>What is to be said of training labels, missing ones apart.</summary>
    /// <param name="data">The data; rows with missing labels are passed over.</param>
    /// <param name="missing">The rows with missing labels.</param>
    /// <param name="stated">The list of classes, where it is stated.</param>
    public static IEnumerable<DataRemark> OfTraining(Dataset data, IReadOnlyCollection<int> missing, ClassList? stated)
    {
        var counts = new LabelCounts(data, missing);
        if (counts.Labels.Count == 0)
            return [];
        if (stated is null && counts.Classes.Count < 2)
        {
            return
            [
                new DataRemark(
                    RemarkKind.SingleClass, data.LabelSource, RemarkSeverity.Refusal,
                    $"every label is {DataException.Quote(counts.Labels[0])}",
                    "at least two classes are needed; if others can occur, state them: --classes"),
            ];
        }

        return
        [
            .. stated is null ? Spellings(data, counts) : [],
            .. Writings(data, counts),
            .. UnlabelledMarks(data, counts),
            .. Frequencies(data, counts),
        ];
    }

    /// <summary>The classes that occur; null where there are fewer than two.</summary>
    public static ClassList? ClassesOf(Dataset data, IReadOnlyCollection<int> missing) =>
        new LabelCounts(data, missing) is { Classes.Count: > 1 } counts ? ClassList.FromLabels(counts.Labels) : null;

    /// <summary>The rows whose labels are missing.</summary>
    public static IReadOnlyList<int> MissingRows(Dataset data, ClassList? stated)
    {
        // One answer for each label, however many rows it has.
        Dictionary<string, bool> known = [];
        bool hasSigns = data.Labels.Distinct().Any(label => LabelText.IsSign(label) && !LabelText.MayBeMissing(label));
        bool IsMissing(string label)
        {
            if (!known.TryGetValue(label, out bool missing))
            {
                missing = LabelText.MayBeMissing(label) && !(LabelText.IsSign(label) && hasSigns)
                    && (stated is null || string.IsNullOrWhiteSpace(label) || !stated.TryFind(label, out _));
                known.Add(label, missing);
            }

            return missing;
        }

        return [.. Enumerable.Range(0, data.Labels.Count).Where(row => IsMissing(data.Labels[row]))];
    }

    /// <summary>What is to be said of missing labels.</summary>
    public static IEnumerable<DataRemark> Missing(Dataset data, IReadOnlyList<int> missing)
    {
        if (missing.Count == 0)
            yield break;
        string[] spelled = [.. missing.Select(row => data.Labels[row]).Distinct().Order(StringComparer.Ordinal)];
        bool isBlank = Array.Exists(spelled, string.IsNullOrWhiteSpace);
        string[] words = [.. spelled.Where(label => !string.IsNullOrWhiteSpace(label))];
        string what = (isBlank, words.Length) switch
        {
            (true, 0) => "empty, NaN or infinite",
            (true, _) => $"{Quoted(words)} or empty",
            _ => Quoted(words),
        };
        string count = missing.Count == 1 ? "one label is missing" : $"{missing.Count} labels are missing";
        string accept = isBlank ? "" : $", or if {(words.Length == 1 ? "this is a class" : "these are classes")}, say so: "
            + $"--accept {RemarkKind.MissingLabels}";
        yield return new DataRemark(
            RemarkKind.MissingLabels, data.LabelSource, RemarkSeverity.Refusal, $"{count} ({what}): {Rows(data, missing)}",
            $"fill {(missing.Count == 1 ? "it" : "them")} in, leave {(missing.Count == 1 ? "this row" : "these rows")} out with "
                + $"--missing-labels drop{accept}")
        {
            Rows = [.. missing.Select(data.NumberOf)],
            RowCount = missing.Count,
        };
    }

    /// <summary>The labels of test data that are none of the classes.</summary>
    public static IEnumerable<DataRemark> Unknown(Dataset data, IReadOnlyCollection<int> missing, ClassList classes, string training)
    {
        HashSet<int> passed = [.. missing];
        int[] rows =
        [
            .. Enumerable.Range(0, data.Labels.Count)
                .Where(row => !passed.Contains(row) && !classes.TryFind(data.Labels[row], out _)),
        ];
        if (rows.Length == 0)
            yield break;
        string[] labels = [.. rows.Select(row => data.Labels[row]).Distinct()];
        string[] similar = [.. classes.Where(name => labels.Any(label => LabelText.Folded(label) == LabelText.Folded(name)))];
        string advice = similar.Length > 0
            ? $"they differ from {Quoted(similar)} in case, blanks or Unicode form only: write them alike"
            : "correct them, or leave these rows out";
        string known = $"{(classes.IsStated ? "the stated classes" : $"the classes of {training}")}, which are "
            + LabelEncoding.Of(classes).ClassesInWords;
        yield return new DataRemark(
            RemarkKind.UnknownLabel, data.LabelSource, RemarkSeverity.Refusal,
            $"{Quoted(labels)} {(labels.Length == 1 ? "is" : "are")} not among {known}; {Rows(data, rows)}", advice)
        {
            Rows = [.. rows.Select(data.NumberOf)],
            RowCount = rows.Length,
        };
    }

    /// <summary>Rows in words: their numbers from 0, and where they are lines of a table, those.</summary>
    public static string Rows(Dataset data, IReadOnlyList<int> rows)
    {
        string numbers = List(rows, data.NumberOf);
        string lines = data.LinesOfRows.Count > 0 && data.LabelSource == data.Source
            ? $", {(rows.Count == 1 ? "line" : "lines")} {List(rows, row => data.LinesOfRows[row])}"
            : "";
        return $"{(rows.Count == 1 ? "row" : "rows")} {numbers} (from 0){lines}";
    }

    private static string List(IReadOnlyList<int> rows, Func<int, int> number)
    {
        string shown = string.Join(", ", rows.Take(MostShown).Select(number));
        return rows.Count > MostShown ? $"{shown} and {rows.Count - MostShown} more" : shown;
    }

    private static IEnumerable<DataRemark> Spellings(Dataset data, LabelCounts counts) => Alike(
        data, counts, counts.Classes.Select(spellings => spellings[0]).GroupBy(LabelText.Folded), RemarkKind.LabelSpelling,
        classes => $"{classes} classes differ in case, blanks or Unicode form only", "if they mean the same, write them alike");

    private static IEnumerable<DataRemark> Writings(Dataset data, LabelCounts counts) => Alike(
        data, counts, counts.Classes, RemarkKind.LabelWriting,
        labels => $"{labels} labels are written differently, but as numbers some are the same, and so one class",
        "if they are names of different things, write a letter before each");

    /// <summary>
    /// Labels in groups, of which those in one group are alike; the rows are those of the rarer ones.
    /// </summary>
    private static IEnumerable<DataRemark> Alike(
        Dataset data, LabelCounts counts, IEnumerable<IEnumerable<string>> groups, RemarkKind kind, Func<int, string> what, string advice)
    {
        string[][] alike =
        [
            .. groups.Select(group => group.Order(StringComparer.Ordinal).ToArray()).Where(group => group.Length > 1)
                .OrderBy(group => group[0], StringComparer.Ordinal),
        ];
        if (alike.Length == 0)
            yield break;
        string shown = string.Join("; ", alike.Take(MostShown).Select(group => string.Join(", ", group.Select(Shown))));
        string more = alike.Length > MostShown ? $"; and {alike.Length - MostShown} more" : "";
        int[] rows = [.. RowsOf(data, [.. alike.SelectMany(group => group.Except([group.MaxBy(label => counts[label])!]))])];
        yield return new DataRemark(
            kind, data.LabelSource, RemarkSeverity.Remark, $"{what(alike.Sum(group => group.Length))}: {shown}{more}", advice)
        {
            Rows = [.. rows.Select(data.NumberOf)],
            RowCount = rows.Length,
        };
    }

    // scikit-learn marks rows without a label by −1, beside classes that are numbered from 0.
    private static IEnumerable<DataRemark> UnlabelledMarks(Dataset data, LabelCounts counts)
    {
        string[] mark = [.. counts.SpellingsOf("-1")];
        int others = counts.Classes.Count - 1;
        if (mark.Length == 0 || others < 2
            || !Enumerable.Range(0, others).All(c => counts.SpellingsOf(c.ToString(CultureInfo.InvariantCulture)).Any()))
            yield break;
        int[] rows = [.. RowsOf(data, [.. mark])];
        yield return new DataRemark(
            RemarkKind.UnlabelledMark, data.LabelSource, RemarkSeverity.Remark,
            $"{Count(rows.Length, "label")} -1 beside classes numbered from 0, which is how scikit-learn marks rows without a label",
            "if that is meant, leave these rows out of the file; -1 is taken for a class")
        {
            Rows = [.. rows.Select(data.NumberOf)],
            RowCount = rows.Length,
        };
    }

    private static IEnumerable<DataRemark> Frequencies(Dataset data, LabelCounts counts)
    {
        (string Name, int Rows)[] classes =
        [
            .. counts.Classes.Select(spellings => (spellings.MaxBy(label => counts[label])!, spellings.Sum(label => counts[label]))),
        ];
        int n = classes.Sum(c => c.Rows);
        if ((classes.Length == n && n >= FewestRowsOfUnique) || (2 * classes.Length > n && n >= FewestRows))
        {
            yield return new DataRemark(
                RemarkKind.UniqueLabels, data.LabelSource, RemarkSeverity.Refusal,
                classes.Length == n ? $"each of the {n} labels occurs once" : $"there are {classes.Length} different labels in {n} rows",
                "these look like names of rows or values to regress on, not like classes: name the column of classes with --label, or if "
                    + $"they are classes, say so: --accept {RemarkKind.UniqueLabels}");
            yield break;
        }

        string[] single = [.. classes.Where(c => c.Rows == 1).Select(c => c.Name).Order(StringComparer.Ordinal)];
        if (single.Length > 0)
        {
            int[] rows = [.. RowsOf(data, [.. single])];
            yield return new DataRemark(
                RemarkKind.SingleRowClass, data.LabelSource, RemarkSeverity.Remark,
                single.Length == 1
                    ? $"the class {Shown(single[0])} has one row: {Rows(data, rows)}"
                    : $"{single.Length} classes have one row each: {Quoted(single)}",
                "check that the label is no slip: nothing else speaks for it, and one flip removes the class")
            {
                Rows = [.. rows.Select(data.NumberOf)],
                RowCount = rows.Length,
            };
        }

        (string Name, int Rows) common = classes.MaxBy(c => c.Rows), rare = classes.MinBy(c => c.Rows);
        bool isCommon = n >= FewestRows && common.Rows >= CommonShare * n;
        bool isRare = rare.Rows > 1 && (long)RareRatio * rare.Rows <= common.Rows;
        if (isCommon || isRare)
        {
            yield return new DataRemark(
                RemarkKind.ImbalancedClasses, data.LabelSource, RemarkSeverity.Remark,
                isCommon
                    ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * common.Rows / n:F1} % of the labels are {Shown(common.Name)}")
                    : $"the class {Shown(common.Name)} has {common.Rows} rows, and {Shown(rare.Name)} has {rare.Rows}",
                "compare accuracy with that of always predicting the commonest class, and look at each class on its own");
        }
    }

    private static IEnumerable<int> RowsOf(Dataset data, HashSet<string> labels) =>
        Enumerable.Range(0, data.Labels.Count).Where(row => labels.Contains(data.Labels[row]));

    private static string Count(int number, string thing) => number == 1 ? $"one {thing} is" : $"{number} {thing}s are";

    private static string Quoted(string[] labels) =>
        string.Join(", ", labels.Take(MostShown).Select(Shown))
            + (labels.Length > MostShown ? $" and {labels.Length - MostShown} more" : "");

    // What looks the same, or like nothing, is shown as code points.
    private static string Shown(string label) => DataException.Quote(string.Concat(label.Select(c =>
        c is >= ' ' and <= '~' || (char.IsLetterOrDigit(c) && c is not (>= '\uff01' and <= '\uff5e')) || char.IsSurrogate(c)
            ? c.ToString()
            : $"\\u{(int)c:x4}")));
}

/// <summary>The labels that are not missing, and how many rows each has.</summary>
internal sealed class LabelCounts
{
    // Make a list of classes, which has at least two, of any labels.
    private static readonly string[] Fillers = ["\0", "\0\0"];
    private readonly Dictionary<string, int> _counts = [];
    private readonly ClassList _classes;

    /// <param name="data">The data.</param>
    /// <param name="missing">The rows whose labels are missing.</param>
    public LabelCounts(Dataset data, IReadOnlyCollection<int> missing)
    {
        HashSet<int> passed = [.. missing];
        for (int row = 0; row < data.Labels.Count; row++)
        {
            if (passed.Count == 0 || !passed.Contains(row))
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, data.Labels[row], out _)++;
        }

        Labels = [.. _counts.Keys];
        _classes = ClassList.FromLabels([.. Labels, .. Fillers]);
        Classes = [.. Labels.GroupBy(ClassOf).OrderBy(group => group.Key).Select(group => group.ToArray())];
    }

    /// <summary>The different labels, in the order in which they first come.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The same by classes: several spellings of a number are one class.</summary>
    public IReadOnlyList<string[]> Classes { get; }

    /// <summary>How many rows have a label.</summary>
    public int this[string label] => _counts[label];

    /// <summary>The spellings that a class has here; none if it is none of these.</summary>
    public IEnumerable<string> SpellingsOf(string label) =>
        _classes.TryFind(label, out int c) ? Labels.Where(other => ClassOf(other) == c) : [];

    private int ClassOf(string label) => _classes.TryFind(label, out int c) ? c : -1;
}
