using System.Globalization;
using System.Numerics;

namespace CertiFlip.Data;

/// <summary>Checks the columns of features.</summary>
internal static class FeatureChecks
{
    private const int MostNames = 5;

    // Values of a column with a background, such as the ink of an image, that are sampled to find it.
    private const int SampledRows = 1000;
    private const double BackgroundShare = 0.2;

    // With a hundredth left for all others, scores hardly depend on them.
    private const double DominantShare = 0.99;

    // Of fewer rows, the variance says little.
    private const int FewestRowsOfDominant = 10;

    // So many columns may be the dominant ones of k.
    private const int ColumnsForEachDominant = 10;

    /// <summary>What is to be said of a data set's columns.</summary>
    public static IEnumerable<DataRemark> Of(Dataset data)
    {
        var statistics = ColumnStatistics.Of(data.Features);
        int[] constant = [.. Enumerable.Range(0, data.Features.Columns).Where(statistics.IsConstant)];
        if (data.Features.Rows < 2)
            return [];
        if (constant.Length == data.Features.Columns)
        {
            return
            [
                new DataRemark(
                    RemarkKind.ConstantFeatures, data.Source, RemarkSeverity.Refusal, "every row has the same features",
                    "nothing can be learnt from them: check how they were made"),
            ];
        }

        DataRemark[] numbering = [.. RowNumberColumns.Of(data, statistics, out HashSet<int> numbers)];
        return [.. numbering, .. Constant(data, statistics, constant), .. Dominant(data, statistics, numbers)];
    }

    /// <summary>Columns in words, as messages name them.</summary>
    public static string InWords(Dataset data, IReadOnlyList<int> columns)
    {
        string names = string.Join(", ", columns.Take(MostNames).Select(column => Quoted(data, column)));
        string more = columns.Count > MostNames ? $" and {columns.Count - MostNames} more" : "";
        return $"{(columns.Count == 1 ? "column" : "columns")} {names}{more}{(data.FeatureNames.Count == 0 ? " (from 0)" : "")}";
    }

    /// <summary>A column's name, or its number from 0.</summary>
    public static string NameOf(Dataset data, int column) =>
        data.FeatureNames.Count > 0 ? data.FeatureNames[column] : column.ToString(CultureInfo.InvariantCulture);

    /// <summary>How to get rid of columns.</summary>
    public static string HowToDrop(Dataset data, IReadOnlyList<int> columns) => data.FeatureNames.Count > 0 && columns.Count <= MostNames
        ? string.Join(" ", columns.Select(column => $"--ignore {Quoted(data, column)}"))
        : "leave them out of the file";

    private static string Quoted(Dataset data, int column) =>
        data.FeatureNames.Count > 0 ? DataException.Quote(data.FeatureNames[column]) : NameOf(data, column);

    /// <summary>
    /// Constant columns, except those that only show the background of the others: the margins of images, words that do
    /// not occur.
    /// </summary>
    private static IEnumerable<DataRemark> Constant(Dataset data, ColumnStatistics statistics, int[] constant)
    {
        int[] told = [.. constant.GroupBy(column => statistics.Least[column])
            .Where(group => !IsBackground(data.Features, statistics, group.Key)).SelectMany(group => group).Order()];
        if (told.Length == 0)
            yield break;
        string values = told.Length == 1 ? $"has the value {statistics.Least[told[0]]:R} in every row" : "each have one value in every row";
        yield return new DataRemark(
            RemarkKind.ConstantColumn, data.Source, RemarkSeverity.Remark,
            string.Create(CultureInfo.InvariantCulture,
                $"{InWords(data, told)} {values}, so nothing can be learnt from {(told.Length == 1 ? "it" : "them")}"),
            $"check how {(told.Length == 1 ? "it was" : "they were")} made, or drop "
            + $"{(told.Length == 1 ? "it" : "them")}: {HowToDrop(data, told)}")
        {
            Columns = [.. told.Select(column => NameOf(data, column))],
        };
    }

    private static bool IsBackground(FeatureMatrix features, ColumnStatistics statistics, double value)
    {
        double[] row = new double[features.Columns];
        int rows = Math.Min(features.Rows, SampledRows);
        long equal = 0, all = 0;
        for (int i = 0; i < rows; i++)
        {
            features.CopyRow((int)((long)i * features.Rows / rows), row);
            for (int column = 0; column < row.Length; column++)
            {
                if (statistics.IsConstant(column))
                    continue;
                all++;
                equal += row[column] == value ? 1 : 0;
            }
        }

        return equal > BackgroundShare * all;
    }

