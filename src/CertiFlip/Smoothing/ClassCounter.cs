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
    /// <summary>Counts the answers on draws <paramref name="first"/>, …, <paramref name="first"/> + <paramref name="samples"/> − 1.</summary>
    public ClassCounts Count(int first, int samples)
    {
        var total = new ClassCounts(functions, classes);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };
        Parallel.For(first, (long)first + samples, parallel, () => (Counts: new ClassCounts(functions, classes), Answers: new int[functions]), (draw, _, local) =>
        {
            phi(mu.Sample(new PhiloxRandom(options.Seed, (ulong)draw)), local.Answers);
            local.Counts.Add(local.Answers);
            progress?.Report(1);
            return local;
        }, local =>
        {
            lock (total)
                total.Add(local.Counts);
        });
        return total;
    }
}
