namespace CertiFlip.Tests.Oracles;

/// <summary>The right-hand side of (10), to sixty digits.</summary>
internal static class KlOracle
{
    /// <summary>log(4p(1−p)) / (2(1−2q) log(q/(1−q))) at p = 1 − B.</summary>
    public static Rational Bound(double logFailure, double q)
    {
        Rational failure = HighPrecision.Exp(logFailure);
        Rational noise = q;
        return HighPrecision.Log(4 * failure * (1 - failure)) / (2 * (1 - 2 * noise) * HighPrecision.Log(noise / (1 - noise)));
    }
}
