using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>The option that names several people's votes for the labels.</summary>
internal sealed class VoteOptions
{
    /// <summary>Columns of the table, or a file.</summary>
    public Option<string> Votes { get; } = new("--votes")
    {
        Description = "Labels by several people: columns of --train separated by commas, one for each person, or a file with the columns "
            + "item (the training row from 0, or its id), annotator and label. The commonest vote is the label; of equally common ones the "
            + "first in sorted order of the classes' names. Votes are no features.",
        HelpName = "LIST",
        CompletionSources = { Choices.Perhaps() },
    };

    /// <summary>The files that were named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) => FileOf(parsed) is { } path ? [path] : (string[])[];

    /// <summary>The columns that were named; none where a file was.</summary>
    /// <exception cref="UsageException">One was named twice.</exception>
    public IReadOnlyList<string> Columns(ParseResult parsed)
    {
        if (parsed.GetValue(Votes) is not { } text || FileOf(parsed) is not null)
            return [];
        string[] names = text.Split(',', StringSplitOptions.TrimEntries);
        return names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { Key: var twice }
            ? throw new UsageException($"--votes names column '{twice}' twice, but one person must not count as two; name it once.")
            : names;
    }

    /// <summary>Reads the votes on the rows of a table; null where there are none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="table">The rows.</param>
    /// <param name="ids">What they are called; empty where they have numbers only.</param>
    /// <param name="classes">The list of classes, where it is stated.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <exception cref="DataException">They cannot be read, or are for other rows.</exception>
    public CollectedVotes? Read(ParseResult parsed, Table table, IReadOnlyList<string> ids, ClassList? classes, IWorkProgress progress)
    {
        if (FileOf(parsed) is { } path)
        {
            progress.Report($"reading {path}");
            return VoteReader.OfItems(
                InputTables.Read(path, new TableOptions { AsText = VoteReader.Columns }), table.Rows, ids, classes);
        }

        return Columns(parsed) is { Count: > 0 } columns ? VoteReader.OfColumns(table, columns, classes) : null;
    }

    private string? FileOf(ParseResult parsed) => parsed.GetValue(Votes) is { } text && File.Exists(text) ? text : null;
}
