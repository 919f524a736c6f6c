using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Serialization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Audit;

/// <summary>What <c>audit --task regression</c> came to.</summary>
/// <param name="Data">The data. Where there is no test set, the training rows stand for it.</param>
/// <param name="IsLeaveOneOut">
/// Whether the predictions are those of the training rows, each without its own row.
/// </param>
/// <param name="Tolerance">How far a prediction may move and count as the same.</param>
/// <param name="Labels">Each training label beside what the others predict.</param>
/// <param name="Reliance">How many predictions each label is relied on by.</param>
/// <param name="Budget">How many labels to suggest.</param>
internal sealed record NumericAudit(
    NumericData Data, bool IsLeaveOneOut, double Tolerance, IReadOnlyList<LeftOutLabel> Labels, IReadOnlyList<int> Reliance, int Budget)
{
    /// <summary>
    /// The rows to check: contradicted ones first, those whose residual is largest; then those that most predictions
    /// rely on.
    /// </summary>
    public IReadOnlyList<int> Rows => field ??=
    [
        .. Enumerable.Range(0, Labels.Count).Except(Data.Adversary.TrustedRows)
            .OrderByDescending(row => Labels[row].Contradiction is not null)
            .ThenByDescending(row => Labels[row].Contradiction is null ? 0 : Math.Abs(Labels[row].Residual))
            .ThenByDescending(row => Reliance[row]).ThenBy(row => row).Take(Budget),
    ];

    /// <summary>How many labels are further from what the others predict than the tolerance.</summary>
    public int Contradicted => Labels.Count(label => label.Contradiction is not null);

    /// <summary>What was found, in sentences.</summary>
    public string InWords =>
        $"{Contradicted:N0} of {Wording.Count(Labels.Count, "label")} {(Contradicted == 1 ? "is" : "are")} further than "
        + $"{NumericData.Shown(Tolerance)} from what the head predicts that is fitted to the other rows.";

    /// <summary>The data in numbers.</summary>
    public string DataInWords => IsLeaveOneOut
        ? $"{Data.TrainingInWords}; audited for their own predictions, each without its row."
        : $"{Data.TrainingInWords}, {Wording.Count(Data.Test.Features.Rows, "test row")}.";

    /// <summary>What the columns mean.</summary>
    public string Legend =>
        "predicted: what the head predicts that is fitted to the other rows. "
        + $"{RadiusUnit.Of(Data.Adversary).ToUndo}: of a contradicted label, {RadiusUnit.Of(Data.Adversary).Fewest} of other labels that "
        + "would bring the prediction within the tolerance of it. in witnesses: how many predictions have the label among the cheapest "
        + $"changes that move them by more than {NumericData.Shown(Tolerance)}.";

    /// <summary>A row as tables show it.</summary>
    public string[] CellsOf(int row) =>
    [
        Data.Training.NameOf(row),
        NumericData.Shown(Labels[row].Label),
        NumericData.Shown(Labels[row].Prediction),
        NumericData.Shown(Labels[row].Residual),
        Labels[row].Contradiction is { } contradiction ? contradiction.IsAny ? "none" : $"{contradiction.Budget + 1:N0}" : "",
        $"{Reliance[row]:N0}",
    ];
}

/// <summary>Does the work of <c>audit --task regression</c>, and writes what it came to.</summary>
internal static partial class NumericAuditing
{
    private static readonly JsonForm<Document> Form = new("audit-regression", 1, NumericAuditTypes.Default);

    private static string[] Header(NumericAudit result) => [Csv.RowHeader(result.Data.Training), "label", "predicted", "residual"];

    public static int Run(
        ParseResult parsed,
        (RegressionTask Task, DataOptions Data, HeadOptions Head, AdversaryOptions Adversary, OutputOptions Results) options, int budget,
        string? sarif,
        (IAnsiConsole Output, IAnsiConsole Status) consoles, Stopwatch watch, CancellationToken cancellation)
    {
        HeadChoice choice = options.Head.Head(parsed);
        CommandOptions.RefuseGiven(parsed, options.Head.UnusedBy(choice, parsed), $"--head {choice.Text}");
        int threads = options.Results.Threads(parsed);
        RegressionOptions asked = options.Task.Options(parsed, choice) with { Threads = threads };
        NumericAudit result = options.Results.Run(
            parsed,
            [.. options.Data.Files(parsed), .. options.Adversary.Files(parsed)],
            consoles.Status,
            progress =>
            {
                NumericData data = options.Data.Read(parsed, options.Task, progress, cancellation);
                data = data with
                {
                    Adversary = options.Adversary.WithoutDirections(parsed, data.Training),
                    Name = options.Results.Name(parsed),
                };
                return Audit(data, !options.Data.HasTest(parsed), asked, budget, progress, cancellation);
            },
            WriteCsv,
            WriteReport,
            cancellation,
            (sarif, (writer, found) => AuditSarif.Write(writer, found, options.Data.LabelColumn(parsed))));

        if (options.Results.IsQuiet(parsed))
            Remarks.Note(consoles.Status, result.Data.Remarks);
        IAnsiConsole console = options.Results.Results(parsed, consoles.Output, consoles.Status);
        if (options.Results.IsJson(parsed))
            WriteJson(console, result, watch.Elapsed);
        else if (!options.Results.IsQuiet(parsed))
            WriteTable(console, result, threads, watch.Elapsed);
        return ExitCode.Done;
    }

