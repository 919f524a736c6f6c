namespace CertiFlip.Cli.Output;

/// <summary>Says nothing.</summary>
internal sealed class SilentProgress : IWorkProgress, IProgress<int>
{
    public void Report(string stage)
    {
    }

    public IProgress<int> ReportCount(string stage, int count, string what) => this;

    public void Report(int value)
    {
    }
}
