namespace CertiFlip.Cli.Progress;

/// <summary>Says nothing.</summary>
internal sealed class SilentProgress : IWorkProgress, IProgress<int>
{
    public void Report(string stage)
    {
    }

    public IProgress<int> ReportRows(string stage, int rows) => this;

    public void Report(int value)
    {
    }
}
