using System.Text.RegularExpressions;

namespace CertiFlip.Data.Formats;

/// <summary>
/// NumPy's arrays and archives of them, SciPy's sparse matrices, and IDX: features, and labels where they are with
/// them.
/// </summary>
internal sealed partial class ArrayTables : ITableFormat
{
    /// <summary>The name of the column of features.</summary>
    public const string Features = "features";

    /// <summary>The name of the column of labels.</summary>
    public const string Labels = "label";

    // Pairs of arrays that programs write, in the order in which they are looked for.
    private static readonly (string Features, string Labels)[] Pairs =
    [
        ("X", "y"), ("x", "y"), (Features, "labels"), (Features, Labels), ("data", "target"), ("data", "labels"), ("images", "labels"),
        ("embeddings", "labels"), ("arr_0", "arr_1"),
    ];

    // The usual part first.
    private static readonly string[] PartOrder = ["train", "training", "test", "testing", "val", "valid", "validation"];

    public string Name => "NumPy";

    public bool Recognises(InputFile file) => Are(file);

    /// <summary>Whether a file holds arrays.</summary>
    public static bool Are(InputFile file) => DataFormats.RecogniseArrays(file) is not null;

    /// <summary>The names of the parts of an archive: train and test where it has both, otherwise its arrays.</summary>
    public static IReadOnlyList<string> PartsOf(InputFile file)
    {
        if (DataFormats.RecogniseArrays(file) is not NpzFormat)
            return [];
        IReadOnlyList<string> arrays = NpzFormat.Names(file);
        string[] splits = [.. Splits(arrays).Keys];
        return splits.Length > 0 ? splits : arrays;
    }

    public Table Read(InputFile file, TableOptions options)
    {
        switch (DataFormats.RecogniseArrays(file))
        {
            case NpzFormat:
                return ReadArchive(file, options);
            case { } format when options.Part is null:
                return TableOf(file, format.ReadRows(file), labels: []);
            default:
                throw new DataException($"{file.Path}: there is one array in the file; name it without '#{options.Part}'.");
        }
    }

    private static Table ReadArchive(InputFile file, TableOptions options)
    {
        IReadOnlyList<string> arrays = NpzFormat.Names(file);
        SortedDictionary<string, (string Features, string Labels)> splits = Splits(arrays);
        if (NpzFormat.IsSparse(arrays) && options.Part is null)
            return TableOf(file, new NumberRows(NpzFormat.ReadSparse(file), [], IsScaled: false), labels: []);
        bool isSplit = options.Part is null && splits.Count > 1 && !arrays.Contains("X");
        (string features, string labels) = options.Part switch
        {
            null => PairOf(file, arrays, splits),
            { } part when arrays.Contains(part) => (part, ""),
            { } part when splits.TryGetValue(part, out (string, string) split) => split,
            { } part => throw new DataException(
                $"{file.Path}: there is no array {DataException.Quote(part)}; {NpzFormat.InWords([.. arrays, .. splits.Keys])}."),
        };
        Table table = TableOf(
            file, NpzFormat.ReadRows(file, features), arrays.Contains(labels) ? NpzFormat.ReadLabels(file, labels) : []);
        return isSplit
            ? table.WithNotes([$"the file has the parts {string.Join(", ", splits.Keys)}, of which {splits.Keys.First()} is read"])
            : table;
    }

    private static (string Features, string Labels) PairOf(
        InputFile file, IReadOnlyList<string> arrays, SortedDictionary<string, (string, string)> splits)
    {
        foreach ((string features, string labels) in Pairs)
        {
            if (arrays.Contains(features))
                return (features, labels);
        }

        return splits.Count > 0 ? splits.First().Value
            : arrays is [var only] ? (only, "")
            : throw new DataException(
                $"{file.Path}: it is not clear which array holds features; {NpzFormat.InWords(arrays)}. Name one after '#', as in "
                + $"{System.IO.Path.GetFileName(file.StoredPath)}#{(arrays.Count > 0 ? arrays[0] : "X")}, or save them as "
                + "np.savez(file, X=features, y=labels).");
    }

    /// <summary>Parts by their names, the usual one first, each with its array of features and its labels'.</summary>
    private static SortedDictionary<string, (string Features, string Labels)> Splits(IReadOnlyList<string> arrays)
    {
        var splits = new SortedDictionary<string, (string Features, string Labels)>(Comparer<string>.Create((one, other) =>
            (Rank(one), one).CompareTo((Rank(other), other))));
        foreach (string array in arrays)
        {
            if (OfPart().Match(array) is not { Success: true } match)
                continue;
            string part = match.Groups["part"].Value;
            (string features, string labels) = splits.GetValueOrDefault(part, ("", ""));
            splits[part] = match.Groups["features"].Success ? (array, labels) : (features, array);
        }

        foreach (string part in splits.Keys.Where(part => splits[part].Features.Length == 0).ToArray())
            splits.Remove(part);
        return splits;

        static int Rank(string part) => Array.IndexOf(PartOrder, part) is >= 0 and var rank ? rank : PartOrder.Length;
    }

    private static Table TableOf(InputFile file, NumberRows rows, IReadOnlyList<string> labels)
    {
        var features = new VectorColumn(Features, rows.Features)
        {
            RowShape = rows.RowShape.Count > 0 ? rows.RowShape : [rows.Features.Columns],
        };
        if (labels.Count > 0 && labels.Count != features.Rows)
        {
            throw new DataException(
                $"{file.Path}: there are {labels.Count} labels, but {features.Rows} rows; there must be one label per row.");
        }

        return new Table(file.Path, labels.Count > 0 ? [features, new TextColumn(Labels, [.. labels.Select(NoneIfEmpty)])] : [features])
        {
            Notes = rows.IsScaled ? ["pixels are bytes and are divided by 255"] : [],
        };
    }

    private static string? NoneIfEmpty(string label) => label.Length == 0 ? null : label;

    [GeneratedRegex("""
        ^(((?<features>[xX]|images?|data|features|embeddings)|([yY]|labels?|targets?))_(?<part>[a-z]+)
        |(?<part>[a-z]+)_((?<features>[xX]|images?|data|features|embeddings)|([yY]|labels?|targets?)))$
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex OfPart();
}
