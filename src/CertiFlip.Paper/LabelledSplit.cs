using CertiFlip.Data;

namespace CertiFlip.Paper;

/// <summary>Features of training and test rows with their classes, from 0.</summary>
/// <param name="Training">Training features (n × k).</param>
/// <param name="TrainingClasses">Their n classes: the labels that are defended.</param>
/// <param name="Test">Test features (m × k).</param>
/// <param name="TestClasses">Their m true classes.</param>
public sealed record LabelledSplit(
    FeatureMatrix Training, IReadOnlyList<int> TrainingClasses, FeatureMatrix Test, IReadOnlyList<int> TestClasses)
{
    /// <summary>The training labels, as certificates want them.</summary>
    public ClassLabels Labels => new(TrainingClasses, Math.Max(2, TrainingClasses.Max() + 1));

    /// <summary>The accuracy on test rows of always predicting their commonest class.</summary>
    public double ConstantAccuracy => AccuracyByClass.CommonestOf(TestClasses).Share;

    /// <summary>Row numbers, spread evenly over all rows.</summary>
    /// <param name="wanted">How many at most.</param>
    /// <param name="all">How many rows there are.</param>
    internal static int[] Spread(int wanted, int all)
    {
        int count = Math.Min(wanted, all);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * all / count))];
    }

    /// <summary>Reads features that have a row for each image of a list.</summary>
    /// <param name="features">The features.</param>
    /// <param name="list">The list, as messages name it.</param>
    /// <param name="splits">For each image <c>train</c> or <c>test</c>; images of any other split are left out.</param>
    /// <param name="classes">The class of each image.</param>
    /// <exception cref="DataException">The features cannot be read, or are not of so many images.</exception>
    internal static LabelledSplit OfImages(UsedFile features, UsedFile list, IReadOnlyList<string> splits, int[] classes)
    {
        FeatureMatrix matrix = DatasetReader.Read(features.Path).Features;
        if (matrix.Rows != splits.Count)
            throw new DataException($"{features.Path}: there are {matrix.Rows:N0} rows, but {list.Path} lists {splits.Count:N0} images.");
        int[] training = Of("train"), test = Of("test");
        return new LabelledSplit(matrix.SelectRows(training), Classes(training), matrix.SelectRows(test), Classes(test));

        int[] Of(string split) => [.. Enumerable.Range(0, splits.Count).Where(row => splits[row] == split)];
        int[] Classes(int[] rows) => [.. rows.Select(row => classes[row])];
    }

    /// <summary>The split that <see cref="Store"/> stored.</summary>
    internal static LabelledSplit Restore(StoredModel stored)
    {
        int[] training = stored.Integers("training classes"), test = stored.Integers("test classes");
        return new LabelledSplit(
            Matrix(training.Length, stored.Doubles("training features")), training,
            Matrix(test.Length, stored.Doubles("test features")), test);
    }

    internal StoredModel Store()
    {
        var stored = new StoredModel("labelled-split");
        stored.Add("training features", Training.First(Training.Rows));
        stored.Add("training classes", [.. TrainingClasses]);
        stored.Add("test features", Test.First(Test.Rows));
        stored.Add("test classes", [.. TestClasses]);
        return stored;
    }

    /// <summary>The same rows under a map that is applied to training and test features alike.</summary>
    /// <param name="map">The map.</param>
    public LabelledSplit Mapped(Func<FeatureMatrix, FeatureMatrix> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return this with { Training = map(Training), Test = map(Test) };
    }

    /// <summary>All features times one number, so that the mean of the training features' variances is 1.</summary>
    /// <remarks>A penalty such as C = 1 is meant for that scale. A relative λ does not depend on it.</remarks>
    public LabelledSplit WithUnitVariance()
    {
        double variance = Enumerable.Range(0, Training.Columns).Average(Variance), scale = variance > 0 ? 1 / Math.Sqrt(variance) : 1;
        return Mapped(matrix =>
            new FeatureMatrix(matrix.Rows, matrix.Columns, [.. matrix.First(matrix.Rows).Select(value => value * scale)]));

        double Variance(int column)
        {
            double[] values = [.. Enumerable.Range(0, Training.Rows).Select(row => Training.Row(row)[column])];
            double mean = values.Average();
            return values.Average(value => (value - mean) * (value - mean));
        }
    }

    /// <summary>
    /// Fewer test rows, spread evenly, so that files that list one class after the other stay balanced.
    /// </summary>
    /// <param name="count">How many at most.</param>
    public LabelledSplit WithTestRows(int count)
    {
        int[] rows = Spread(count, Test.Rows);
        return this with { Test = Test.SelectRows(rows), TestClasses = [.. rows.Select(row => TestClasses[row])] };
    }

    private static FeatureMatrix Matrix(int rows, double[] values) => new(rows, values.Length / rows, values);
}
