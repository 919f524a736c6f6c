using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Serialization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Heads;
using Spectre.Console;
using Table = Spectre.Console.Table;
using TableColumn = Spectre.Console.TableColumn;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>
/// <c>certiflip coefficients</c>: ridge's coefficients, how many wrong labels decide the sign of each, and how far they
/// move it. Of classes, each class against the rest, coded 1 and 0; of two, the second.
/// </summary>
internal sealed class CoefficientsCommand : Command
{
    private readonly TrainingOptions _training = new(required: true);
    private readonly RegressionTask _task = new(hasTolerance: false);
    private readonly Option<RidgeChoice?> _ridge = CommandOptions.Ridge();
    private readonly Option<bool> _noIntercept = CommandOptions.NoIntercept();
    private readonly AdversaryOptions _adversary = new();
    private readonly OutputOptions _results = new("Write a .csv with one row for each coefficient.", hasReport: false);
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public CoefficientsCommand(IAnsiConsole output, IAnsiConsole status)
        : base("coefficients", "Certify ridge's coefficients: how many wrong training labels can turn each sign, and how far they move it.")
    {
        (_output, _status) = (output, status);
        this.AddOptions(
        [
            _training.Train, _training.TrainLabels, _training.Label, .. _training.Input.All, .. _training.ClassNames,
            .. _training.Check.All, .. _task.All, _ridge,
            _noIntercept, .. _adversary.All, .. _results.All,
        ]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        bool isRegression = _task.IsAsked(parsed, [.. _training.ClassNames, .. _adversary.OfClasses]);
        CommandOptions.RefuseGiven(parsed, _adversary.OfClasses, "a coefficient, which any change of a label may move");
        int threads = _results.Threads(parsed);
        var head = new RidgeHeadChoice
        {
            Ridge = parsed.GetValue(_ridge) ?? RidgeChoice.Default,
            Intercept = parsed.GetValue(_noIntercept) ? Intercept.None : Intercept.Fitted,
        };
        RegressionOptions options = RegressionTask.With(head) with { Budgets = _task.Flips(parsed), Threads = threads };
        CoefficientsResult result = _results.Run(
            parsed,
            [.. _training.Files(parsed), .. _adversary.Files(parsed)],
            _status,
            progress => Execute(parsed, isRegression, options, progress, cancellation),
            CoefficientsCsv.Write,
            writeReport: null,
            cancellation);
        if (_results.IsQuiet(parsed))
            Remarks.Note(_status, result.Data.Remarks);
        if (_results.IsJson(parsed))
            CoefficientsJson.Write(_results.Results(parsed, _output, _status), result, watch.Elapsed);
        else if (!_results.IsQuiet(parsed))
            CoefficientsTable.Write(_results.Results(parsed, _output, _status), result, threads, watch.Elapsed);
        return ExitCode.Done;
    }

    private CoefficientsResult Execute(
        ParseResult parsed, bool isRegression, RegressionOptions options, IWorkProgress progress, CancellationToken cancellation)
    {
        Dataset training = _training.Read(parsed, progress);
        ClassList? classes = isRegression ? null : _training.StatedClasses(parsed);
        CheckedData data = _training.Check.Apply(parsed, training, [], classes, labelsAreNumbers: isRegression);
        training = data.Training;
        cancellation.ThrowIfCancellationRequested();
        List<(string? Class, NumericLabels Labels)> all = [];
        if (isRegression)
        {
            all.Add((null, _task.LabelsOf(parsed, training)));
        }
        else
        {
            ClassLabels labels = training.ToTrainingSet(classes).Labels;
            all.AddRange(Enumerable.Range(labels.ClassCount == 2 ? 1 : 0, labels.ClassCount == 2 ? 1 : labels.ClassCount)
                .Select(c => ((string?)labels.Classes[c], NumericLabels.OfClass(labels, c))));
        }

        progress.Report($"fitting ridge to {training.Features.Rows:N0} × {training.Features.Columns:N0} features");
        IHead fitted = RunData.Named(
            training, () => options.Head.Fit(training.Features, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }));
        string words = options.Head.Describe(fitted);
        options = options with { Adversary = _adversary.WithoutDirections(parsed, training) };
        return RunData.Named(training, () => new CoefficientsResult(
            new NumericData(training, training, all[0].Labels)
            {
                Adversary = options.Adversary,
                Remarks = data.Remarks,
                Head = $"{char.ToUpperInvariant(words[0])}{words[1..]}.",
            },
            options.Budgets,
            [.. all.Select(one => (one.Class, new RegressionCertifier(fitted, one.Labels, options).CertifyCoefficients(cancellation)))]));
    }
}

/// <summary>What <c>coefficients</c> found out.</summary>
/// <param name="Data">The training data; they stand for test data, too.</param>
/// <param name="Budgets">The numbers of labels, or costs, that intervals are for.</param>
/// <param name="Classes">The coefficients of each class against the rest; of numbers, of no class.</param>
internal sealed record CoefficientsResult(
    NumericData Data, IReadOnlyList<int> Budgets, IReadOnlyList<(string? Class, IReadOnlyList<NumericCertificate> Coefficients)> Classes)
{
    /// <summary>What radii count.</summary>
    public RadiusUnit Unit { get; } = RadiusUnit.Of(Data.Adversary);

    /// <summary>Every coefficient.</summary>
    public IEnumerable<(string? Class, string Feature, NumericCertificate Coefficient)> All =>
        from one in Classes
        from coefficient in one.Coefficients.Index()
        select (one.Class, NameOf(coefficient.Index), coefficient.Item);

    private string NameOf(int feature) => Data.Training.FeatureNames.Count > 0 ? Data.Training.FeatureNames[feature] : $"{feature}";
}

