using System.CommandLine;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>The options that name the data by which a setting is chosen.</summary>
internal sealed class ValidationOptions
{
    private readonly TrainingOptions _training = new(required: true);
    private readonly Option<string> _validation = CommandOptions.File("--validation", "Other rows, with labels that are trusted, by which to choose; in any of the same formats.", required: true);
    private readonly Option<string> _validationLabels = CommandOptions.File("--validation-labels", "Their labels, where --validation holds features only.");

    public IEnumerable<Option> All => [_training.Train, _validation, _training.TrainLabels, _validationLabels, _training.Label];

    /// <summary>The files that were named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) =>
        [.. _training.Files(parsed), .. ((Option<string>[])[_validation, _validationLabels]).Select(parsed.GetValue).OfType<string>()];

    /// <summary>Reads them. The validation rows are the test rows of the data.</summary>
    /// <exception cref="UsageException">The rows to choose by are those to learn from.</exception>
    /// <exception cref="DataException">The rows to choose by have no labels, among other faults of a file.</exception>
    public RunData Read(ParseResult parsed, IWorkProgress progress, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(_validation);
        if (Path.GetFullPath(path) == Path.GetFullPath(parsed.GetRequiredValue(_training.Train)))
            throw new UsageException($"--validation '{path}': expected other rows than those of --train.");
        Dataset training = _training.Read(parsed, progress);
        cancellation.ThrowIfCancellationRequested();
        Dataset validation = TrainingOptions.Read(path, parsed.GetValue(_validationLabels), parsed.GetValue(_training.Label)!, progress);
        cancellation.ThrowIfCancellationRequested();
        return validation.HasLabels
            ? RunData.From(training, validation)
            : throw new DataException($"{path}: there are no labels to choose by; they are expected in the file or in --validation-labels.");
    }
}
