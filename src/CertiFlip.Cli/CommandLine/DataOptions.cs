using System.CommandLine;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Progress;
using CertiFlip.Data;

namespace CertiFlip.Cli.CommandLine;

/// <summary>The options that name the data.</summary>
internal sealed class DataOptions
{
    private readonly Option<string> _train = CommandOptions.File("--train", "Training data: .npz (X, y), .npy, .csv or .tsv (with a header), IDX, or .gz of these.", required: true);
    private readonly Option<string> _test = CommandOptions.File("--test", "Test data, in any of the same formats; labels are optional.", required: true);
    private readonly Option<string> _trainLabels = CommandOptions.File("--train-labels", "Training labels, where --train holds features only: .npy, IDX, .csv, .tsv, or .gz of these.");
    private readonly Option<string> _testLabels = CommandOptions.File("--test-labels", "Test labels, likewise.");
    private readonly Option<string> _label = CommandOptions.LabelColumn();
    private readonly Option<int?> _testRows = CommandOptions.TestRows();

    public IEnumerable<Option> All => [_train, _test, _trainLabels, _testLabels, _label, _testRows];

    /// <summary>The files that were named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) =>
        ((Option<string>[])[_train, _test, _trainLabels, _testLabels]).Select(parsed.GetValue).OfType<string>();

    /// <summary>Reads them.</summary>
    public Problem Read(ParseResult parsed, IWorkProgress progress, CancellationToken cancellation)
    {
        string labelColumn = parsed.GetValue(_label)!;
        Dataset training = Read(parsed.GetRequiredValue(_train), parsed.GetValue(_trainLabels), labelColumn, progress);
        cancellation.ThrowIfCancellationRequested();
        Dataset test = Read(parsed.GetRequiredValue(_test), parsed.GetValue(_testLabels), labelColumn, progress);
        cancellation.ThrowIfCancellationRequested();
        return Problem.From(training, parsed.GetValue(_testRows) is { } rows ? test.Take(rows) : test);
    }

    private static Dataset Read(string path, string? labelPath, string labelColumn, IWorkProgress progress)
    {
        progress.Report($"reading {path}");
        Dataset data = DatasetReader.Read(path, labelColumn);
        return labelPath is null ? data : data.WithLabels(LabelReader.Read(labelPath, labelColumn), labelPath);
    }
}
