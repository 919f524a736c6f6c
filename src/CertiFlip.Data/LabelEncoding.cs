namespace CertiFlip.Data;

/// <summary>
/// Turns the labels of data files into numbers of classes, and says in messages which file and row is wrong.
/// </summary>
public sealed class LabelEncoding
{
    private const int MostClassesShown = 10;
    private const int LongestLabel = 10_000;

    private LabelEncoding(ClassList classes) => Classes = classes;

    /// <summary>The K ≥ 2 classes; class c is the c-th.</summary>
    public ClassList Classes { get; }

    /// <summary>The classes as messages show them: the first few, in quotes.</summary>
    public string ClassesInWords =>
        string.Join(", ", Classes.Take(MostClassesShown).Select(DataException.Quote))
        + (Classes.Count > MostClassesShown ? $", … ({Classes.Count} in all)" : "");

    /// <summary>The encoding of a list of classes.</summary>
    /// <param name="classes">The classes.</param>
    public static LabelEncoding Of(ClassList classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return new LabelEncoding(classes);
    }

    /// <summary>The classes of a training set: those of a stated list, or those that occur.</summary>
    /// <param name="training">The training data.</param>
    /// <param name="stated">The list of classes, where it is stated.</param>
    /// <exception cref="DataException">
    /// There are no labels, an empty one, one that a stated list lacks, or without a stated list fewer than two
    /// classes.
    /// </exception>
    public static LabelEncoding FromTrainingLabels(Dataset training, ClassList? stated = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        return FromTrainingLabels(training.Labels, training.LabelSource, stated);
    }

    /// <summary>The classes of training labels: those of a stated list, or those that occur.</summary>
    /// <param name="labels">n labels, one per row.</param>
    /// <param name="source">Where they came from, as messages name it.</param>
    /// <param name="stated">The list of classes, where it is stated.</param>
    /// <exception cref="DataException">
    /// There are no labels, an empty one, one that a stated list lacks, or without a stated list fewer than two
    /// classes.
    /// </exception>
    public static LabelEncoding FromTrainingLabels(IReadOnlyList<string> labels, string source, ClassList? stated = null)
    {
        ThrowIfUnlabelled(labels, source);
        if (stated is not null)
        {
            var encoding = new LabelEncoding(stated);
            encoding.Encode(labels, source);
            return encoding;
        }

        try
        {
            return new LabelEncoding(ClassList.FromLabels(labels));
        }
        catch (ArgumentException)
        {
            throw new DataException(
                $"{source}: every label is {DataException.Quote(labels[0])}; at least two classes are needed. If other "
                + $"classes can occur, state the list of classes.");
        }
    }

    /// <summary>Whether a label is one of the classes, in any spelling.</summary>
    public bool Has(string label) => Classes.TryFind(label, out _);

    /// <summary>The class of each row, from 0 to K−1 (length m).</summary>
    /// <exception cref="DataException">
    /// There are no labels, an empty one, or one that is not one of the classes.
    /// </exception>
    public int[] Encode(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Encode(data.Labels, data.LabelSource);
    }

    /// <summary>The class of each label, from 0 to K−1 (length m).</summary>
    /// <param name="labels">m labels, one per row.</param>
    /// <param name="source">Where they came from, as messages name it.</param>
    /// <exception cref="DataException">
    /// There are no labels, an empty one, or one that is not one of the classes.
    /// </exception>
    public int[] Encode(IReadOnlyList<string> labels, string source)
    {
        ThrowIfUnlabelled(labels, source);
        int[] classes = new int[labels.Count];
        for (int row = 0; row < classes.Length; row++)
        {
            if (!Classes.TryFind(labels[row], out classes[row]))
            {
                string known = Classes.IsStated ? "one of the stated classes, which are" : "in the training data, whose classes are";
                throw new DataException(
                    $"{source}, row {row} (from 0): the label {DataException.Quote(labels[row])} is not {known} {ClassesInWords}.");
            }
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
            if (labels[row].Length > LongestLabel)
            {
                throw new DataException(
                    $"{source}, row {row} (from 0): the label has {labels[row].Length:N0} characters, and {LongestLabel:N0} are the most; "
                    + "is this a column of texts?");
            }
        }
    }
}
