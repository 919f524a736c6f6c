using System.Runtime.ExceptionServices;
using CertiFlip.Kernels;

namespace CertiFlip.Smoothing;

/// <summary>
/// Algorithm 2 (appendix A): estimates the value of a smoothed function from samples. One sample chooses the class and
/// another one gives the bound, as in Cohen et al.: on the sample that chose, the bound would be too good.
/// </summary>
public static class MonteCarlo
{
    /// <summary>Smooths a binary function.</summary>
    /// <typeparam name="TPoint">A point x of the space.</typeparam>
    /// <param name="mu">μ.</param>
    /// <param name="phi">
    /// φ: 𝒳 → {0, 1}; called from several threads at once. Its exceptions are passed on unchanged; of several, that of
    /// the smallest draw.
    /// </param>
    /// <param name="options">How to sample; the defaults if not given.</param>
    /// <param name="progress">
    /// Reports, from any thread, how many further samples are done, of <see cref="MonteCarloOptions.SelectionSamples"/>
    /// + <see cref="MonteCarloOptions.Samples"/>.
    /// </param>
    /// <param name="cancellationToken">Stops the work between samples.</param>
    /// <returns>The estimate, in which <see cref="MonteCarloEstimate.Class"/> is ĝ(μ, φ).</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    public static MonteCarloEstimate Smooth<TPoint>(
        ISmoothingMeasure<TPoint> mu, Func<TPoint, bool> phi, MonteCarloOptions? options = null,
        IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(phi);

        // Ties go to the smaller class below, and to 1 in (14).
        MonteCarloEstimate estimate =
            Smooth(mu, (point, classes) => classes[0] = phi(point) ? 0 : 1, 1, 2, options, progress, cancellationToken)[0];
        return estimate with { Class = 1 - estimate.Class };
    }

    /// <summary>
    /// Smooths many functions with many classes on the same samples, (16) and (17): predictions for m test rows after
    /// one training, say.
    /// </summary>
    /// <typeparam name="TPoint">A point x of the space.</typeparam>
    /// <param name="mu">μ.</param>
    /// <param name="phi">
    /// Writes φ₁(x), …, φₘ(x), classes from 0 to K − 1; called from several threads at once. Its exceptions are passed
    /// on unchanged; of several, that of the smallest draw.
    /// </param>
    /// <param name="functions">m.</param>
    /// <param name="classes">K.</param>
    /// <param name="options">How to sample; the defaults if not given.</param>
    /// <param name="progress">
    /// Reports, from any thread, how many further samples are done, of <see cref="MonteCarloOptions.SelectionSamples"/>
    /// + <see cref="MonteCarloOptions.Samples"/>.
    /// </param>
    /// <param name="cancellationToken">Stops the work between samples.</param>
    /// <returns>
    /// m estimates. Each holds with the confidence in the options; that all hold at once is less likely.
    /// </returns>
    /// <exception cref="InvalidOperationException">
    /// <paramref name="phi"/> wrote something other than a class, or nothing.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was requested.</exception>
    public static IReadOnlyList<MonteCarloEstimate> Smooth<TPoint>(
        ISmoothingMeasure<TPoint> mu,
        Action<TPoint, Span<int>> phi,
        int functions,
        int classes,
        MonteCarloOptions? options = null,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mu);
        ArgumentNullException.ThrowIfNull(phi);
        ArgumentOutOfRangeException.ThrowIfNegative(functions);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        options ??= new MonteCarloOptions();
        var counter = new ClassCounter<TPoint>(mu, phi, functions, classes, options, progress, cancellationToken);
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

/// <summary>The result of Algorithm 2 for one smoothed function, eqs. (14) and (15).</summary>
/// <param name="Class">
/// ĝ(μ, φ): the class that won on the samples for choosing, ties going to the smaller; for φ: 𝒳 → {0, 1}, 1 wins ties.
/// </param>
/// <param name="Agreeing">How many of the samples for the bound agreed with it.</param>
/// <param name="Samples">N, the number of samples for the bound.</param>
/// <param name="LogFailure">
/// The log of the Clopper–Pearson bound on the probability of any other class: above the true one with probability at
/// most δ below it.
/// </param>
public readonly record struct MonteCarloEstimate(int Class, int Agreeing, int Samples, double LogFailure)
{
    /// <summary>Whether Algorithm 2 abstains, because the bound is on the other side of ½.</summary>
    public bool Abstains => !Value.IsDecided;

    /// <summary>Ĝ(μ, φ_c), the bound for φ_c = 1{φ = <see cref="Class"/>}, to be given to a guarantee.</summary>
    public SmoothedValue Value => SmoothedValue.FromLogFailure(true, LogFailure);
}

