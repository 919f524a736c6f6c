namespace CertiFlip;

/// <summary>
/// Several people's votes for the label of each row. The class with most votes is the label, and of equally many the
/// class that comes first in the list. An adversary who changes votes needs several to change a label.
/// </summary>
public sealed class LabelVotes
{
    private readonly int[] _counts;

    /// <summary>Votes that are counted already.</summary>
    /// <param name="counts">For each of the n rows, how many votes each of the K classes has.</param>
    /// <param name="classes">The list of classes.</param>
    /// <exception cref="ArgumentException">A row has not K numbers, or a number is negative.</exception>
    public LabelVotes(IReadOnlyList<IReadOnlyList<int>> counts, ClassList classes)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(classes);
        if (counts.Any(row => row.Count != classes.Count || row.Any(count => count < 0)))
            throw new ArgumentException($"Each row needs {classes.Count} numbers of votes, none of them negative.", nameof(counts));
        _counts = [.. counts.SelectMany(row => row)];
        (Classes, Rows) = (classes, counts.Count);
    }

    /// <summary>The list of classes.</summary>
    public ClassList Classes { get; }

    /// <summary>n, the number of rows.</summary>
    public int Rows { get; }

    /// <summary>How many votes a class has.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="c">The class, from 0 to K − 1.</param>
    public int CountOf(int row, int c) => Of(row)[c];

    /// <summary>How many votes a row has.</summary>
    /// <param name="row">The row, from 0.</param>
    public int TotalOf(int row)
    {
        int total = 0;
        foreach (int count in Of(row))
            total += count;
        return total;
    }

    /// <summary>The class that wins; −1 where nobody voted.</summary>
    /// <param name="row">The row, from 0.</param>
    public int WinnerOf(int row)
    {
        ReadOnlySpan<int> counts = Of(row);
        int winner = -1;
        for (int c = 0; c < counts.Length; c++)
        {
            if (counts[c] > (winner < 0 ? 0 : counts[winner]))
                winner = c;
        }

        return winner;
    }

    /// <summary>Whether two classes or more have most votes, so that their order decides.</summary>
    /// <param name="row">The row, from 0.</param>
    public bool IsTied(int row)
    {
        int winner = WinnerOf(row);
        return winner >= 0 && Of(row)[(winner + 1)..].Contains(Of(row)[winner]);
    }

    /// <summary>
    /// The fewest votes whose change makes a class win: exactly, ties included. Votes can be changed, but none can be
    /// added or taken away.
    /// </summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="c">The class, from 0 to K − 1.</param>
    /// <returns>0 where it wins already; null where nobody voted.</returns>
    public int? VotesToMake(int row, int c)
    {
        ReadOnlySpan<int> counts = Of(row);
        int total = TotalOf(row);
        if (total == 0)
            return null;

        // Every changed vote does best to go to the class; it is enough where what others are too many by can be taken
        // from them.
        for (int changed = 0; ; changed++)
        {
            int own = counts[c] + changed, excess = 0;
            for (int other = 0; other < counts.Length; other++)
            {
                int most = other < c ? own - 1 : own;
                excess += other == c ? 0 : Math.Max(0, counts[other] - most);
            }

            if (excess <= changed)
                return changed;
        }
    }

    /// <summary>The fewest votes whose change makes any other class than a label win.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="label">The label, from 0 to K − 1.</param>
    /// <returns>At least 1.</returns>
    public int VotesToChange(int row, int label)
    {
        int least = int.MaxValue;
        for (int c = 0; c < Classes.Count; c++)
        {
            if (c != label)
                least = Math.Min(least, VotesToMake(row, c) ?? 1);
        }

        return Math.Max(1, least);
    }

    /// <summary>
    /// What changing each label costs where an adversary changes votes one by one, as
    /// <see cref="LabelFlipAdversary.Costs"/>: the fewest votes that make any other class win.
    /// </summary>
    /// <remarks>
    /// With two classes there is one other, so radii are exact: the votes that a prediction survives. With more, one
    /// label may be cheaper to make than another, and every change counts as the cheapest does: a prediction survives
    /// at least as many votes as its radius.
    /// </remarks>
    /// <param name="rows">The rows that are learnt from, in their order.</param>
    /// <param name="labels">Their labels.</param>
    /// <exception cref="ArgumentException">There are not as many labels as rows.</exception>
    public IReadOnlyList<int> Costs(IReadOnlyList<int> rows, ClassLabels labels)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(labels);
        return rows.Count == labels.Count
            ? [.. rows.Select((row, i) => VotesToChange(row, labels[i]))]
            : throw new ArgumentException($"There are {labels.Count} labels for {rows.Count} rows.", nameof(labels));
    }

    private ReadOnlySpan<int> Of(int row) => _counts.AsSpan(row * Classes.Count, Classes.Count);
}
