namespace CertiFlip.Smoothing;

/// <summary>
/// The guarantee of Lee et al. for the factorised discrete measure (Example 2), eq. (4): d(μ, ρ) = ‖z′ − z‖₀ and f(p) =
/// ℱ(max(p, 1 − p)), the largest r such that every set of probability p before r flips keeps at least ½ after them.
/// </summary>
/// <remarks>
/// Thresholds are computed on demand, each from the one before, and kept. The search below only returns an r whose own
/// threshold was compared, so it does not rest on thresholds being monotone. Safe to use from several threads at once.
/// </remarks>
public sealed class DiscreteGuarantee : IRobustnessGuarantee<DiscreteMeasure>
{
    private readonly Lock _growing = new();
    private readonly FlippedCoordinate _coordinate;
    private readonly FlippedDistribution _distribution;

    // Replaced as a whole when it has grown, so that readers need no lock.
    private volatile double[] _logThresholds = [SmoothedValue.LogHalf];

    /// <summary>The guarantee for measures with the α, K and d of this one, wherever their centres are.</summary>
    /// <param name="measure">Any of the measures.</param>
    public DiscreteGuarantee(DiscreteMeasure measure)
        : this((measure ?? throw new ArgumentNullException(nameof(measure))).Coordinate, measure.Center.Count)
    {
    }

    internal DiscreteGuarantee(FlippedCoordinate coordinate, int dimensions) =>
        (_coordinate, _distribution, Dimensions) = (coordinate, new FlippedDistribution(coordinate), dimensions);

    /// <summary>d: no more coordinates than these can be flipped.</summary>
    public int Dimensions { get; }

    /// <inheritdoc/>
    public double Distance(DiscreteMeasure mu, DiscreteMeasure rho)
    {
        ArgumentNullException.ThrowIfNull(mu);
        ArgumentNullException.ThrowIfNull(rho);

        // With K = 1, α and 1 − α have the same coordinate, and between them measures differ where values do not.
        if (mu.Coordinate != _coordinate || mu.Alpha != rho.Alpha || rho.Coordinate != _coordinate || mu.Center.Count != Dimensions)
            throw new ArgumentException("The guarantee is for measures with another α, K or number of dimensions.", nameof(mu));
        return mu.FlippedFrom(rho);
    }

    /// <inheritdoc/>
    public double Radius(SmoothedValue value) => Flips(value.LogFailure);

    /// <summary>
    /// A lower bound on the log of the largest failure probability at which <paramref name="flips"/> are survived,
    /// close to it.
    /// </summary>
    /// <param name="flips">r, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="flips"/> is negative.</exception>
    public double LogThreshold(int flips)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(flips);
        if (_coordinate.LogOdds == 0)
            return SmoothedValue.LogHalf; // The measure shows nothing of its centre.
        double[] thresholds = _logThresholds;
        return flips < thresholds.Length ? thresholds[flips] : GrowTo(flips)[flips];
    }

    /// <summary>ℱ at a bound on log(1 − p), as the whole number it is.</summary>
    internal int Flips(double logFailure)
    {
        if (!(logFailure < SmoothedValue.LogHalf))
            return 0;

        // Unless there are points that the measure cannot show, B = 0 means that all points agree.
        if (_coordinate.LogOdds == 0 || (double.IsNegativeInfinity(logFailure) && double.IsFinite(_coordinate.LogOdds)))
            return Dimensions;

        // Thresholds fall as r grows. What the divergence allows, (5) with (9), is certified already, and r is rarely
        // above three times that.
        double allowed = new KlGuarantee<DiscreteMeasure>().Radius(SmoothedValue.FromLogFailure(true, logFailure));
        int certified = _coordinate.FlipsWithin(allowed, Dimensions);
        int refuted = (int)Math.Min(Dimensions, 3L * certified + 4);
        while (logFailure < LogThreshold(refuted))
        {
            if (refuted == Dimensions)
                return Dimensions;
            (certified, refuted) = (refuted, (int)Math.Min(Dimensions, 2L * refuted));
        }

        while (refuted - certified > 1)
        {
            int middle = certified + (refuted - certified) / 2;
            (certified, refuted) = logFailure < LogThreshold(middle) ? (middle, refuted) : (certified, middle);
        }

        return certified;
    }

    private double[] GrowTo(int flips)
    {
        const int Step = 256;
        lock (_growing)
        {
            int known = _logThresholds.Length;
            if (flips < known)
                return _logThresholds;
            double[] grown = new double[flips + Step];
            _logThresholds.CopyTo(grown, 0);
            for (int r = known; r < grown.Length; r++)
            {
                _distribution.AddFlip();
                grown[r] = _distribution.LogThreshold();
            }

            return _logThresholds = grown;
        }
    }
}
