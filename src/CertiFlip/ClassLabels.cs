namespace CertiFlip;

/// <summary>
/// The n training labels y of K classes, as certificates read them, with the list of classes that they are labels of.
/// </summary>
public sealed class ClassLabels
{
    private readonly int[] _labels;
    private readonly Groups _rows;

    /// <summary>Labels by their numbers, of classes 0 to K − 1. The list of classes counts as stated.</summary>
    /// <param name="labels">n class indices, each from 0 to K − 1; n is at least 1. They are copied.</param>
    /// <param name="classCount">The number of classes K, at least 2. A class may have no rows.</param>
    /// <exception cref="ArgumentException">There are no labels, K is below 2, or a label is not a class.</exception>
    public ClassLabels(IReadOnlyList<int> labels, int classCount)
        : this(labels, ClassList.Numbered(classCount))
    {
    }

    /// <summary>Labels by their numbers, of a list of classes.</summary>
    /// <param name="labels">n class indices, each from 0 to K − 1; n is at least 1. They are copied.</param>
    /// <param name="classes">The K classes. One may have no rows.</param>
    /// <exception cref="ArgumentException">There are no labels, or a label is not a class.</exception>
    public ClassLabels(IReadOnlyList<int> labels, ClassList classes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classes);
        if (labels.Count == 0)
            throw new ArgumentException("There must be at least one label.", nameof(labels));

        Classes = classes;
        _labels = [.. labels];
        for (int row = 0; row < _labels.Length; row++)
        {
            if (_labels[row] < 0 || _labels[row] >= classes.Count)
            {
                throw new ArgumentException(
                    $"Label {row} is {_labels[row]}: {classes.Count} classes are numbered 0 to {classes.Count - 1}.", nameof(labels));
            }
        }

        _rows = new Groups(_labels, classes.Count);
    }

    /// <summary>Number of training rows, n.</summary>
    public int Count => _labels.Length;

    /// <summary>The list of classes.</summary>
    public ClassList Classes { get; }

    /// <summary>Number of classes, K.</summary>
    public int ClassCount => Classes.Count;

    /// <summary>
    /// All training rows, those of class 0 first, then those of class 1, and so on; within a class in their own order.
    /// </summary>
    internal ReadOnlySpan<int> RowsByClass => _rows.Members;

    /// <summary>Where each training row stands in <see cref="RowsByClass"/>.</summary>
    internal ReadOnlySpan<int> PlacesByClass => _rows.Places;

    /// <summary>The class of a training row.</summary>
    /// <param name="row">Index of the training row, from 0.</param>
    public int this[int row] => _labels[row];

    /// <summary>How many training rows a class has.</summary>
    /// <param name="c">The class, from 0 to K − 1.</param>
    public int CountOf(int c) => _rows[c].Length;

    /// <summary>
    /// The largest radius that any learner whatever can have for a prediction of this class, if it treats class names
    /// alike: the least of ⌈(n_c + n_d)/2⌉ − 1 over the other classes d, where n_c is <see cref="CountOf"/>. Any where
    /// there are a prior or shares, which tell classes apart.
    /// </summary>
    /// <remarks>
    /// Swap c and d on half of the rows labelled with either: by symmetry the learner cannot predict c both then and
    /// where the other half is swapped instead. Where ties follow the order of names, a head that is linear in the
    /// labels survives one flip more at most, and only if n_c + n_d is even. It holds for an adversary without limits.
    /// docs/record.md has the proof.
    /// </remarks>
    /// <param name="c">The predicted class, from 0 to K − 1.</param>
    public Radius CeilingOf(int c)
    {
        if (!Classes.AreAlike)
            return Radius.Any;
        int fewest = Enumerable.Range(0, ClassCount).Where(d => d != c).Min(CountOf);
        return Radius.Of(Math.Max(0, (int)((CountOf(c) + (long)fewest + 1) / 2) - 1));
    }

    /// <summary>Where the rows of a class stand in <see cref="RowsByClass"/>.</summary>
    internal Range RangeOf(int c) => _rows.RangeOf(c);
}
