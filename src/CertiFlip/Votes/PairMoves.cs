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

/// <summary>How many moves have room, of those that are made many at a time.</summary>
internal interface IMoveRoom
{
    /// <summary>About how much room is left.</summary>
    double Left { get; }

    /// <summary>About how much of it a whole move of this |α| takes, or a half move of about twice that.</summary>
    double Worth(double size);

    /// <summary>|α| of half moves that take as much as whole moves of this |α|.</summary>
    double HalfLike(double whole);

    /// <summary>|α| of whole moves that take as much as half moves of this |α|.</summary>
    double WholeLike(double half);

    /// <summary>Makes moves, given by their |α|, in no order, if there is certainly room for all of them.</summary>
    bool TryTake(ReadOnlySpan<double> wholes, ReadOnlySpan<double> halves);
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
    private const int SampleSize = 256;
    private const double LittleMore = 1 + 1e-9;
    private const double MoreThanNeeded = 1.4, MuchMoreThanNeeded = 3;
    private const double LargestDeviation = 5, DeviationStep = 0.25;

    // The probability of a normal variable beyond 5, 4.75, … deviations, down to 0.
    private static readonly double[] NormalTail =
    [
        2.87e-7, 1.02e-6, 3.40e-6, 1.07e-5, 3.17e-5, 8.84e-5, 2.33e-4, 5.77e-4, 1.35e-3, 2.98e-3, 6.21e-3,
        0.0122, 0.0228, 0.0401, 0.0668, 0.106, 0.159, 0.227, 0.309, 0.401, 0.5,
    ];

    private readonly double[] _sample = new double[2 * SampleSize];

    private int _winner = Nothing, _rival = Nothing;

    /// <summary>|αⱼ| of whole moves; those that would raise the margin are negative.</summary>
    public LargestFirst Whole { get; } = new(vote.Kernels);

    /// <summary>
    /// |αⱼ| of half moves, twice what they are worth: halving could round. Those that would raise the margin are
    /// negative.
    /// </summary>
    public LargestFirst Half { get; } = new(vote.Kernels);

    public void Forget() => _winner = Nothing;

    public PairMoves Load(int winner, int rival)
    {
        if (_winner == winner && _rival == rival)
            return this;
        (_winner, _rival) = (winner, rival);
        if (!vote.Allowed.IsUnlimited)
        {
            LoadAllowed();
            return this;
        }

        Whole.Reset();
        Half.Reset();
        for (int c = 0; c < vote.Labels.ClassCount; c++)
        {
            ReadOnlyMemory<double> weights = vote.StoredWeightsOf(c);
            if (c == winner || c == rival || rival == AnyRival)
                Whole.Add(weights, c == winner ? ValueReading.AsTheyAre : ValueReading.Negated);

            // Where any class may be the rival, a negative weight could be of the rival's own class: a whole move.
            if (c != winner && c != rival)
                Half.Add(weights, rival == AnyRival ? ValueReading.AsTheyAre : ValueReading.Magnitudes);
        }

        return this;
    }

