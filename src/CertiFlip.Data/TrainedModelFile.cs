using System.Collections;
using CertiFlip.Data.Pipelines;
using CertiFlip.Heads;

namespace CertiFlip.Data;

/// <summary>
/// A <see cref="TrainedModel"/> as a file holds it: training features and labels, the head's choice, and what fitting
/// computed.
/// </summary>
public static class TrainedModelFile
{
    /// <summary>The kind of model.</summary>
    public const string Kind = "classifier";

    /// <summary>Stores a trained model.</summary>
    /// <param name="model">The model.</param>
    public static StoredModel Store(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var stored = new StoredModel(Kind);
        TrainingDataArrays.Add(stored.Arrays, model);
        stored.Add("head", [model.Choice.Text]);
        model.Choice.Store(stored.Arrays, model.Head);
        stored.Add("noise", model.Noise is { } q ? [q] : Array.Empty<double>());
        return stored;
    }

    /// <summary>Restores a trained model: it certifies to the same bits as the one that was stored.</summary>
    /// <param name="stored">What a file holds.</param>
    /// <param name="parallel">
    /// How many threads may work; as many as there are processors if not given. The result does not depend on it.
    /// </param>
    /// <param name="rowMaps">
    /// Restores first steps of pipelines that are not of this library, such as ONNX models; null for a kind that it
    /// does not know.
    /// </param>
    /// <exception cref="DataException">It is of another kind, or does not fit together.</exception>
    public static TrainedModel Restore(
        StoredModel stored, ParallelOptions? parallel = null, Func<string, ModelArrays, RowMap?>? rowMaps = null)
    {
        ArgumentNullException.ThrowIfNull(stored);
        stored.Expect(Kind);
        using CertiFlipTelemetry.Stage stage = CertiFlipTelemetry.Begin("restore_model");
        TrainedModel model = stored.Restore(arrays =>
        {
            Dataset training = TrainingDataArrays.Read(arrays, stored.Source, rowMaps, out ClassLabels labels);
            HeadChoice choice = ReadChoice(arrays);
            if (labels.Classes.Shares.Count > 0 && !choice.Lifts)
                throw new ArgumentException($"There are shares of classes, but the head {choice.Text} lifts nothing by them.");
            double? q = arrays.Doubles("noise") switch
            {
                [] when !choice.DependsOnLabels => null,
                [var noise] when choice.DependsOnLabels => noise,
                _ => throw new ArgumentException($"The noise does not fit the head {choice.Text}."),
            };
            HeadChoice given = choice.WithLabels(labels, q is { } own ? new Noise(own, labels.ClassCount) : null);
            IHead head = given.Restore(arrays, training.Features, parallel);
            return new TrainedModel(training, labels, choice, head, q) { LabelColumn = arrays.Texts("label column").Single() };
        });

        // All of it was held against its rows by now, here or before.
        stored.File?.Mark();
        return model;
    }

    private static HeadChoice ReadChoice(ModelArrays arrays)
    {
        string text = arrays.Texts("head").Single();
        HeadChoice choice = HeadChoice.TryParse(text) ?? throw new ArgumentException($"There is no head {DataException.Quote(text)}.");
        return choice.WithStoredOptions(arrays);
    }
}

/// <summary>
/// Training data among a model's arrays. Labels are stored as the numbers of their classes, and features as 32-bit
/// numbers where that loses nothing.
/// </summary>
internal static class TrainingDataArrays
{
    // More features than this are a matrix, which stays in the file: heads stream so many, too.
    private const long MostInArray = 1 << 23;

    private const string Features = "features", ClassesAreStated = "classes are stated", RowNumbers = "row numbers",
        Prior = "class prior", Shares = "class shares",
        Ids = "ids", Pipeline = "pipeline", Verified = "verified labels";

    public static void Add(ModelArrays arrays, TrainedModel model)
    {
        Dataset data = model.Training;
        arrays.Add("rows and features", [data.Features.Rows, data.Features.Columns]);
        if ((long)data.Features.Rows * data.Features.Columns > MostInArray)
            arrays.Add(Features, data.Features);
        else if (AsSingles(data.Features.Values) is { } singles)
            arrays.Add(Features, singles);
        else
            arrays.Add(Features, data.Features.Values.ToArray());
        DataColumns.Of(data).Store(arrays);
        arrays.Add("classes", [.. model.Labels.Classes]);
        arrays.Add("labels", [.. Enumerable.Range(0, model.Labels.Count).Select(row => model.Labels[row])]);
        arrays.Add("label column", [model.LabelColumn]);
        if (model.Labels.Classes.IsStated)
            arrays.Add(ClassesAreStated, [1]);
        if (data.RowNumbers.Count > 0)
            arrays.Add(RowNumbers, [.. data.RowNumbers, data.RowsInSource]);
        if (data.Verified is { } verified)
            arrays.Add(Verified, [verified.Changed, verified.Open, .. verified.Rows]);
        if (model.Labels.Classes.Prior is { Count: > 0 } prior)
            arrays.Add(Prior, [.. prior]);
        if (model.Labels.Classes.Shares is { Count: > 0 } shares)
            arrays.Add(Shares, [.. shares]);
        if (data.Ids.Count > 0)
            arrays.Add(Ids, [.. data.Ids]);
        if (data.Pipeline is { } pipeline)
        {
            var steps = new ModelArrays();
            pipeline.Store(steps);
            arrays.AddPart(Pipeline, steps);
        }
    }

