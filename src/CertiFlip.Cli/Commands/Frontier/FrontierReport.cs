using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>The report of <c>frontier</c>.</summary>
internal static class FrontierReport
{
    public static void Write(TextWriter writer, FrontierResult result) => new ReportPage
    {
        Title = $"Accuracy against certified radius: {result.Data.ClassesInWords}",
        Subject = result.Data.NameInWords,
        Heading = "How much accuracy does a larger radius cost?",
        Lead = Lead(result),
        Notes = [.. result.Curves.Warnings("settings")],
        Remarks = result.Data.Remarks,
        Sections =
        [
            new ReportSection("frontier", "Accuracy and radius", "Accuracy and median radius", Html.Of($"""
                {FrontierChart.Of(result).Figure(
                    $"One point for each setting; the line follows the frontier. {ChoiceText.Frontier}{result.Curves.NoteOnCeiling}")}
                """)),
            new ReportSection("settings", "Settings", "Every setting", Html.Of($"{Table(result)}{Failures(result)}")),
            .. ClassSection.Of(Frontier(result), Frontier(result).Curves[0]),
            new ReportSection("choice", "The choice", "How to choose a setting", Html.Of($"""
                <p>{ChoiceText.Radii}{result.Curves.NoteOnAny}{result.Curves.NoteOnClasses}</p>
                <p class="note">{ChoiceText.Choice}</p>
                <p>{ChoiceText.Optimism}</p>
                <p>Labels: {result.Data.ClassesInWords}.
                {result.Data.TrainingInWords} from {Path.GetFileName(result.Data.Training.Source)};
                {Wording.Count(result.Data.Test.Features.Rows, "validation row")} from {Path.GetFileName(result.Data.Test.Source)}.</p>

                """)),
        ],
    }.Write(writer);

    /// <summary>The curves of the settings on the frontier, the most accurate first.</summary>
    private static CurveSet Frontier(FrontierResult result) => result.Curves with
    {
        Curves = [.. result.Curves.Curves.Zip(result.Marked).Where(both => both.Second.IsOnFrontier).Select(both => both.First).Reverse()],
    };

    private static string Lead(FrontierResult result)
    {
        TradeOff largest = result.Frontier[0].TradeOff, best = result.Frontier[^1].TradeOff;
        string ends = largest == best
            ? $"One is best in both: {Format.Percent(best.Accuracy)} accuracy, and {MedianInWords(best)}."
            : $"On the frontier, the most accurate setting has {Format.Percent(best.Accuracy)} accuracy and "
                + $"{MedianInWords(best)}; the most robust has {Format.Percent(largest.Accuracy)} and "
                + $"{Format.Median(largest.MedianRadius, "#,0.#")}.";
        string rows = Wording.Count(result.Data.Test.Features.Rows, "validation row");
        return $"{Wording.Count(result.Trials.Count, "setting")} on {rows}. {ends}";
    }

    private static string MedianInWords(TradeOff setting) => double.IsInfinity(setting.MedianRadius)
        ? "the median radius any"
        : $"a median radius of {setting.MedianRadius:#,0.#} wrong labels";

    private static Html Table(FrontierResult result)
    {
        int[] flips = [.. result.Curves.FlipsToShow().Where(r => r > 0)];
        return new HtmlTable(
            "settings-table",
            "The largest median radius first. Under r: the share of rows that are classified correctly and certified to stay so under any "
                + "r label flips.",
            ["setting", "frontier", "accuracy", ClassFigures.Balanced, "median\u00A0r", .. flips.Select(r => $"r = {r:N0}")],
            result.Marked.Select(marked => (marked.Trial.Candidate.Name, (IReadOnlyList<string>)
            [
                marked.IsOnFrontier ? "yes" : "",
                Format.Percent(marked.Trial.TradeOff.Accuracy),
                Format.Percent(marked.Trial.Accuracy.ByClass!.BalancedAccuracy),
                Format.Median(marked.Trial.TradeOff.MedianRadius, "N1"),
                .. flips.Select(r => Format.Percent(marked.Trial.Accuracy.At(r))),
            ]))).ToHtml();
    }

