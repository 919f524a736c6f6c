using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Heads;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Models;

/// <summary><c>certiflip train</c>: fits a head once and saves it, for <c>certify --model</c>.</summary>
internal sealed class TrainCommand : Command
{
    private readonly TrainingOptions _training = new(required: true);
    private readonly HeadOptions _head;
    private readonly Option<double?> _noise = CommandOptions.Noise();
    private readonly Option<string> _out =
        CommandOptions.GuardedFile("--out", "Where to save the model; it includes the training data.", required: true);
    private readonly Option<int?> _threads = CommandOptions.Threads();
    private readonly Option<bool> _quiet = CommandOptions.Quiet();
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public TrainCommand(IAnsiConsole output, IAnsiConsole status)
        : base("train", "Fit a head (the classifier) once and save it, to certify rows later.")
    {
        (_output, _status, _head) = (output, status, new HeadOptions(_training.StatedClasses));
        _noise.Description = "With --ridge paper: the noise q that λ is computed for. [default: 0.1]";
        this.AddOptions(
        [
            _training.Train, _training.TrainLabels, _training.Label, .. _training.Input.All, .. _training.Classes,
            _training.Votes.Votes, _training.Corrections.Apply,
            .. _training.Check.All, .. _head.All, _noise,
            _out, _threads, _quiet,
        ]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        HeadChoice head = _head.Head(parsed);
        CommandOptions.RefuseGiven(parsed, _head.UnusedBy(head, parsed), $"--head {head.Text}");
        if (!head.DependsOnLabels)
            CommandOptions.RefuseGiven(
                parsed, [_noise], head is RegularisedHeadChoice { Ridge: var ridge } ? $"--ridge {ridge.Text}" : $"--head {head.Text}",
                " here, and give it to certify");
        string path = parsed.GetRequiredValue(_out);
        bool isQuiet = parsed.GetValue(_quiet);
        RowWork work = RowWork.Current;
        isQuiet |= work.IsQuiet;
        string[] inputs = [.. _training.Files(parsed)];
        work.Read(inputs);
        using OutputFiles files = CommandOptions.Files(inputs);
        if (work.HasAllRows)
            files.Add(path);
        (TrainedModel model, IReadOnlyList<DataRemark> remarks) = ProgressDisplay.Run(
            _status, isQuiet ? ProgressDisplay.Detail.None : ProgressDisplay.Detail.Full,
            progress => Fit(parsed, head, progress, cancellation));
        files.WriteBytes(path, TrainedModelFile.Store(model).Write);
        cancellation.ThrowIfCancellationRequested();
        files.Commit();

        if (!isQuiet)
            CommandOptions.Beside(path, _output, _status).Tell(
                $"{path}: {head.Describe(model.Head)}; {Wording.Count(model.Training.Features.Rows, "training row")}, "
                    + $"{Wording.Count(model.Training.Features.Columns, "feature")}; fitted in {Format.Seconds(watch.Elapsed)}."
                    + (VerifiedWording.Sentence(model.Training) is { } verified ? $" {verified}" : ""));
        Remarks.Note(_status, remarks);
        if (model.Head.DependsOnLabels)
            _status.Complain("radii with this model are conditional on λ, which --ridge paper computes from the labels.");
        return ExitCode.Done;
    }

    private (TrainedModel Model, IReadOnlyList<DataRemark> Remarks) Fit(
        ParseResult parsed, HeadChoice head, IWorkProgress progress, CancellationToken cancellation)
    {
        RowWork work = RowWork.Current;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = work.Threads ?? parsed.GetValue(_threads) ?? Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        ClassList? classes = _training.StatedClasses(parsed);
        if (!work.HasAllRows)
        {
            // A shard looks at its own blocks alone, if it can. The plan has checked all rows; the merge will again.
            FeatureMatrix rows = _training.RowsInFile(parsed)
                ?? _training.Check.Apply(parsed, _training.Read(parsed, progress), [], classes).Training.Features;
            work.Fit(() => head.FitInStages(rows, parallel), progress);
        }

        CheckedData data = _training.Check.Apply(parsed, _training.Read(parsed, progress), [], classes);
        Dataset training = data.Training;
        cancellation.ThrowIfCancellationRequested();
        double? q = head.DependsOnLabels ? parsed.GetValue(_noise) ?? SmoothingMethod.DefaultNoise : null;
        LabelEncoding encoding = LabelEncoding.FromTrainingLabels(training, classes);
        if (q is { } noise)
            RunData.CheckNoise(noise, encoding.Classes.Count, training.LabelSource);
        RunData.CheckRows(head, training);
        RunData.CheckShares(head, encoding.Classes);
        progress.Report($"fitting a {head.Text} head to {training.Features.Rows:N0} × {training.Features.Columns:N0} features");
        TrainedModel model = work.IsPlanned
            ? TrainedModel.Of(
                training, training.ToTrainingSet(encoding.Classes).Labels, head,
                () => work.Fit(() => head.FitInStages(training.Features, parallel), progress))
            : TrainedModel.Fit(training, head, q, encoding.Classes, parallel);
        model = model with { LabelColumn = parsed.GetValue(_training.Label)! };
        cancellation.ThrowIfCancellationRequested();
        return (model, data.Remarks);
    }
}
