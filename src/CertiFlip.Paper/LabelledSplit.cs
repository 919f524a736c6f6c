using CertiFlip.Data.Models;

namespace CertiFlip.Paper.Sources;

/// <summary>Features of training and test rows with their classes, from 0.</summary>
/// <param name="Training">Training features (n × k).</param>
/// <param name="TrainingClasses">Their n classes: the labels that are defended.</param>
/// <param name="Test">Test features (m × k).</param>
/// <param name="TestClasses">Their m true classes.</param>
public sealed record LabelledSplit(FeatureMatrix Training, IReadOnlyList<int> TrainingClasses, FeatureMatrix Test, IReadOnlyList<int> TestClasses)
{
    /// <summary>The training labels, as certificates want them.</summary>
    public ClassLabels Labels => new(TrainingClasses, Math.Max(2, TrainingClasses.Max() + 1));

    /// <summary>The split as <see cref="Store"/> kept it.</summary>
    internal static LabelledSplit Restore(StoredModel stored)
    {
        int[] training = stored.Integers("training classes"), test = stored.Integers("test classes");
        return new LabelledSplit(Matrix(training.Length, stored.Doubles("training features")), training, Matrix(test.Length, stored.Doubles("test features")), test);
    }

    internal void Store(StoredModel stored)
    {
        stored.Add("training features", Training.First(Training.Rows));
        stored.Add("training classes", [.. TrainingClasses]);
        stored.Add("test features", Test.First(Test.Rows));
        stored.Add("test classes", [.. TestClasses]);
    }

    /// <summary>The same rows under a map that is applied to training and test features alike.</summary>
    /// <param name="map">The map.</param>
    public LabelledSplit Mapped(Func<FeatureMatrix, FeatureMatrix> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return this with { Training = map(Training), Test = map(Test) };
    }

    /// <summary>All features times one number, so that the mean of the training features' variances is 1: what a penalty such as C = 1 is made for. A relative λ does not notice.</summary>
    public LabelledSplit WithUnitVariance()
    {
        double variance = Enumerable.Range(0, Training.Columns).Average(Variance), scale = variance > 0 ? 1 / Math.Sqrt(variance) : 1;
        return Mapped(matrix => new FeatureMatrix(matrix.Rows, matrix.Columns, [.. matrix.First(matrix.Rows).Select(value => value * scale)]));

        double Variance(int column)
        {
            double[] values = [.. Enumerable.Range(0, Training.Rows).Select(row => Training.Row(row)[column])];
            double mean = values.Average();
            return values.Average(value => (value - mean) * (value - mean));
        }
    }

    /// <summary>Fewer test rows, spread evenly over all of them: files that list one class after the other stay balanced.</summary>
    /// <param name="count">How many at most.</param>
    public LabelledSplit WithTestRows(int count)
    {
        int[] rows = Rows.Spread(count, Test.Rows);
        return this with { Test = Test.SelectRows(rows), TestClasses = [.. rows.Select(row => TestClasses[row])] };
    }

    private static FeatureMatrix Matrix(int rows, double[] values) => new(rows, values.Length / rows, values);
}