    private static IEnumerable<DataRemark> Dominant(Dataset data, ColumnStatistics statistics, HashSet<int> numbers)
    {
        double[] spread = statistics.Spread();
        int[] columns = [.. Enumerable.Range(0, spread.Length).Where(column => !numbers.Contains(column))];
        double total = columns.Sum(column => spread[column]);
        int[] varied = [.. columns.Where(column => !statistics.IsConstant(column))];
        if (varied.Length < 2 || data.Features.Rows < FewestRowsOfDominant)
            yield break;
        int[] order = [.. varied.OrderByDescending(column => spread[column]).ThenBy(column => column)];

        // Features in order of importance, such as principal components, are meant to differ.
        bool inOrder = order.SequenceEqual(varied);
        int most = inOrder ? 1 : Math.Max(1, varied.Length / ColumnsForEachDominant);
        double share = 0;
        for (int count = 1; count <= most; count++)
        {
            share += spread[order[count - 1]] / total;
            if (share < DominantShare)
                continue;
            int[] dominant = [.. order.Take(count).Order()];
            string others = varied.Length - count == 1 ? "the other one hardly counts" : $"the other {varied.Length - count} hardly count";
            yield return new DataRemark(
                RemarkKind.DominantColumn, data.Source, RemarkSeverity.Remark,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{InWords(data, dominant)} {(count == 1 ? "has" : "have")} {Math.Floor(share * 1000) / 10:F1} % "
                    + $"of the variance, so {others}"),
                "bring the columns into one unit: certiflip features fit --map standard-scaler, then features apply to every file")
            {
                Columns = [.. dominant.Select(column => NameOf(data, column))],
            };
            yield break;
        }
    }
}

/// <summary>What one pass over n×k features tells of each column.</summary>
internal sealed class ColumnStatistics
{
    // What rounding leaves of a value that was computed in two ways.
    private const double Rounding = 1e-12;
    private readonly double[] _first, _sum, _squares;
    private readonly int _rows;

    private ColumnStatistics(int rows, double[] first)
    {
        (_rows, _first) = (rows, first);
        (Least, Largest) = ([.. first], [.. first]);
        (_sum, _squares) = (new double[first.Length], new double[first.Length]);
    }

    /// <summary>The smallest value of each column.</summary>
    public double[] Least { get; }

    /// <summary>The largest value of each column.</summary>
    public double[] Largest { get; }

    /// <summary>The columns whose values rise from each row to the next, or fall from each to the next.</summary>
    public IReadOnlyList<int> Monotone { get; private set; } = [];

    /// <summary>Looks at every value once, in the order of the rows.</summary>
    public static ColumnStatistics Of(FeatureMatrix features)
    {
        double[] row = new double[features.Columns], before = new double[features.Columns];
        features.CopyRow(0, before);
        var statistics = new ColumnStatistics(features.Rows, [.. before]);
        List<int> rising = [.. Enumerable.Range(0, features.Columns)], falling = [.. rising];
        for (int i = 1; i < features.Rows; i++)
        {
            features.CopyRow(i, row);
            statistics.Add(row);
            rising.RemoveAll(column => !(row[column] > before[column]));
            falling.RemoveAll(column => !(row[column] < before[column]));
            (row, before) = (before, row);
        }

        statistics.Monotone = [.. rising.Concat(falling).Order()];
        return statistics;
    }

    /// <summary>Whether the values of a column are the same, but for rounding.</summary>
    public bool IsConstant(int column) =>
        Largest[column] - Least[column] <= Rounding * Math.Max(Math.Abs(Largest[column]), Math.Abs(Least[column]));

    /// <summary>The variance of a column around its mean, over n.</summary>
    public double Variance(int column)
    {
        double mean = _sum[column] / _rows;
        return Math.Max(0, (_squares[column] / _rows) - (mean * mean));
    }

    /// <summary>
    /// The variance of every column, 0 for constant ones; or where numbers are too large for that, the squares of what
    /// their ranges are of the largest.
    /// </summary>
    public double[] Spread()
    {
        double[] variances = [.. Enumerable.Range(0, Least.Length).Select(column => IsConstant(column) ? 0 : Variance(column))];
        if (double.IsFinite(variances.Sum()))
            return variances;
        double[] ranges = [.. Least.Zip(Largest, (least, largest) => (largest / 2) - (least / 2))];
        double most = ranges.Max();
        return [.. ranges.Select(range => range / most * (range / most))];
    }

