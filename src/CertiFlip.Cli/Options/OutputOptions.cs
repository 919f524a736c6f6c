using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Options;

/// <summary>The options that say where results go, and how many threads make them.</summary>
/// <param name="outDescription">What <c>--out</c> writes.</param>
/// <param name="hasReport">Whether there is a report to write.</param>
/// <param name="hasWork">Whether there is work for several threads.</param>
internal sealed class OutputOptions(string outDescription, bool hasReport = true, bool hasWork = true)
{
    private readonly Option<string> _out = CommandOptions.CsvFile("--out", outDescription);
    private readonly Option<string> _report = CommandOptions.ReportFile("--report", "Write a self-contained HTML report.");
    private readonly Option<string> _name = new("--name")
    {
        Description = "What the report and --json call the data. [default: the names of their files]",
        HelpName = "TEXT",
    };
    private readonly Option<bool> _forSpreadsheet = new("--spreadsheet")
    {
        Description = "In --out, put an apostrophe before texts that a spreadsheet would run as formulas. [default: labels as they are]",
    };
    private readonly Option<bool> _json = new("--json") { Description = "Print the summary as JSON instead of a table." };
    private readonly Option<int?> _threads = CommandOptions.Threads();
    private readonly Option<bool> _quiet = CommandOptions.Quiet();

    public IEnumerable<Option> All =>
    [
        _out, _forSpreadsheet, .. hasReport ? (Option[])[_report, _name] : [], _json, .. hasWork ? (Option[])[_threads] : [], _quiet,
    ];

    /// <summary>What the user calls the data, or null.</summary>
    public string? Name(ParseResult parsed) =>
        hasReport && parsed.GetValue(_name) is { } name && name.Trim().Length > 0 ? name.Trim() : null;

    /// <summary>
    /// The options that the user wrote, but for those that change no result, and the checksums of files that they name.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="others">Options besides these here that change no result.</param>
    public IReadOnlyList<GivenOption> Given(ParseResult parsed, params IEnumerable<Option> others) =>
    [
        .. parsed.CommandResult.Command.Options.Except([.. All, .. others])
            .Where(option => CommandOptions.IsGiven(parsed, option))
            .Select(option => GivenOption.Of(option.Name, [.. parsed.GetResult(option)!.Tokens.Select(token => token.Value)])),
    ];

    public int Threads(ParseResult parsed) => RowWork.Current.Threads ?? parsed.GetValue(_threads) ?? Environment.ProcessorCount;

    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet) || RowWork.Current.IsQuiet;

    public bool HasReport(ParseResult parsed) => hasReport && parsed.GetValue(_report) is not null;

    /// <summary>Whether a report is to be made of what this process finds out.</summary>
    public bool WritesReport(ParseResult parsed) => HasReport(parsed) && RowWork.Current.HasAllRows;

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Where a table or JSON goes.</summary>
    public IAnsiConsole Results(ParseResult parsed, IAnsiConsole output, IAnsiConsole status) =>
        CommandOptions.Beside(Paths(parsed).FirstOrDefault(OutputFiles.NamesStandardOutput), output, status);

    /// <summary>
    /// Where no table says what is to be said of the data, and that radii are conditional on λ, says it on standard
    /// error.
    /// </summary>
    public void Note(ParseResult parsed, RunData data, IEnumerable<Setting> settings, IAnsiConsole status)
    {
        if (IsQuiet(parsed))
            Remarks.Note(status, data.Remarks);
        if (IsQuiet(parsed) && settings.Any(setting => setting.ConditionalOnLambda))
            status.Complain("radii are conditional on λ, which --ridge paper computes from the labels.");
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
    /// <param name="more">Other files, where they are asked for, and what writes them.</param>
    public T Run<T>(
        ParseResult parsed,
        IEnumerable<string> inputs,
        IAnsiConsole status,
        Func<IWorkProgress, T> work,
        Action<Csv, T> writeOut,
        Action<TextWriter, T>? writeReport,
        CancellationToken cancellation,
        params (string? Path, Action<TextWriter, T> Write)[] more)
    {
        string? outPath = parsed.GetValue(_out), reportPath = hasReport ? parsed.GetValue(_report) : null;
        if (outPath is null)
            CommandOptions.RefuseWithout(parsed, [_forSpreadsheet], "--out", ", or name a file");
        if (hasReport && !HasReport(parsed) && !IsJson(parsed))
            CommandOptions.RefuseWithout(parsed, [_name], "--report or --json", ", or ask for one of them");
        if (IsJson(parsed) && Paths(parsed).FirstOrDefault(OutputFiles.NamesStandardOutput) is { } standard)
            throw new UsageException($"--json prints to standard output, and '{standard}' is standard output, too; name a file instead.");
        RowWork.Current.Read(inputs);
        using OutputFiles files = CommandOptions.Files(inputs);
        string[] paths = [.. Paths(parsed), .. more.Select(one => one.Path).OfType<string>()];
        foreach (string path in RowWork.Current.HasAllRows ? paths : [])
            files.Add(path);
        T result = ProgressDisplay.Run(status, IsQuiet(parsed) ? ProgressDisplay.Detail.None : ProgressDisplay.Detail.Full, work);
        RowWork.Current.End();
        if (outPath is not null)
            files.Write(outPath, writer => writeOut(new Csv(writer) { MarksFormulas = parsed.GetValue(_forSpreadsheet) }, result));
        if (reportPath is not null)
            files.Write(reportPath, writer => writeReport!(writer, result));
        foreach ((string? path, Action<TextWriter, T> write) in more)
        {
            if (path is not null)
                files.Write(path, writer => write(writer, result));
        }

        cancellation.ThrowIfCancellationRequested();
        files.Commit();
        return result;
    }

    private IEnumerable<string> Paths(ParseResult parsed) =>
        ((string?[])[parsed.GetValue(_out), hasReport ? parsed.GetValue(_report) : null]).OfType<string>();
}
