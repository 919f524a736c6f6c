using CertiFlip.Kernels;

namespace CertiFlip.Votes;

/// <summary>A pair's moves in order: each call makes the largest one that is left.</summary>
internal interface IMoves
{
    /// <summary>Makes the next move.</summary>
    /// <param name="weight">|α| of the row whose label is flipped.</param>
    /// <param name="halves">By how many halves of that the margin falls: 2 or 1.</param>
    /// <returns>Whether any move was left that lowers the margin.</returns>
    bool TakeLargest(out double weight, out int halves);
}

/// <summary>
/// The flips by which an adversary lowers a pair's margin, each at its best, the largest first. A whole move takes a
/// label from one class of the pair to the other and is worth |αⱼ|. A half move brings in a third class's label and is
/// worth ½|αⱼ|.
/// </summary>
/// <remarks>
/// The margin falls where a winner's label with αⱼ &gt; 0 becomes the rival's (or a rival's with αⱼ &lt; 0 the
/// winner's), and where a third class's label becomes the rival's (αⱼ &gt; 0) or the winner's (αⱼ &lt; 0). The two
/// kinds are separate because for the smoothed vote t decides which of them is worse; within a kind a larger |αⱼ| is
/// always worse.
/// </remarks>
internal sealed class PairMoves(Vote vote)
{
    /// <summary>
    /// Stands for the rival where every rival is meant: each row is then given the larger of the moves that any rival
    /// could make.
    /// </summary>
    public const int AnyRival = -1;

    private const int Nothing = -2;

    private int _winner = Nothing, _rival = Nothing;

    /// <summary>|αⱼ| of whole moves; those that would raise the margin are negative.</summary>
    public LargestFirst Whole { get; } = new(vote.Kernels);

    /// <summary>|αⱼ| of half moves, twice what they are worth: halving could round.</summary>
    public LargestFirst Half { get; } = new(vote.Kernels);

    public void Forget() => _winner = Nothing;

    public PairMoves Load(int winner, int rival)
    {
        if (_winner == winner && _rival == rival)
            return this;
        (_winner, _rival) = (winner, rival);
        ClassLabels labels = vote.Labels;
        var wholes = new Moves(Whole.Reset(labels.Count));
        var halves = new Moves(Half.Reset(labels.Count));
        for (int c = 0; c < labels.ClassCount; c++)
        {
            ReadOnlySpan<double> weights = vote.WeightsOf(c);
            if (!vote.Allowed.IsUnlimited)
                AddAllowed(c, weights, ref wholes, ref halves);
            else if (c == winner)
                weights.CopyTo(wholes.Take(weights.Length));
            else if (c == rival)
                Elementwise.Negate(weights, wholes.Take(weights.Length));
            else if (rival == AnyRival)
                SortOut(weights, ref wholes, ref halves);
            else
                Elementwise.Abs(weights, halves.Take(weights.Length));
        }

        Whole.Truncate(wholes.Count);
        Half.Truncate(halves.Count);
        return this;
    }

    /// <summary>The flip behind a whole move.</summary>
    public LabelFlip WholeFlip(int rank)
    {
        int row = RowAt(Whole.PositionOf(rank), halves: 2);
        return FlipOf(row);
    }

    /// <summary>The flip behind a half move.</summary>
    public LabelFlip HalfFlip(int rank)
    {
        int row = RowAt(Half.PositionOf(rank), halves: 1);
        return FlipOf(row);
    }

    /// <summary>
    /// The training row whose move was written at a position: moves stand in the order of the classes that make them.
    /// </summary>
    private int RowAt(int position, int halves)
    {
        ClassLabels labels = vote.Labels;
        int c = -1, count = 0;
        do
        {
            position -= count;
            c++;
            int own = Math.Max(HalvesOf(c, isPositive: true), HalvesOf(c, isPositive: false));
            count = own == halves ? labels.CountOf(c) : 0;
        }
        while (position >= count);
        return labels.RowsByClass[labels.RangeOf(c)][position];
    }