    /// <summary>
    /// Makes the largest moves, most of them many at a time and in no order, until only a few more have room at most.
    /// </summary>
    /// <param name="room">How much room there is.</param>
    /// <returns>How many were made: none that is left is larger than one of them.</returns>
    public MoveRanks TakeMany<TRoom>(ref TRoom room)
        where TRoom : struct, IMoveRoom
    {
        const int FewMoves = 24;
        if (Whole.Count + Half.Count < 4 * SampleSize)
            return new MoveRanks(this);

        // Down to a first size, where there is hardly room, all are tried together. What is larger is not sorted.
        (int whole, int half) low = (0, 0), high;
        int tries = 0, sampled = -1;
        double all = room.Left, size = SizeIfNormal(ref room, MoreThanNeeded * all);
        while (true)
        {
            high = CutBetween(ref room, size, low, (Whole.Count, Half.Count));
            if (!room.TryTake(Whole.Between(low.whole, high.whole), Half.Between(low.half, high.half)))
                break;
            low = high;
            if (size == double.Epsilon)
                return new MoveRanks(this, low.whole, low.half);

            // Weights are no normal variables; once more by the same rule, and then by a sample of them.
            double smaller = tries++ == 0 ? SizeIfNormal(ref room, MuchMoreThanNeeded * all) : size;
            size = smaller < size ? smaller : NextSize(ref room, size, ref sampled);
        }

        while (high.whole - low.whole + (high.half - low.half) > FewMoves)
        {
            size = Median(ref room, low, high);
            (int whole, int half) cut = CutBetween(ref room, size, low, high);
            if (cut == high)
                cut = CutBetween(ref room, LittleMore * size, low, high); // Without those of this very size.
            if (cut == low || cut == high)
                break; // All are equal.
            if (room.TryTake(Whole.Between(low.whole, cut.whole), Half.Between(low.half, cut.half)))
                low = cut;
            else
                high = cut;
        }

        return new MoveRanks(this, low.whole, low.half);
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

    private void LoadAllowed()
    {
        ClassLabels labels = vote.Labels;
        var wholes = new Moves(Whole.Reset(labels.Count));
        var halves = new Moves(Half.Reset(labels.Count));
        for (int c = 0; c < labels.ClassCount; c++)
            AddAllowed(c, vote.WeightsOf(c), ref wholes, ref halves);
        Whole.Truncate(wholes.Count);
        Half.Truncate(halves.Count);
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

    /// <summary>The size down to which moves would fill the room and a little more if weights were normal.</summary>
    private double SizeIfNormal<TRoom>(ref TRoom room, double needed)
        where TRoom : struct, IMoveRoom
    {
        double deviation = vote.RootMeanSquare;
        int sides = _rival == AnyRival ? 1 : 2;
        for (int i = 1; i < NormalTail.Length; i++)
        {
            // Half moves need weights twice as large.
            double wholes = Whole.Count * (NormalTail[i] - NormalTail[i - 1]), z = LargestDeviation - i * DeviationStep;
            double halves = 2 * z < LargestDeviation ? sides * Half.Count * (TailBeyond(2 * z) - TailBeyond(2 * (z + DeviationStep))) : 0;
            if (wholes + halves > 0.1)
                needed -= (wholes + halves) * room.Worth((z + 0.5 * DeviationStep) * deviation);
            if (needed <= 0)
                return Math.Max(double.Epsilon, z * deviation);
        }

        return double.Epsilon;

        static double TailBeyond(double z) => NormalTail[Math.Max(0, (int)((LargestDeviation - z) / DeviationStep))];
    }

    /// <summary>A smaller size, by a sample, where moves down to one have room and more of it is left.</summary>
    private double NextSize<TRoom>(ref TRoom room, double size, ref int sampled)
        where TRoom : struct, IMoveRoom
    {
        int step = Math.Max(1, (Whole.Count + Half.Count) / SampleSize);
        if (sampled < 0)
        {
            int wholes = Whole.Sample(step, _sample);
            sampled = wholes + Half.Sample(step, _sample.AsSpan(wholes));
            for (int i = wholes; i < sampled; i++)
                _sample[i] *= 0.5;
            _sample.AsSpan(0, sampled).Sort();
        }

        while (sampled > 0 && _sample[sampled - 1] >= size)
            sampled--;
        double needed = MoreThanNeeded * room.Left / step;
        for (int more = 3; sampled > 0 && (needed > 0 || more > 0); more -= needed > 0 ? 0 : 1)
            needed -= room.Worth(_sample[--sampled]);
        return sampled == 0 ? double.Epsilon : Math.Max(double.Epsilon, _sample[sampled]);
    }

    /// <summary>
    /// How many moves are as good as whole moves of this size, from one cut to another. What is like another size is
    /// rounded, and could be out of order by that.
    /// </summary>
    private (int Whole, int Half) CutBetween<TRoom>(ref TRoom room, double size, (int Whole, int Half) low, (int Whole, int Half) high)
        where TRoom : struct, IMoveRoom =>
        (Math.Clamp(Whole.CutAt(size), low.Whole, high.Whole), Math.Clamp(Half.CutAt(room.HalfLike(size)), low.Half, high.Half));

    /// <summary>
    /// |α| of a whole move like one between two ranks, the median of five.
    /// </summary>
    private double Median<TRoom>(ref TRoom room, (int Whole, int Half) low, (int Whole, int Half) high)
        where TRoom : struct, IMoveRoom
    {
        int wholes = high.Whole - low.Whole, count = wholes + high.Half - low.Half;
        Span<double> five = stackalloc double[5];
        for (int i = 0; i < five.Length; i++)
        {
            int at = (int)((2 * i + 1L) * count / (2 * five.Length));
            five[i] = at < wholes
                ? Whole.Between(low.Whole, high.Whole)[at]
                : room.WholeLike(Half.Between(low.Half, high.Half)[at - wholes]);
        }

        five.Sort();
        return five[2];
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
/// <param name="whole">Whole moves made already.</param>
/// <param name="half">Half moves made already.</param>
internal struct MoveRanks(PairMoves moves, int whole = 0, int half = 0) : IMoves
{
    /// <summary>Whole moves made.</summary>
    public int Whole { get; private set; } = whole;

    /// <summary>Half moves made.</summary>
    public int Half { get; private set; } = half;

    /// <summary>|α| of the next whole move, 0 if none is left that lowers the margin.</summary>
    public readonly double NextWhole => Whole < moves.Whole.Count ? Math.Max(0, moves.Whole[Whole]) : 0;

    /// <summary>|α| of the next half move, 0 if none is left that lowers the margin.</summary>
    public readonly double NextHalf => Half < moves.Half.Count ? Math.Max(0, moves.Half[Half]) : 0;

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
