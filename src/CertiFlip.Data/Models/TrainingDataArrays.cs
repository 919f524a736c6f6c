namespace CertiFlip.Data.Models;

/// <summary>Training data among the arrays of a model file. Labels are kept as their classes, and features as 32-bit numbers where that loses nothing.</summary>
internal static class TrainingDataArrays
{
    private const string Features = "features", ImageShape = "image shape";

    public static void Add(StoredModel stored, TrainedModel model)
    {
        Dataset data = model.Training;
        var encoding = LabelEncoding.FromTrainingLabels(data);
        stored.Add("rows and features", [data.Features.Rows, data.Features.Columns]);
        stored.AddArray(Features, Narrowest(data.Features.Values));
        stored.Add("feature names", [.. data.FeatureNames]);
        stored.Add("classes", [.. encoding.Classes]);
        stored.Add("labels", encoding.Encode(data));
        stored.Add("label column", [model.LabelColumn]);
        stored.Add(ImageShape, [.. data.ImageShape]);
    }

    /// <summary>The data. Every label is spelled as its class is named.</summary>
    /// <param name="stored">The arrays.</param>
    /// <param name="encoding">The classes.</param>
    /// <exception cref="ArgumentException">Something does not fit together.</exception>
    public static Dataset Read(StoredModel stored, out LabelEncoding encoding)
    {
        if (stored.Integers("rows and features") is not [var n, var k])
            throw new ArgumentException("The numbers of rows and features are missing.");
        string[] classes = stored.Texts("classes");
        int[] labels = stored.Integers("labels");
        if (labels.Length != n)
            throw new ArgumentException($"There are {labels.Length} labels for {n} rows.");
        if (Array.FindIndex(labels, label => label < 0 || label >= classes.Length) is var row and >= 0)
            throw new ArgumentException($"Row {row} has the label {labels[row]} of {classes.Length} classes.");
        var data = new Dataset(new FeatureMatrix(n, k, Widened(stored)), stored.Source)
        {
            FeatureNames = stored.Texts("feature names"),
            ImageShape = ReadImageShape(stored, k),
            Labels = Array.ConvertAll(labels, label => classes[label]),
        };
        encoding = LabelEncoding.FromTrainingLabels(data);
        return encoding.Classes.SequenceEqual(classes) ? data : throw new ArgumentException("The classes are not those of the labels.");
    }

    /// <summary>Height and width, or neither. Files that were made before images were kept lack the array.</summary>
    private static int[] ReadImageShape(StoredModel stored, int features) => (stored.Arrays.ContainsKey(ImageShape) ? stored.Integers(ImageShape) : []) switch
    {
        [] => [],
        [var height, var width] when height > 0 && width > 0 && (long)height * width == features => [height, width],
        _ => throw new ArgumentException($"The image shape is not that of {features} features."),
    };

    private static Array Narrowest(ReadOnlySpan<double> values)
    {
        float[] singles = new float[values.Length];
        for (int i = 0; i < singles.Length; i++)
        {
            singles[i] = (float)values[i];
            if (BitConverter.DoubleToInt64Bits(singles[i]) != BitConverter.DoubleToInt64Bits(values[i]))
                return values.ToArray();
        }

        return singles;
    }

    private static double[] Widened(StoredModel stored) =>
        stored.Arrays.GetValueOrDefault(Features) is float[] singles ? Array.ConvertAll(singles, single => (double)single) : stored.Doubles(Features);
}
