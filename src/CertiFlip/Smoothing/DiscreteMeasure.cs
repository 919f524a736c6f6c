using CertiFlip.Kernels;

namespace CertiFlip.Smoothing;

/// <summary>
/// The factorised discrete measure of Lee et al. (Example 2): every coordinate of z ∈ {0, …, K}ᵈ keeps its value with
/// probability α, and shows each of the K others with probability (1 − α)/K. Label noise is the case α = 1 − q, with
/// one coordinate for each training row.
/// </summary>
public sealed class DiscreteMeasure : IEnumerableMeasure<int[]>, IKlDivergence<DiscreteMeasure>
{
    private const double MostAtoms = 1 << 24;

    // 2⁻¹⁰²², below which doubles lose digits.
    private const double LeastNormal = 2.2250738585072014e-308;

    private readonly int[] _center;
    private readonly double _changed;

    /// <summary>A measure around a point.</summary>
    /// <param name="center">z, d values from 0 to K. Copied.</param>
    /// <param name="alpha">α in [0, 1].</param>
    /// <param name="others">K ≥ 1, the number of other values.</param>
    /// <exception cref="ArgumentOutOfRangeException">α is not a probability, or K is below 1.</exception>
    /// <exception cref="ArgumentException">A value is not in {0, …, K}.</exception>
    public DiscreteMeasure(IReadOnlyList<int> center, double alpha, int others)
        : this(center, Checked(alpha), 1 - alpha, others, FlippedCoordinate.Of(alpha, others))
    {
    }

    private DiscreteMeasure(IReadOnlyList<int> center, double alpha, double changed, int others, FlippedCoordinate coordinate)
    {
        ArgumentNullException.ThrowIfNull(center);
        ArgumentOutOfRangeException.ThrowIfLessThan(others, 1);
        if (center.Any(value => value < 0 || value > others))
            throw new ArgumentException($"Every value of the centre must be from 0 to {others}.", nameof(center));
        (_center, Alpha, _changed, Others, Coordinate) = ([.. center], alpha, changed, others, coordinate);
    }

    /// <summary>z.</summary>
    public IReadOnlyList<int> Center => _center;

    /// <summary>α, the probability that a coordinate keeps its value.</summary>
    public double Alpha { get; }

    /// <summary>K, the number of other values that a coordinate can show.</summary>
    public int Others { get; }

    internal FlippedCoordinate Coordinate { get; }

    /// <summary>
    /// Label noise around the training labels (section 4, appendix B.2): a point is a labelling of the n rows.
    /// </summary>
    /// <param name="labels">The n training labels.</param>
    /// <param name="noise">The smoothing noise q, for as many classes.</param>
    /// <exception cref="ArgumentException">Noise and labels have different numbers of classes.</exception>
    public static DiscreteMeasure AroundLabels(ClassLabels labels, Noise noise)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(noise);
        if (noise.Classes != labels.ClassCount)
            throw new ArgumentException(
                $"The noise is for {noise.Classes} classes, but the labels have {labels.ClassCount}.", nameof(noise));
        return new DiscreteMeasure([.. Enumerable.Range(0, labels.Count).Select(row => labels[row])], noise.Kept,
            noise.Q, noise.Classes - 1, FlippedCoordinate.Of(noise));
    }

    /// <inheritdoc/>
    public int[] Sample(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int[] point = [.. _center];
        for (int i = 0; i < point.Length; i++)
        {
            // One number decides both whether the value changes and, given that, to which of the K others.
            double u = random.NextDouble();
            if (u < _changed)
                point[i] = (int)((point[i] + 1L + Math.Min((long)(u / _changed * Others), Others - 1)) % (Others + 1L));
        }

        return point;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are more than 2²⁴ points.</exception>
    public IEnumerable<(int[] Point, double Probability)> Atoms()
    {
        double count = _center.Aggregate(1.0, (product, _) => product * (Others + 1.0));
        if (count > MostAtoms)
            throw new InvalidOperationException($"{count:G3} points are too many to list. Sample from the measure instead.");
        return From([], 1);
    }

    /// <inheritdoc/>
    public double KlDivergence(DiscreteMeasure other)
    {
        int flipped = FlippedFrom(other);
        if (Alpha == other.Alpha && _changed == other._changed)
            return Times(flipped, Coordinate.Divergence * (1 + 16 * Rounding.Epsilon));

        double p = _changed / Others, pOther = other._changed / Others, changed = Term(p, pOther);
        double kept = Term(Alpha, other.Alpha) + Others * changed;
        double moved = Term(Alpha, pOther) + Term(p, other.Alpha) + Times(Others - 1, changed);
        return Times(_center.Length - flipped, RoundedUp(kept)) + Times(flipped, RoundedUp(moved));

        static double RoundedUp(double divergence) => divergence + 64 * Rounding.Epsilon * (1 + Math.Abs(divergence));
    }

    /// <summary>‖z′ − z‖₀.</summary>
    internal int FlippedFrom(DiscreteMeasure other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Others != Others || other._center.Length != _center.Length)
            throw new ArgumentException(
                $"The measures are over {{0, …, {Others}}} in {_center.Length} dimensions "
                + $"and {{0, …, {other.Others}}} in {other._center.Length}.",
                nameof(other));
        return Enumerable.Range(0, _center.Length).Count(i => _center[i] != other._center[i]);
    }

    private static double Checked(double alpha) =>
        alpha is >= 0 and <= 1 ? alpha : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "α is a probability, from 0 to 1.");

    /// <summary>The sum of so many equal divergences: 0 for none, even if the divergence is infinite.</summary>
    private static double Times(int count, double divergence) => count == 0 ? 0 : count * divergence;

    private static double Term(double p, double other) => p == 0 ? 0 : p * (Arithmetic.Log(p) - Arithmetic.Log(other));

    private IEnumerable<(int[] Point, double Probability)> From(int[] start, double probability) => start.Length == _center.Length
        ? [(start, probability)]
        : from value in Enumerable.Range(0, Others + 1)
          let shown = value == _center[start.Length] ? Product(probability, Alpha, 1) : Product(probability, _changed, Others)
          from atom in From([.. start, value], shown)
          select atom;

    /// <summary>
    /// p·q/parts, rounded to 0 only where a factor is 0: an impossible failure is certified against any number of
    /// flips.
    /// </summary>
    private static double Product(double p, double q, int parts) => p == 0 || q == 0 ? 0 : Math.Max(p * (q / parts), LeastNormal);
}
