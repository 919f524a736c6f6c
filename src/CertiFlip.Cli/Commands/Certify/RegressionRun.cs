using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Serialization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using Spectre.Console;
using Table = Spectre.Console.Table;
using TableColumn = Spectre.Console.TableColumn;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>What <c>certify --task regression</c> found out.</summary>
/// <param name="Data">The data.</param>
/// <param name="Options">What was asked.</param>
/// <param name="Certifier">The certifier, for witnesses.</param>
/// <param name="Rows">The certificates, one for each test row.</param>
internal sealed record RegressionResult(
    NumericData Data, RegressionOptions Options, RegressionCertifier Certifier, IReadOnlyList<NumericCertificate> Rows)
{
    /// <summary>What radii count.</summary>
    public RadiusUnit Unit { get; } = RadiusUnit.Of(Data.Adversary);

    /// <summary>The groups of the test rows, and the means of each; null where there are none.</summary>
    public (RowGroups Names, GroupMeans Means)? Groups { get; init; }

    /// <summary>Predictions that stay where they should.</summary>
    public AccuracyCurve Stays => field ??= Of(Rows.Where(row => row.IsKept).Select(row => row.Radius));

    /// <summary>Errors that stay within the tolerance; null where they are not known.</summary>
    public AccuracyCurve? Near =>
        HasErrors ? field ??= Of(Rows.Select(row => row.ErrorRadius).Where(radius => radius is not null)
            .Select(radius => radius!.Value)) : null;

    /// <summary>Whether errors are known.</summary>
    public bool HasErrors => Data.Truth.Count > 0 && Options.Tolerance is not null;

    /// <summary>Where predictions should stay, in words.</summary>
    public string StaysWhere => Options.Range switch
    {
        null => $"within ±{NumericData.Shown(Options.Tolerance!.Value)}",
        { Low: double.NegativeInfinity, High: var high } => $"at most {NumericData.Shown(high)}",
        { High: double.PositiveInfinity, Low: var low } => $"at least {NumericData.Shown(low)}",
        { Low: var low, High: var high } => $"in {NumericData.Shown(low)} to {NumericData.Shown(high)}",
    };

    /// <summary>After "whichever": which labels are wrong.</summary>
    public string Wrong => Unit.IsCost ? "labels are wrong at a cost of r" : "r labels are wrong";

    /// <summary>What the curves count, in a sentence.</summary>
    public string SharesInWords
    {
        get
        {
            string near = HasErrors ? $", and of rows whose error stays at most {NumericData.Shown(Options.Tolerance!.Value)}" : "";
            return $"Share of rows whose prediction stays {StaysWhere}{near}, whichever {Wrong}.";
        }
    }

    /// <summary>The curves by name, with their classes in a chart's style sheet.</summary>
    public IReadOnlyList<(string Name, string Style, AccuracyCurve Curve)> Curves =>
    [
        ($"stays {StaysWhere}", "exact", Stays),
        .. Near is { } near ? [($"error at most {NumericData.Shown(Options.Tolerance!.Value)}", "noise-1", near)]
            : ((string, string, AccuracyCurve)[])[],
    ];

    /// <summary>The largest radius that is drawn.</summary>
    public int LargestDrawn =>
        Curves.Max(curve => curve.Curve.LargestBudget) + (Curves.Any(curve => curve.Curve.UnchangeableRows > 0) ? 1 : 0);

    /// <summary>Errors in a sentence; null where the test rows have no labels.</summary>
    public string? ErrorsInWords
    {
        get
        {
            if (Data.Truth.Count == 0)
                return null;
            double mean = Enumerable.Range(0, Data.Labels.Count).Average(row => Data.Labels[row]);
            (double Mean, double Root) own = Errors(row => Rows[row].Value), constant = Errors(_ => mean);
            return $"Mean absolute error {NumericData.Shown(own.Mean)}, root mean square "
                + $"{NumericData.Shown(own.Root)}; always predicting the "
                + $"mean training label: {NumericData.Shown(constant.Mean)} and {NumericData.Shown(constant.Root)}.";
        }
    }

    /// <summary>The mean absolute error and the root of the mean squared one.</summary>
    public (double Mean, double Root) Errors(Func<int, double> prediction)
    {
        double[] errors = [.. Data.Truth.Select((truth, row) => prediction(row) - truth)];
        return (errors.Average(Math.Abs), Math.Sqrt(errors.Average(error => error * error)));
    }

    /// <summary>The median and the largest width of the rows' intervals.</summary>
    /// <param name="budget">Which of the budgets.</param>
    public (double Median, double Largest) WidthAt(int budget)
    {
        double[] widths = [.. Rows.Select(row => row.Intervals[budget].Width).Order()];
        return (widths.Length == 0 ? 0 : (widths[(widths.Length - 1) / 2] + widths[widths.Length / 2]) / 2, widths.LastOrDefault());
    }

    private AccuracyCurve Of(IEnumerable<Radius> radii)
    {
        Radius[] all = [.. radii];
        return new AccuracyCurve(Rows.Count, Rows.Count == 0 ? 0 : all.Length / (double)Rows.Count, all);
    }
}

