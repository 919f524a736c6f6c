using System.Globalization;

namespace CertiFlip.Paper;

/// <summary>
/// A figure of certified accuracy: the paper's own lines in one panel, what stronger certificates add in a second.
/// </summary>
/// <param name="run">Where it belongs.</param>
/// <param name="undefended">The attacked classifier without a defence.</param>
/// <param name="certified">Certified accuracy for every noise.</param>
/// <param name="split">The data.</param>
internal sealed class Figure(ExperimentRun run, Series? undefended, IReadOnlyList<Series> certified, LabelledSplit split)
{
    private static readonly string[] OfThePaper = ["kl", "tight"];

    public Reproduction Reproduction => new()
    {
        Lead = Lead(),
        Panels =
        [
            new Panel("The paper’s lines: KL and tight bound", [.. Undefended, .. certified.Where(IsThePapers)], split.ConstantAccuracy),
            new Panel(
                "What the structured and the exact certificate add",
                [.. Undefended, .. certified.Where(series => !IsThePapers(series))],
                split.ConstantAccuracy),
        ],
        ConditionalOnLambda = run.Options.Ridge.DependsOnLabels,
    };

    private IEnumerable<Series> Undefended => undefended is null ? [] : [undefended];

    public static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:F1} %");

    /// <summary>One number of a line, or none where that line was not computed.</summary>
    public static IEnumerable<string> At(IReadOnlyList<Series> all, string name, double q, int flips) =>
        all.Where(series => series.Name == name && series.Noise == q).Select(series => Percent(series.Curve.At(flips)));

    /// <summary>How heads were fitted and rows certified.</summary>
    public static IEnumerable<string> Setting(ExperimentRun run) =>
    [
        run.Options.Ridge.DependsOnLabels
            ? "λ by the paper’s rule, which looks at the labels: radii are conditional on λ. "
                + "No intercept, as in (12), but a feature that is 1 for every row."
            : $"λ by {run.Options.Ridge.Text}, which looks at no label; an intercept.",
    ];

    private static bool IsThePapers(Series series) => OfThePaper.Contains(series.Name.Split('-')[0]);

    private string Lead()
    {
        Series best = certified.MaxBy(series => series.Curve.MedianRadius)!;
        Series? bestTight = certified.Where(series => series.Name == "tight").MaxBy(series => series.Curve.MedianRadius);
        string tight = bestTight is null
            ? ""
            : $"By the paper’s tight bound it is {bestTight.Curve.MedianRadius:#,0.#} (q = {bestTight.Noise}).";
        return $"The largest median radius is {best.Curve.MedianRadius:#,0.#} flipped labels, by {best.Title}, "
            + $"at {Percent(best.Curve.Accuracy)} clean accuracy. {tight}";
    }
}
