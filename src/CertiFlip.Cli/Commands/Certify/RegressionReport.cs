using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using CertiFlip.Data;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>The report of <c>certify --task regression</c>.</summary>
internal static class RegressionReport
{
    private const int MostRows = 8, MostChanges = 12;

    public static void Write(TextWriter writer, RegressionResult result) => new ReportPage
    {
        Title = "Certified predictions: numbers",
        Subject = result.Data.NameInWords,
        Heading = "How far can wrong training labels move these predictions?",
        Lead = Lead(result),
        Facts = [.. Facts(result)],
        Remarks = result.Data.Remarks,
        Sections =
        [
            Shares(result), Widths(result), .. Groups(result), Fragile(result),
            RadiiSection.Of(result.Curves, hasTruth: false, result.Unit, result.LargestDrawn), Setting(result), Guarantee(result),
        ],
    }.Write(writer);

    private static string Lead(RegressionResult result)
    {
        double median = result.Stays.MedianRadius;
        string rows = $"{result.Rows.Count:N0} predictions", labels = $"{result.Data.Labels.Count:N0} training labels";
        return double.IsInfinity(median)
            ? $"At least half of the {rows} stay {result.StaysWhere} whatever this adversary does to the {labels}."
            : median >= 1
                ? $"At least half of the {rows} stay {result.StaysWhere} under {result.Unit.Any((int)median)} among the {labels}."
                : $"{Format.Percent(result.Stays.At(0))} of the {rows} are {result.StaysWhere}, and "
                    + $"{Format.Percent(result.Stays.At(1))} stay "
                    + $"there under {result.Unit.Any(1)} among the {labels}.";
    }

    private static IEnumerable<Fact> Facts(RegressionResult result)
    {
        if (result.Data.Truth.Count > 0)
            yield return new Fact(NumericData.Shown(result.Errors(row => result.Rows[row].Value).Mean), "mean absolute error");
        yield return new Fact(Format.Median(result.Stays.MedianRadius, "#,0.#"), $"{result.Unit.Fact}: median radius");
        if (result.Near is { } near)
            yield return new Fact(Format.Median(near.MedianRadius, "#,0.#"), $"{result.Unit.Fact}: median radius of the error");
        yield return new Fact($"{result.Rows.Count:N0}", "test rows");
    }

