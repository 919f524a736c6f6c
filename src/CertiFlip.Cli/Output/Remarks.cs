using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Output;

/// <summary>What is to be said of the data, in every output.</summary>
internal static class Remarks
{
    /// <summary>
    /// A line for each remark among what a command prints, and one on where its options come from.
    /// </summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<DataRemark> remarks)
    {
        if (UsedConfiguration.Current is { } used)
            console.WriteSentence(used.Said().Sentence);
        foreach (DataRemark remark in Said(remarks))
            console.WriteSentence($"Remark: {remark.Line}");
    }

    /// <summary>A line for each remark on standard error, where nothing is printed that could hold it.</summary>
    public static void Note(IAnsiConsole status, IReadOnlyList<DataRemark> remarks)
    {
        foreach (DataRemark remark in Said(remarks))
            status.Complain($"remark: {remark.Line}");
    }

    /// <summary>Those that the user does not know already.</summary>
    public static IEnumerable<DataRemark> Said(IReadOnlyList<DataRemark> remarks) =>
        remarks.Where(remark => remark.Severity != RemarkSeverity.Accepted);
}

/// <summary>A remark as JSON.</summary>
/// <param name="Code">Its kind.</param>
/// <param name="File">The file.</param>
/// <param name="Severity"><c>remark</c>, <c>refusal</c> or <c>accepted</c>.</param>
/// <param name="Text">What was found.</param>
/// <param name="Advice">What to do.</param>
/// <param name="RowCount">How many rows are concerned, left out where none are.</param>
/// <param name="Rows">The first hundred of them, likewise.</param>
/// <param name="Columns">The columns concerned, likewise.</param>
internal sealed record RemarkJson(
    string Code, string File, string Severity, string Text, string Advice, int? RowCount, IReadOnlyList<int>? Rows,
    IReadOnlyList<string>? Columns)
{
    public static IReadOnlyList<RemarkJson> Of(IReadOnlyList<DataRemark> remarks) =>
    [
        .. remarks.Select(remark => new RemarkJson(
            remark.Kind.Code,
            remark.Source,
            Named(remark.Severity),
            remark.Text,
            remark.Advice,
            remark.RowCount == 0 ? null : remark.RowCount,
            remark.RowCount == 0 ? null : remark.Rows,
            remark.Columns.Count == 0 ? null : remark.Columns)),
    ];

    /// <summary>A severity in a word.</summary>
    public static string Named(RemarkSeverity severity) => severity switch
    {
        RemarkSeverity.Remark => "remark",
        RemarkSeverity.Refusal => "refusal",
        RemarkSeverity.Accepted => "accepted",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, null),
    };
}
