using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Options;

/// <summary>The options that say what a report shows of rows whose features nobody can look at.</summary>
/// <param name="hasTest">Whether it shows test rows, too.</param>
internal sealed class ShowOptions(bool hasTest = true)
{
    private readonly Option<string> _train = CommandOptions.File(
        "--show-train",
        "What the report shows for each training row: images in .npy, .npz or IDX, or texts in .txt (one a line), .csv or .tsv, or any of "
            + "these with .gz.");
    private readonly Option<string> _test =
        CommandOptions.File("--show-test", "What the report shows for each test row, in any of these formats.");
    private readonly Option<string> _text = CommandOptions.TextColumn();

    public IEnumerable<Option> All => [.. Shown, _text];

    /// <summary>The files that were named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) => Shown.Select(parsed.GetValue).OfType<string>();

    private IEnumerable<Option<string>> Shown => hasTest ? [_train, _test] : [_train];

    /// <summary>Refuses options that would show nothing.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="hasReport">Whether a report is written.</param>
    /// <exception cref="UsageException">There is one.</exception>
    public void RefuseUnused(ParseResult parsed, bool hasReport)
    {
        if (!hasReport)
            CommandOptions.RefuseWithout(parsed, All, "--report", ", or name a report");
        if (!Files(parsed).Any())
            CommandOptions.RefuseWithout(parsed, [_text], string.Join(" or ", Shown.Select(option => option.Name)));
    }

    /// <summary>Reads what was named; what was not, the data show if they can.</summary>
    /// <exception cref="Data.DataException">A file does not fit the data.</exception>
    public RowViews Read(ParseResult parsed, RunData data, IWorkProgress progress)
    {
        IRowView? Named(Option<string> option, Data.Dataset data)
        {
            if (parsed.GetValue(option) is not { } path)
                return null;
            progress.Report($"reading {path}");
            return RowViews.Read(path, parsed.GetValue(_text)!, data);
        }

        RowViews own = RowViews.Of(data);
        bool isOneFile = data.IsLeaveOneOut || data.Holdout is not null;
        IRowView? test = Named(_test, data.Test) ?? (isOneFile ? Named(_train, data.Test) : null) ?? own.Test;
        return new RowViews(Named(_train, data.Training) ?? own.Training, hasTest ? test : null);
    }
}
