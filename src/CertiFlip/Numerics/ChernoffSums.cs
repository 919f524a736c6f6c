namespace CertiFlip.Numerics;

/// <summary>
/// The three sums over the training rows that the Chernoff bound (7) and its derivatives are made of, at one t. With xⱼ = tαⱼ,
/// wⱼ = P(noisy label j is 1) and sⱼ = wⱼe^(−xⱼ)/(1 − wⱼ + wⱼe^(−xⱼ)):
/// </summary>
/// <param name="Softplus">Σ log(1 + e^zⱼ), where zⱼ = log(wⱼ/(1−wⱼ)) − xⱼ; adding Σ log(1−wⱼ) gives the sum in (7).</param>
/// <param name="TiltedMean">Σ xⱼsⱼ: t times the sum's derivative, negated.</param>
/// <param name="TiltedVariance">Σ xⱼ²sⱼ(1−sⱼ): t² times its second derivative.</param>
internal readonly record struct ChernoffSums(double Softplus, double TiltedMean, double TiltedVariance)
{
    public static ChernoffSums operator +(ChernoffSums a, ChernoffSums b) =>
        new(a.Softplus + b.Softplus, a.TiltedMean + b.TiltedMean, a.TiltedVariance + b.TiltedVariance);
}
