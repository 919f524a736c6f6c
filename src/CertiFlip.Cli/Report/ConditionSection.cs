using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>What was required of the run, and what was found; no section where nothing was required.</summary>
internal static class ConditionSection
{
    public static IEnumerable<ReportSection> Of(IReadOnlyList<Verdict> verdicts)
    {
        if (verdicts.Count == 0)
            yield break;
        var table = new HtmlTable(
            "conditions-table",
            "What --require asked for, decided on the unrounded numbers.",
            ["condition", "found", "verdict"],
            verdicts.Select(verdict => (verdict.Condition.Text, (IReadOnlyList<string>)[verdict.FoundInWords, verdict.InAWord])));
        yield return new ReportSection("conditions", "Conditions", "Whether the conditions are met", table.ToHtml());
    }
}