/// <summary>Does the work of <c>certify --task regression</c>.</summary>
internal static class RegressionRun
{
    /// <summary>All of the command, once it is known that labels are numbers.</summary>
    public static int Certify(
        ParseResult parsed, RegressionTask task, DataOptions data, MethodOptions methods, AdversaryOptions adversary,
        Option<string> groups, OutputOptions results, IAnsiConsole output, IAnsiConsole status, Stopwatch watch,
        CancellationToken cancellation)
    {
        methods.RefuseUnused(parsed, [CertificateKind.Exact], MethodNames.Smoothing);
        if (data.LeavesOut(parsed))
            throw new UsageException($"--test is missing: with --task regression name test data, or {HoldoutOptions.Advice}.");
        int threads = results.Threads(parsed);
        RegressionOptions options = task.Options(parsed, methods.Smoothing(parsed).Head) with { Threads = threads };
        string[] groupFiles = parsed.GetValue(groups) is { } path ? [path] : [];
        RegressionResult result = results.Run(
            parsed,
            [.. data.Files(parsed), .. adversary.Files(parsed), .. groupFiles],
            status,
            progress =>
            {
                NumericData numbers = data.Read(parsed, task, progress, cancellation);
                numbers = numbers with
                {
                    Adversary = adversary.WithoutDirections(parsed, numbers.Training),
                    Name = results.Name(parsed),
                };
                return Execute(numbers, options, groupFiles.FirstOrDefault(), progress, cancellation);
            },
            RegressionCsv.Write,
            RegressionReport.Write,
            cancellation);

        if (results.IsQuiet(parsed))
            Remarks.Note(status, result.Data.Remarks);
        if (results.IsJson(parsed))
            RegressionJson.Write(results.Results(parsed, output, status), result, watch.Elapsed);
        else if (!results.IsQuiet(parsed))
            RegressionTable.Write(results.Results(parsed, output, status), result, threads, watch.Elapsed);
        return ExitCode.Done;
    }

    /// <summary>How a row is written to a part of a plan.</summary>
    private static RowForm<NumericCertificate> FormOf(RegressionOptions options) => new(
        (writer, row) =>
        {
            writer.Write(row.Value);
            writer.Write(row.IsKept);
            writer.Write(RowForm.Number(row.Radius));
            foreach (NumberInterval interval in row.Intervals)
            {
                writer.Write(interval.Low);
                writer.Write(interval.High);
            }

            writer.Write(row.ErrorRadius is not null);
            if (row.ErrorRadius is { } radius)
                writer.Write(RowForm.Number(radius));
        },
        reader => new NumericCertificate(
            reader.ReadDouble(), reader.ReadBoolean(), RowForm.RadiusOf(reader.ReadInt32()),
            [.. options.Budgets.Select(_ => new NumberInterval(reader.ReadDouble(), reader.ReadDouble()))])
        {
            ErrorRadius = reader.ReadBoolean() ? RowForm.RadiusOf(reader.ReadInt32()) : null,
        });

