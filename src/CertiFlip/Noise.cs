namespace CertiFlip;

/// <summary>
/// The smoothing noise: every label is changed independently with probability q, to one of the other K − 1 classes at
/// random.
/// </summary>
public sealed record Noise
{
    /// <summary>Smoothing noise for labels of K classes.</summary>
    /// <param name="q">
    /// The probability that a label is changed, strictly between 0 and (K−1)/K: with more, the true class would be the
    /// rarest.
    /// </param>
    /// <param name="classes">The number of classes K, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// K is below 2, or <paramref name="q"/> is not in (0, (K−1)/K).
    /// </exception>
    public Noise(double q, int classes = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);

        // (K−1) − Kq with one rounding: exact for K = 2, and right in relative terms however close q is to its limit.
        double advantage = Math.FusedMultiplyAdd(-classes, q, classes - 1);
        if (!(q > 0 && advantage > 0))
            throw new ArgumentOutOfRangeException(
                nameof(q), q, $"With {classes} classes the noise must lie strictly between 0 and {classes - 1}/{classes}.");
        (Q, Classes) = (q, classes);
        Kept = 1 - q;
        Rival = Math.Max(q / (classes - 1), double.Epsilon);
        Advantage = advantage / (classes - 1);

        // Near the limit the odds are close to 1; there log(1 + x) with the small x itself loses nothing.
        Logit = advantage < q
            ? Arithmetic.LogOnePlus(advantage / q)
            : Arithmetic.LogOnePlus(-q) - Arithmetic.Log(q) + Arithmetic.Log(classes - 1);
    }

    /// <summary>q, the probability that smoothing changes a label.</summary>
    public double Q { get; }

    /// <summary>K, the number of classes.</summary>
    public int Classes { get; }

    /// <summary>1 − q, the probability that a label is kept.</summary>
    public double Kept { get; }

    /// <summary>q/(K−1), the probability that a label becomes one given other class.</summary>
    public double Rival { get; }

    /// <summary>log((1−q)(K−1)/q) &gt; 0, the log odds of a kept label against one given other.</summary>
    public double Logit { get; }

    /// <summary>1 − q − q/(K−1) &gt; 0: by how much keeping a label is likelier than one given change of it.</summary>
    internal double Advantage { get; }
}
