using CertiFlip.Certification;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>The chart's numbers as a table.</summary>
internal static class CurveTable
{
    public static string Html(CurveSet set)
    {
        string Row(string name, Func<CertifiedAccuracy, string> value) =>
            $"<tr><th scope=\"row\">{name}</th>{string.Concat(set.Curves.Select(curve => $"<td>{value(curve.Accuracy)}</td>"))}</tr>\n";

        return $"""
            <h2>The same in numbers</h2>
            <div class="scroll">
            <table>
            <caption>In the median, a row that is wrong or not certified counts as radius 0.</caption>
            <thead><tr><th scope="col">flips r</th>{string.Concat(set.Curves.Select(curve => $"<th scope=\"col\">{curve.Name}</th>"))}</tr></thead>
            <tbody>
            {(set.Problem.HasTruth ? Row("accuracy", curve => Format.Percent(curve.Accuracy)) : "")}{string.Concat(set.FlipsToShow().Select(flips => Row($"{flips:N0}", curve => Format.Percent(curve.At(flips)))))}{Row("median radius", curve => $"{curve.MedianRadius:N1}")}</tbody>
            </table>
            </div>
            """;
    }
}
