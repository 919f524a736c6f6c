namespace CertiFlip.Smoothed;

/// <summary>Newton's method for the t that makes a Chernoff bound smallest, kept inside a bracket.</summary>
internal static class ChernoffMinimum
{
    // Every t gives a valid bound, and one that is off by a part ε of itself costs about ε² log B: more digits buy
    // nothing.
    private const double RelativeStep = 1e-3;
    private const double SmallError = 1e-4;

    // Longer steps tell nothing of the next one.
    private const double LargestNewtonStep = 0.5;
    private const double LargestGrowth = 8;
    private const int MostSteps = 64;

    /// <summary>Follows the slope from <paramref name="start"/> to a t near the minimum.</summary>
    /// <param name="slope">
    /// Slope and curvature of a convex function of t &gt; 0 with value 0 at 0; they need no precision.
    /// </param>
    /// <param name="start">The same at a first guess, positive.</param>
    public static double Locate(Func<double, ChernoffPoint> slope, ChernoffPoint start)
    {
        ChernoffPoint point = start;
        double low = 0, high = double.PositiveInfinity, last = 0;
        for (int step = 0; step < MostSteps; step++)
        {
            double t = point.T;
            if (point.Slope < 0)
                low = t;
            else
                high = t;

            // Saturated: every label is certain under the tilt, and no t further out is better.
            if (point.Curvature <= 0 && point.Slope <= 0)
                return t;
            double next = point.Curvature > 0 ? t * Math.Min(1 - point.Slope / point.Curvature, LargestGrowth) : 0;
            bool isBracketed = next > low && next < high;
            if (!isBracketed)
                next = double.IsPositiveInfinity(high) ? LargestGrowth * t : low + (high - low) / 2;
            if (!double.IsFinite(next) || next == t)
                return t;

            // Newton's error after a step is about the step's square, times what the last two steps tell.
            double moved = Math.Abs(next - t) / t;
            if (moved <= RelativeStep || moved / last * moved / last * moved <= SmallError)
                return next;
            last = isBracketed && moved < LargestNewtonStep ? moved : 0;
            point = slope(next);
        }

        return point.T;
    }
}
