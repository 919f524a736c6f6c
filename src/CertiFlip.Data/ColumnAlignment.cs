namespace CertiFlip.Data;

/// <summary>Makes sure that a column of the test data means what the same column of the training data means.</summary>
public static class ColumnAlignment
{
    private const int MostNames = 5;

    /// <summary>The test data with its columns in the order of the training data.</summary>
    /// <param name="training">The data that says which columns there are and in what order.</param>
    /// <param name="test">
    /// The data to bring into that order; returned as it is when it is in that order, or when either has no names.
    /// </param>
    /// <exception cref="DataException">
    /// The number of columns differs, or a column of one is missing from the other.
    /// </exception>
    public static Dataset Align(Dataset training, Dataset test)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(test);
        if (training.FeatureNames.Count > 0 && test.FeatureNames.Count > 0)
            return AlignByName(training, test);
        if (training.Features.Columns != test.Features.Columns)
        {
            throw new DataException(
                $"{test.Source}: has {test.Features.Columns} features, but {training.Source} has {training.Features.Columns}; "
                + "both need the same.");
        }
        return test;
    }

    private static Dataset AlignByName(Dataset training, Dataset test)
    {
        if (training.FeatureNames.SequenceEqual(test.FeatureNames))
            return test;
        string[] missing = [.. training.FeatureNames.Except(test.FeatureNames)];
        string[] extra = [.. test.FeatureNames.Except(training.FeatureNames)];
        if (missing.Length + extra.Length > 0)
        {
            throw new DataException(
                $"{test.Source}: {Describe(missing, extra)}, compared with {training.Source}; both need the same columns.");
        }

        int columns = test.Features.Columns;
        Dictionary<string, int> position = test.FeatureNames.Index().ToDictionary(column => column.Item, column => column.Index);
        int[] from = [.. training.FeatureNames.Select(name => position[name])];
        double[] values = new double[(long)test.Features.Rows * columns];
        for (int row = 0; row < test.Features.Rows; row++)
        {
            ReadOnlySpan<double> old = test.Features.Row(row);
            Span<double> aligned = values.AsSpan(row * columns, columns);
            for (int column = 0; column < columns; column++)
                aligned[column] = old[from[column]];
        }
        return new Dataset(new FeatureMatrix(test.Features.Rows, columns, values), test.Source)
        {
            FeatureNames = training.FeatureNames,
            Labels = test.Labels,
            LabelSource = test.LabelSource,
            RowsInSource = test.RowsInSource,
        };
    }

    private static string Describe(string[] missing, string[] extra) => (missing, extra) switch
    {
        (_, []) => $"lacks {List(missing)}",
        ([], _) => $"has {List(extra)} too many",
        _ => $"lacks {List(missing)} and has {List(extra)} too many",
    };

    private static string List(string[] names)
    {
        string shown = string.Join(", ", names.Take(MostNames).Select(DataException.Quote));
        string noun = names.Length == 1 ? "column" : "columns";
        return names.Length <= MostNames ? $"{noun} {shown}" : $"{noun} {shown} and {names.Length - MostNames} more";
    }
}
