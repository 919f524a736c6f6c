using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Options;

/// <summary>The options that say what a report shows of rows whose features nobody can look at.</summary>
internal sealed class ShowOptions
{
    private readonly InputOptions _input;
    private readonly bool _hasTest;
    private readonly Option<string> _train = CommandOptions.File(
        "--show-train",
        "What the report shows for each training row: images in .npy, .npz or IDX, or texts in .txt (one a line), .csv or .tsv, or any of "
            + "these with .gz.");
    private readonly Option<string> _test =
        CommandOptions.File("--show-test", "What the report shows for each test row, in any of these formats.");

    /// <param name="input">
    /// How data are read: a column of texts that is named may be in the files that are shown.
    /// </param>
    /// <param name="hasTest">Whether test rows are shown, too.</param>
    public ShowOptions(InputOptions input, bool hasTest = true)
    {
        (_input, _hasTest) = (input, hasTest);
        input.IsTextElsewhere = parsed => Files(parsed).Any();
    }

    public IEnumerable<Option> All => Shown;

    /// <summary>The files that were named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) => Shown.Select(parsed.GetValue).OfType<string>();

    private IEnumerable<Option<string>> Shown => _hasTest ? [_train, _test] : [_train];

    /// <summary>Refuses options that would show nothing.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="hasReport">Whether a report is written.</param>
    /// <exception cref="UsageException">There is one.</exception>
    public void RefuseUnused(ParseResult parsed, bool hasReport)
    {
        if (!hasReport)
            CommandOptions.RefuseWithout(parsed, All, "--report", ", or name a report");
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
            return RowViews.Read(path, parsed.GetValue(_input.Text) ?? "text", data);
        }

        RowViews own = RowViews.Of(data, parsed.GetValue(_input.Text));
        bool isOneFile = data.IsLeaveOneOut || data.Holdout is not null;
        IRowView? test = Named(_test, data.Test) ?? (isOneFile ? Named(_train, data.Test) : null) ?? own.Test;
        return new RowViews(Named(_train, data.Training) ?? own.Training, _hasTest ? test : null);
    }
}
