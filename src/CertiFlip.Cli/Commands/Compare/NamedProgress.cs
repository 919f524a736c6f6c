using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>Says of every stage whose it is.</summary>
internal sealed class NamedProgress(string name, IWorkProgress inner) : IWorkProgress
{
    public void Report(string stage) => inner.Report($"{name}: {stage}");

    public IProgress<int> ReportCount(string stage, int count, string what) => inner.ReportCount($"{name}: {stage}", count, what);
}
