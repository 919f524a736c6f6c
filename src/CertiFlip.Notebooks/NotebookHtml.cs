using System.Globalization;
using CertiFlip.Auditing;
using Microsoft.AspNetCore.Html;

namespace CertiFlip.Notebooks;

/// <summary>
/// Results as a notebook shows them: a chart, and a table that says the same in numbers. Where classes are given they
/// are called by their names, and otherwise by their numbers.
/// </summary>
public static class NotebookHtml
{
    // Rows of a long list that are worth looking at first.
    private const int MostRows = 10;

    /// <summary>Everything proved about one row: a line for each certificate.</summary>
    /// <param name="row">The certificates.</param>
    /// <param name="classes">The list of classes.</param>
    public static IHtmlContent ToHtml(this RowCertificates row, ClassList? classes = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        Certificate[] finite = [.. row.Certificates.Where(certificate => !certificate.Radius.IsAny)];
        int longest = finite.Select(certificate => certificate.Radius.Budget).DefaultIfEmpty(0).Max();
        var chart = new NotebookChart(
            "What the prediction survives",
            Sentences(row.Certificates.Select(certificate => $"{certificate.Kind}: radius {certificate.Radius}")), "flips r", "survives")
        {
            IsWhole = true,
            Height = height => height == 0 ? "no" : "yes",
            Lines =
            [
                .. row.Certificates.Reverse().Select(certificate => (certificate.Kind.Name, (IReadOnlyList<(double, double)>)
                    (certificate.Radius.IsAny
                        ? [(longest + 1, 1)]
                        : [(certificate.IsCertified ? certificate.Radius.Budget : 0, 1), (longest + 1, 0)]))),
            ],
        };
        return Markup.Shown(chart.Draw(), Markup.Table(
            "The prediction, and how many wrong labels leave it unchanged.", ["certificate", "prediction", "radius"],
            row.Certificates.Select(certificate => (string[])
                [certificate.Kind.Name, Name(certificate.Prediction, classes), Radius(certificate)])));
    }

    /// <summary>
    /// The certificates of many rows: what share is certified at how many flips, and the rows with the smallest radii.
    /// </summary>
    /// <param name="rows">The rows; each has the same certificates.</param>
    /// <param name="classes">The list of classes.</param>
    public static IHtmlContent ToHtml(this IReadOnlyList<RowCertificates> rows, ClassList? classes = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            return Markup.Shown(Markup.Of($"<p>No rows.</p>\n"));
        CertificateKind[] kinds = [.. rows[0].Certificates.Select(certificate => certificate.Kind)];
        (RowCertificates Row, int Number)[] fragile =
            [.. rows.Index().OrderBy(row => row.Item[kinds[^1]].Radius).Take(MostRows).Select(row => (row.Item, row.Index))];
        return Markup.Shown(
        [
            .. Curves([.. kinds.Select(kind => (kind.Name, (AccuracyCurve)CertifiedAccuracy.Of(kind, rows, [])))], hasTruth: false),
            Markup.Table(
                fragile.Length < rows.Count
                    ? $"The {MostRows} of {rows.Count:N0} rows with the smallest {kinds[^1]} radii."
                    : $"The rows, the smallest {kinds[^1]} radius first.",
                ["row", "prediction", .. kinds.Select(kind => kind.Name)],
                fragile.Select(entry => (string[])
                [
                    Number(entry.Number), Name(entry.Row[kinds[^1]].Prediction, classes),
                    .. entry.Row.Certificates.Select(Radius),
                ])),
        ]);
    }

    /// <summary>Certified accuracy against the number of flips.</summary>
    /// <param name="curve">The curve.</param>
    public static IHtmlContent ToHtml(this AccuracyCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        return Markup.Shown(Curves([(Name(curve), curve)], HasTruth(curve)));
    }

    /// <summary>Several curves of the same rows in one chart.</summary>
    /// <param name="curves">The curves, such as one for each kind of certificate.</param>
    public static IHtmlContent ToHtml(this IReadOnlyList<CertifiedAccuracy> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        return Markup.Shown(curves.Count == 0
            ? [Markup.Of($"<p>No curves.</p>\n")]
            : Curves([.. curves.Select(curve => (Name(curve), (AccuracyCurve)curve))], HasTruth(curves[0])));
    }

    /// <summary>Which labels to check first, and what the radii gain by it.</summary>
    /// <param name="audit">The audit.</param>
    /// <param name="classes">The list of classes.</param>
    public static IHtmlContent ToHtml(this LabelAudit audit, ClassList? classes = null)
    {
        ArgumentNullException.ThrowIfNull(audit);
        long[] totals = [audit.TotalRadius, .. audit.Suggestions.Select(one => one.TotalRadius)];
        var chart = new NotebookChart(
            "What checking the suggested labels adds to the radii",
            $"The radii of {Number(audit.CountedRows)} rows add up to {Number(audit.TotalRadius)} before a label is checked, and to "
                + $"{Number(totals[^1])} after {Number(audit.Suggestions.Count)}.",
            "labels checked, as suggested", "added to the sum of radii")
        {
            Highest = Math.Max(1, totals[^1] - totals[0]),
            IsWhole = true,
            Height = Number,

            // What one more label adds is there once it is checked, and not before.
            Lines =
            [
                ("added", [.. totals.Index()
                    .Select(total => (Math.Min(total.Index + 1.0, totals.Length - 1), (double)(total.Item - totals[0])))]),
            ],
        };
        return Markup.Shown(
            Markup.Of(
                $"<p>{Number(audit.Contradicted)} labels are contradicted, {Number(audit.ClearlyContradicted)} of them clearly.</p>\n"),
            chart.Draw(), Table(audit.Suggestions, classes));
    }

