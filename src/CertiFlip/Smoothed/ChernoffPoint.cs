using CertiFlip.Smoothing;

namespace CertiFlip.Smoothed;

/// <summary>
/// The logarithm of the Chernoff bound (7) at one t &gt; 0, in the units in which a Newton step needs no α: its value
/// where a bound is wanted, its derivatives where a better t is, and NaN for what is not.
/// </summary>
/// <param name="T">t.</param>
/// <param name="Value">f(t), the bound's logarithm as computed.</param>
/// <param name="Slope">t·f′(t): negative where a larger t gives a better bound.</param>
/// <param name="Curvature">t²·f″(t), not negative.</param>
/// <param name="Rounding">How much <paramref name="Value"/> may be below the true f(t).</param>
internal readonly record struct ChernoffPoint(double T, double Value, double Slope, double Curvature, double Rounding)
{
    /// <summary>A number that f(t) does not exceed, rounding included.</summary>
    public double UpperBound => Value + Rounding;

    /// <summary>Whether the bound proves a failure probability below ½.</summary>
    public bool IsBelowHalf => UpperBound < SmoothedValue.LogHalf;
}
