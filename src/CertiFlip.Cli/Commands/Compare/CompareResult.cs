using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>What one run of <c>compare</c> found out.</summary>
/// <param name="Entries">One for each contestant, in order.</param>
/// <param name="Data">The data.</param>
internal sealed record CompareResult(IReadOnlyList<CompareResult.Entry> Entries, RunData Data)
{
    public CurveSet Curves { get; } = new([.. Entries.Select(entry => entry.Curve)], Data);

    public IReadOnlyList<Setting> Settings => [.. Entries.Select(entry => entry.Setting)];

    /// <summary>What came of one contestant.</summary>
    /// <param name="Contestant">Who.</param>
    /// <param name="Curve">Its certified accuracy.</param>
    /// <param name="Outcome">Its certificates, and how they were made.</param>
    /// <param name="Elapsed">From features and labels to certificates.</param>
    internal sealed record Entry(Contestant Contestant, Curve Curve, MethodResult Outcome, TimeSpan Elapsed)
    {
        public Setting Setting => Outcome.Setting;
    }
}
