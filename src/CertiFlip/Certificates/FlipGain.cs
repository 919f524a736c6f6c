namespace CertiFlip.Certificates;

/// <summary>
/// How much one flip raises the log of the Chernoff bound. For a label whose flip moves the tilted score by x = t·v against the
/// prediction, the gain is φ(x) = log(q + (1−q)eˣ) − log((1−q) + qeˣ): odd, increasing, and never above log((1−q)/q).
/// </summary>
/// <param name="Value">φ(x).</param>
/// <param name="Slope">x·φ′(x).</param>
/// <param name="Curvature">x²·φ″(x).</param>
internal readonly record struct FlipGain(double Value, double Slope, double Curvature)
{
    /// <summary>The gain at <paramref name="x"/> ≥ 0.</summary>
    public static FlipGain At(double x, Noise noise)
    {
        double q = noise.Q;
        double e = Math.Exp(-x);
        double kept = (1 - q) + q * e;
        double flipped = q + (1 - q) * e;

        // φ′ is the difference of two logistic functions, shifted by ±log((1−q)/q).
        double s1 = (1 - q) / kept, s2 = q / flipped;
        return new FlipGain(
            Math.Log(kept / flipped),
            x * (s1 - s2),
            x * x * (s1 * (1 - s1) - s2 * (1 - s2)));
    }
}
