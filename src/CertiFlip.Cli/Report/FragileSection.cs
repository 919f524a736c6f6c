using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>
/// The predictions that fewest wrong labels would change, and which labels those are: what somebody should check first.
/// </summary>
/// <param name="data">The data.</param>
/// <param name="outcome">What a method found out about them.</param>
/// <param name="kind">The certificate that tells which rows are fragile.</param>
/// <param name="name">What the user calls it.</param>
/// <param name="views">What people see of rows.</param>
internal sealed class FragileSection(RunData data, MethodResult outcome, CertificateKind kind, string name, RowViews views)
{
    private const int MostRows = 8, MostFlips = 12;

    /// <summary>What labels that are wrong at random do, where that is known.</summary>
    public RandomNoise? Noise { get; init; }

    private RadiusUnit Unit => RadiusUnit.Of(data);

    public ReportSection Section()
    {
        string least = kind == CertificateKind.Exact
            ? Unit.IsVotes
                ? "Labels whose change takes one vote more than a row survives, chosen for that row, change its "
                    + "prediction. The labels listed "
                    + "here are the cheapest such labels. Check them first."
                    + (data.Classes.Count > 2 ? " To give them just these classes may take more votes than that." : "")
            : Unit.IsCost
                ? "Flips that cost one more than a row survives, chosen for that row, change its prediction. The labels listed here are "
                    + "the cheapest such flips. Check them first."
                : "One more flip than a row survives, chosen for that row, changes its prediction. The labels listed here are such flips, "
                    + "as few as possible. Check them first."
            : kind == CertificateKind.Rows
                ? "The cheapest rows that change a prediction cost one more than its radius."
                : $"By the certificate {name}. It may prove less than is true: changing a prediction may need more "
                    + $"{Unit.Thing}s{Unit.After} "
                    + "than its radius plus one.";
        int[] rows =
        [
            .. Enumerable.Range(0, outcome.Rows.Count).Where(row => CertificateOf(row).Prediction != Certificate.Abstention)
                .OrderBy(row => CertificateOf(row).Radius),
        ];
        Html lists = data.HasTruth
            ? Html.Of($"{List("Correct", "No prediction is correct.", rows.Where(IsRight))}{Wrong(rows)}")
            : List("Correct or wrong: the test rows have no labels", "There are none.", rows);
        return new ReportSection("fragile", "Fragile rows", "The most fragile predictions", Html.Of($"<p>{least}{Legend()}</p>\n{lists}"));
    }

    private string Legend() => views.Test?.Legend is { } legend ? $" {legend}" : "";

    private Html Wrong(int[] rows) => List("Wrong", "No prediction is wrong.", rows.Where(row => !IsRight(row)));

    private Html List(string title, string none, IEnumerable<int> rows)
    {
        int[] shown = [.. rows.Take(MostRows)];
        Html cards = shown.Length == 0 ? Html.Of($"<p>{none}</p>\n") : Html.Of($"<ol class=\"cards\">\n{shown.Select(Card)}</ol>\n");
        return Html.Of($"<h3>{title}</h3>\n{cards}");
    }

    private Html Card(int row)
    {
        Certificate certificate = CertificateOf(row);
        Html prediction = Html.Name(data.Classes[certificate.Prediction]);
        Html label = data.HasTruth ? Html.Of($"labelled {Html.Name(data.Test.Labels[row])}") : Html.Made("not labelled");
        string survives = !certificate.IsCertified ? "not certified"
            : certificate.Radius.IsAny
                && certificate.AssumesClasses ? $"no {Unit.Thing}s change it while the list of classes stays the same"
            : certificate.Radius.IsAny ? $"no {Unit.Thing}s{Unit.After} change it"
            : certificate.Radius.Budget == 0 ? $"survives no {(Unit.IsCost ? "cost" : Unit.Thing + Unit.After)}"
            : $"survives {Unit.Any(certificate.Radius.Budget)}";
        Html noise = Noise?.OfRow(row, certificate.Prediction) is { Length: > 0 } sentence ? Html.Of($" {sentence}") : Html.Empty;
        return Html.Of($"""
            <li>
            <p><strong>{data.RowName} {data.Test.NameOf(row)}</strong>: predicted {prediction}, {label}; {survives}.{noise}</p>
            {views.Test?.Show(row, $"{data.RowName} {data.Test.NameOf(row)}", ViewSize.Large) ?? Html.Empty}<div class="witness">
            {Flips(row)}</div>
            </li>

            """);
    }

    private Html Flips(int row)
    {
        if (kind != CertificateKind.Exact || outcome.Certifier is not { } certifier)
            return Html.Empty;
        bool isFound = data.IsLeaveOneOut
            ? ((Certifier)certifier).TryFindLeftOutWitness(data.Training.Features, row, out Witness? witness)
            : certifier.TryFindWitness(data.Test.Features.Row(row), out witness);
        if (!isFound && !CertificateOf(row).IsCertified)
            return Html.Of($"<p>Rounding leaves open which class is ahead.</p>\n");
        if (witness is null)
            return Html.Of($"<p>No flips{(data.Adversary.IsUnlimited ? "" : " that the adversary can make")} change it.</p>\n");
        int more = witness.Flips.Count - MostFlips;
        string flips = witness.Flips.Count == 1 ? "This flip" : $"These {witness.Flips.Count:N0} flips";
        return Html.Of($"""
            <p>{flips} would change the prediction to {Html.Name(data.Classes[witness.Rival])}:</p>
            <ul class="flips">
            {witness.Flips.Take(MostFlips).Select(Flip)}{(more > 0 ? Html.Of($"<li>and {more:N0} more</li>\n") : Html.Empty)}</ul>

            """);
    }

    private Html Flip(LabelFlip flip)
    {
        Html change = Html.Of($"{Html.Name(data.Classes[flip.From])} → {Html.Name(data.Classes[flip.To])}");
        Html view = views.Training?.Show(flip.Row, $"Training row {data.Training.NameOf(flip.Row)}", ViewSize.Small) ?? Html.Empty;
        return Html.Of($"<li><span>training row {data.Training.NameOf(flip.Row)}: <span>{change}</span></span>{view}</li>\n");
    }

    private Certificate CertificateOf(int row) => outcome.Rows[row][kind];

    private bool IsRight(int row) => CertificateOf(row).Prediction == data.Truth[row];
}
