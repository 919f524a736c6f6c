using CertiFlip.Certificates;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report.Inputs;
using CertiFlip.Cli.Report.Markup;
using CertiFlip.Cli.Report.Pages;

namespace CertiFlip.Cli.Report.Sections;

/// <summary>The predictions that fewest wrong labels would change, and which labels those are: what somebody should check first.</summary>
/// <param name="result">The run.</param>
/// <param name="kind">The certificate that tells which rows are fragile.</param>
internal sealed class FragileSection(CertifyResult result, CertificateKind kind)
{
    private const int MostRows = 8, MostFlips = 12;

    private readonly RowImages? _test = RowImages.Of(result.Problem.Test), _training = RowImages.Of(result.Problem.Training);

    private Problem Problem => result.Problem;

    /// <summary>By the exact certificate where it was asked for, or else the last one.</summary>
    public static ReportSection Of(CertifyResult result)
    {
        IReadOnlyList<CertificateKind> kinds = result.Method.Certificates;
        return new FragileSection(result, kinds.Contains(CertificateKind.Exact) ? CertificateKind.Exact : kinds[^1]).Section();
    }

    private ReportSection Section()
    {
        string least = kind == CertificateKind.Exact
            ? "One more wrong label than a row survives, chosen for it, changes its prediction: those listed here are such labels, and no fewer would do. They are the ones to check first."
            : $"By the certificate {kind.Name()}, which may prove less than is true: more wrong labels may be needed than one beyond the radius.";
        int[] rows = [.. Enumerable.Range(0, result.Rows.Count).Where(row => CertificateOf(row).Prediction != Certificate.Abstention).OrderBy(row => CertificateOf(row).Radius)];
        return new ReportSection("fragile", "Fragile rows", "The most fragile predictions", Html.Of($"<p>{least}</p>\n{(Problem.HasTruth
            ? Html.Of($"{List("Right", "No prediction is right.", rows.Where(IsRight))}{List("Wrong", "No prediction is wrong.", rows.Where(row => !IsRight(row)))}")
            : List("Right or wrong: the rows have no labels", "There are none.", rows))}"));
    }

    private Html List(string title, string none, IEnumerable<int> rows)
    {
        int[] shown = [.. rows.Take(MostRows)];
        return Html.Of($"<h3>{title}</h3>\n{(shown.Length == 0 ? Html.Of($"<p>{none}</p>\n") : Html.Of($"<ol class=\"cards\">\n{shown.Select(Card)}</ol>\n"))}");
    }

    private Html Card(int row)
    {
        Certificate certificate = CertificateOf(row);
        string prediction = Problem.Classes[certificate.Prediction];
        string label = Problem.HasTruth ? $"labelled {Problem.Test.Labels[row]}" : "not labelled";
        string survives = !certificate.IsCertified ? "not certified"
            : certificate.Radius == 0 ? "survives no wrong label"
            : $"survives any {Wording.Count(certificate.Radius, "wrong label")}";
        return Html.Of($"""
            <li>
            {_test?.Show(row, $"Test row {row}") ?? Html.Empty}<div>
            <p><strong>Test row {row}</strong>: predicted {prediction}, {label}; {survives}.</p>
            {Flips(row)}</div>
            </li>

            """);
    }

    private Html Flips(int row)
    {
        if (kind != CertificateKind.Exact || result.Outcome.Certifier is not { } certifier)
            return Html.Empty;
        if (!certifier.TryFindWitness(Problem.Test.Features.Row(row), out Witness? witness))
            return Html.Of($"<p>No labels at all would change it.</p>\n");
        int more = witness.Flips.Count - MostFlips;
        return Html.Of($"""
            <p>{(witness.Flips.Count == 1 ? "This label" : $"These {witness.Flips.Count:N0} labels")} would put {Problem.Classes[witness.Rival]} before it:</p>
            <ul class="flips">
            {witness.Flips.Take(MostFlips).Select(Flip)}{(more > 0 ? Html.Of($"<li>and {more:N0} more</li>\n") : Html.Empty)}</ul>

            """);
    }

    private Html Flip(LabelFlip flip) => Html.Of(
        $"<li>{_training?.Show(flip.Row, $"Training row {flip.Row}") ?? Html.Empty}<span>training row {flip.Row}: {Problem.Classes[flip.From]} → {Problem.Classes[flip.To]}</span></li>\n");

    private Certificate CertificateOf(int row) => result.Rows[row][kind];

    private bool IsRight(int row) => CertificateOf(row).Prediction == Problem.Truth[row];
}