    private static Html Failures(FrontierResult result) => result.Failures.Count == 0 ? Html.Empty : new HtmlTable(
        "failures-table",
        "Settings that failed.",
        ["setting", "what was wrong"],
        result.Failures.Select(failure => (failure.Candidate.Name, (IReadOnlyList<string>)[failure.Reason])))
    {
        HasWords = true,
    }.ToHtml();
}

/// <summary>Median radius against accuracy: a point for each setting, and what can be had along the frontier.</summary>
internal static class FrontierChart
{
    private const int Colours = 6;

    // How much higher than the highest point the axis may become.
    private const double MostEmpty = 3;

    public static Chart Of(FrontierResult result)
    {
        string[] heads = [.. result.Trials.Select(trial => trial.Candidate.Head.Text).Distinct()];
        return new Chart
        {
            Title = "Median radius against accuracy",
            Description = $"On the frontier: {string.Join("; ", result.Frontier.Select(Title))}.",
            HasStyle = false,
            Horizontal = Accuracy(result),
            Vertical = new ChartAxis(
                "median radius",
                0,
                Math.Max(Math.Max(1, result.Curves.Drawn(result.Trials[0].TradeOff.MedianRadius)), Ceiling(result) ?? 0),
                LeastStep: 1,
                radius => $"{radius:N0}"),
            Levels = Ceiling(result) is { } ceiling ? [new ChartLevel("median ceiling", "ceiling", ceiling)] : [],
            Lines = [ChartLine.Through("frontier", "frontier", [.. Stairs(result)])],
            Points = [.. result.Trials.Select(trial => PointOf(result, trial, Array.IndexOf(heads, trial.Candidate.Head.Text)))],
        };
    }

    /// <summary>
    /// The largest median radius that any method can have, unless the points would be squeezed at the bottom.
    /// </summary>
    private static double? Ceiling(FrontierResult result) => result.Data.MedianCeiling is { } ceiling
        && ceiling <= MostEmpty * result.Curves.Drawn(result.Trials[0].TradeOff.MedianRadius) ? ceiling : null;

    private static ChartPoint PointOf(FrontierResult result, Trial trial, int head)
    {
        double radius = result.Curves.Drawn(trial.TradeOff.MedianRadius);
        return new ChartPoint(
            trial.Candidate.Head.Text, $"noise-{head % Colours}", trial.TradeOff.Accuracy, radius, Title(trial));
    }

    private static string Title(Trial trial) =>
        $"{trial.Candidate.Name}: {Format.Percent(trial.TradeOff.Accuracy)}, "
            + $"median radius {Format.Median(trial.TradeOff.MedianRadius, "#,0.#")}";

    /// <summary>From a multiple of 5 % to a whole percent above all accuracies.</summary>
    private static ChartAxis Accuracy(FrontierResult result) => new(
        "accuracy",
        5 * Math.Floor(20 * result.Trials.Min(trial => trial.TradeOff.Accuracy)) / 100,
        Math.Floor(100 * result.Trials.Max(trial => trial.TradeOff.Accuracy) + 1) / 100,
        LeastStep: 0.01,
        fraction => $"{Math.Round(100 * fraction)} %");

    /// <summary>
    /// The largest median radius for each accuracy: it falls at once where a setting is no longer accurate enough.
    /// </summary>
    private static IEnumerable<(double X, double Y)> Stairs(FrontierResult result)
    {
        TradeOff last = result.Frontier[0].TradeOff;
        foreach (TradeOff next in result.Frontier.Select(trial => trial.TradeOff))
        {
            double radius = result.Curves.Drawn(next.MedianRadius);
            yield return (last.Accuracy, radius);
            yield return (next.Accuracy, radius);
            last = next;
        }
    }
}
