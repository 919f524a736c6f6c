using System.CommandLine;
using System.Globalization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;
using CertiFlip.Data;
using Spectre.Console;
using Table = Spectre.Console.Table;
using TableColumn = Spectre.Console.TableColumn;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary><c>certify --collective</c>: one adversary for all test rows.</summary>
internal sealed class CollectiveRun
{
    // Of so many budgets groups are asked.
    private const int FewBudgets = 3;

    // Budgets beside the round ones: as many quantiles of the radii, and some beyond the largest.
    private const int Quantiles = 8;

    private static readonly double[] Beyond = [0.85, 1, 1.2, 1.4, 1.6, 1.8, 2];

    private readonly Option<IReadOnlyList<int>?> _budgets = new("--collective")
    {
        Description = "Also certify all rows together: what one adversary with one budget can do to all of them. N,… are the numbers of "
            + "flips (or costs) to answer for. [default: those of the table, and some between]",
        HelpName = "N,…",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0
            ? []
            : OptionValue.Parse(result, "whole numbers from 1, separated by commas", TryParse),
    };

    /// <summary>The option.</summary>
    public Option Option => _budgets;

    /// <summary>Whether it was asked for.</summary>
    public bool IsAsked(ParseResult parsed) => CommandOptions.IsGiven(parsed, _budgets);

    /// <summary>Refuses it where there is no exact certificate to stand beside.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="method">The method.</param>
    /// <param name="isOfRows">Whether rows are attacked, not labels.</param>
    /// <param name="groups">The option that names groups of test rows.</param>
    /// <exception cref="UsageException">There is none.</exception>
    public void Check(ParseResult parsed, IMethod method, bool isOfRows, Option groups)
    {
        if (!IsAsked(parsed))
        {
            CommandOptions.RefuseWithout(parsed, [groups], "--collective or --task regression");
            return;
        }

        if (isOfRows)
            CommandOptions.RefuseGiven(parsed, [_budgets], "--threat rows");
        if (method is not SmoothingMethod)
            CommandOptions.RefuseGiven(parsed, [_budgets], "this --method: it certifies one head");
        if (!method.Certificates.Contains(CertificateKind.Exact))
            throw new UsageException("--collective: expected exact among --certificates, to be compared with.");
    }

    /// <summary>Certifies all rows together, where that was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="result">What is known of the rows alone.</param>
    /// <param name="groupsPath">The file of the groups, if any.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="DataException">The file of the groups cannot be read, or is for other rows.</exception>
    /// <exception cref="UsageException">There are groups, but the test rows have no labels.</exception>
    public CollectiveCurve? Run(
        ParseResult parsed, CertifyResult result, string? groupsPath, IWorkProgress progress, CancellationToken cancellation)
    {
        if (!IsAsked(parsed))
            return null;
        RunData data = result.Data;
        if (groupsPath is not null && !data.HasTruth)
            throw new UsageException($"--groups '{groupsPath}': the test rows have no labels, so that groups have no accuracy.");
        RowGroups? groups = groupsPath is null ? null : RowGroups.Read(groupsPath, data.Test);
        var certifier = (Certifier)result.Outcome.Certifier!;
        int[] budgets =
        [
            .. (parsed.GetValue(_budgets) is { Count: > 0 } given ? given : Budgets(result))
                .Concat(result.Required.Where(one => one.Name == CollectiveCurve.Name && one.Flips > 0).Select(one => one.Flips))
                .Distinct().Order(),
        ];
        IReadOnlyList<int>? truth = data.HasTruth ? data.Truth : null;
        CollectiveCertificates Certify(IReadOnlyList<int> some, IReadOnlyList<int> ofGroups, string what)
        {
            IProgress<int> hundredths = progress.ReportCount($"certifying {what} together:", 100, "%");
            var options = new CollectiveOptions { Budgets = some, Truth = truth, Groups = ofGroups };
            return RunData.Named(
                data.Test, () => certifier.CertifyTogether(data.Test.Features, options, new Percent(hundredths), cancellation));
        }

        CollectiveCertificates all = Certify(budgets, [], "all rows");
        if (groups is null)
            return new CollectiveCurve(all, null, null);
        int[] few = parsed.GetValue(_budgets) is { Count: > 0 } ? budgets : Few(result, budgets);
        return new CollectiveCurve(
            all, Certify(few, [.. Enumerable.Range(0, groups.Count).Select(row => groups[row])], "groups of rows"), groups);
    }

