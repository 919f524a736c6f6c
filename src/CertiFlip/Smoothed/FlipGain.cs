using CertiFlip.Kernels;
using CertiFlip.Votes;

namespace CertiFlip.Smoothed;

/// <summary>
/// How much one flip raises the log of the Chernoff bound, for a row that weighs x = t|α|/2 ≥ 0: log M′(x) − log M(x),
/// where M and M′ are its moments E[e^(−xs)] before and after. Gains grow with x.
/// </summary>
/// <param name="before">How the row's label counts before.</param>
/// <param name="after">How it counts after.</param>
internal sealed class FlipGain(RoleProbabilities before, RoleProbabilities after)
{
    private readonly RoleProbabilities _before = before;
    private readonly RoleProbabilities _after = after;

    /// <summary>A label of one class of the pair becomes the other's.</summary>
    public static FlipGain OfWhole(Noise noise) => new(NoisyRole.Winner(noise), NoisyRole.Rival(noise));

    /// <summary>A third class's label becomes one of the pair's.</summary>
    public static FlipGain OfHalf(Noise noise) => new(NoisyRole.Bystander(noise), NoisyRole.Rival(noise));

    /// <summary>The gain of a row that weighs <paramref name="x"/>.</summary>
    public double At(double x)
    {
        // Both moments have the factor e^x, which cancels.
        double e = Arithmetic.Exp(-x);
        return Arithmetic.Log(Moment(_after, e) / Moment(_before, e));
    }

    /// <summary>
    /// About what a row must weigh for its gain to be that of another kind of flip at another weight.
    /// </summary>
    public double WeightLike(FlipGain other, double x)
    {
        // M′(x)/g = M(x) is a quadratic equation in e^(−x). Its root in (0, 1] has no difference of like numbers: what
        // does not depend on e^(−x) is positive and its square's factor is negative. g can be 10³⁰⁰, 1/g is at most 1.
        double e = Arithmetic.Exp(-x), inverse = Moment(other._before, e) / Moment(other._after, e);
        double square = inverse * _after.For - _before.For, linear = inverse * _after.Neither - _before.Neither;
        double constant = inverse * _after.Against - _before.Against;
        if (constant <= 0)
            return double.PositiveInfinity; // No weight reaches such a gain, as computed.
        double root = 2 * constant / (Math.Sqrt(linear * linear - 4 * square * constant) - linear);
        return -Arithmetic.Log(root);
    }

    /// <summary>
    /// The gains of rows with these positive weights together, and what rounding can do to their sum.
    /// </summary>
    /// <remarks>
    /// Each of the two sums of log moments is off by at most the margin of the Chernoff bound's own sum over as many
    /// rows; their difference, by both and one rounding more.
    /// </remarks>
    public (double Gain, double Rounding) SumOfMany(KernelSet kernels, ReadOnlySpan<double> weights, double t)
    {
        (double after, double before) = kernels.SumTwoMoments(weights, 0.5 * t, _after, _before);
        double magnitude = 0.5 * t * Elementwise.Sum(weights) + weights.Length * (Arithmetic.Log(_after.Against / _after.For) + 2);
        double rounding = 5 * Rounding.OfBlockedSum(weights.Length, 1, _after.MostFactors) * magnitude;
        return (after - before, rounding);
    }

    /// <summary>What flipping all of these rows adds to slope and curvature.</summary>
    public TiltSums Sum(Vote vote, ReadOnlySpan<double> weights, double t) =>
        vote.SumTilt(weights, t, _after) - vote.SumTilt(weights, t, _before);

    private static double Moment(RoleProbabilities role, double e) => role.Against + role.Neither * e + role.For * e * e;
}
