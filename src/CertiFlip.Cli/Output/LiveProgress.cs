using Spectre.Console;

namespace CertiFlip.Cli.Output;

/// <summary>Progress bars on a terminal.</summary>
internal sealed class LiveProgress(ProgressContext context) : IWorkProgress
{
    private ProgressTask? _current;

    public void Report(string stage)
    {
        _current?.StopTask();
        _current = context.AddTask(Markup.Escape(stage)).IsIndeterminate();
    }

    public IProgress<int> ReportCount(string stage, int count, string what)
    {
        _current?.StopTask();
        ProgressTask task = context.AddTask(Markup.Escape($"{stage} {count:N0} {what}"), maxValue: Math.Max(1, count));
        _current = task;
        return new Pieces(task);
    }

    private sealed class Pieces(ProgressTask task) : IProgress<int>
    {
        public void Report(int value) => task.Increment(value);
    }
}