    /// <summary>What was found, in a sentence or two; null where nothing was asked.</summary>
    public static string? Sentence(CertifyResult result)
    {
        if (result.Collective is not { } curve)
            return null;
        CertifiedAccuracy alone = result.MainCurve.Accuracy;
        RadiusUnit unit = result.Curves.Unit;
        string correct = result.Data.HasTruth ? "are correct and " : "";
        string half = alone.MedianRadius is >= 1 and < int.MaxValue
            ? $"Half of the predictions {correct}survive {unit.Any((int)alone.MedianRadius)}, each row by itself. "
            : "";
        string together = Telling(curve.Certificates, alone.MedianRadius) is { } one
            ? $"{Placed(unit, one.Budget)}, placed as well as possible, change at most "
                + $"{Format.Percent(one.AtMost / (double)alone.Rows)} of the predictions together"
                + (one.IsExact
                    ? ", and so many they do change. "
                    : $"; an attack changes {Format.Percent(one.Found / (double)alone.Rows)}. ")
            : "";
        string classes = ClassWording.NoteOnRadii(result.Data, result.Rows).Length > 0
            ? "" // It is said already.
            : ClassWording.NoteOnCurves(result.Data, [curve.Proved]);
        return $"Collective: one adversary, with one budget for all rows. {half}{together}Attack: what the strongest attack "
            + $"that was found leaves; the truth lies between the two.{classes}";
    }

