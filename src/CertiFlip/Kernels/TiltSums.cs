namespace CertiFlip.Kernels;

/// <summary>
/// The derivatives of Σ log E[e^(−xs)] over training rows of one role, (24), at one t: what a Newton step needs. A row's noisy label counts as s ∈ {1, 0, −1}; x = tα/2 is
/// what its vote is worth in the exponent.
/// </summary>
/// <param name="Slope">t times the derivative.</param>
/// <param name="Curvature">t² times the second derivative, not negative.</param>
internal readonly record struct TiltSums(double Slope, double Curvature)
{
    public static TiltSums operator +(TiltSums a, TiltSums b) => new(a.Slope + b.Slope, a.Curvature + b.Curvature);

    public static TiltSums operator -(TiltSums a, TiltSums b) => new(a.Slope - b.Slope, a.Curvature - b.Curvature);
}
