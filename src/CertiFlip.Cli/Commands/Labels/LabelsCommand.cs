using System.CommandLine;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Labels;

/// <summary><c>certiflip labels</c>: files of labels.</summary>
internal sealed class LabelsCommand : Command
{
    public LabelsCommand(IAnsiConsole output, IAnsiConsole status)
        : base("labels", "Write files of labels: those that people checked after an audit, put right.") =>
        Subcommands.Add(new LabelsApplyCommand(output, status));
}

/// <summary><c>certiflip labels apply</c>: puts checked labels into a file of labels.</summary>
internal sealed class LabelsApplyCommand : Command
{
    private readonly TrainingOptions _training = new(required: false);
    private readonly Option<string> _corrections = CommandOptions.File(
        "--corrections", "The file that audit --corrections wrote, with correct_label filled in.", required: true);
    private readonly Option<string> _out = CommandOptions.CsvFile("--out", "Write the labels of all rows: a .csv for --train-labels.");
    private readonly Option<string> _trustedOut = CommandOptions.CsvFile(
        "--trusted-out", "Write which rows are checked: a .csv for --trusted.");
    private readonly Option<bool> _quiet = CommandOptions.Quiet();
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public LabelsApplyCommand(IAnsiConsole output, IAnsiConsole status)
        : base("apply", "Put labels that people checked into a file of labels, and say which rows were checked.")
    {
        (_output, _status) = (output, status);
        _out.Required = true;
        this.AddOptions(
            [
                _training.Train, _training.TrainLabels, _training.Label, .. _training.ClassNames, _corrections, _out, _trustedOut, _quiet,
            ]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed), cancellation));
    }

    private int Run(ParseResult parsed)
    {
        bool isQuiet = parsed.GetValue(_quiet);
        string path = parsed.GetRequiredValue(_corrections), outPath = parsed.GetRequiredValue(_out);
        string? trustedPath = parsed.GetValue(_trustedOut);
        using OutputFiles files = CommandOptions.Files([.. _training.Files(parsed), path]);
        files.Add(outPath);
        if (trustedPath is not null)
            files.Add(trustedPath);
        (IReadOnlyList<string> labels, VerifiedLabels verified) = ProgressDisplay.Run(
            _status, isQuiet ? ProgressDisplay.Detail.None : ProgressDisplay.Detail.Full, progress =>
            {
                (IReadOnlyList<string> given, string source) = LabelsFrom(parsed, progress);
                progress.Report($"reading {path}");
                IReadOnlyList<string> corrected =
                    LabelCorrections.Read(path).ApplyTo(given, source, _training.StatedClasses(parsed), out VerifiedLabels found);
                return (corrected, found);
            });
        files.Write(outPath, writer => new Csv(writer).Write(
            [LabelCorrections.RowColumn, LabelCorrections.LabelColumn],
            labels.Select((label, row) => (string[])[Csv.Text(row), label])));
        if (trustedPath is not null)
        {
            files.Write(trustedPath, writer => new Csv(writer).Write(
                [LabelCorrections.RowColumn], verified.Rows.Select(row => (string[])[Csv.Text(row)])));
        }

        files.Commit();
        if (!isQuiet)
            CommandOptions.Beside(outPath, _output, _status).Tell(
                $"{outPath}: {Wording.Count(labels.Count, "label")}. {VerifiedWording.Sentence(verified)}");
        return ExitCode.Done;
    }

    /// <summary>The labels to put right, and where they came from.</summary>
    private (IReadOnlyList<string> Labels, string Source) LabelsFrom(ParseResult parsed, IWorkProgress progress)
    {
        bool hasTraining = CommandOptions.IsGiven(parsed, _training.Train);
        if (!hasTraining && parsed.GetValue(_training.TrainLabels) is not null)
        {
            string path = parsed.GetValue(_training.TrainLabels)!;
            progress.Report($"reading {path}");
            return (LabelReader.Read(path, parsed.GetValue(_training.Label)!), path);
        }

        if (!hasTraining)
            throw new UsageException("--train is missing: name the training data, or their labels with --train-labels.");
        Dataset data = _training.Read(parsed, progress);
        return (data.Labels, data.LabelSource);
    }
}