    // Sums are around the first row, so that values far from zero lose nothing.
    private void Add(ReadOnlySpan<double> row)
    {
        int column = 0;
        for (; column <= row.Length - Vector<double>.Count; column += Vector<double>.Count)
        {
            var value = new Vector<double>(row[column..]);
            Vector.Min(value, new Vector<double>(Least, column)).CopyTo(Least, column);
            Vector.Max(value, new Vector<double>(Largest, column)).CopyTo(Largest, column);
            Vector<double> moved = value - new Vector<double>(_first, column);
            (new Vector<double>(_sum, column) + moved).CopyTo(_sum, column);
            (new Vector<double>(_squares, column) + (moved * moved)).CopyTo(_squares, column);
        }

        for (; column < row.Length; column++)
        {
            Least[column] = Math.Min(Least[column], row[column]);
            Largest[column] = Math.Max(Largest[column], row[column]);
            double moved = row[column] - _first[column];
            _sum[column] += moved;
            _squares[column] += moved * moved;
        }
    }
}

/// <summary>Columns that number the rows: an index that was saved with the table, a key, a counter.</summary>
internal static class RowNumberColumns
{
    // Fewer rows than these may happen to be numbered.
    private const int FewestRows = 10, FewestRowsOutOfOrder = 50, FewestNamedRows = 3;

    // Out of order, as many different numbers among so many times n are no chance.
    private const int SparsestNumbering = 4;

    // More columns than this with a different value in each row were made so: ranks.
    private const int MostOutOfOrder = 2;

    private static readonly HashSet<string> IndexNames =
    [
        "INDEX", "IDX", "ID", "IDS", "ROW", "ROWID", "ROWNO", "ROWNR", "ROWNUM", "ROWNUMBER", "ROWINDEX", "ROWNAME", "ROWNAMES", "RN",
        "RECORDID", "RECID", "UID", "UUID", "PK", "KEY", "LEVEL0", "INDEXLEVEL0", "SERIAL", "SERIALNO", "SERIALNUMBER",
        "SNO", "SLNO", "SRNO",
        "NR", "OBS", "CASE", "CASENO",
    ];

    private const double GapTolerance = 0.05, MomentTolerance = 1e-4, CountingSteps = 0.9;
    private const int ColumnsAtOnce = 32;

    /// <summary>What is to be said of columns that number the rows.</summary>
    /// <param name="data">The data.</param>
    /// <param name="statistics">Of its columns.</param>
    /// <param name="numbers">These columns.</param>
    public static IReadOnlyList<DataRemark> Of(Dataset data, ColumnStatistics statistics, out HashSet<int> numbers)
    {
        int rows = data.Features.Rows;
        HashSet<int> monotone = [.. statistics.Monotone];
        int[] candidates =
        [
            .. Enumerable.Range(0, data.Features.Columns)
                .Where(column => rows >= FewestNamedRows && !statistics.IsConstant(column)
                    && (monotone.Contains(column) || IsNamedAsIndex(data, column) || MayHaveEqualGaps(statistics, column, rows)
                        || MayBeDense(statistics, column, rows))),
        ];
        List<Finding> findings = [];
        foreach (int[] block in candidates.Chunk(ColumnsAtOnce))
        {
            double[][] values = Columns(data.Features, block);
            findings.AddRange(block.Zip(values, (column, column_values) => Look(data, column, column_values)).OfType<Finding>());
        }

        int outOfOrder = findings.Count(finding => finding is { IsNamed: false, IsInOrder: false });
        if (outOfOrder > MostOutOfOrder)
            findings.RemoveAll(finding => finding is { IsNamed: false, IsInOrder: false });
        numbers = [.. findings.Select(finding => finding.Column)];
        return [.. findings.Select(finding => RemarkOf(data, finding))];
    }

    private static DataRemark RemarkOf(Dataset data, Finding finding)
    {
        string column = FeatureChecks.InWords(data, [finding.Column]);
        string drop = data.FeatureNames.Count > 0
            ? $"drop it: {FeatureChecks.HowToDrop(data, [finding.Column])}"
            : "leave it out of the array";
        return new DataRemark(
            RemarkKind.RowNumberColumn, data.Source, finding.IsNamed ? RemarkSeverity.Refusal : RemarkSeverity.Remark,
            finding.IsNamed
                ? $"{column} is a saved row number, not a feature: it {finding.What}"
                : $"{column} {finding.What}, as a row number does",
            $"{drop}, or if it is really a feature, say so: --accept {RemarkKind.RowNumberColumn}")
        {
            Columns = [FeatureChecks.NameOf(data, finding.Column)],
        };
    }

