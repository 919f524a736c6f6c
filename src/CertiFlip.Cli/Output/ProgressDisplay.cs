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
            return work(new PlainProgress(status.Profile.Out.Writer));
        return status.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new LiveProgress(context)));
    }
}
