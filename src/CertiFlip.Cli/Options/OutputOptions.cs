using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Options;

/// <summary>The options that say where results go, and how many threads make them.</summary>
/// <param name="outDescription">What <c>--out</c> writes.</param>
/// <param name="hasReport">Whether there is a report to write.</param>
internal sealed class OutputOptions(string outDescription, bool hasReport = true)
{
    private readonly Option<string> _out = CommandOptions.File("--out", outDescription);
    private readonly Option<string> _report = CommandOptions.File("--report", "Write a self-contained HTML report.");
    private readonly Option<bool> _json = new("--json") { Description = "Print the summary as JSON instead of a table." };
    private readonly Option<int?> _threads = CommandOptions.Threads();
    private readonly Option<bool> _quiet = CommandOptions.Quiet();

    public IEnumerable<Option> All => [_out, .. hasReport ? (Option[])[_report] : [], _json, _threads, _quiet];

    public int Threads(ParseResult parsed) => parsed.GetValue(_threads) ?? Environment.ProcessorCount;

    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    public bool HasReport(ParseResult parsed) => hasReport && parsed.GetValue(_report) is not null;

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>
    /// Where no table says what is to be said of the data, and that radii are conditional on λ, says it on standard
    /// error.
    /// </summary>
    public void Note(ParseResult parsed, RunData data, IEnumerable<Setting> settings, IAnsiConsole status)
    {
        if (IsQuiet(parsed))
            Remarks.Note(status, data.Remarks);
        if (IsQuiet(parsed) && settings.Any(setting => setting.ConditionalOnLambda))
            status.Profile.Out.Writer.WriteLine("certiflip: radii are conditional on λ, which --ridge paper computes from the labels.");
    }

    /// <summary>
    /// Runs work under the progress display that was asked for, and writes its files once it is done.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="inputs">Files that must not be written over.</param>
    /// <param name="status">Where progress goes.</param>
    /// <param name="work">The work.</param>
    /// <param name="writeOut">Writes what <c>--out</c> names.</param>
    /// <param name="writeReport">Writes what <c>--report</c> names, where there is that option.</param>
    /// <param name="cancellation">Before files are in place, stops everything.</param>
    public T Run<T>(
        ParseResult parsed,
        IEnumerable<string> inputs,
        IAnsiConsole status,
        Func<IWorkProgress, T> work,
        Action<TextWriter, T> writeOut,
        Action<TextWriter, T>? writeReport,
        CancellationToken cancellation)
    {
        using var files = new OutputFiles(inputs);
        string? outPath = parsed.GetValue(_out), reportPath = hasReport ? parsed.GetValue(_report) : null;
        foreach (string path in ((string?[])[outPath, reportPath]).OfType<string>())
            files.Add(path);

        T result = ProgressDisplay.Run(status, IsQuiet(parsed) ? ProgressDisplay.Detail.None : ProgressDisplay.Detail.Full, work);
        if (outPath is not null)
            files.Write(outPath, writer => writeOut(writer, result));
        if (reportPath is not null)
            files.Write(reportPath, writer => writeReport!(writer, result));
        cancellation.ThrowIfCancellationRequested();
        files.Commit();
        return result;
    }
}
