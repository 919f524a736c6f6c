namespace CertiFlip.Partition;

/// <summary>The vote of P parts: the class with the most votes wins, ties go to the smaller class.</summary>
public sealed class Plurality
{
    private readonly int[] _counts;

    /// <summary>Counts votes.</summary>
    /// <param name="votes">The class that each of the P parts votes for, P at least 1.</param>
    /// <param name="classes">The number of classes K, at least 2.</param>
    /// <exception cref="ArgumentException">There are no votes, K is below 2, or a vote is not a class.</exception>
    public Plurality(IReadOnlyList<int> votes, int classes)
    {
        ArgumentNullException.ThrowIfNull(votes);
        if (classes < 2)
            throw new ArgumentException($"There must be at least two classes, but there are {classes}.", nameof(classes));
        if (votes.Count == 0)
            throw new ArgumentException("There must be at least one vote.", nameof(votes));

        _counts = new int[classes];
        for (int part = 0; part < votes.Count; part++)
        {
            if (votes[part] < 0 || votes[part] >= classes)
                throw new ArgumentException($"Part {part} votes for {votes[part]}: {classes} classes are numbered 0 to {classes - 1}.", nameof(votes));
            _counts[votes[part]]++;
        }

        Winner = Array.IndexOf(_counts, _counts.Max());
    }

    /// <summary>The number of classes, K.</summary>
    public int ClassCount => _counts.Length;

    /// <summary>The class that wins.</summary>
    public int Winner { get; }

    /// <summary>How many parts vote for a class.</summary>
    /// <param name="c">The class, from 0 to K − 1.</param>
    public int CountOf(int c) => _counts[c];

    /// <summary>By how much the winner's votes must fall against a rival's until the rival wins instead, at least 1.</summary>
    internal int GapTo(int rival) => _counts[Winner] - _counts[rival] + (rival > Winner ? 1 : 0);
}