    private static NumericAudit Audit(
        NumericData data, bool isLeaveOneOut, RegressionOptions options, int budget, IWorkProgress progress, CancellationToken cancellation)
    {
        RunData.CheckRows(options.Head, data.Training);
        FeatureMatrix training = data.Training.Features, test = data.Test.Features;
        progress.Report($"fitting a {options.Head.Text} head to {training.Rows:N0} × {training.Columns:N0} features");
        IHead head = RunData.Named(
            data.Training, () => options.Head.Fit(training, new ParallelOptions { MaxDegreeOfParallelism = options.Threads }));
        var certifier = new RegressionCertifier(head, data.Labels, options with { Adversary = data.Adversary });
        IReadOnlyList<LeftOutLabel> labels = RowWork.Current.Rows("labels", training.Rows, LabelForm, (first, count) => RunData.Named(
            data.Training,
            () => certifier.LeaveOut(training, first, count, progress.ReportCount("auditing:", count, "labels"), cancellation)));
        IReadOnlyList<IReadOnlyList<int>> reliance = RowWork.Current.Rows(
            "predictions", isLeaveOneOut ? training.Rows : test.Rows, RowsForm(training.Rows), (first, count) =>
            {
                IProgress<int> done = progress.ReportCount("auditing:", count, "predictions");
                return isLeaveOneOut
                    ? RunData.Named(data.Training, () => certifier.FindRelianceLeftOut(training, first, count, done, cancellation))
                    : RunData.Named(data.Test, () => certifier.FindReliance(test.Part(first, count), done, cancellation));
            });
        RowWork.Current.End();
        return new NumericAudit(
            data with { Head = $"Head: {options.Head.Describe(head)}." }, isLeaveOneOut, options.Tolerance!.Value, labels,
            certifier.CountReliance(reliance), budget);
    }