    /// <summary>Reads the data. Every label is spelled as its class is named.</summary>
    /// <param name="arrays">The arrays.</param>
    /// <param name="source">What they were read from, as messages name it.</param>
    /// <param name="rowMaps">Restores first steps of pipelines that are not of this library.</param>
    /// <param name="labels">The labels, with the list of classes.</param>
    /// <exception cref="ArgumentException">Something does not fit together.</exception>
    public static Dataset Read(
        ModelArrays arrays, string source, Func<string, ModelArrays, RowMap?>? rowMaps, out ClassLabels labels)
    {
        if (arrays.Integers("rows and features") is not [var n, var k])
            throw new ArgumentException("The numbers of rows and features are missing.");
        string[] names = arrays.Texts("classes");
        int[] numbers = arrays.Integers("labels");
        if (numbers.Length != n)
            throw new ArgumentException($"There are {numbers.Length} labels for {n} rows.");
        if (Array.FindIndex(numbers, label => label < 0 || label >= names.Length) is var row and >= 0)
            throw new ArgumentException($"Row {row} has the label {numbers[row]} of {names.Length} classes.");
        var columns = DataColumns.Restore(arrays, k, source);
        (int[] rows, int rowsInSource) = arrays.All.ContainsKey(RowNumbers) ? Rising(arrays.Integers(RowNumbers), n) : ([], n);
        ModelArrays steps = arrays.Part(Pipeline);
        var data = new Dataset(FeaturesOf(arrays, n, k), source)
        {
            Ids = arrays.All.ContainsKey(Ids) ? arrays.Texts(Ids) : [],
            Pipeline = steps.All.Count > 0 ? Pipelines.Pipeline.Restore(steps, rowMaps) : null,
            FeatureNames = columns.Names,
            RowShape = columns.RowShape,
            Labels = new LabelNames(numbers, names),
            RowNumbers = rows,
            RowsInSource = rowsInSource,
            Verified = arrays.All.ContainsKey(Verified) ? VerifiedBy(arrays.Integers(Verified), rowsInSource, source) : null,
        };
        bool[] occurs = new bool[names.Length];
        foreach (int label in numbers)
            occurs[label] = true;
        ClassList classes = AreStated(arrays) ? ClassList.Of(names) : ClassList.FromLabels([.. names.Where((_, c) => occurs[c])]);
        if (arrays.All.ContainsKey(Prior))
            classes = classes.WithPrior(arrays.Doubles(Prior));
        if (arrays.All.ContainsKey(Shares) && classes.Prior.Count > 0)
            throw new ArgumentException("There are a prior and shares of classes, of which a head takes one.");
        if (arrays.All.ContainsKey(Shares))
            classes = classes.WithShares(arrays.Doubles(Shares));
        labels = new ClassLabels(numbers, classes);
        return classes.SequenceEqual(names) ? data : throw new ArgumentException("The classes are not those of the labels.");
    }

    private static bool AreStated(ModelArrays arrays) => arrays.All.ContainsKey(ClassesAreStated)
        && (arrays.Integers(ClassesAreStated) is [1]
            ? true
            : throw new ArgumentException("Whether classes are stated is said by one number, 1."));

    /// <summary>How many labels were changed, how many lines were open, and the rows that are verified.</summary>
    private static VerifiedLabels VerifiedBy(int[] numbers, int rowsInSource, string source) =>
        numbers is [>= 0 and var changed, >= 0 and var open, .. var rows] && rows.Length > 0 && changed <= rows.Length
            && rows[0] >= 0 && rows[^1] < rowsInSource && rows.Zip(rows.Skip(1)).All(pair => pair.First < pair.Second)
            ? new VerifiedLabels(source, rows) { Changed = changed, Open = open }
            : throw new ArgumentException("The verified labels are not rows that rise.");

    /// <summary>The numbers of n rows in their source, then how many the source has.</summary>
    private static (int[] Rows, int RowsInSource) Rising(int[] rows, int n) =>
        rows.Length == n + 1 && rows[0] >= 0 && rows.Zip(rows.Skip(1)).All(pair => pair.First < pair.Second)
            ? (rows[^1] > n ? rows[..^1] : [], rows[^1])
            : throw new ArgumentException($"The numbers of the rows are not {n} that rise.");

    /// <summary>The same numbers in 32 bits each, or null where that would lose something.</summary>
    private static float[]? AsSingles(ReadOnlySpan<double> values)
    {
        float[] singles = new float[values.Length];
        for (int i = 0; i < singles.Length; i++)
        {
            singles[i] = (float)values[i];
            if (BitConverter.DoubleToInt64Bits(singles[i]) != BitConverter.DoubleToInt64Bits(values[i]))
                return null;
        }

        return singles;
    }

    private static FeatureMatrix FeaturesOf(ModelArrays arrays, int n, int k)
    {
        if (!arrays.Matrices.TryGetValue(Features, out FeatureMatrix? matrix))
        {
            return new FeatureMatrix(n, k, arrays.All.GetValueOrDefault(Features) is float[] singles
                ? Array.ConvertAll(singles, single => (double)single)
                : arrays.Doubles(Features));
        }

        return matrix.Rows == n && matrix.Columns == k
            ? matrix
            : throw new ArgumentException($"There are {matrix.Rows} × {matrix.Columns} features for {n} rows of {k}.");
    }

    /// <summary>The name of each row's class.</summary>
    private sealed class LabelNames(int[] labels, string[] names) : IReadOnlyList<string>
    {
        public int Count => labels.Length;

        public string this[int row] => names[labels[row]];

        public IEnumerator<string> GetEnumerator() => labels.Select(label => names[label]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
