namespace CertiFlip.Certificates;

/// <summary>Newton's method for the t that makes a Chernoff bound smallest, kept inside a bracket.</summary>
internal static class ChernoffMinimum
{
    // Every t gives a valid bound and an error of this size in t costs 10⁻⁶ of its square in log B, so more digits buy nothing.
    private const double RelativeStep = 1e-3;
    private const double LargestGrowth = 8;
    private const int MostSteps = 64;

    /// <summary>Follows the slope from <paramref name="start"/>.</summary>
    /// <param name="function">A convex function of t &gt; 0 with value 0 at 0.</param>
    /// <param name="start">A first guess, positive.</param>
    public static ChernoffPoint Find(Func<double, ChernoffPoint> function, double start)
    {
        ChernoffPoint point = function(start);
        double low = 0, high = double.PositiveInfinity;
        for (int step = 0; step < MostSteps; step++)
        {
            double size = point.T;
            if (point.Slope < 0)
                low = size;
            else
                high = size;

            // Saturated: every label is certain under the tilt, and no t further out is better.
            if (point.Curvature <= 0 && point.Slope <= 0)
                return point;
            double next = point.Curvature > 0 ? size * Math.Min(1 - point.Slope / point.Curvature, LargestGrowth) : 0;
            if (!(next > low && next < high))
                next = double.IsPositiveInfinity(high) ? LargestGrowth * size : low + (high - low) / 2;
            if (!double.IsFinite(next) || next == size)
                return point;

            ChernoffPoint moved = function(next);
            if (Math.Abs(next - size) <= RelativeStep * size)
                return moved.UpperBound < point.UpperBound ? moved : point;
            point = moved;
        }

        return point;
    }
}
