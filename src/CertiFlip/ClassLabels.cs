namespace CertiFlip;

/// <summary>The n training labels y of K classes, as certificates read them.</summary>
public sealed class ClassLabels
{
    private readonly int[] _classes;
    private readonly int[] _starts;
    private readonly int[] _order;

    /// <summary>Copies the labels.</summary>
    /// <param name="classes">n class indices, each from 0 to K − 1; n is at least 1.</param>
    /// <param name="classCount">The number of classes K, at least 2. A class may have no rows.</param>
    /// <exception cref="ArgumentException">There are no labels, K is below 2, or a label is not a class.</exception>
    public ClassLabels(IReadOnlyList<int> classes, int classCount)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (classCount < 2)
            throw new ArgumentException($"There must be at least two classes, but there are {classCount}.", nameof(classCount));
        if (classes.Count == 0)
            throw new ArgumentException("There must be at least one label.", nameof(classes));

        _classes = [.. classes];
        _starts = new int[classCount + 1];
        for (int row = 0; row < _classes.Length; row++)
        {
            if (_classes[row] < 0 || _classes[row] >= classCount)
                throw new ArgumentException($"Label {row} is {_classes[row]}: {classCount} classes are numbered 0 to {classCount - 1}.", nameof(classes));
            _starts[_classes[row] + 1]++;
        }

        for (int c = 0; c < classCount; c++)
            _starts[c + 1] += _starts[c];
        int[] next = _starts[..^1];
        _order = new int[_classes.Length];
        for (int row = 0; row < _classes.Length; row++)
            _order[next[_classes[row]]++] = row;
    }

    /// <summary>Number of training rows, n.</summary>
    public int Count => _classes.Length;

    /// <summary>Number of classes, K.</summary>
    public int ClassCount => _starts.Length - 1;

    /// <summary>All training rows, those of class 0 first, then those of class 1, and so on; within a class in their own order.</summary>
    internal ReadOnlySpan<int> RowsByClass => _order;

    /// <summary>The class of a training row.</summary>
    /// <param name="row">Index of the training row, from 0.</param>
    public int this[int row] => _classes[row];

    /// <summary>How many training rows a class has.</summary>
    /// <param name="c">The class, from 0 to K − 1.</param>
    public int CountOf(int c) => _starts[c + 1] - _starts[c];

    /// <summary>Where the rows of a class stand in <see cref="RowsByClass"/>.</summary>
    internal Range RangeOf(int c) => _starts[c].._starts[c + 1];
}
