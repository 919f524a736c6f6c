using CertiFlip.Numerics;

namespace CertiFlip.Certificates;

/// <summary>The Chernoff exponent of a pair at one t after the flips that raise it most, one flip at a time.</summary>
/// <param name="point">The exponent before any flip.</param>
/// <param name="moves">The pair's moves.</param>
/// <param name="noise">The smoothing noise q.</param>
internal struct GainSum(ChernoffPoint point, PairMoves moves, Noise noise)
{
    private MoveRanks _ranks = new(moves);

    /// <summary>The exponent after the flips so far.</summary>
    public ChernoffPoint Point { get; private set; } = point;

    /// <summary>The exponent after the <paramref name="flips"/> worst flips.</summary>
    public static ChernoffPoint After(int flips, ChernoffPoint point, PairMoves moves, Noise noise)
    {
        var sum = new GainSum(point, moves, noise);
        while (flips > 0 && sum.TryAddLargest())
            flips--;
        return sum.Point;
    }

    /// <summary>The most flips that this t proves harmless, −1 where it proves nothing even without any, or <paramref name="rows"/> where no number of them helps.</summary>
    public static int RadiusAt(ChernoffPoint point, PairMoves moves, Noise noise, int rows)
    {
        var sum = new GainSum(point, moves, noise);
        for (int flips = 0; sum.Point.IsBelowHalf; flips++)
        {
            if (!sum.TryAddLargest())
                return rows;
            if (!sum.Point.IsBelowHalf)
                return flips;
        }

        return -1;
    }

    private bool TryAddLargest()
    {
        if (_ranks.NextWhole <= 0 && _ranks.NextHalf <= 0)
            return false;

        // A gain may round to 0, so which kinds are left is asked of the moves themselves.
        double whole = 0.5 * Point.T * _ranks.NextWhole, half = 0.5 * Point.T * _ranks.NextHalf;
        FlipGain ofWhole = _ranks.NextWhole > 0 ? FlipGain.OfWhole(whole, noise) : default;
        FlipGain ofHalf = _ranks.NextHalf > 0 ? FlipGain.OfHalf(half, noise) : default;
        if (_ranks.NextHalf <= 0 || (_ranks.NextWhole > 0 && ofWhole.Value >= ofHalf.Value))
        {
            _ranks.TakeWhole();
            Add(ofWhole, whole);
        }
        else
        {
            _ranks.TakeHalf();
            Add(ofHalf, half);
        }

        return true;
    }

    private void Add(FlipGain gain, double x)
    {
        double value = Point.Value + gain.Value;
        Point = Point with
        {
            Value = value,
            Slope = Point.Slope + gain.Slope,
            Curvature = Point.Curvature + gain.Curvature,

            // The gain's own roundings, and that of adding it.
            Rounding = Point.Rounding + Rounding.Epsilon * (16 + x + Math.Abs(gain.Value) + Math.Abs(value)),
        };
    }
}
