using Spectre.Console;

namespace CertiFlip.Cli.Output;

/// <summary>Runs work under the progress display that fits where its messages go.</summary>
internal static class ProgressDisplay
{
    /// <summary>How much to say while working.</summary>
    public enum Detail
    {
        /// <summary>Bars on a terminal, lines elsewhere.</summary>
        Full,

        /// <summary>Nothing.</summary>
        None,
    }

    public static T Run<T>(IAnsiConsole status, Detail detail, Func<IWorkProgress, T> work)
    {
        if (detail == Detail.None)
            return work(new SilentProgress());
        if (!status.Profile.Capabilities.Interactive || !status.Profile.Out.IsTerminal)
            return work(new PlainProgress(status));
        return status.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new LiveProgress(context)));
    }
}

/// <summary>Progress bars on a terminal.</summary>
internal sealed class LiveProgress(ProgressContext context) : IWorkProgress
{
    private ProgressTask? _current;

    public void Report(string stage)
    {
        _current?.StopTask();
        _current = context.AddTask(ConsoleText.Whole(stage)).IsIndeterminate();
    }

    public IProgress<int> ReportCount(string stage, int count, string what)
    {
        _current?.StopTask();
        ProgressTask task = context.AddTask(ConsoleText.Whole($"{stage} {count:N0} {what}"), maxValue: Math.Max(1, count));
        _current = task;
        return new Pieces(task);
    }

    private sealed class Pieces(ProgressTask task) : IProgress<int>
    {
        public void Report(int value) => task.Increment(value);
    }
}

/// <summary>A line a stage, and one for every quarter of the work: what a log file can keep.</summary>
internal sealed class PlainProgress(IAnsiConsole status) : IWorkProgress
{
    public void Report(string stage) => status.Tell(stage);

    public IProgress<int> ReportCount(string stage, int count, string what)
    {
        Report($"{stage} {count:N0} {what}");
        return new Pieces(status, stage, count, what);
    }

    private sealed class Pieces(IAnsiConsole status, string stage, int total, string what) : IProgress<int>
    {
        private const int Quarters = 4;
        private readonly Lock _lock = new();
        private long _done;

        public void Report(int value)
        {
            lock (_lock)
            {
                long before = _done * Quarters / total;
                _done += value;
                if (_done * Quarters / total > before)
                    status.Tell($"{stage} {_done:N0} of {total:N0} {what}");
            }
        }
    }
}

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
