using CertiFlip.Exact;
using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Auditing;

/// <summary>
/// The moves by which an adversary brings one rival past the class predicted for one row, the largest first, where every label costs 1, while labels are verified one by one:
/// a verified label cannot be flipped, and its move is gone.
/// </summary>
/// <remarks>
/// Everything is in doubled units, in which no move rounds. As many moves are kept as any <c>removals</c> verified labels leave enough of.
/// Comparisons that rounding could decide are repeated without it, as <see cref="ExactCertificate"/> does.
/// </remarks>
internal sealed class RivalMoves
{
    /// <summary>Stands for the number of flips where no number of them brings the rival past.</summary>
    public const int Never = int.MaxValue;

    private const int FirstRequest = 256;

    private readonly double _margin;
    private readonly double _rounding;
    private readonly ExactSum _exactMargin;
    private readonly bool _isKeptOnTie;
    private readonly double[] _sizes;
    private readonly int[] _rows;
    private readonly double[] _sums; // Of the first moves: one number more than there are moves.

    private RivalMoves(Vote vote, Pair pair, (double Size, int Row)[] moves, bool canRunOut)
    {
        CanRunOut = canRunOut;
        (_margin, _rounding) = (2 * vote.Margin(pair), 2 * vote.MarginRounding);
        (_exactMargin, _isKeptOnTie) = (vote.ExactDoubledMargin(pair), vote.IsKept(pair, 0));
        (_sizes, _rows) = ([.. moves.Select(move => move.Size)], [.. moves.Select(move => move.Row)]);
        (_sums, Count) = (new double[moves.Length + 1], moves.Length);
        Sum(from: 0);
        FewestFlips = FirstPast(from: 0);
    }

    /// <summary>How many moves are kept.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the labels that may be verified later can leave too few moves to bring the rival past.</summary>
    public bool CanRunOut { get; }

    /// <summary>The fewest flips that bring the rival past: the largest moves. <see cref="Never"/> where there are none such.</summary>
    public int FewestFlips { get; private set; }

    /// <summary>The rows whose labels the largest moves flip, <see cref="FewestFlips"/> of them.</summary>
    public ReadOnlySpan<int> FlippedRows => FewestFlips == Never ? [] : _rows.AsSpan(0, FewestFlips);

    /// <summary>Takes the moves of one rival.</summary>
    /// <param name="vote">Label weights and labels.</param>
    /// <param name="pair">The class predicted, and the rival.</param>
    /// <param name="removals">How many labels may be verified later.</param>
    public static RivalMoves Of(Vote vote, Pair pair, int removals)
    {
        PairMoves moves = vote.MovesFor(pair);
        double needed = 2 * (vote.Margin(pair) + vote.MarginRounding);
        for (int wanted = FirstRequest; ; wanted *= 2)
        {
            (double Size, int Row)[] largest = Largest(moves, wanted, out bool areAll);
            if (Enough(largest, needed, removals) is var enough && (areAll || enough < largest.Length))
                return new RivalMoves(vote, pair, largest[..enough], canRunOut: enough == largest.Length);
        }
    }

    /// <summary>For each of <see cref="FlippedRows"/>: the fewest flips once its label is verified.</summary>
    public int[] FewestFlipsWithout()
    {
        int[] fewest = new int[FlippedRows.Length];
        int flips = FewestFlips + 1;
        for (int rank = fewest.Length - 1; rank >= 0; rank--)
        {
            // What takes a larger move away needs no fewer others.
            while (flips <= Count && !IsPast(flips, _sizes[rank]))
                flips++;
            fewest[rank] = flips <= Count ? flips - 1 : Never;
        }

        return fewest;
    }

    /// <summary>How far each label belongs to the smallest witness: 1, or among moves of the size that it ends at, the part of them that it needs.</summary>
    public IEnumerable<(int Row, double Share)> Shares()
    {
        if (FewestFlips == Never)
            yield break;
        double least = _sizes[FewestFlips - 1];
        int larger = Array.FindIndex(_sizes, 0, Count, size => size == least);
        int equal = _sizes.AsSpan(larger, Count - larger).LastIndexOf(least) + 1;
        for (int rank = 0; rank < larger + equal; rank++)
            yield return (_rows[rank], rank < larger ? 1 : (FewestFlips - larger) / (double)equal);
    }

    /// <summary>Takes the move of a verified label away.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Verify(int row)
    {
        int rank = _rows.AsSpan(0, Count).IndexOf(row);
        if (rank < 0)
            return false;
        _rows.AsSpan((rank + 1)..Count).CopyTo(_rows.AsSpan(rank));
        _sizes.AsSpan((rank + 1)..Count).CopyTo(_sizes.AsSpan(rank));
        Count--;
        Sum(rank);
        if (rank < FewestFlips && FewestFlips != Never)
            FewestFlips = FirstPast(FewestFlips);
        return true;
    }

    private static (double Size, int Row)[] Largest(PairMoves moves, int wanted, out bool areAll)
    {
        var ranks = new MoveRanks(moves);
        List<(double Size, int Rank, bool IsWhole)> taken = [];
        areAll = false;
        while (taken.Count < wanted && !areAll)
        {
            (int whole, int half) = (ranks.Whole, ranks.Half);
            areAll = !ranks.TakeLargest(out double weight, out int halves);
            if (!areAll)
                taken.Add((halves * weight, halves == 2 ? whole : half, halves == 2));
        }

        // From the last to the first: the positions of all larger moves are found with that of the smallest.
        var largest = new (double Size, int Row)[taken.Count];
        for (int i = largest.Length - 1; i >= 0; i--)
            largest[i] = (taken[i].Size, (taken[i].IsWhole ? moves.WholeFlip(taken[i].Rank) : moves.HalfFlip(taken[i].Rank)).Row);
        return largest;
    }

    /// <summary>
    /// How many moves bring the rival past even when the largest are taken away, and are all of those that are as large as the one that first does; all
    /// where there are not so many.
    /// </summary>
    private static int Enough(ReadOnlySpan<(double Size, int Row)> moves, double needed, int removals)
    {
        double sum = 0, largest = 0, reached = 0;
        for (int i = 0; i < moves.Length; i++)
        {
            double size = moves[i].Size;
            if (sum * (1 - (i + 1) * Rounding.Epsilon) - largest > needed && size != reached)
                return i;
            if (sum <= needed)
                reached = size;
            sum += size;
            if (i < removals)
                largest = sum;
        }

        return moves.Length;
    }

    private void Sum(int from)
    {
        for (int i = from; i < Count; i++)
            _sums[i + 1] = _sums[i] + _sizes[i];
    }

    private int FirstPast(int from)
    {
        for (int flips = from; flips <= Count; flips++)
        {
            if (IsPast(flips, without: 0))
                return flips;
        }

        return Never;
    }

    /// <summary>Whether the rival is past the winner after so many of the largest moves, but for one of this size among them.</summary>
    private bool IsPast(int flips, double without)
    {
        double left = _margin - (_sums[flips] - without);
        if (Math.Abs(left) > _rounding + (flips + 3) * Rounding.Epsilon * (_sums[flips] + without))
            return left < 0;
        var exact = new ExactSum(_exactMargin);
        exact.Add(without);
        for (int i = 0; i < flips; i++)
            exact.Add(_sizes[i], -1);
        int sign = exact.Sign();
        return sign < 0 || (sign == 0 && !_isKeptOnTie);
    }
}
