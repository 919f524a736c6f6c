using System.Diagnostics;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>What one run of <c>compare</c> found out.</summary>
/// <param name="Entries">One for each contestant, in order.</param>
/// <param name="Data">The data.</param>
internal sealed record CompareResult(IReadOnlyList<CompareResult.Entry> Entries, RunData Data)
{
    public CurveSet Curves => field ??= new([.. Entries.Select(entry => entry.Curve)], Data);

    /// <summary>That of the exact certificate where it was compared, or else the last one.</summary>
    public Entry Main => Entries.FirstOrDefault(entry => entry.Contestant.Kind == CertificateKind.Exact) ?? Entries[^1];

    /// <summary>What is required of the run.</summary>
    public IReadOnlyList<Condition> Required { get; init; } = [];

    /// <summary>Whether that is met.</summary>
    public IReadOnlyList<Verdict> Verdicts => field ??= Verdict.Of(Required, Curves, Main.Curve);

    public IReadOnlyList<Setting> Settings => [.. Entries.Select(entry => entry.Setting)];

    /// <summary>What came of one contestant.</summary>
    /// <param name="Contestant">Who.</param>
    /// <param name="Data">The data.</param>
    /// <param name="Outcome">Its certificates, and how they were made.</param>
    /// <param name="Elapsed">From features and labels to certificates.</param>
    internal sealed record Entry(Contestant Contestant, RunData Data, MethodResult Outcome, TimeSpan Elapsed)
    {
        /// <summary>Its certified accuracy.</summary>
        public Curve Curve => field ??= new(
            Contestant.Name, Contestant.Style, CertifiedAccuracy.Of(Contestant.Kind, Outcome.Rows, Data.Truth));

        public Setting Setting => Outcome.Setting;
    }
}

/// <summary>
/// One certificate in a comparison, by the method that computes it and nothing else, so that its time is its own.
/// </summary>
/// <param name="Family">The name of the certificate, whatever its parameters.</param>
/// <param name="Name">What tables and charts call it.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="Kind">The certificate.</param>
/// <param name="Method">The method, with this certificate alone.</param>
internal sealed record Contestant(string Family, string Name, string Style, CertificateKind Kind, IMethod Method)
{
    /// <summary>
    /// Which classifier it certifies. The smoothed vote of a learner is not that of the head, whatever the learner.
    /// </summary>
    public string Subject =>
        Method is MonteCarloMethod sampled ? $"{Kind.Classifier.Name} of the learner {sampled.Learner.Text}" : Kind.Classifier.Name;

    /// <summary>What its certificate is, and how it is proved.</summary>
    public string InWords(LabelFlipAdversary adversary) => Method is MonteCarloMethod
        ? "For the smoothed vote of a whole training procedure, retrained for every draw of the noise. It holds with a stated confidence."
        : GuaranteeSection.InWords(Kind, adversary);
}

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

        // A head may be as large as the data. That of the exact certificate is asked again, for witnesses; the others
        // make room.
        if (contestant.Kind != CertificateKind.Exact)
            outcome = outcome with { Certifier = null };
        return new CompareResult.Entry(contestant, data, outcome, elapsed);
    }
}

/// <summary>Says of every stage whose it is.</summary>
internal sealed class NamedProgress(string name, IWorkProgress inner) : IWorkProgress
{
    public void Report(string stage) => inner.Report($"{name}: {stage}");

    public IProgress<int> ReportCount(string stage, int count, string what) => inner.ReportCount($"{name}: {stage}", count, what);
}
