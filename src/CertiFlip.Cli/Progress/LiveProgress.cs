using Spectre.Console;

namespace CertiFlip.Cli.Progress;

/// <summary>Progress bars on a terminal.</summary>
internal sealed class LiveProgress(ProgressContext context) : IWorkProgress
{
    private ProgressTask? _current;

    public void Report(string stage)
    {
        _current?.StopTask();
        _current = context.AddTask(Markup.Escape(stage)).IsIndeterminate();
    }

    public IProgress<int> ReportRows(string stage, int rows)
    {
        _current?.StopTask();
        ProgressTask task = context.AddTask(Markup.Escape($"{stage} {rows:N0} rows"), maxValue: Math.Max(1, rows));
        _current = task;
        return new Rows(task);
    }

    private sealed class Rows(ProgressTask task) : IProgress<int>
    {
        public void Report(int value) => task.Increment(value);
    }
}
