using System.Globalization;

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

    /// <summary>
    /// Columns that say the label of every row, a value for each class: they are likely the labels under another name.
    /// </summary>
    public static IEnumerable<DataRemark> LabelCopies(Dataset data)
    {
        const int FewestRows = 20, FewestRowsOfClass = 5;
        if (data.Features.Rows < FewestRows || !data.HasLabels)
            yield break;
        int classes = data.Labels.Distinct().Count();
        if (classes < 2 || classes > data.Features.Rows / FewestRowsOfClass)
            yield break;
        string[] copies = [.. ColumnsThatSayLabels(data, classes)];
        if (copies.Length == 0)
            yield break;
        bool isOne = copies.Length == 1;
        string names = string.Join(", ", copies.Select(DataException.Quote));
        yield return new DataRemark(
            RemarkKind.LabelCopy, data.Source, RemarkSeverity.Remark,
            $"{(isOne ? "column" : "columns")} {names} {(isOne ? "says" : "say")} the label of every row, a value for each class",
            $"if {(isOne ? "it is" : "they are")} the label under another name, accuracy means nothing: "
            + (data.FeatureNames.Count > 0 ? $"--ignore {string.Join(',', copies)}" : "leave it out of the file"))
        {
            Columns = copies,
        };
    }

    /// <summary>The columns of the file that have one value for each label, and another for each other label.</summary>
    private static IEnumerable<string> ColumnsThatSayLabels(Dataset data, int classes)
    {
        // A category is several features, one for each level: together they are the column.
        IReadOnlyList<string> columns = data.Pipeline?.FeatureColumns is { Count: > 0 } made
            ? made
            : [.. Enumerable.Range(0, data.Features.Columns).Select(column => NameOf(data, column))];
        List<(string Name, int[] Features, Dictionary<string, string> Labels)> left =
        [
            .. columns.Index().GroupBy(column => column.Item, column => column.Index)
                .Select(column => (column.Key, column.ToArray(), new Dictionary<string, string>())),
        ];
        double[] row = new double[data.Features.Columns];
        for (int index = 0; index < data.Features.Rows && left.Count > 0; index++)
        {
            data.Features.CopyRow(index, row);
            string label = data.Labels[index];
            left.RemoveAll(column =>
            {
                string value = string.Join(' ', column.Features.Where(feature => row[feature] != 0)
                    .Select(feature => string.Create(CultureInfo.InvariantCulture, $"{feature}:{row[feature]:R}")));
                return (!column.Labels.TryAdd(value, label) && column.Labels[value] != label) || column.Labels.Count > classes;
            });
        }

        return left.Where(column => column.Labels.Values.Distinct().Count() == classes).Select(column => column.Name);
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
    public static string HowToDrop(Dataset data, IReadOnlyList<int> columns)
    {
        // Features are dropped with the column of the file that they are made of.
        IReadOnlyList<string> made = data.Pipeline?.FeatureColumns ?? [];
        string[] names = [.. columns.Select(column => made.Count > 0 ? DataException.Quote(made[column]) : Quoted(data, column))
            .Distinct()];
        return data.FeatureNames.Count > 0 && names.Length <= MostNames
            ? string.Join(" ", names.Select(name => $"--ignore {name}"))
            : "leave them out of the file";
    }

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
