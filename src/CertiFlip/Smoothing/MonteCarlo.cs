namespace CertiFlip.Smoothing;

/// <summary>
/// Algorithm 2 (appendix A): what a smoothed function most probably is, from samples. The class is chosen on one sample and the bound computed on another, as
/// Cohen et al. do: a bound on the sample that chose would be too good.
/// </summary>
public static class MonteCarlo
{
    /// <summary>Smooths a binary function.</summary>
    /// <typeparam name="TPoint">A point x of the space.</typeparam>
    /// <param name="mu">μ.</param>
    /// <param name="phi">φ: 𝒳 → {0, 1}; called from several threads at once. What it throws comes out as it is, for the smallest draw that fails.</param>
    /// <param name="options">How to sample; the defaults if not given.</param>
    /// <param name="progress">Is told, from any thread, how many more samples are done, of <see cref="MonteCarloOptions.SelectionSamples"/> + <see cref="MonteCarloOptions.Samples"/>.</param>
    /// <param name="cancellation">Stops the work between samples.</param>
    /// <returns>The estimate, in which <see cref="MonteCarloEstimate.Class"/> is ĝ(μ, φ).</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested.</exception>
    public static MonteCarloEstimate Smooth<TPoint>(
        ISmoothingMeasure<TPoint> mu, Func<TPoint, bool> phi, MonteCarloOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(phi);

        // Ties go to the smaller class below, and to 1 in (14).
        MonteCarloEstimate estimate = Smooth(mu, (point, classes) => classes[0] = phi(point) ? 0 : 1, 1, 2, options, progress, cancellation)[0];
        return estimate with { Class = 1 - estimate.Class };
    }

    /// <summary>Smooths many functions with many classes on the same samples, (16) and (17): predictions for m test rows after one training, say.</summary>
    /// <typeparam name="TPoint">A point x of the space.</typeparam>
    /// <param name="mu">μ.</param>
    /// <param name="phi">
    /// Writes φ₁(x), …, φₘ(x), classes from 0 to K − 1; called from several threads at once. What it throws comes out as it is, for the smallest draw that fails.
    /// </param>
    /// <param name="functions">m.</param>
    /// <param name="classes">K.</param>
    /// <param name="options">How to sample; the defaults if not given.</param>
    /// <param name="progress">Is told, from any thread, how many more samples are done, of <see cref="MonteCarloOptions.SelectionSamples"/> + <see cref="MonteCarloOptions.Samples"/>.</param>
    /// <param name="cancellation">Stops the work between samples.</param>
    /// <returns>m estimates. Each holds with the confidence asked for; that all hold at once is less likely.</returns>
    /// <exception cref="InvalidOperationException"><paramref name="phi"/> wrote something other than a class, or nothing.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested.</exception>
    public static IReadOnlyList<MonteCarloEstimate> Smooth<TPoint>(
        ISmoothingMeasure<TPoint> mu,
        Action<TPoint, Span<int>> phi,
        int functions,
        int classes,
        MonteCarloOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(mu);
        ArgumentNullException.ThrowIfNull(phi);
        ArgumentOutOfRangeException.ThrowIfNegative(functions);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        options ??= new MonteCarloOptions();
        var counter = new ClassCounter<TPoint>(mu, phi, functions, classes, options, progress, cancellation);
        int[] chosen = counter.Count(0, options.SelectionSamples).MostFrequent();
        ClassCounts counts = counter.Count(options.SelectionSamples, options.Samples);

        Dictionary<int, double> bounds = []; // Many functions agree equally often.
        return [.. chosen.Select((c, function) =>
        {
            int agreeing = counts[function, c], failures = options.Samples - agreeing;
            if (!bounds.TryGetValue(failures, out double logFailure))
                bounds[failures] = logFailure = ClopperPearson.LogUpperBound(failures, options.Samples, options.Confidence);
            return new MonteCarloEstimate(c, agreeing, options.Samples, logFailure);
        })];
    }
}
