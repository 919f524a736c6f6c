using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>The options that name the data.</summary>
/// <param name="acceptsModel">Whether a trained model may stand in for the training data.</param>
/// <param name="optionalTest">
/// What <c>--test</c> names where it may be left out and the training rows stand for test rows; null where there must
/// be test data.
/// </param>
internal sealed class DataOptions(bool acceptsModel = false, string? optionalTest = null)
{
    private readonly TrainingOptions _training = new(required: !acceptsModel);
    private readonly Option<string> _model = CommandOptions.File("--model", "Instead of --train: a model saved by certiflip train.");
    private readonly Option<string> _test = CommandOptions.File(
        "--test", optionalTest ?? "Test data, in any of these formats; labels are optional.", required: optionalTest is null);
    private readonly Option<string> _testLabels = CommandOptions.File("--test-labels", "Test labels, if --test holds features only.");
    private readonly Option<int?> _testRows = CommandOptions.TestRows();

    public IEnumerable<Option> All =>
    [
        _training.Train, .. acceptsModel ? (Option[])[_model] : [], _test, _training.TrainLabels, _testLabels, _training.Label,
        .. _training.Classes, _testRows, .. _training.Check.All,
    ];

    /// <summary>Columns that other options name, and that are no features.</summary>
    public Func<ParseResult, IEnumerable<string>> AlsoIgnored
    {
        init => _training.Check.AlsoIgnored = value;
    }

    /// <summary>The training data, where they were named.</summary>
    public string? TrainingFile(ParseResult parsed) => parsed.GetValue(_training.Train);

    /// <summary>The files that were named.</summary>
    public IEnumerable<string> Files(ParseResult parsed) =>
        [
            .. _training.Files(parsed),
            .. ((Option<string>[])[_test, _testLabels, .. acceptsModel ? (Option<string>[])[_model] : []]).Select(parsed.GetValue)
                .OfType<string>(),
        ];

    /// <summary>Whether a trained model was named.</summary>
    /// <exception cref="UsageException">There is neither a model nor training data, or both.</exception>
    public bool IsModel(ParseResult parsed)
    {
        bool hasModel = CommandOptions.IsGiven(parsed, _model), hasTraining = CommandOptions.IsGiven(parsed, _training.Train);
        if (!hasModel && !hasTraining)
            throw new UsageException("--train is missing: name the training data, or a trained model with --model.");
        if (hasModel)
            CommandOptions.RefuseGiven(
                parsed, [_training.Train, _training.TrainLabels, .. _training.Classes], "--model, which holds the training data",
                ", or leave out --model");
        return hasModel;
    }

    /// <summary>Whether test data were named.</summary>
    public bool HasTest(ParseResult parsed) => parsed.GetValue(_test) is not null;

    /// <summary>Refuses options about test data where there are none.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public void RefuseUnused(ParseResult parsed)
    {
        if (!HasTest(parsed))
            CommandOptions.RefuseWithout(parsed, [_testLabels, _testRows], "--test", ", or name test data");
    }

    /// <summary>Reads training and test data.</summary>
    public RunData Read(ParseResult parsed, IWorkProgress progress, CancellationToken cancellation)
    {
        Dataset training = _training.Read(parsed, progress);
        cancellation.ThrowIfCancellationRequested();
        ClassList? classes = _training.StatedClasses(parsed);
        if (!HasTest(parsed))
        {
            CheckedData alone = _training.Check.Apply(parsed, training, [], classes);
            return RunData.From(alone.Training, alone.Training, classes) with { Remarks = alone.Remarks };
        }

        Dataset test = DataColumns.Of(training).Align(ReadTest(parsed, parsed.GetValue(_training.Label)!, progress, cancellation));
        CheckedData data = _training.Check.Apply(parsed, training, [test], classes);
        return RunData.From(data.Training, data.Others[0], classes) with { Remarks = data.Remarks };
    }

    /// <summary>The options that have a meaning for classes only, and for models, whose labels are classes.</summary>
    public IEnumerable<Option> OfClasses => [.. _training.Classes, .. acceptsModel ? (Option[])[_model] : []];

    /// <summary>Reads training and test data whose labels are numbers.</summary>
    public NumericData Read(ParseResult parsed, RegressionTask task, IWorkProgress progress, CancellationToken cancellation)
    {
        if (!CommandOptions.IsGiven(parsed, _training.Train))
            throw new UsageException("--train is missing: name the training data.");
        Dataset training = _training.Read(parsed, progress);
        cancellation.ThrowIfCancellationRequested();
        Dataset? test = HasTest(parsed)
            ? DataColumns.Of(training).Align(ReadTest(parsed, parsed.GetValue(_training.Label)!, progress, cancellation))
            : null;
        CheckedData data = _training.Check.Apply(parsed, training, test is null ? [] : [test], classes: null, labelsAreNumbers: true);
        training = data.Training;
        return new NumericData(training, test is null ? training : data.Others[0], task.LabelsOf(parsed, training))
        {
            Remarks = data.Remarks,
        };
    }

    /// <summary>Reads a trained model.</summary>
    public TrainedModel ReadModel(ParseResult parsed, int threads, IWorkProgress progress)
    {
        string path = parsed.GetRequiredValue(_model);
        progress.Report($"reading {path}");
        return TrainedModelFile.Restore(StoredModel.Read(path), new ParallelOptions { MaxDegreeOfParallelism = threads });
    }

    /// <summary>
    /// Reads the test data for a model. Their labels are looked for where those of the training data were, unless
    /// another column is named.
    /// </summary>
    public RunData Read(ParseResult parsed, TrainedModel model, IWorkProgress progress, CancellationToken cancellation)
    {
        string labelColumn = CommandOptions.IsGiven(parsed, _training.Label) ? parsed.GetValue(_training.Label)! : model.LabelColumn;
        Dataset test = DataColumns.Of(model.Training).Align(ReadTest(parsed, labelColumn, progress, cancellation));
        CheckedData data = _training.Check.Apply(parsed, model, test);
        return RunData.From(model.Training, model.Labels, data.Others[0]) with { Remarks = data.Remarks };
    }

    private Dataset ReadTest(ParseResult parsed, string labelColumn, IWorkProgress progress, CancellationToken cancellation)
    {
        Dataset test = TrainingOptions.Read(
            parsed.GetRequiredValue(_test), parsed.GetValue(_testLabels), labelColumn, _training.Check.Ignored(parsed), progress);
        cancellation.ThrowIfCancellationRequested();
        return parsed.GetValue(_testRows) is { } rows ? test.Take(rows) : test;
    }
}
