namespace CertiFlip.Tests.Oracles;

/// <summary>The right-hand side of (25), which is that of (10) for two classes, to sixty digits.</summary>
internal static class KlOracle
{
    /// <summary>log(4p(1−p)) / (2(1−Kq/(K−1)) log(q/((1−q)(K−1)))) at p = 1 − B.</summary>
    public static Rational Bound(double logFailure, double q, int classes = 2)
    {
        Rational failure = HighPrecision.Exp(logFailure);
        Rational noise = q;
        Rational slope = 1 - noise * classes / (classes - 1);
        return HighPrecision.Log(4 * failure * (1 - failure)) / (2 * slope * HighPrecision.Log(noise / ((1 - noise) * (classes - 1))));
    }
}
