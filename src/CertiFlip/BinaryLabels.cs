namespace CertiFlip;

/// <summary>The n training labels y of two classes, as certificates read them.</summary>
public sealed class BinaryLabels
{
    private readonly double[] _signs;

    /// <summary>Copies the labels.</summary>
    /// <param name="classes">n class indices, each 0 or 1; n is at least 1.</param>
    /// <exception cref="ArgumentException">There are no labels, or one is neither 0 nor 1.</exception>
    public BinaryLabels(IReadOnlyList<int> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (classes.Count == 0)
            throw new ArgumentException("There must be at least one label.", nameof(classes));
        _signs = new double[classes.Count];
        for (int j = 0; j < _signs.Length; j++)
        {
            _signs[j] = classes[j] switch
            {
                1 => 1,
                0 => -1,
                int other => throw new ArgumentException($"Label {j} is {other}: two classes are numbered 0 and 1.", nameof(classes)),
            };
            Ones += classes[j];
        }
    }

    /// <summary>Number of training rows, n.</summary>
    public int Count => _signs.Length;

    /// <summary>How many labels are 1.</summary>
    public int Ones { get; }

    /// <summary>The class of a training row, 0 or 1.</summary>
    /// <param name="row">Index of the training row, from 0.</param>
    public int this[int row] => _signs[row] > 0 ? 1 : 0;

    /// <summary>+1 where the label is 1, −1 where it is 0.</summary>
    internal ReadOnlySpan<double> Signs => _signs;
}