    private static ReportSection Shares(RegressionResult result)
    {
        var chart = new Chart
        {
            Title = $"Rows that stay where they should against {result.Unit.Against}",
            Description = string.Join(" ", result.Curves.Select(curve =>
                $"{curve.Name}: {Format.Percent(curve.Curve.At(0))} at r = 0, median radius "
                + $"{Format.Median(curve.Curve.MedianRadius, "0.#")}.")),
            HasStyle = false,
            Horizontal = ChartAxis.Radii(result.Unit, result.LargestDrawn),
            Vertical = ChartAxis.Percent("test rows"),
            Lines = [.. result.Curves.Select(curve => ChartLine.Staircase(curve.Name, curve.Style, curve.Curve.At))],
        };
        var explorer = new ChartExplorer(
            chart,
            result.SharesInWords,
            "where they should be", [.. result.Curves.Select(curve => ExplorerLine.Of(curve.Name, curve.Style, curve.Curve))])
        {
            Unit = result.Unit,
            Initial = (int)Math.Min(result.Stays.MedianRadius, result.LargestDrawn),
        };
        return new ReportSection("shares", "Predictions that stay", "How many predictions survive r wrong labels", explorer.ToHtml());
    }

    private static ReportSection Widths(RegressionResult result)
    {
        (int Flips, double Median, double Largest)[] widths =
        [
            (0, 0, 0),
            .. result.Options.Budgets.Select((flips, at) => (flips, result.WidthAt(at).Median, result.WidthAt(at).Largest)),
        ];
        double highest = widths.Max(width => width.Largest);
        var chart = new Chart
        {
            Id = "widths",
            Title = "Width of the range over which labels can move a prediction",
            Description = string.Join(" ", widths.Select(width => $"r = {width.Flips:N0}: median {NumericData.Shown(width.Median)}.")),
            HasStyle = false,
            Horizontal = ChartAxis.Radii(result.Unit, widths[^1].Flips),
            Vertical = new ChartAxis("width", 0, highest > 0 ? highest : 1, LeastStep: 0, NumericData.Shown),
            Lines =
            [
                ChartLine.Through("median", "exact", [.. widths.Select(width => ((double)width.Flips, width.Median))]),
                ChartLine.Through("largest", "noise-1", [.. widths.Select(width => ((double)width.Flips, width.Largest))]),
            ],
        };
        var table = new HtmlTable(
            "widths-table", "The same in numbers.", [result.Unit.Heading, "median width", "largest"],
            widths.Select(width => ($"{width.Flips:N0}", (IReadOnlyList<string>)
                [NumericData.Shown(width.Median), NumericData.Shown(width.Largest)])));
        return new ReportSection(
            "intervals", "Intervals", "How far labels can move a prediction", Html.Of($"""
            {chart.Figure(
                $"The width of each test row’s interval: where its prediction can lie whichever {result.Wrong}. Between the points that "
                + "were computed, straight lines.")}{table.ToHtml()}
            """));
    }

    private static IEnumerable<ReportSection> Groups(RegressionResult result)
    {
        if (result.Groups is not { } groups)
            yield break;
        int last = result.Options.Budgets.Count - 1;
        string[] header = ["number", "radius", $"range at r = {result.Options.Budgets[last]:N0}"];
        IReadOnlyList<string> Cells(NumericCertificate certificate) => RegressionTable.Cells(certificate, last);
        yield return new ReportSection("groups", "Groups", "Means of groups, and gaps between them", Html.Of($"""
            <p>One adversary moves all rows of a group together. A mean of radius r stays {result.StaysWhere}; a gap of radius r keeps its
            sign.</p>
            {new HtmlTable(
                "groups-table", "Mean predictions.", ["group", .. header],
                groups.Means.Means.Select((mean, group) => (groups.Names.Names[group], Cells(mean)))).ToHtml()}
            {new HtmlTable(
                "gaps-table", "Gaps.", ["gap", .. header],
                groups.Means.Gaps.Select(gap =>
                    ($"{groups.Names.Names[gap.One]} − {groups.Names.Names[gap.Other]}", Cells(gap.Gap)))).ToHtml()}
            """));
    }

    private static ReportSection Fragile(RegressionResult result)
    {
        int[] rows =
        [
            .. Enumerable.Range(0, result.Rows.Count).Where(row => result.Rows[row].IsKept && !result.Rows[row].Radius.IsAny)
                .OrderBy(row => result.Rows[row].Radius).Take(MostRows),
        ];
        Html cards = rows.Length == 0
            ? Html.Of($"<p>No wrong labels move any prediction so far.</p>\n")
            : Html.Of($"<ol class=\"cards\">\n{rows.Select(row => Card(result, row))}</ol>\n");
        return new ReportSection("fragile", "Fragile rows", "The most fragile predictions", Html.Of($"""
            <p>One label more than a row survives, chosen for that row, moves its prediction out. The labels listed here do so, as few as
            possible. Check them first.</p>
            {cards}
            """));
    }

    private static Html Card(RegressionResult result, int row)
    {
        Dataset test = result.Data.Test;
        NumericCertificate certificate = result.Rows[row];
        string label = result.Data.Truth.Count > 0 ? $", labelled {test.Labels[row]}" : "";
        string survives = certificate.Radius.Budget == 0 ? $"survives no {(result.Unit.IsCost ? "cost" : "wrong label")}"
            : $"survives {result.Unit.Any(certificate.Radius.Budget)}";
        if (!result.Certifier.TryFindWitness(test.Features.Row(row), out NumericWitness? witness))
            return Html.Empty;
        int more = witness.Changes.Count - MostChanges;
        string those = witness.Changes.Count == 1 ? "This label" : $"These {witness.Changes.Count:N0} labels";
        return Html.Of($"""
            <li>
            <p><strong>Test row {test.NameOf(row)}</strong>: predicted {NumericData.Shown(certificate.Value)}{label}; {survives}.</p>
            <div class="witness">
            <p>{those} would move it to {NumericData.Shown(witness.After)}:</p>
            <ul class="flips">
            {witness.Changes.Take(MostChanges).Select(Change)}{(more > 0 ? Html.Of($"<li>and {more:N0} more</li>\n") : Html.Empty)}</ul>
            </div>
            </li>

            """);

        Html Change(LabelChange change)
        {
            string moved = $"{NumericData.Shown(change.From)} → {NumericData.Shown(change.To)}";
            return Html.Of($"<li><span>training row {result.Data.Training.NameOf(change.Row)}: <span>{moved}</span></span></li>\n");
        }
    }

    private static ReportSection Setting(RegressionResult result) => new("setting", "Data and method", "What was certified", Html.Of($"""
        <p>{result.Data.TrainingInWords} from {Path.GetFileName(result.Data.Training.Source)};
        {Wording.Count(result.Rows.Count, "test row")} from {Path.GetFileName(result.Data.Test.Source)}.
        {result.Data.Holdout?.Sentence} {result.Data.LabelsInWords}
        {result.Data.Head} {AdversaryWording.Sentence(result.Data) ?? ""} {result.ErrorsInWords ?? ""}</p>

        """));

    private static ReportSection Guarantee(RegressionResult result) => new("guarantee", "Guarantee", "What is proved", Html.Of($"""
        <p>A prediction of this head is a sum of the training labels, each times a weight that depends on features alone. So the fewest
        labels that move it out are those with the largest moves, and its interval is the sum of the largest moves up and down.
        {(result.Unit.IsCost ? "Radii are exact; intervals may count the last label in part." : "Both are exact: nothing tighter is true.")}
        Every number is rounded outward.</p>
        <p>It holds while labels stay in their stated ranges, and if ranges, head, λ and features were not chosen by looking at these
        labels. It speaks of wrong labels, not of rows that are added, removed or changed.</p>

        """));
}
