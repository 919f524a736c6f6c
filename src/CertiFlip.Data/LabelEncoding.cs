namespace CertiFlip.Data;

/// <summary>Numbers the classes of a training set 0, 1, …, K−1 and turns labels into those numbers.</summary>
/// <remarks>
/// <para>Labels are any text. Classes are sorted as numbers if all labels are numbers (7, -0.5, 1e-5), else by Unicode code unit.</para>
/// <para>
/// Spellings of one number, such as 1, 1.0 and 01, are one class, so that training labels saved as integers fit test labels saved as
/// floats. The class is named by the spelling that comes first in the training data. Numbers are compared exactly, however long.
/// Anything else is compared letter by letter: case and blanks count.
/// </para>
/// </remarks>
public sealed class LabelEncoding
{
    private const int MostClassesShown = 10;
    private readonly Dictionary<string, int> _classOfKey;

    private LabelEncoding(IReadOnlyList<string> classes)
    {
        Classes = classes;
        _classOfKey = classes.Index().ToDictionary(entry => Key(entry.Item), entry => entry.Index);
    }

    /// <summary>Names of the K ≥ 2 classes; class c is the c-th.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The classes as messages show them: the first few, in quotes.</summary>
    public string ClassesInWords =>
        string.Join(", ", Classes.Take(MostClassesShown).Select(DataException.Quote))
        + (Classes.Count > MostClassesShown ? $", … ({Classes.Count} in all)" : "");

    /// <summary>The classes that occur in the labels of a training set.</summary>
    /// <exception cref="DataException">There are no labels, an empty one, or fewer than two classes.</exception>
    public static LabelEncoding FromTrainingLabels(Dataset training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return FromTrainingLabels(training.Labels, training.LabelSource);
    }

    /// <summary>The classes that occur in training labels.</summary>
    /// <param name="labels">n labels, one per row.</param>
    /// <param name="source">Where they came from, as messages name it.</param>
    /// <exception cref="DataException">There are no labels, an empty one, or fewer than two classes.</exception>
    public static LabelEncoding FromTrainingLabels(IReadOnlyList<string> labels, string source)
    {
        ThrowIfUnlabelled(labels, source);
        string[] classes = [.. labels.Distinct().DistinctBy(Key)];
        if (classes.Length < 2)
            throw new DataException($"{source}: every label is {DataException.Quote(classes[0])}; at least two classes are needed.");
        return new LabelEncoding(Sort(classes));
    }

    /// <summary>Whether a label is one of the classes, in any spelling.</summary>
    public bool Has(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return _classOfKey.ContainsKey(Key(label));
    }

    /// <summary>The class of each row, from 0 to K−1 (length m).</summary>
    /// <exception cref="DataException">There are no labels, an empty one, or one that the training labels lack.</exception>
    public int[] Encode(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Encode(data.Labels, data.LabelSource);
    }

    /// <summary>The class of each label, from 0 to K−1 (length m).</summary>
    /// <param name="labels">m labels, one per row.</param>
    /// <param name="source">Where they came from, as messages name it.</param>
    /// <exception cref="DataException">There are no labels, an empty one, or one that the training labels lack.</exception>
    public int[] Encode(IReadOnlyList<string> labels, string source)
    {
        ThrowIfUnlabelled(labels, source);
        int[] classes = new int[labels.Count];
        for (int row = 0; row < classes.Length; row++)
        {
            if (!_classOfKey.TryGetValue(Key(labels[row]), out classes[row]))
                throw new DataException($"{source}, row {row} (from 0): the label {DataException.Quote(labels[row])} is not in the training data, whose classes are {ClassesInWords}.");
        }
        return classes;
    }

    private static void ThrowIfUnlabelled(IReadOnlyList<string> labels, string source)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count == 0)
            throw new DataException($"{source}: there are no labels; they are expected in the file or in a separate one.");
        for (int row = 0; row < labels.Count; row++)
        {
            if (string.IsNullOrWhiteSpace(labels[row]))
                throw new DataException($"{source}, row {row} (from 0): the label is empty; every row needs one.");
        }
    }

    // No other label can equal the text of a number: that text is itself a spelling of the number.
    private static string Key(string label) => LabelNumber.TryParse(label, out LabelNumber number) ? number.ToString() : label;

    private static string[] Sort(string[] classes)
    {
        LabelNumber[] numbers = new LabelNumber[classes.Length];
        for (int c = 0; c < classes.Length; c++)
        {
            if (!LabelNumber.TryParse(classes[c], out numbers[c]))
                return [.. classes.Order(StringComparer.Ordinal)];
        }
        Array.Sort(numbers, classes);
        return classes;
    }
}
