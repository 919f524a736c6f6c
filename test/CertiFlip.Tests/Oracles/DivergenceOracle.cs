using System.Numerics;

namespace CertiFlip.Tests.Oracles;

/// <summary>KL(ρ ‖ μ) by its definition, point by point, to fifty digits.</summary>
internal static class DivergenceOracle
{
    /// <summary>Between two measures given as weights over the same sum; none where it is infinite.</summary>
    public static Rational? Of(IReadOnlyList<BigInteger> rho, IReadOnlyList<BigInteger> mu)
    {
        BigInteger all = rho.Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);
        Rational divergence = 0;
        for (int i = 0; i < rho.Count; i++)
        {
            if (rho[i].IsZero)
                continue;
            if (mu[i].IsZero)
                return null;
            divergence += new Rational(rho[i], all) * HighPrecision.Log(new Rational(rho[i], mu[i]));
        }

        return divergence;
    }

    /// <summary>Between N(x, σ²I) and N(x′, σ′²I): ½(d(σ²/σ′² − 1 − log(σ²/σ′²)) + ‖x′ − x‖²/σ′²).</summary>
    public static Rational OfGaussians(double[] x, double sigma, double[] other, double otherSigma)
    {
        Rational ratio = (Rational)sigma / otherSigma;
        return (x.Length * (ratio * ratio - 1 - 2 * HighPrecision.Log(ratio)) + SquaredShift(x, other, otherSigma)) / 2;
    }

    /// <summary>‖x′ − x‖²/σ².</summary>
    public static Rational SquaredShift(double[] x, double[] other, double sigma)
    {
        Rational sum = 0;
        foreach ((double a, double b) in x.Zip(other))
            sum += ((Rational)b - a) * ((Rational)b - a);
        return sum / ((Rational)sigma * sigma);
    }
}