    private static RegressionResult Execute(
        NumericData data, RegressionOptions options, string? groupsPath, IWorkProgress progress, CancellationToken cancellation)
    {
        RunData.CheckRows(options.Head, data.Training);
        FeatureMatrix training = data.Training.Features, test = data.Test.Features;
        RowGroups? groups = groupsPath is null ? null : RowGroups.Read(groupsPath, data.Test);
        progress.Report($"fitting a {options.Head.Text} head to {training.Rows:N0} × {training.Columns:N0} features");
        IHead head = RunData.Named(
            data.Training,
            () => options.Head.Fit(training, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }));
        cancellation.ThrowIfCancellationRequested();
        var certifier = new RegressionCertifier(head, data.Labels, options with { Adversary = data.Adversary });
        IReadOnlyList<NumericCertificate> rows = RowWork.Current.Rows("numbers", test.Rows, FormOf(options), (first, count) =>
        {
            IProgress<int> done = progress.ReportCount("certifying", count, "rows");
            IReadOnlyList<double> truth = data.Truth.Count == 0 ? data.Truth : [.. data.Truth.Skip(first).Take(count)];
            return RunData.Named(data.Test, () => certifier.CertifyBatch(test.Part(first, count), truth, done, cancellation));
        });
        string words = options.Head.Describe(head);
        return RunData.Named(
            data.Test,
            () => new RegressionResult(
                data with { Head = $"{char.ToUpperInvariant(words[0])}{words[1..]}." }, options, certifier, rows)
            {
                Groups = groups is null || !RowWork.Current.HasAllRows
                    ? null
                    : (groups, certifier.CertifyMeans(
                        test, [.. Enumerable.Range(0, groups.Count).Select(row => groups[row])], groups.Names.Count, cancellation)),
            });
    }
}

/// <summary>What <c>certify --task regression</c> prints.</summary>
internal static class RegressionTable
{
    public static void Write(IAnsiConsole console, RegressionResult result, int threads, TimeSpan elapsed)
    {
        NumericData data = result.Data;
        WriteHeading(console, data, $"{data.TrainingInWords}, {Wording.Count(data.Test.Features.Rows, "test row")}.", data.LabelsInWords);
        if (result.ErrorsInWords is { } errors)
            console.WriteSentence(errors);
        console.WriteLine();
        console.Write(TableOf(result));
        console.WriteSentence(
            $"{result.SharesInWords} Width: how far apart the ends of the range are over which these labels can move a prediction. In the "
            + "median r, a row that is out with the labels as they are counts as 0.");
        if (result.Unit.IsCost)
            console.WriteSentence("With costs, ranges count the last label in part: they may be wider than what whole labels reach.");
        if (result.Groups is { } groups)
            WriteGroups(console, result, groups.Names, groups.Means);
        console.WriteSentence(Heading.Time(elapsed, threads));
    }

    /// <summary>The data, the labels, the head and the adversary.</summary>
    public static void WriteHeading(IAnsiConsole console, NumericData data, string rows, string labels)
    {
        console.WriteSentence(rows);
        if (data.Holdout is { } holdout)
            console.WriteSentence(holdout.Sentence);
        console.WriteSentence(labels);
        console.WriteSentence(data.Head);
        if (AdversaryWording.Sentence(data) is { } adversary)
            console.WriteSentence(adversary);
        Remarks.Write(console, data.Remarks);
    }

    /// <summary>The numbers of one certificate in cells: the number, its radius, and its range at one budget.</summary>
    public static string[] Cells(NumericCertificate certificate, int budget) =>
    [
        NumericData.Shown(certificate.Value),
        certificate.IsKept ? $"{certificate.Radius}" : "none",
        $"{NumericData.Shown(certificate.Intervals[budget].Low)} to {NumericData.Shown(certificate.Intervals[budget].High)}",
    ];

