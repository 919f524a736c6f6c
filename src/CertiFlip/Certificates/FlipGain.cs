using CertiFlip.Numerics;

namespace CertiFlip.Certificates;

/// <summary>
/// How much one flip raises the log of the Chernoff bound, for a row that weighs x = t|α|/2 ≥ 0: log M′(x) − log M(x), where M and M′ are
/// its moments E[e^(−xs)] before and after. Gains grow with x.
/// </summary>
/// <param name="Value">The gain.</param>
/// <param name="Slope">x times its derivative.</param>
/// <param name="Curvature">x² times its second derivative.</param>
internal readonly record struct FlipGain(double Value, double Slope, double Curvature)
{
    /// <summary>A label of one class of the pair becomes the other's.</summary>
    public static FlipGain OfWhole(double x, Noise noise) => Between(x, RoleProbabilities.Winner(noise), RoleProbabilities.Rival(noise));

    /// <summary>A third class's label becomes one of the pair's.</summary>
    public static FlipGain OfHalf(double x, Noise noise) => Between(x, RoleProbabilities.Bystander(noise), RoleProbabilities.Rival(noise));

    private static FlipGain Between(double x, RoleProbabilities before, RoleProbabilities after)
    {
        // Both moments have the factor e^x, which cancels.
        double e = Math.Exp(-x);
        (double oldMoment, double oldMean, double oldVariance) = Tilt(e, before);
        (double newMoment, double newMean, double newVariance) = Tilt(e, after);
        return new FlipGain(Math.Log(newMoment / oldMoment), x * (newMean - oldMean), x * x * (newVariance - oldVariance));
    }

    /// <summary>The moment over e^x, and mean and variance of −s under the tilted probabilities.</summary>
    private static (double Moment, double Mean, double Variance) Tilt(double e, RoleProbabilities role)
    {
        double idle = role.Neither * e, helped = role.For * e * e;
        double moment = role.Against + idle + helped;
        double u = role.Against / moment, v = helped / moment;
        return (moment, u - v, (u + v) * (idle / moment) + 4 * u * v);
    }
}
