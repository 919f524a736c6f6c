using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>The option that names labels which people have checked after an audit.</summary>
internal sealed class CorrectionOptions
{
    /// <summary>The file, as audit wrote it and people filled it in.</summary>
    public Option<string> Apply { get; } = CommandOptions.File(
        "--apply",
        "Labels that somebody checked: the file that audit --corrections wrote, with correct_label filled in. These labels are put "
            + "right, and nobody can have changed them.");

    /// <summary>The files that were named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) => parsed.GetValue(Apply) is { } path ? [path] : (string[])[];

    /// <summary>The same data with the labels that were checked; the data themselves where there are none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">Labelled data.</param>
    /// <param name="classes">The list of classes, where it is stated.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <exception cref="DataException">The file cannot be read, or is for other data.</exception>
    public Dataset Read(ParseResult parsed, Dataset data, ClassList? classes, IWorkProgress progress)
    {
        if (parsed.GetValue(Apply) is not { } path)
            return data;
        progress.Report($"reading {path}");
        return LabelCorrections.Read(path).ApplyTo(data, classes);
    }
}
