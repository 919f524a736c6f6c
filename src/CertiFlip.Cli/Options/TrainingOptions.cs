using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>The options that name what is learnt from.</summary>
/// <param name="required">Whether there is no other way to say it.</param>
internal sealed class TrainingOptions(bool required)
{
    public Option<string> Train { get; } = CommandOptions.File(
        "--train", "Training data: .npz (X, y), .npy, .csv or .tsv (with a header), IDX, or any of these with .gz.", required);

    public Option<string> TrainLabels { get; } = CommandOptions.File(
        "--train-labels", "Training labels, if --train holds features only: .npy, IDX, .csv, .tsv, or any of these with .gz.");

    public Option<string> Label { get; } = CommandOptions.LabelColumn();

    public Option<string> Classes { get; } = new("--classes")
    {
        Description = "The list of classes: names separated by commas, or a file with one name in each line. Labels outside the list are "
            + "refused. [default: the classes that occur in the training labels]",
        HelpName = "LIST",
    };

    /// <summary>How the data are checked.</summary>
    public CheckOptions Check { get; } = new();

    public IEnumerable<string> Files(ParseResult parsed) =>
        ((Option<string>[])[Train, TrainLabels]).Select(parsed.GetValue).OfType<string>();

    /// <summary>The list of classes; null where it is not stated.</summary>
    /// <exception cref="UsageException">It is not a list of at least two different names.</exception>
    /// <exception cref="DataException">It is a file that cannot be read.</exception>
    public ClassList? StatedClasses(ParseResult parsed)
    {
        if (parsed.GetValue(Classes) is not { } list)
            return null;
        IReadOnlyList<string> names = File.Exists(list) ? TextListReader.Read(list) : list.Split(',', StringSplitOptions.TrimEntries);
        try
        {
            return ClassList.Of(names);
        }
        catch (ArgumentException exception)
        {
            string reason = exception.Message.Split(" (Parameter")[0];
            throw new UsageException(
                $"--classes '{list}': expected at least two different names, separated by commas, or a file of them. {reason}");
        }
    }

    /// <summary>Reads labelled data.</summary>
    /// <exception cref="DataException">They cannot be read, or have no labels.</exception>
    public Dataset Read(ParseResult parsed, IWorkProgress progress)
    {
        string labelColumn = parsed.GetValue(Label)!;
        IReadOnlyList<string> ignored = Check.Ignored(parsed);
        Dataset data = Read(parsed.GetRequiredValue(Train), parsed.GetValue(TrainLabels), labelColumn, ignored, progress);
        if (ignored.Except(data.IgnoredColumns).FirstOrDefault() is { } absent)
        {
            string columns = data.FeatureNames.Count > 0 ? $"no column is named '{absent}'" : "its columns have no names";
            throw new DataException($"{data.Source}: {columns}, so --ignore '{absent}' has no effect; leave it out.");
        }

        if (data.HasLabels)
            return data;
        throw new DataException(data.FeatureNames.Count > 0
            ? $"{data.Source}: no column is named '{labelColumn}', so there are no labels; name their column with --label, or a file of "
                + "labels with --train-labels."
            : $"{data.Source}: there are no labels; name a file that holds them with --train-labels.");
    }

    /// <summary>Reads a file of data, and one of labels where they are apart.</summary>
    public static Dataset Read(
        string path, string? labelPath, string labelColumn, IReadOnlyList<string> ignored, IWorkProgress progress)
    {
        progress.Report($"reading {path}");
        Dataset data = DatasetReader.Read(path, labelColumn, ignored);
        return labelPath is null ? data : data.WithLabels(LabelReader.Read(labelPath, labelColumn, data.Features.Rows), labelPath);
    }
}