/// <summary>What <c>coefficients</c> prints.</summary>
internal static class CoefficientsTable
{
    private const int MostRows = 40;

    public static void Write(IAnsiConsole console, CoefficientsResult result, int threads, TimeSpan elapsed)
    {
        NumericData data = result.Data;
        bool hasClasses = result.Classes[0].Class is not null;
        RegressionTable.WriteHeading(
            console, data, $"{data.TrainingInWords}.",
            !hasClasses ? data.LabelsInWords
            : result.Classes is [(var only, _)]
                ? $"Labels as numbers: {Wording.Name(only!)} is 1, the other class 0; a flip moves one by 1."
            : "Labels as numbers: for each class, its own rows are 1 and all others 0; a flip moves one by 1.");
        console.WriteLine();

        // Those that fewest labels decide are what a reader wants first.
        (string? Class, string Feature, NumericCertificate Coefficient)[] all = [.. result.All];
        (string? Class, string Feature, NumericCertificate Coefficient)[] shown = all.Length <= MostRows
            ? all
            : [.. all.OrderByDescending(one => one.Coefficient.IsKept).ThenBy(one => one.Coefficient.Radius).Take(MostRows)];
        int at = Math.Min(result.Budgets.Count - 1, result.Budgets.Count(flips => flips < 10));
        var table = new Table().Border(TableBorder.Simple);
        foreach (string heading in (string[])[.. hasClasses ? (string[])["class"] : [], "feature"])
            table.AddColumn(heading);
        foreach (string heading in (string[])["coefficient", "radius", $"range at r = {result.Budgets[at]:N0}"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach ((string? name, string feature, NumericCertificate coefficient) in shown)
        {
            table.AddRow(
            [
                .. hasClasses ? (string[])[ConsoleText.Cell(name!)] : [], ConsoleText.Cell(feature),
                .. RegressionTable.Cells(coefficient, at),
            ]);
        }

        console.Write(table);
        if (shown.Length < all.Length)
        {
            console.WriteSentence(
                $"Of {all.Length:N0} coefficients, the {shown.Length} whose sign fewest labels decide; --out writes all of them.");
        }

        console.WriteSentence(
            $"A coefficient of radius r keeps its sign, whichever "
            + $"{(result.Unit.IsCost ? "labels are wrong at a cost of r" : "r labels are wrong")}; "
            + $"one {(result.Unit.IsCost ? "more than that" : "label more")} can turn it or make it 0. It is what the "
                + $"prediction gains where "
            + "the feature, in its own unit, grows by 1. Its size is that of ridge, which shrinks it.");
        console.WriteSentence(Heading.Time(elapsed, threads));
    }
}

/// <summary>What <c>coefficients --json</c> prints. docs/command.md describes it.</summary>
internal static partial class CoefficientsJson
{
    private static readonly JsonForm<Document> Form = new("coefficients", 1, CoefficientsTypes.Default);

    public static void Write(IAnsiConsole console, CoefficientsResult result, TimeSpan elapsed) =>
        JsonText.Write(console, Form, new Document(
        result.Data.Training.Features.Rows, result.Data.Training.Features.Columns, result.Data.Head,
        AdversaryWording.Sentence(result.Data), RemarkJson.Of(result.Data.Remarks),
        [
            .. result.All.Select(one => new Coefficient(one.Class, NumberJson.Of(one.Feature, null, one.Coefficient, result.Budgets))),
        ],
        elapsed.TotalSeconds));

    /// <summary>What <c>coefficients --json</c> prints.</summary>
    /// <param name="TrainingRows">n.</param>
    /// <param name="Features">k.</param>
    /// <param name="Head">The head in a sentence.</param>
    /// <param name="Adversary">What an adversary can do, left out where that is anything.</param>
    /// <param name="Remarks">What is to be said of the data.</param>
    /// <param name="Coefficients">The coefficients, in the order of the classes and features.</param>
    /// <param name="Seconds">How long the run took.</param>
    private sealed record Document(
        int TrainingRows, int Features, string Head, string? Adversary, IReadOnlyList<RemarkJson> Remarks,
        IReadOnlyList<Coefficient> Coefficients, double Seconds);

    /// <summary>A coefficient.</summary>
    /// <param name="Class">Its class, left out where labels are numbers.</param>
    /// <param name="Of">The feature, the coefficient and how far labels can move it.</param>
    private sealed record Coefficient(string? Class, NumberJson Of);

    [JsonSerializable(typeof(Document))]
    private sealed partial class CoefficientsTypes : JsonSerializerContext;
}

/// <summary>The file that <c>coefficients --out</c> names: a row for each coefficient.</summary>
internal static class CoefficientsCsv
{
    public static void Write(Csv csv, CoefficientsResult result)
    {
        bool hasClasses = result.Classes[0].Class is not null;
        csv.Write(
            [
                .. hasClasses ? (string[])["class"] : [], "feature", "coefficient", "radius",
                .. result.Budgets.SelectMany(flips => (string[])[$"low_{flips}", $"high_{flips}"]),
            ],
            result.All.Select(one => (string[])
            [
                .. hasClasses ? (string[])[one.Class!] : [], one.Feature, Csv.Text(one.Coefficient.Value),
                one.Coefficient.IsKept ? $"{one.Coefficient.Radius}" : "", .. RegressionCsv.Ends(one.Coefficient),
            ]));
    }
}
