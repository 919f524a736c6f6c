using CertiFlip.Kernels;
using CertiFlip.Smoothing;
using CertiFlip.Votes;

namespace CertiFlip.Smoothed;

/// <summary>
/// A pair's Chernoff exponent at one t after the flips that raise it most, made one by one until it is no longer below
/// log ½.
/// </summary>
/// <param name="Count">How many flips were made.</param>
/// <param name="Wholes">How many of them were whole moves.</param>
/// <param name="Value">The exponent after them.</param>
/// <param name="IsBelowHalf">Whether the exponent is below log ½ even so, its rounding included.</param>
internal readonly record struct WorstFlips(int Count, int Wholes, double Value, bool IsBelowHalf)
{
    /// <summary>How many of the flips were half moves.</summary>
    public int Halves => Count - Wholes;

    /// <summary>
    /// Makes flips until the exponent reaches log ½, or until there are <paramref name="most"/> of them, or none is
    /// left that raises it.
    /// </summary>
    /// <param name="point">The exponent before any flip.</param>
    /// <param name="moves">The pair's moves.</param>
    /// <param name="noise">The smoothing noise q.</param>
    /// <param name="most">The most flips to make.</param>
    /// <param name="kernels">The kernels to use.</param>
    public static WorstFlips At(ChernoffPoint point, PairMoves moves, Noise noise, int most, KernelSet kernels)
    {
        FlipGain whole = FlipGain.OfWhole(noise), half = FlipGain.OfHalf(noise);
        var room = new GainsLeft(point, whole, half, moves.Half.Count > 0, kernels, most);
        MoveRanks ranks = moves.TakeMany(ref room);
        double value = room.Value, rounding = room.Rounding;
        (double wholeSize, double halfSize) = (double.NaN, double.NaN);
        (double ofWhole, double ofHalf) = (0, 0);
        while (value + rounding < SmoothedValue.LogHalf && ranks.Whole + ranks.Half < most)
        {
            if (ranks.NextWhole != wholeSize)
                (wholeSize, ofWhole) = (ranks.NextWhole, whole.At(0.5 * point.T * ranks.NextWhole));
            if (ranks.NextHalf != halfSize)
                (halfSize, ofHalf) = (ranks.NextHalf, half.At(0.5 * point.T * ranks.NextHalf));

            // A gain may round to 0, so which kinds are left is asked of the moves themselves.
            if (wholeSize <= 0 && halfSize <= 0)
                return new WorstFlips(ranks.Whole + ranks.Half, ranks.Whole, value, IsBelowHalf: true);
            bool isWhole = halfSize <= 0 || (wholeSize > 0 && ofWhole >= ofHalf);
            (double size, double gain) = isWhole ? (wholeSize, ofWhole) : (halfSize, ofHalf);
            if (isWhole)
                ranks.TakeWhole();
            else
                ranks.TakeHalf();

            // The gain's own roundings, and that of adding it.
            value += gain;
            rounding += Rounding.Epsilon * (16 + 0.5 * point.T * size + Math.Abs(gain) + Math.Abs(value));
        }

        return new WorstFlips(ranks.Whole + ranks.Half, ranks.Whole, value, value + rounding < SmoothedValue.LogHalf);
    }

    /// <summary>Room for moves below log ½, whose gains are added up by a kernel.</summary>
    /// <remarks>
    /// Where wholes and halves are cut at sizes whose gains differ by a little, there may be moves left with gains that
    /// much above those made. No set of as many moves gains more than those made and the difference for each.
    /// </remarks>
    private struct GainsLeft(ChernoffPoint point, FlipGain whole, FlipGain half, bool hasHalves, KernelSet kernels, int most) : IMoveRoom
    {
        private int _count;
        private double _margin;
        private double _difference;

        public double Value { get; private set; } = point.Value;

        /// <summary>Bounds the rounding error, and what the moves made may be short of the best ones.</summary>
        public readonly double Rounding => point.Rounding + _margin + ShortOfBest(_count);

        public readonly double Left => SmoothedValue.LogHalf - Value;

        public readonly double Worth(double size) => size > 0 ? whole.At(0.5 * point.T * size) : 0;

        public double HalfLike(double size)
        {
            if (!hasHalves)
                return 2 * size;
            double x = 0.5 * point.T * size, like = Math.Max(double.Epsilon, 2 / point.T * half.WeightLike(whole, x));
            double ofWhole = whole.At(x), weight = 0.5 * point.T * like, ofHalf = half.At(weight);

            // With the roundings of both gains, as above. Beyond 750, e^(−x) is 0 and has none.
            double rounding = 32 + Math.Min(750, x) + Math.Min(750, weight) + Math.Abs(ofWhole) + Math.Abs(ofHalf);
            _difference = Math.Max(_difference, Math.Abs(ofHalf - ofWhole) + Kernels.Rounding.Epsilon * rounding);
            return like;
        }

        public readonly double WholeLike(double size) => 2 / point.T * whole.WeightLike(half, 0.5 * point.T * size);

        public bool TryTake(ReadOnlySpan<double> wholes, ReadOnlySpan<double> halves)
        {
            (double ofWholes, double marginOfWholes) = whole.SumOfMany(kernels, wholes, point.T);
            (double ofHalves, double marginOfHalves) = half.SumOfMany(kernels, halves, point.T);
            int count = _count + wholes.Length + halves.Length;
            double value = Value + ofWholes + ofHalves;
            double margin = _margin + marginOfWholes + marginOfHalves + 2 * Kernels.Rounding.Epsilon * (Math.Abs(Value) + Math.Abs(value));
            if (!(value + point.Rounding + margin + ShortOfBest(count) < SmoothedValue.LogHalf) || count > most)
                return false;
            (Value, _margin, _count) = (value, margin, count);
            return true;
        }

        /// <summary>The difference for each of so many moves.</summary>
        private readonly double ShortOfBest(int count) => hasHalves && count > 0 ? count * _difference : 0;
    }
}
