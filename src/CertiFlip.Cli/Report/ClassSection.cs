using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>The figures of each class, which an accuracy over all rows hides.</summary>
internal static class ClassSection
{
    // As many as fit on paper beside the other columns.
    private const int FlipColumns = 5;

    /// <summary>A table for each curve; nothing where the test rows have no labels.</summary>
    /// <param name="set">The curves.</param>
    /// <param name="main">The one whose table is open.</param>
    public static IEnumerable<ReportSection> Of(CurveSet set, Curve main)
    {
        if (set.Data.HasTruth)
            yield return new ReportSection(
                "classes", "Classes", "What each class gets", Html.Of($"""
                    <p>{ClassFigures.Legend(set.Data)} Under r: the share of the rows of a class that are classified correctly and
                    certified to stay so under {set.Data.Survived()}.</p>
                    {set.Curves.Select((curve, i) => Part(set, curve, i, curve == main))}
                    """));
    }

    private static Html Part(CurveSet set, Curve curve, int number, bool isOpen)
    {
        Html table = Table(set, curve, number);
        return set.Curves.Count == 1 ? table : Html.Of($"""
            <details{Html.Made(isOpen ? " open" : "")}>
            <summary>{curve.Name}</summary>
            {table}</details>

            """);
    }

    private static Html Table(CurveSet set, Curve curve, int number)
    {
        AccuracyByClass figures = curve.Accuracy.ByClass!;
        int[] flips = [.. set.FewFlipsToShow(FlipColumns)];
        return new HtmlTable(
            $"classes-table-{number}",
            $"By {curve.Name}.",
            ["class", set.Data.RowsName, "predicted", "accuracy", "median\u00A0radius", .. flips.Select(r => $"r = {r:N0}")],
            [
                .. figures.Classes.Select(one => (set.Data.Classes[one.Class], ClassFigures.Cells(one, flips))),
                (ClassFigures.Balanced,
                [
                    "", "", Format.Percent(figures.BalancedAccuracy), "", .. flips.Select(r => Format.Percent(figures.BalancedAt(r))),
                ]),
            ]).ToHtml();
    }
}
