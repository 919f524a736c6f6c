namespace CertiFlip.Numerics;

/// <summary>
/// The three sums over training rows of one role that the Chernoff bound (24) and its derivatives are made of, at one t. A row's noisy
/// label counts as s ∈ {1, 0, −1}; x = tα/2 is what its vote is worth in the exponent.
/// </summary>
/// <param name="LogMoment">Σ log E[e^(−xs)].</param>
/// <param name="Slope">t times the derivative of LogMoment.</param>
/// <param name="Curvature">t² times its second derivative, not negative.</param>
internal readonly record struct ChernoffSums(double LogMoment, double Slope, double Curvature)
{
    public static ChernoffSums operator +(ChernoffSums a, ChernoffSums b) =>
        new(a.LogMoment + b.LogMoment, a.Slope + b.Slope, a.Curvature + b.Curvature);

    public static ChernoffSums operator -(ChernoffSums a, ChernoffSums b) =>
        new(a.LogMoment - b.LogMoment, a.Slope - b.Slope, a.Curvature - b.Curvature);
}
