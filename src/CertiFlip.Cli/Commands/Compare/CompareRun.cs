using System.Diagnostics;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>Runs contestants one after the other on the same data.</summary>
internal static class CompareRun
{
    public static CompareResult Execute(
        RunData data, IReadOnlyList<Contestant> contestants, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        // The last of them must not find fault with an option after hours of work by the others.
        foreach (Contestant contestant in contestants)
            contestant.Method.Check(data);
        return new([.. contestants.Select(contestant => Run(data, contestant, threads, progress, cancellation))], data);
    }

    private static CompareResult.Entry Run(
        RunData data, Contestant contestant, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        MethodResult outcome = contestant.Method.Run(data, threads, new NamedProgress(contestant.Name, progress), cancellation);
        TimeSpan elapsed = watch.Elapsed;
        var accuracy = CertifiedAccuracy.Of(contestant.Kind, outcome.Rows, data.Truth);

        // A head may be as large as the data. That of the exact certificate is asked again, for witnesses; the others make room.
        if (contestant.Kind != CertificateKind.Exact)
            outcome = outcome with { Certifier = null };
        return new CompareResult.Entry(contestant, new Curve(contestant.Name, contestant.Style, accuracy), outcome, elapsed);
    }
}