    /// <summary>Labels to check, the first to check first.</summary>
    /// <param name="suggestions">The suggestions of an audit.</param>
    /// <param name="classes">The list of classes.</param>
    public static IHtmlContent ToHtml(this IReadOnlyList<Suggestion> suggestions, ClassList? classes = null)
    {
        ArgumentNullException.ThrowIfNull(suggestions);
        return Markup.Shown(Table(suggestions, classes));
    }

    /// <summary>The cheapest flips that change a prediction.</summary>
    /// <param name="witness">The witness.</param>
    /// <param name="classes">The list of classes.</param>
    public static IHtmlContent ToHtml(this Witness witness, ClassList? classes = null)
    {
        ArgumentNullException.ThrowIfNull(witness);
        string cost = witness.Cost == witness.Flips.Count ? "" : $", which cost {Number(witness.Cost)}";
        return Markup.Shown(Markup.Table(
            $"These {Number(witness.Flips.Count)} flips{cost} turn {Name(witness.Prediction, classes)} into "
            + $"{Name(witness.Rival, classes)}.",
            ["training row", "from", "to"],
            witness.Flips.Select(flip => (string[])[Number(flip.Row), Name(flip.From, classes), Name(flip.To, classes)])));
    }

    private static Markup[] Curves(IReadOnlyList<(string Name, AccuracyCurve Curve)> curves, bool hasTruth)
    {
        string measure = hasTruth ? "Certified accuracy" : "Certified predictions";
        int largest = curves.Max(curve => curve.Curve.LargestBudget);
        var chart = new NotebookChart(
            $"{measure} against the number of flips",
            Sentences(curves.Select(curve =>
                $"{curve.Name}: {Percent(curve.Curve.At(0))} at 0 flips, median radius {Median(curve.Curve)}")),
            "flips r", measure.ToLowerInvariant())
        {
            Lines =
            [
                .. curves.Reverse().Select(curve => (curve.Name, (IReadOnlyList<(double, double)>)
                    [.. curve.Curve.Steps.Append(largest + 1).Distinct().Select(flips => ((double)flips, curve.Curve.At(flips)))])),
            ],
        };
        string[] Row(string name, Func<AccuracyCurve, string> value) => [name, .. curves.Select(curve => value(curve.Curve))];
        Markup table = Markup.Table(
            $"Share of {Number(curves[0].Curve.Rows)} rows {(hasTruth ? "classified correctly and " : "")}certified to "
            + $"stay so under any r flips.",
            ["flips r", .. curves.Select(curve => curve.Name)],
            [
                .. hasTruth ? [Row("accuracy", curve => Percent(curve.Accuracy))] : (string[][])[],
                .. FlipsToShow(largest).Select(flips => Row(Number(flips), curve => Percent(curve.At(flips)))),
                .. curves.Any(curve => curve.Curve.UnchangeableRows > 0)
                    ? [Row("any", curve => Percent(curve.UnchangeableRows / (double)curve.Rows))]
                    : (string[][])[],
                Row("median r", Median),
            ]);
        return [chart.Draw(), table];
    }

    private static Markup Table(IReadOnlyList<Suggestion> suggestions, ClassList? classes) => Markup.Table(
        "Labels to check, the first to check first.",
        ["training row", "label", "suggested", "why", "radius of that", "radii gain", "sum of radii then"],
        suggestions.Select(one => (string[])
        [
            Number(one.Row), Name(one.Label, classes), Name(one.SuggestedClass, classes),
            one.Reason == SuggestionReason.Contradicted ? "contradicted" : "relied on",
            one.Reason == SuggestionReason.Contradicted ? one.ContradictionRadius.ToString() : "",
            Number(one.RadiusGain), Number(one.TotalRadius),
        ]));

    // 0, 1, 2, 5, 10, 20, 50 and so on, up to the last number at which something is certified.
    private static IEnumerable<int> FlipsToShow(int largest)
    {
        long decade = 1;
        long[] mantissas = [1, 2, 5];
        yield return 0;
        for (int i = 0; decade * mantissas[i] <= largest; i = (i + 1) % mantissas.Length)
        {
            yield return (int)(decade * mantissas[i]);
            decade *= i == mantissas.Length - 1 ? 10 : 1;
        }
    }

    private static bool HasTruth(AccuracyCurve curve) => curve is not CertifiedAccuracy { ByClass: null };

    private static string Name(AccuracyCurve curve) => curve is CertifiedAccuracy certified ? certified.Kind.Name : "curve";

    private static string Name(int c, ClassList? classes) =>
        c == Certificate.Abstention ? "abstains" : classes is null ? $"class {Number(c)}" : classes[c];

    private static string Radius(Certificate certificate) => certificate.IsCertified
        ? $"{certificate.Radius}{(certificate.AssumesClasses ? " (with these classes)" : "")}"
        : "not certified";

    private static string Median(AccuracyCurve curve) =>
        double.IsInfinity(curve.MedianRadius) ? "any" : curve.MedianRadius.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Sentences(IEnumerable<string> parts) => string.Join("; ", parts) + ".";
}