    /// <summary>The groups in a table: between which accuracies they stay, and what attacks come to.</summary>
    public static void WriteGroups(IAnsiConsole console, CertifyResult result)
    {
        if (result.Collective is not { OfGroups: not null } curve)
            return;
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("group"));
        foreach (string heading in GroupHeadings(result).Skip(1))
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach ((string name, IReadOnlyList<string> cells) in GroupRows(curve))
            table.AddRow([ConsoleText.Whole(name), .. cells]);
        console.Write(table);
        console.WriteSentence(GroupLegend);
    }

    /// <summary>What the report says of all rows together; no section where nothing was asked.</summary>
    public static IEnumerable<ReportSection> Section(CertifyResult result)
    {
        if (result.Collective is not { } curve)
            yield break;
        Html groups = curve.OfGroups is null ? Html.Of($"") : Html.Of($"""
            {new HtmlTable("groups-table", GroupLegend, GroupHeadings(result), GroupRows(curve)).ToHtml()}
            """);
        var table = new HtmlTable(
            "collective-table",
            "Test rows that one adversary changes.",
            [result.Curves.Unit.Heading, "each row by itself", "together, at most", "by an attack"],
            [
                .. curve.Certificates.Certificates.Select(one => (
                    $"{one.Budget:N0}",
                    (IReadOnlyList<string>)[$"{one.Alone:N0}", $"{one.AtMost:N0}", $"{one.Found:N0}"])),
            ]);
        yield return new ReportSection(
            "collective", "One adversary", "What one adversary can do to all rows",
            Html.Of($"<p>{Sentence(result)}</p>\n{table.ToHtml()}{groups}"));
    }

    private const string GroupLegend =
        "Groups: one adversary moves a group's accuracy at most to these (proved), and an attack does move it "
        + "to those in brackets. A − B is the difference of two groups, in points.";

    private static IReadOnlyList<string> GroupHeadings(CertifyResult result) =>
        ["group", "rows", "accuracy", result.Curves.Unit.Heading, "at least", "at most"];

    private static IEnumerable<(string Name, IReadOnlyList<string> Cells)> GroupRows(CollectiveCurve curve)
    {
        IReadOnlyList<string> names = curve.Names!.Names;
        foreach (GroupCertificate one in curve.OfGroups!.Groups)
        {
            string Cell(int proved, int found) =>
                $"{Format.Percent(CollectiveJson.Share(one, proved))} ({Bare(CollectiveJson.Share(one, found))})";
            yield return (names[one.Group],
            [
                $"{one.Rows:N0}", Format.Percent(CollectiveJson.Share(one, 0)), $"{one.Budget:N0}",
                Cell(-one.LostAtMost, -one.LostFound), Cell(one.GainedAtMost, one.GainedFound),
            ]);
        }

        foreach (GapCertificate one in curve.OfGroups.Gaps)
        {
            yield return ($"{names[one.Group]} − {names[one.Other]}",
            [
                "", Points(one.Difference), $"{one.Budget:N0}", $"{Points(one.AtLeast)} ({Points(one.FoundLeast)})",
                $"{Points(one.AtMost)} ({Points(one.FoundMost)})",
            ]);
        }

        static string Bare(double share) => Format.Percent(share).Split(' ', '\u00a0')[0];

        static string Points(double difference) =>
            (100 * difference).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);
    }

    private static string Placed(RadiusUnit unit, int budget) =>
        unit.IsCost ? $"Wrong labels at a cost of {budget:N0}" : unit.Count(budget);

    /// <summary>
    /// The certificate that says most beside a median: of the budgets that half of the rows do not survive alone, the
    /// first, a round number if there is one.
    /// </summary>
    private static CollectiveCertificate? Telling(CollectiveCertificates together, double median)
    {
        CollectiveCertificate[] telling =
            [.. together.Certificates.Where(one => one.Budget > median && one.AtMost < together.Counted)];
        return telling.FirstOrDefault(one => CurveSet.RoundNumbersTo(one.Budget).Last() == one.Budget) ?? telling.FirstOrDefault();
    }

    private static IReadOnlyList<int>? TryParse(string text)
    {
        int[] budgets =
        [
            .. text.Split(',').Select(part =>
                int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int budget) && budget < int.MaxValue ? budget : 0),
        ];
        return budgets.All(budget => budget > 0) ? budgets : null;
    }

    /// <summary>The round numbers that the table shows, quantiles of the radii, and some beyond the largest.</summary>
    private static IEnumerable<int> Budgets(CertifyResult result)
    {
        AccuracyCurve alone = result.MainCurve.Accuracy;
        Radius[] radii = [.. alone.Radii.Where(radius => !radius.IsAny)];
        int largest = Math.Max(1, alone.LargestBudget);
        int most = (int)Math.Min(largest * Beyond[^1], result.Data.Training.Features.Rows);
        IEnumerable<int> round = CurveSet.RoundNumbersTo(most);
        IEnumerable<int> quantiles = radii.Length == 0
            ? []
            : Enumerable.Range(1, Quantiles).Select(i => radii[(radii.Length - 1) * i / Quantiles].Budget + 1);
        return round.Concat(quantiles).Concat(Beyond.Select(factor => (int)(largest * factor))).Where(budget => budget >= 1);
    }

    /// <summary>A few of the budgets, about the median.</summary>
    private static int[] Few(CertifyResult result, int[] budgets)
    {
        int[] round = [.. CurveSet.RoundNumbersTo(budgets[^1]).Intersect(budgets)];
        double median = result.MainCurve.Accuracy.MedianRadius;
        int first = Math.Clamp(round.Count(budget => budget <= median) - 2, 0, Math.Max(0, round.Length - FewBudgets));
        return round.Length == 0 ? budgets[..1] : [.. round.Skip(first).Take(FewBudgets)];
    }

    /// <summary>Parts of the work as hundredths of it.</summary>
    private sealed class Percent(IProgress<int> hundredths) : IProgress<double>
    {
        private readonly Lock _lock = new();
        private int _told;

        public void Report(double value)
        {
            lock (_lock)
            {
                int more = (int)(100 * value) - _told;
                if (more <= 0)
                    return; // Reports come from several threads, and may overtake each other.
                _told += more;
                hundredths.Report(more);
            }
        }
    }
}
