using CertiFlip.Cli.Output;
using CertiFlip.Paper;

namespace CertiFlip.Cli.Commands.Reproduce;

/// <summary>Shows the stages of an experiment as the command shows all work.</summary>
internal sealed class StageProgress(IWorkProgress progress) : IStageProgress
{
    public void Report(string stage) => progress.Report(stage);

    public IProgress<int> ReportCount(string stage, int count, string what) => progress.ReportCount(stage, count, what);
}
