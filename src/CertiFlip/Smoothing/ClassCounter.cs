using CertiFlip.Kernels;

namespace CertiFlip.Smoothing;

/// <summary>Draws samples and counts answers. Draw i follows from the seed and i alone, and counts add up in any order, so threads leave no trace.</summary>
internal sealed class ClassCounter<TPoint>(
    ISmoothingMeasure<TPoint> mu,
    Action<TPoint, Span<int>> phi,
    int functions,
    int classes,
    MonteCarloOptions options,
    IProgress<int>? progress,
    CancellationToken cancellation)
{
    // What an answer is before φ writes it.
    private const int NoClass = -1;

    /// <summary>Counts the answers on draws <paramref name="first"/>, …, <paramref name="first"/> + <paramref name="samples"/> − 1.</summary>
    /// <remarks>An exception comes out as it was thrown, and of several the one of the smallest draw: the same for any number of threads.</remarks>
    public ClassCounts Count(int first, int samples)
    {
        var total = new ClassCounts(functions, classes);
        var failure = new FirstFailure();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };
        Parallel.For(first, (long)first + samples, parallel, () => (Counts: new ClassCounts(functions, classes), Answers: new int[functions]), (draw, loop, local) =>
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
