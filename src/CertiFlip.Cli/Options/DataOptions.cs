using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Onnx;

namespace CertiFlip.Cli.Options;

/// <summary>What a command predicts where no test rows are named.</summary>
internal enum WithoutTest
{
    /// <summary>Nothing: test rows are named, or held out.</summary>
    None,

    /// <summary>Each training row by the head fitted to the others, unless some rows are held out.</summary>
    LeaveOneOut,

    /// <summary>The same, and no rows can be held out: all labels are to be looked at.</summary>
    Audited,
}

/// <summary>The options that name the data.</summary>
/// <param name="acceptsModel">Whether a trained model may stand in for the training data.</param>
/// <param name="without">What is predicted where no test rows are named.</param>
/// <param name="test">What <c>--test</c> names.</param>
internal sealed class DataOptions(
    bool acceptsModel = false, WithoutTest without = WithoutTest.None,
    string test = "Test data, in any of these formats; labels are optional.")
{
    private readonly HoldoutOptions _holdout = new();
    private readonly TrainingOptions _training = new(required: !acceptsModel);
    private readonly Option<string> _model = CommandOptions.File("--model", "Instead of --train: a model saved by certiflip train.");
    private readonly Option<string> _test = CommandOptions.File(
        "--test", test);
    private readonly Option<string> _testLabels = CommandOptions.File("--test-labels", "Test labels, if --test holds features only.");
    private readonly Option<int?> _testRows = CommandOptions.TestRows();

    public IEnumerable<Option> All =>
    [
        _training.Train, .. acceptsModel ? (Option[])[_model] : [], _test, .. HoldsOut ? _holdout.All : [], _training.TrainLabels,
        _testLabels, _training.Label, .. _training.Input.All, .. _training.Classes, _training.Votes.Votes, _training.Corrections.Apply,
        _testRows, .. _training.Check.All,
    ];

    /// <summary>The options that make test rows of training rows.</summary>
    public HoldoutOptions Holdout => _holdout;

    private bool HoldsOut => without != WithoutTest.Audited;

    /// <summary>How files are read, and what makes features of them.</summary>
    public InputOptions Input => _training.Input;

    /// <summary>The votes that labels come from.</summary>
    public Option Votes => _training.Votes.Votes;

    /// <summary>The labels that were checked.</summary>
    public Option Apply => _training.Corrections.Apply;

    /// <summary>Columns that other options name, and that are no features.</summary>
    public Func<ParseResult, IEnumerable<string>> AlsoIgnored
    {
        init => _training.Check.AlsoIgnored = value;
    }

    /// <summary>The training data, where they were named.</summary>
    public string? TrainingFile(ParseResult parsed) => parsed.GetValue(_training.Train);

    /// <summary>The column that holds labels.</summary>
    public string LabelColumn(ParseResult parsed) => parsed.GetValue(_training.Label)!;

    /// <inheritdoc cref="TrainingOptions.StatedClasses"/>
    public ClassList? StatedClasses(ParseResult parsed) => _training.StatedClasses(parsed);

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
            CommandOptions.RefuseGiven(parsed, [_holdout.Share], "--model, whose head is fitted to all of its rows");
        if (hasModel)
            CommandOptions.RefuseGiven(
                parsed, [_training.Train, _training.TrainLabels, .. _training.Classes, _training.Votes.Votes, _training.Corrections.Apply,
                    .. Input.OfTraining],
                "--model, which holds the training data",
                ", or leave out --model");
        return hasModel;
    }

    /// <summary>Whether test data were named.</summary>
    public bool HasTest(ParseResult parsed) => parsed.GetValue(_test) is not null;

    /// <summary>Whether each training row is to be predicted by the head fitted without it.</summary>
    /// <exception cref="UsageException">
    /// There are no test rows and none are held out where a command needs them, or both; or an option is about test
    /// rows and there are none.
    /// </exception>
    public bool LeavesOut(ParseResult parsed)
    {
        bool hasTest = HasTest(parsed);
        if (!hasTest)
            CommandOptions.RefuseWithout(parsed, [_testLabels], "--test", ", or name test data");
        if (HoldsOut && _holdout.IsAsked(parsed, hasTest))
            return false;
        if (!hasTest)
            CommandOptions.RefuseWithout(
                parsed, [_testRows], HoldsOut ? "--test or --holdout" : "--test", HoldsOut ? "" : ", or name test data");
        return hasTest || without != WithoutTest.None ? !hasTest : throw new UsageException(
            $"--test is missing: name test data, or {HoldoutOptions.Advice}.");
    }

    /// <summary>Reads training and test data.</summary>
    public RunData Read(ParseResult parsed, IWorkProgress progress, CancellationToken cancellation)
    {
        // Rows that are held out come from the training file.
        if (RowWork.Current.Model is { } planned && !CommandOptions.IsGiven(parsed, _holdout.Share))
            return Read(parsed, planned, progress, cancellation) with { IsLeaveOneOut = HoldsOut && LeavesOut(parsed) };
        Dataset training = _training.Read(parsed, progress, table => _holdout.KeptRows(parsed, table));
        cancellation.ThrowIfCancellationRequested();
        ClassList? classes = _training.ClassesOf(parsed, training);
        if (LeavesOut(parsed))
        {
            CheckedData alone = _training.Check.Apply(parsed, training, [], classes);
            return RunData.From(alone.Training, alone.Training, classes) with { Remarks = alone.Remarks, IsLeaveOneOut = HoldsOut };
        }

        Holdout? holdout = _holdout.Of(parsed, training);
        Dataset test = TestOf(parsed, ref training, holdout, progress, cancellation);
        CheckedData data = _training.Check.Apply(parsed, training, [test], classes);
        return RunData.From(data.Training, data.Others[0], classes) with { Remarks = data.Remarks, Holdout = holdout };
    }

    /// <summary>The options that have no meaning where training rows stay in their file.</summary>
    public IEnumerable<Option> NotInBlocks => All.Except(
        [_training.Train, _training.TrainLabels, _test, _testLabels, _testRows, .. _training.Classes]);

    /// <summary>What is missing where training rows stay in their file; null where all is there.</summary>
    public string? MissingInBlocks(ParseResult parsed) =>
        ((Option[])[_training.Train, _training.TrainLabels, _test]).FirstOrDefault(option => !CommandOptions.IsGiven(parsed, option))?.Name
            ?? (_training.StatedClasses(parsed) is null ? "--classes" : null);

    /// <summary>Opens training rows that stay in their file, and reads test data.</summary>
    public (Dataset Training, Dataset Test, ClassList Classes) OpenBlocks(
        ParseResult parsed, IWorkProgress progress, CancellationToken cancellation)
    {
        string labels = parsed.GetRequiredValue(_training.TrainLabels);
        Dataset training =
            RowsInFiles.Features(parsed.GetRequiredValue(_training.Train)).WithLabels(RowsInFiles.Labels(labels), labels);
        return (training, ReadTest(parsed, training, progress, cancellation), _training.StatedClasses(parsed)!);
    }

    /// <summary>The options that have a meaning for classes only, and for models, whose labels are classes.</summary>
    public IEnumerable<Option> OfClasses =>
        [.. _training.Classes, _training.Votes.Votes, _training.Corrections.Apply, .. acceptsModel ? (Option[])[_model] : []];

    /// <summary>Reads training and test data whose labels are numbers.</summary>
    public NumericData Read(ParseResult parsed, RegressionTask task, IWorkProgress progress, CancellationToken cancellation)
    {
        if (!CommandOptions.IsGiven(parsed, _training.Train))
            throw new UsageException("--train is missing: name the training data.");
        Dataset training = _training.Read(parsed, progress, table => _holdout.KeptRows(parsed, table));
        cancellation.ThrowIfCancellationRequested();
        Holdout? holdout = _holdout.Of(parsed, training);
        Dataset? test = LeavesOut(parsed) ? null : TestOf(parsed, ref training, holdout, progress, cancellation);
        CheckedData data = _training.Check.Apply(parsed, training, test is null ? [] : [test], classes: null, labelsAreNumbers: true);
        training = data.Training;
        return new NumericData(training, test is null ? training : data.Others[0], task.LabelsOf(parsed, training))
        {
            Remarks = data.Remarks,
            Holdout = holdout,
        };
    }

    /// <summary>Reads a trained model.</summary>
    public TrainedModel ReadModel(ParseResult parsed, int threads, IWorkProgress progress)
    {
        string path = parsed.GetRequiredValue(_model);
        progress.Report($"reading {path}");
        return TrainedModelFile.Restore(
            StoredModel.Read(path), new ParallelOptions { MaxDegreeOfParallelism = threads },
            (kind, arrays) => OnnxRowMaps.Restore(kind, arrays, Input.CacheFrom(parsed)));
    }

    /// <summary>
    /// Reads the test data for a model. Their labels are looked for where those of the training data were, unless
    /// another column is named.
    /// </summary>
    public RunData Read(ParseResult parsed, TrainedModel model, IWorkProgress progress, CancellationToken cancellation)
    {
        if (LeavesOut(parsed))
        {
            return RunData.From(model.Training, model.Labels, model.Training) with
            {
                IsLeaveOneOut = true,
                Remarks = _training.Check.Apply(parsed, model).Remarks,
            };
        }

        Dataset test = ReadTest(parsed, model.Training, progress, cancellation, model.LabelColumn);
        if (!test.HasLabels && CommandOptions.IsGiven(parsed, _training.Label))
        {
            throw new DataException(
                $"{test.Source}: no column is named '{parsed.GetValue(_training.Label)}', which --label says to hold the labels.");
        }

        CheckedData data = _training.Check.Apply(parsed, model, test);
        return RunData.From(model.Training, model.Labels, data.Others[0]) with { Remarks = data.Remarks };
    }

    /// <summary>The test rows: those of a file, or training rows that are held out and learnt from no longer.</summary>
    private Dataset TestOf(
        ParseResult parsed, ref Dataset training, Holdout? holdout, IWorkProgress progress, CancellationToken cancellation)
    {
        if (holdout is null)
            return ReadTest(parsed, training, progress, cancellation);
        (training, Dataset test) = training.HoldOut(holdout.Rows, holdout.Seed);
        return parsed.GetValue(_testRows) is { } rows ? test.Take(rows) : test;
    }

    private Dataset ReadTest(
        ParseResult parsed, Dataset training, IWorkProgress progress, CancellationToken cancellation, string? labelColumn = null)
    {
        Dataset test = _training.ReadOther(
            parsed, training, parsed.GetRequiredValue(_test), parsed.GetValue(_testLabels), progress, labelColumn);
        cancellation.ThrowIfCancellationRequested();
        return parsed.GetValue(_testRows) is { } rows ? test.Take(rows) : test;
    }
}
