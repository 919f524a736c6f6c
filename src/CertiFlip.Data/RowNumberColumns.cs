using System.Globalization;

namespace CertiFlip.Data;

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