    private static RowForm<LeftOutLabel> LabelForm { get; } = new(
        (writer, label) =>
        {
            writer.Write(label.Label);
            writer.Write(label.Prediction);
            writer.Write(label.Contradiction is not null);
            writer.Write(RowForm.Number(label.Contradiction ?? default));
        },
        reader =>
        {
            (double label, double prediction, bool isContradicted) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean());
            Radius radius = RowForm.RadiusOf(reader.ReadInt32());
            return new LeftOutLabel(label, prediction, isContradicted ? radius : null);
        });

    /// <summary>Some training rows of n.</summary>
    private static RowForm<IReadOnlyList<int>> RowsForm(int rows) => new(
        (writer, some) =>
        {
            writer.Write7BitEncodedInt(some.Count);
            foreach (int row in some)
                writer.Write7BitEncodedInt(row);
        },
        reader =>
        {
            int[] some = new int[RowForm.Within(reader.Read7BitEncodedInt(), 0, rows)];
            for (int i = 0; i < some.Length; i++)
                some[i] = RowForm.Within(reader.Read7BitEncodedInt(), 0, rows - 1);
            return some;
        });

    private static void WriteTable(IAnsiConsole console, NumericAudit result, int threads, TimeSpan elapsed)
    {
        console.WriteSentence(result.DataInWords);
        console.WriteSentence(result.Data.LabelsInWords);
        console.WriteSentence(result.Data.Head);
        if (AdversaryWording.Sentence(result.Data) is { } adversary)
            console.WriteSentence(adversary);
        Remarks.Write(console, result.Data.Remarks);
        console.WriteSentence(result.InWords);
        console.WriteLine();
        var table = new Table().Border(TableBorder.Simple);
        string toUndo = RadiusUnit.Of(result.Data.Adversary).ToUndo.Replace(" to ", " to\n", StringComparison.Ordinal);
        foreach (string heading in (string[])["check", .. Header(result), toUndo, "in\nwitnesses"])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        foreach ((int index, int row) in result.Rows.Index())
            table.AddRow([$"{index + 1}", .. result.CellsOf(row)]);
        console.Write(table);
        console.WriteSentence(result.Legend);
        console.WriteSentence(Heading.Time(elapsed, threads));
    }

    private static void WriteJson(IAnsiConsole console, NumericAudit result, TimeSpan elapsed) =>
        JsonText.Write(console, Form, new Document(
        result.Data.Name, "regression", result.IsLeaveOneOut, result.Data.Training.Features.Rows,
        result.Data.Training.Features.Columns,
        result.IsLeaveOneOut ? null : result.Data.Test.Features.Rows, result.Data.LabelsInWords, result.Data.Head,
        AdversaryWording.Sentence(result.Data), RemarkJson.Of(result.Data.Remarks), result.Tolerance, result.Contradicted,
        [
            .. result.Rows.Select(row => new Entry(
                result.Data.Training.NumberOf(row), result.Data.Training.Ids.Count > 0 ? result.Data.Training.Ids[row] : null,
                result.Labels[row].Label, result.Labels[row].Prediction, result.Labels[row].Residual,
                result.Labels[row].Contradiction is not null,
                result.Labels[row].Contradiction is { IsAny: false } contradiction ? contradiction.Budget : null, result.Reliance[row])),
        ],
        elapsed.TotalSeconds));

    private static void WriteCsv(Csv csv, NumericAudit result) => csv.Write(
        ["rank", .. Header(result), "contradiction_radius", "witness_count"],
        result.Rows.Select((row, index) => (string[])
        [
            Csv.Text(index + 1), result.Data.Training.NameOf(row), result.Data.Training.Labels[row],
            Csv.Text(result.Labels[row].Prediction), Csv.Text(result.Labels[row].Residual), $"{result.Labels[row].Contradiction}",
            Csv.Text(result.Reliance[row]),
        ]));

    private static void WriteReport(TextWriter writer, NumericAudit result) => new ReportPage
    {
        Title = "Labels to check: numbers",
        Subject = result.Data.NameInWords,
        Heading = "Which training labels should be checked first?",
        Lead = result.InWords,
        Facts =
        [
            new Fact($"{result.Rows.Count:N0}", "labels to check"),
            new Fact($"{result.Contradicted:N0}", "contradicted labels"),
            new Fact($"{result.Reliance.DefaultIfEmpty(0).Max():N0}", "predictions that rely on one label, at most"),
        ],
        Remarks = result.Data.Remarks,
        Sections =
        [
            new ReportSection("suggestions", "Labels to check", "Labels to check, in this order", Html.Of($"""
                {new HtmlTable(
                    "suggestions-table", "Contradicted labels, the largest residuals first; then those that most predictions rely on.",
                    ["check", .. Header(result), RadiusUnit.Of(result.Data.Adversary).ToUndo, "in witnesses"],
                    result.Rows.Select((row, index) => ($"{index + 1}", (IReadOnlyList<string>)result.CellsOf(row)))).ToHtml()}
                <p>{result.Legend}</p>

                """)),
            new ReportSection("setting", "Data and method", "What was audited", Html.Of($"""
                <p>{result.DataInWords} {result.Data.LabelsInWords} {result.Data.Head} {AdversaryWording.Sentence(result.Data) ?? ""}</p>

                """)),
        ],
    }.Write(writer);

    /// <summary>What <c>audit --task regression --json</c> prints.</summary>
    /// <param name="Name">What the user calls the data, left out where they did not say.</param>
    /// <param name="Task"><c>regression</c>.</param>
    /// <param name="LeaveOneOut">
    /// Whether the audited predictions are those of the training rows, each by the head fitted without it.
    /// </param>
    /// <param name="TrainingRows">n.</param>
    /// <param name="Features">k.</param>
    /// <param name="TestRows">m, left out where there are no test rows.</param>
    /// <param name="Labels">How far labels can be moved, in a sentence.</param>
    /// <param name="Head">The head in a sentence.</param>
    /// <param name="Adversary">What an adversary can do, left out where that is anything.</param>
    /// <param name="Remarks">What is to be said of the data.</param>
    /// <param name="Tolerance">How far a label may be from its prediction.</param>
    /// <param name="Contradicted">How many labels are further.</param>
    /// <param name="Suggestions">The labels to check, in this order.</param>
    /// <param name="Seconds">How long the run took.</param>
    private sealed record Document(
        string? Name, string Task, bool LeaveOneOut, int TrainingRows, int Features, int? TestRows, string Labels,
        string Head, string? Adversary,
        IReadOnlyList<RemarkJson> Remarks, double Tolerance, int Contradicted, IReadOnlyList<Entry> Suggestions, double Seconds);

    /// <summary>A label to check.</summary>
    /// <param name="Row">Its row, from 0.</param>
    /// <param name="Id">What the row is called, left out where rows have no names.</param>
    /// <param name="Label">The label as it is.</param>
    /// <param name="Prediction">What the head predicts that is fitted to the other rows.</param>
    /// <param name="Residual">The label minus that.</param>
    /// <param name="IsContradicted">Whether the label is further from the prediction than the tolerance.</param>
    /// <param name="ContradictionRadius">
    /// How many other labels cannot undo that; left out where it is not so, or where none undo it.
    /// </param>
    /// <param name="WitnessCount">
    /// How many predictions have the label among the cheapest changes that move them out of the tolerance.
    /// </param>
    private sealed record Entry(
        int Row, string? Id, double Label, double Prediction, double Residual, bool IsContradicted, int? ContradictionRadius,
        int WitnessCount);

    [JsonSerializable(typeof(Document))]
    private sealed partial class NumericAuditTypes : JsonSerializerContext;
}