/// <summary>
/// Draws samples and counts answers. Draw i depends on the seed and i alone, and the order of a sum of counts does not
/// matter, so the result is the same for any number of threads.
/// </summary>
internal sealed class ClassCounter<TPoint>(
    ISmoothingMeasure<TPoint> mu,
    Action<TPoint, Span<int>> phi,
    int functions,
    int classes,
    MonteCarloOptions options,
    IProgress<int>? progress,
    CancellationToken cancellationToken)
{
    // What an answer is before φ writes it.
    private const int NoClass = -1;

    /// <summary>
    /// Counts the answers on draws <paramref name="first"/>, …, <paramref name="first"/> + <paramref name="samples"/> −
    /// 1.
    /// </summary>
    /// <remarks>
    /// An exception is passed on unchanged; of several, that of the smallest draw: the same one for any number of
    /// threads.
    /// </remarks>
    public ClassCounts Count(int first, int samples)
    {
        var total = new ClassCounts(functions, classes);
        var failure = new FirstFailure();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        (ClassCounts Counts, int[] Answers) NewLocal() => (new ClassCounts(functions, classes), new int[functions]);
        Parallel.For(first, (long)first + samples, parallel, NewLocal, (draw, loop, local) =>
        {
            try
            {
                Array.Fill(local.Answers, NoClass);
                phi(mu.Sample(new PhiloxRandom(options.Seed, (ulong)draw)), local.Answers);
                local.Counts.Add(local.Answers);
                progress?.Report(1);
            }
            catch (Exception exception)
            {
                failure.Note(draw, exception);
                loop.Break(); // Draws before this one are still taken.
            }

            return local;
        }, local =>
        {
            lock (total)
                total.Add(local.Counts);
        });
        failure.ThrowIfAny();
        return total;
    }
}

/// <summary>How often each of m functions gave each of K classes.</summary>
internal sealed class ClassCounts(int functions, int classes)
{
    private readonly int[] _counts = new int[checked(functions * classes)];

    public int this[int function, int c] => _counts[function * classes + c];

    /// <summary>Counts one answer of every function.</summary>
    /// <exception cref="InvalidOperationException">An answer is not a class.</exception>
    public void Add(ReadOnlySpan<int> answers)
    {
        for (int function = 0; function < answers.Length; function++)
        {
            if (answers[function] < 0 || answers[function] >= classes)
                throw new InvalidOperationException(
                    $"Function {function} gave {answers[function]}, but classes are numbered 0 to {classes - 1}.");
            _counts[function * classes + answers[function]]++;
        }
    }

    /// <summary>Adds another count to this one.</summary>
    public void Add(ClassCounts other)
    {
        for (int i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
    }

    /// <summary>The most frequent class of each function, the smallest on a tie.</summary>
    public int[] MostFrequent()
    {
        int[] winners = new int[functions];
        for (int function = 0; function < functions; function++)
        {
            for (int c = 1; c < classes; c++)
            {
                if (this[function, c] > this[function, winners[function]])
                    winners[function] = c;
            }
        }

        return winners;
    }
}

/// <summary>
/// The exception of the smallest draw that failed: the one that a loop over the draws in their order would have thrown.
/// </summary>
internal sealed class FirstFailure
{
    private readonly Lock _noting = new();
    private long _draw = long.MaxValue;
    private ExceptionDispatchInfo? _exception;

    /// <summary>Remembers the exception of a draw, unless a smaller draw has failed.</summary>
    public void Note(long draw, Exception exception)
    {
        lock (_noting)
        {
            if (draw < _draw)
                (_draw, _exception) = (draw, ExceptionDispatchInfo.Capture(exception));
        }
    }

    /// <summary>Throws what was remembered, with the stack that it had.</summary>
    public void ThrowIfAny() => _exception?.Throw();
}