    private static Finding? Look(Dataset data, int column, double[] values)
    {
        int n = values.Length;
        double[] sorted = [.. values];
        Array.Sort(sorted);
        bool isWhole = Array.TrueForAll(values, value => value == Math.Floor(value) && Math.Abs(value) < 1L << 53);
        bool isDistinct = !sorted.Zip(sorted.Skip(1)).Any(pair => pair.First == pair.Second);
        bool isNamed = IsNamedAsIndex(data, column);
        bool rises = IsRising(values), falls = IsRising([.. values.Reverse()]);
        bool isInOrder = rises || falls;
        string from = string.Create(CultureInfo.InvariantCulture, $"{values[0]:R} to {values[^1]:R}");
        if (isNamed)
        {
            string? named = !isWhole ? null
                : isInOrder ? $"goes from {from}, another number in each row"
                : isDistinct ? "has another whole number in each row"
                : n >= FewestRows && Counts(values) ? "counts rows" : null;
            if (named is not null)
                return new Finding(column, isInOrder, IsNamed: true, named);
        }

        if (n < FewestRows || !isDistinct)
            return null;
        if (HasEqualGaps(sorted))
            return new Finding(
                column, isInOrder, IsNamed: false,
                isInOrder
                    ? $"goes from {from} in equal steps"
                    : "has another value in each row, all in equal steps from the least to the largest");
        if (isWhole && isInOrder)
            return new Finding(column, true, IsNamed: false,
                $"{(rises ? "rises" : "falls")} from {from}, another whole number in each row");
        return isWhole && n >= FewestRowsOutOfOrder && sorted[^1] - sorted[0] < (double)SparsestNumbering * n
            ? new Finding(column, false, IsNamed: false, "has another whole number in each row")
            : null;
    }

    /// <summary>
    /// Whether a name is that of a saved index: none, pandas' <c>Unnamed: 0</c>, <c>index</c>, <c>id</c>, <c>row</c>
    /// and the like, in any case and with any blanks and points.
    /// </summary>
    private static bool IsNamedAsIndex(Dataset data, int column)
    {
        if (data.FeatureNames.Count == 0)
            return false;
        string name = data.FeatureNames[column].Trim();
        string letters = string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
        string[] words = [.. string.Concat(name.Select(c => char.IsLetterOrDigit(c) ? c : ' ')).ToUpperInvariant().Split(' ')];
        return letters is "" || letters.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') is "UNNAMED"
            || (name.StartsWith("...", StringComparison.Ordinal) && letters.All(char.IsDigit))
            || IndexNames.Contains(letters)
            || (words.Length > 1 && words[^1] is "ID" or "INDEX" or "IDX" or "ROWNUM")
            || (name.Length > 2 && name.EndsWith("Id", StringComparison.Ordinal));
    }

    // The variance of n values in equal steps is known from their range.
    private static bool MayHaveEqualGaps(ColumnStatistics statistics, int column, int rows)
    {
        double range = statistics.Largest[column] - statistics.Least[column];
        double expected = (rows + 1) / (12.0 * (rows - 1));
        return Math.Abs((statistics.Variance(column) / (range * range)) - expected) < MomentTolerance * expected;
    }

    private static bool MayBeDense(ColumnStatistics statistics, int column, int rows)
    {
        (double least, double largest) = (statistics.Least[column], statistics.Largest[column]);
        return least == Math.Floor(least) && largest == Math.Floor(largest)
            && largest - least >= rows - 1 && largest - least < (double)SparsestNumbering * rows;
    }

    private static bool HasEqualGaps(double[] sorted)
    {
        double gap = (sorted[^1] - sorted[0]) / (sorted.Length - 1);
        for (int i = 0; i < sorted.Length; i++)
        {
            if (Math.Abs(sorted[i] - (sorted[0] + (i * gap))) > GapTolerance * gap)
                return false;
        }

        return true;
    }

    private static bool IsRising(double[] values)
    {
        for (int i = 1; i < values.Length; i++)
        {
            if (!(values[i] > values[i - 1]))
                return false;
        }

        return true;
    }

    // Tables that were put together bring their indices along: each counts from its own beginning.
    private static bool Counts(double[] values) =>
        Enumerable.Range(1, values.Length - 1).Count(i => values[i] - values[i - 1] == 1) >= CountingSteps * (values.Length - 1);

    private static double[][] Columns(FeatureMatrix features, int[] columns)
    {
        double[][] values = [.. columns.Select(_ => new double[features.Rows])];
        double[] row = new double[features.Columns];
        for (int i = 0; i < features.Rows; i++)
        {
            features.CopyRow(i, row);
            for (int c = 0; c < columns.Length; c++)
                values[c][i] = row[columns[c]];
        }

        return values;
    }

    private sealed record Finding(int Column, bool IsInOrder, bool IsNamed, string What);
}
