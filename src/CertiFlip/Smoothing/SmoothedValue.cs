using CertiFlip.Kernels;

namespace CertiFlip.Smoothing;

/// <summary>
/// The smoothed value G(μ, φ) and its vote g(μ, φ), eq. (1): the vote, and the log of the probability of the other
/// answer, which is often far below what 1 − p could express.
/// </summary>
public readonly record struct SmoothedValue
{
    /// <summary>The double just below log ½: a vote is certain where log B is below it.</summary>
    internal const double LogHalf = -0.6931471805599454;

    private SmoothedValue(bool vote, double logFailure) => (Vote, LogFailure) = (vote, logFailure);

    /// <summary>g(μ, φ) = 1{G(μ, φ) ≥ ½}, provided that <see cref="IsDecided"/>.</summary>
    public bool Vote { get; }

    /// <summary>
    /// An upper bound on log B, the log of the probability that φ(x) is not <see cref="Vote"/> for x ~ μ; −∞ where it
    /// never is.
    /// </summary>
    public double LogFailure { get; }

    /// <summary>Whether B is proved to be below ½, so that <see cref="Vote"/> is g(μ, φ).</summary>
    public bool IsDecided => LogFailure < LogHalf;

    /// <summary>G(μ, φ) = p.</summary>
    /// <param name="p">p in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not a probability.</exception>
    public static SmoothedValue Of(double p)
    {
        if (!(p is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "G(μ, φ) is a probability, from 0 to 1.");
        return p >= 0.5 ? FromLogFailure(true, RoundedUp(Arithmetic.LogOnePlus(-p))) : FromLogFailure(false, RoundedUp(Arithmetic.Log(p)));
    }

    /// <summary>A vote and a bound on log B.</summary>
    /// <param name="vote">The vote. B is the probability of the other answer.</param>
    /// <param name="logFailure">An upper bound on log B, the log of the probability of the other answer.</param>
    /// <exception cref="ArgumentException"><paramref name="logFailure"/> is NaN.</exception>
    public static SmoothedValue FromLogFailure(bool vote, double logFailure) =>
        double.IsNaN(logFailure)
            ? throw new ArgumentException("log B is not a number.", nameof(logFailure))
            : new SmoothedValue(vote, Math.Min(logFailure, 0));

    /// <summary>G(μ, φ) summed over every point.</summary>
    /// <typeparam name="TPoint">A point x of the space.</typeparam>
    /// <param name="mu">μ.</param>
    /// <param name="phi">φ: 𝒳 → {0, 1}. For more classes, (16), 1{φ(x) = c}.</param>
    public static SmoothedValue Of<TPoint>(IEnumerableMeasure<TPoint> mu, Func<TPoint, bool> phi)
    {
        ArgumentNullException.ThrowIfNull(mu);
        ArgumentNullException.ThrowIfNull(phi);

        // The two sides apart: what is left of 1 after subtraction would have lost a small probability.
        double for1 = 0, for0 = 0;
        long atoms = 0;
        foreach ((TPoint point, double probability) in mu.Atoms())
        {
            atoms++;
            if (phi(point))
                for1 += probability;
            else
                for0 += probability;
        }

        double failure = Math.Min(for0, for1) * (1 + 2 * atoms * Rounding.Epsilon);
        return FromLogFailure(for1 >= for0, RoundedUp(Arithmetic.Log(failure)));
    }

    /// <summary>A logarithm good to two roundings, moved above the true one.</summary>
    private static double RoundedUp(double log) => double.IsNegativeInfinity(log) ? log : log + 4 * Rounding.Epsilon * Math.Abs(log);
}
