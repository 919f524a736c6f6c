namespace CertiFlip.Smoothing;

/// <summary>How often each of m functions gave each of K classes.</summary>
internal sealed class ClassCounts(int functions, int classes)
{
    private readonly int[] _counts = new int[checked(functions * classes)];

    public int this[int function, int c] => _counts[function * classes + c];

    /// <summary>Counts one answer of every function.</summary>
    /// <exception cref="InvalidOperationException">An answer is not a class.</exception>
    public void Add(ReadOnlySpan<int> answers)
    {
        for (int function = 0; function < answers.Length; function++)
        {
            if ((uint)answers[function] >= (uint)classes)
                throw new InvalidOperationException($"Function {function} gave {answers[function]}, but classes are numbered 0 to {classes - 1}.");
            _counts[function * classes + answers[function]]++;
        }
    }

    /// <summary>Adds another count to this one.</summary>
    public void Add(ClassCounts other)
    {
        for (int i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
    }

    /// <summary>The most frequent class of each function, the smallest on a tie.</summary>
    public int[] MostFrequent()
    {
        int[] winners = new int[functions];
        for (int function = 0; function < functions; function++)
        {
            for (int c = 1; c < classes; c++)
            {
                if (this[function, c] > this[function, winners[function]])
                    winners[function] = c;
            }
        }

        return winners;
    }
}
