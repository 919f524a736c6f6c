namespace CertiFlip.Numerics;

/// <summary>Where a Chernoff exponent is going at one t, summed over rows of one role: what a Newton step needs.</summary>
/// <param name="Slope">Σ x·(mean under the tilt).</param>
/// <param name="Curvature">Σ x²·(variance under the tilt).</param>
internal readonly record struct TiltSums(double Slope, double Curvature)
{
    public static TiltSums operator +(TiltSums a, TiltSums b) => new(a.Slope + b.Slope, a.Curvature + b.Curvature);
}
