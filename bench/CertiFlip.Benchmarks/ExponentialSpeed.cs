using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;

namespace CertiFlip.Benchmarks;

/// <summary>
/// How long the framework's own exponential takes for a number that is in the cache, on several threads at once: half
/// of the roofline.
/// </summary>
internal static class ExponentialSpeed
{
    private const int Length = 4096;
    private const int Passes = 2000;
    private const int Runs = 15;

    public static int Run(string[] arguments)
    {
        int threads = arguments is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : Environment.ProcessorCount;
        double best = Enumerable.Range(0, Runs).Min(_ => NanosecondsPerNumber(threads));
        Console.WriteLine($"{best.ToString("F3", CultureInfo.InvariantCulture)} ns for an exponential on {threads} threads");
        return 0;
    }

    private static double NanosecondsPerNumber(int threads)
    {
        long start = Stopwatch.GetTimestamp();
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Work))];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / ((double)threads * Length * Passes);
    }

    private static void Work()
    {
        double[] x = [.. Enumerable.Range(0, Length).Select(i => -i / (double)Length)];
        double[] exponentials = new double[Length];
        for (int pass = 0; pass < Passes; pass++)
            TensorPrimitives.Exp<double>(x, exponentials);
    }
}