    private LabelFlip FlipOf(int row)
    {
        int from = vote.Labels[row];
        return new LabelFlip(row, from, vote.Allowed.Target(new Pair(_winner, _rival), from, vote.Weights[row] > 0));
    }

    /// <summary>
    /// By how many halves of its weight a class's label moves the margin: one class makes whole moves or half moves,
    /// not both.
    /// </summary>
    private int HalvesOf(int c, bool isPositive)
    {
        AllowedFlips allowed = vote.Allowed;
        if (_rival != AnyRival)
            return allowed.Halves(new Pair(_winner, _rival), c, isPositive);
        int ways = allowed.Ways(c), toWinner = allowed.CanChange(c, _winner) ? 1 : 0;
        return (isPositive, c == _winner) switch
        {
            (true, true) => ways > 0 ? 2 : 0,
            (true, false) => ways > toWinner ? 1 : 0,
            (false, true) => 0,
            (false, false) => ways > 0 ? 1 + toWinner : 0,
        };
    }

    /// <summary>
    /// Where not every flip is allowed: a label that cannot move stays in its place, with a move of 0.
    /// </summary>
    private void AddAllowed(int c, ReadOnlySpan<double> weights, ref Moves wholes, ref Moves halves)
    {
        int ifPositive = HalvesOf(c, isPositive: true), ifNegative = HalvesOf(c, isPositive: false);
        ReadOnlySpan<int> rows = vote.Labels.RowsByClass[vote.Labels.RangeOf(c)];
        for (int i = 0; i < weights.Length && Math.Max(ifPositive, ifNegative) > 0; i++)
        {
            int own = weights[i] < 0 ? ifNegative : ifPositive;
            double size = own == 0 || vote.Allowed.IsTrusted(rows[i]) ? 0 : Math.Abs(weights[i]);
            bool isWhole = (own == 0 ? Math.Max(ifPositive, ifNegative) : own) == 2;
            if (isWhole)
                wholes.Take(1)[0] = size;
            else
                halves.Take(1)[0] = size;
        }
    }

    /// <summary>
    /// Where any class may be the rival: a negative weight could be of the rival's own class, and is then a whole move.
    /// </summary>
    private static void SortOut(ReadOnlySpan<double> weights, ref Moves wholes, ref Moves halves)
    {
        foreach (double weight in weights)
        {
            if (weight < 0)
                wholes.Take(1)[0] = -weight;
            else
                halves.Take(1)[0] = weight;
        }
    }

    /// <summary>A list of moves while it is written.</summary>
    private ref struct Moves(Span<double> sizes)
    {
        private readonly Span<double> _sizes = sizes;

        public int Count { get; private set; }

        /// <summary>Adds some moves, and gives the place for their sizes.</summary>
        public Span<double> Take(int count)
        {
            Count += count;
            return _sizes.Slice(Count - count, count);
        }
    }
}

/// <summary>How many of a pair's whole and half moves have been made, when they are made in order of size.</summary>
/// <param name="moves">The moves.</param>
internal struct MoveRanks(PairMoves moves) : IMoves
{
    /// <summary>Whole moves made.</summary>
    public int Whole { get; private set; }

    /// <summary>Half moves made.</summary>
    public int Half { get; private set; }

    /// <summary>|α| of the next whole move, 0 if none is left that lowers the margin.</summary>
    public readonly double NextWhole => Whole < moves.Whole.Count ? Math.Max(0, moves.Whole[Whole]) : 0;

    /// <summary>|α| of the next half move, 0 if none is left that lowers the margin.</summary>
    public readonly double NextHalf => Half < moves.Half.Count ? moves.Half[Half] : 0;

    /// <summary>Makes the next whole move.</summary>
    public void TakeWhole() => Whole++;

    /// <summary>Makes the next half move.</summary>
    public void TakeHalf() => Half++;

    /// <inheritdoc/>
    public bool TakeLargest(out double weight, out int halves)
    {
        double whole = NextWhole, half = NextHalf;
        (weight, halves) = 2 * whole >= half ? (whole, 2) : (half, 1);
        if (weight <= 0)
            return false;
        if (halves == 2)
            TakeWhole();
        else
            TakeHalf();
        return true;
    }
}