    private static Table TableOf(RegressionResult result)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(result.Unit.Heading).RightAligned());
        foreach (string heading in (string[])[.. result.Curves.Select(curve => curve.Name), "median width", "largest"])
            table.AddColumn(new TableColumn(ConsoleText.Whole(heading)).RightAligned());
        string[] Shares(Func<AccuracyCurve, string> value) => [.. result.Curves.Select(curve => value(curve.Curve))];
        table.AddRow(["0", .. Shares(curve => Format.Percent(curve.At(0))), "0", "0"]);
        foreach ((int at, int flips) in result.Options.Budgets.Index())
        {
            (double median, double largest) = result.WidthAt(at);
            string[] shares = Shares(curve => Format.Percent(curve.At(flips)));
            table.AddRow([$"{flips:N0}", .. shares, NumericData.Shown(median), NumericData.Shown(largest)]);
        }

        if (result.Curves.Any(curve => curve.Curve.UnchangeableRows > 0))
            table.AddRow(["any", .. Shares(curve => Format.Percent(curve.UnchangeableRows / (double)curve.Rows)), "", ""]);
        table.AddRow(["median r", .. Shares(curve => Format.Median(curve.MedianRadius, "N1")), "", ""]);
        return table;
    }

    private static void WriteGroups(IAnsiConsole console, RegressionResult result, RowGroups names, GroupMeans means)
    {
        int last = result.Options.Budgets.Count - 1;
        var table = new Table().Border(TableBorder.Simple).AddColumn("mean prediction");
        foreach (string heading in (string[])["number", "radius", $"range at r = {result.Options.Budgets[last]:N0}"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach ((int group, NumericCertificate mean) in means.Means.Index())
            table.AddRow([ConsoleText.Cell(names.Names[group]), .. Cells(mean, last)]);
        foreach (GroupGap gap in means.Gaps)
            table.AddRow(
                [$"{ConsoleText.Cell(names.Names[gap.One])} − {ConsoleText.Cell(names.Names[gap.Other])}", .. Cells(gap.Gap, last)]);
        console.WriteLine();
        console.Write(table);
        console.WriteSentence(
            $"By group of test rows: a mean of radius r stays {result.StaysWhere}, and a gap keeps its sign, whichever "
            + $"{result.Wrong}. One adversary moves all rows of the groups together.");
    }
}

/// <summary>What <c>certify --task regression --json</c> prints. docs/command.md describes it.</summary>
internal static partial class RegressionJson
{
    private static readonly JsonForm<Document> Form = new("certify-regression", 1, RegressionTypes.Default);

    public static void Write(IAnsiConsole console, RegressionResult result, TimeSpan elapsed)
    {
        NumericData data = result.Data;
        JsonText.Write(console, Form, new Document(
            data.Name, "regression", data.Training.Features.Rows, data.Training.Features.Columns, data.Test.Features.Rows, data.Holdout,
            data.Truth.Count > 0, data.LabelsInWords, data.Head, AdversaryWording.Sentence(data),
            RemarkJson.Of(data.Remarks), result.Options.Tolerance,
            result.Options.Range is { } range ? [Finite(range.Low), Finite(range.High)] : null,
            data.Truth.Count == 0 ? null : result.Errors(row => result.Rows[row].Value).Mean,
            data.Truth.Count == 0 ? null : result.Errors(row => result.Rows[row].Value).Root,
            CurveOf(result, result.Stays), result.Near is { } near ? CurveOf(result, near) : null,
            [
                .. result.Options.Budgets.Select((flips, at) =>
                    new Width(flips, result.WidthAt(at).Median, result.WidthAt(at).Largest)),
            ],
            result.Groups is { } groups
                ? [.. groups.Means.Means.Select(
                    (mean, group) => NumberJson.Of(groups.Names.Names[group], null, mean, result.Options.Budgets))]
                : null,
            result.Groups is { } named
                ?
                [
                    .. named.Means.Gaps.Select(gap => NumberJson.Of(
                        named.Names.Names[gap.One], named.Names.Names[gap.Other], gap.Gap, result.Options.Budgets)),
                ]
                : null,
            elapsed.TotalSeconds));
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static Curve CurveOf(RegressionResult result, AccuracyCurve curve) => new(
        curve.Accuracy,
        double.IsInfinity(curve.MedianRadius) ? null : curve.MedianRadius,
        curve.UnchangeableRows / (double)Math.Max(1, curve.Rows),
        [.. result.Options.Budgets.Prepend(0).Select(flips => new Point(flips, curve.At(flips)))]);

    /// <summary>What <c>certify --task regression --json</c> prints.</summary>
    /// <param name="Name">What the user calls the data, left out where they did not say.</param>
    /// <param name="Task"><c>regression</c>.</param>
    /// <param name="TrainingRows">n.</param>
    /// <param name="Features">k.</param>
    /// <param name="TestRows">m.</param>
    /// <param name="Holdout">Which training rows are the test rows, left out where none are.</param>
    /// <param name="TestLabelsKnown">Whether the test rows are labelled.</param>
    /// <param name="Labels">How far labels can be moved, in a sentence.</param>
    /// <param name="Head">The head in a sentence.</param>
    /// <param name="Adversary">What an adversary can do, left out where that is anything.</param>
    /// <param name="Remarks">What is to be said of the data.</param>
    /// <param name="Tolerance">How far a prediction may move, left out where it must stay in a range.</param>
    /// <param name="Within">
    /// The range in which predictions must stay; an end that is open is null. Left out with a tolerance.
    /// </param>
    /// <param name="MeanAbsoluteError">Of the predictions, left out without test labels.</param>
    /// <param name="RootMeanSquareError">Of the predictions, likewise.</param>
    /// <param name="Stays">How many predictions stay where they should.</param>
    /// <param name="ErrorWithinTolerance">
    /// How many errors stay within the tolerance, left out without test labels.
    /// </param>
    /// <param name="Widths">How wide the intervals of the predictions are.</param>
    /// <param name="Groups">The mean prediction of each group, left out without groups.</param>
    /// <param name="Gaps">The differences of groups, likewise.</param>
    /// <param name="Seconds">How long the run took.</param>
    private sealed record Document(
        string? Name, string Task, int TrainingRows, int Features, int TestRows, Holdout? Holdout, bool TestLabelsKnown,
        string Labels, string Head, string? Adversary,
        IReadOnlyList<RemarkJson> Remarks, double? Tolerance, IReadOnlyList<double?>? Within, double? MeanAbsoluteError,
        double? RootMeanSquareError, Curve Stays, Curve? ErrorWithinTolerance, IReadOnlyList<Width> Widths,
        IReadOnlyList<NumberJson>? Groups, IReadOnlyList<NumberJson>? Gaps, double Seconds);

    /// <summary>A share of rows.</summary>
    /// <param name="AtFirst">The share without an adversary.</param>
    /// <param name="MedianRadius">The median radius, left out where it is any.</param>
    /// <param name="Unchangeable">The share that nothing changes.</param>
    /// <param name="Shares">The share at a few numbers of labels.</param>
    private sealed record Curve(double AtFirst, double? MedianRadius, double Unchangeable, IReadOnlyList<Point> Shares);

    /// <summary>A share at a number of labels.</summary>
    /// <param name="Flips">The number.</param>
    /// <param name="Value">The share.</param>
    private sealed record Point(int Flips, double Value);

    /// <summary>Widths at a number of labels.</summary>
    /// <param name="Flips">The number.</param>
    /// <param name="Median">The median width.</param>
    /// <param name="Largest">The largest.</param>
    private sealed record Width(int Flips, double Median, double Largest);

    [JsonSerializable(typeof(Document))]
    private sealed partial class RegressionTypes : JsonSerializerContext;
}

/// <summary>A number that is linear in labels, as JSON.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Less">Of a gap, the name of what is taken from it.</param>
/// <param name="Value">The number.</param>
/// <param name="Radius">Its radius; null where that is any, or where it is not where it should stay.</param>
/// <param name="IsAny">Whether nothing that the adversary can do moves it out, left out where not.</param>
/// <param name="Intervals">Where it can lie.</param>
internal sealed record NumberJson(
    string Name, string? Less, double Value, int? Radius, bool? IsAny, IReadOnlyList<NumberJson.Interval> Intervals)
{
    public static NumberJson Of(string name, string? less, NumericCertificate certificate, IReadOnlyList<int> budgets) => new(
        name, less, certificate.Value, !certificate.IsKept || certificate.Radius.IsAny ? null : certificate.Radius.Budget,
        certificate.IsKept && certificate.Radius.IsAny ? true : null,
        [.. budgets.Zip(certificate.Intervals, (flips, interval) => new Interval(flips, interval.Low, interval.High))]);

    /// <summary>Where a number can lie.</summary>
    /// <param name="Flips">How many labels are wrong at most.</param>
    /// <param name="Low">The least that it can be.</param>
    /// <param name="High">The most.</param>
    internal sealed record Interval(int Flips, double Low, double High);
}

/// <summary>The file that <c>certify --task regression --out</c> names: a row for each test row.</summary>
internal static class RegressionCsv
{
    public static void Write(Csv csv, RegressionResult result) => csv.Write(
        [
            Csv.RowHeader(result.Data.Test), "label", "prediction", "radius", .. result.HasErrors ? (string[])["error_radius"] : [],
            .. result.Options.Budgets.SelectMany(flips => (string[])[$"low_{flips}", $"high_{flips}"]),
        ],
        result.Rows.Select((certificate, row) => (string[])
        [
            result.Data.Test.NameOf(row),
            result.Data.Truth.Count > 0 ? result.Data.Test.Labels[row] : "",
            Csv.Text(certificate.Value),
            certificate.IsKept ? $"{certificate.Radius}" : "",
            .. result.HasErrors ? (string[])[$"{certificate.ErrorRadius}"] : [],
            .. Ends(certificate),
        ]));

    /// <summary>The ends of its intervals.</summary>
    public static IEnumerable<string> Ends(NumericCertificate certificate) =>
        certificate.Intervals.SelectMany(interval => (string[])[Csv.Text(interval.Low), Csv.Text(interval.High)]);
}
