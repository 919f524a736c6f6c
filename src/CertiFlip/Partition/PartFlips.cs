using CertiFlip.Votes;

namespace CertiFlip.Partition;

/// <summary>What one part of the training rows votes for, for one test row, and what it costs to move that vote by flipping labels: as many flips, unless labels differ in cost.</summary>
public sealed class PartFlips
{
    /// <summary>Stands for the number of flips where no number of them is enough.</summary>
    public const int Never = int.MaxValue;

    private readonly int[] _flips;

    // Where the prediction's own flips would stand are those that it takes to leave it.
    internal PartFlips(int totalCost, int prediction, int[] flips) => (TotalCost, Prediction, _flips) = (totalCost, prediction, flips);

    /// <summary>What it costs to flip all of the part's labels: the number of its training rows, unless labels differ in cost.</summary>
    public int TotalCost { get; }

    /// <summary>The class that the part votes for.</summary>
    public int Prediction { get; }

    /// <summary>The number of classes, K.</summary>
    public int ClassCount => _flips.Length;

    /// <summary>The fewest flips after which the part votes for any other class, or <see cref="Never"/>.</summary>
    public int ToLeave => _flips[Prediction];

    /// <summary>Counts the flips for the vote of a part's head.</summary>
    /// <param name="vote">The label weights and labels of the part, for one test row.</param>
    public static PartFlips Of(Vote vote)
    {
        ArgumentNullException.ThrowIfNull(vote);
        return new PartAttack().On(vote);
    }

    /// <summary>
    /// A number of flips that the part needs at least to vote for another class, or <see cref="Never"/>. With two classes it is the fewest; with
    /// more that is a covering problem, and this the most that any one class to be overtaken needs.
    /// </summary>
    /// <param name="c">A class other than <see cref="Prediction"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="c"/> is <see cref="Prediction"/>.</exception>
    public int To(int c) => c != Prediction ? _flips[c] : throw new ArgumentException($"The part votes for {c} already.", nameof(c));
}
