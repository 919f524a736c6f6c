using System.CommandLine;
using CertiFlip.Cli.Progress;
using CertiFlip.Data;

namespace CertiFlip.Cli.CommandLine;

/// <summary>The options that name what is learnt from.</summary>
/// <param name="required">Whether there is no other way to say it.</param>
internal sealed class TrainingOptions(bool required)
{
    public Option<string> Train { get; } = CommandOptions.File("--train", "Training data: .npz (X, y), .npy, .csv or .tsv (with a header), IDX, or .gz of these.", required);

    public Option<string> TrainLabels { get; } = CommandOptions.File("--train-labels", "Training labels, where --train holds features only: .npy, IDX, .csv, .tsv, or .gz of these.");

    public Option<string> Label { get; } = CommandOptions.LabelColumn();

    public IEnumerable<string> Files(ParseResult parsed) => ((Option<string>[])[Train, TrainLabels]).Select(parsed.GetValue).OfType<string>();

    public Dataset Read(ParseResult parsed, IWorkProgress progress) =>
        Read(parsed.GetRequiredValue(Train), parsed.GetValue(TrainLabels), parsed.GetValue(Label)!, progress);

    /// <summary>Reads a file of data, and one of labels where they are apart.</summary>
    public static Dataset Read(string path, string? labelPath, string labelColumn, IWorkProgress progress)
    {
        progress.Report($"reading {path}");
        Dataset data = DatasetReader.Read(path, labelColumn);
        return labelPath is null ? data : data.WithLabels(LabelReader.Read(labelPath, labelColumn), labelPath);
    }
}
