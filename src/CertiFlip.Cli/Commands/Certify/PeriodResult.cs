using CertiFlip.Cli.Output;
using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>What predictions survive of an adversary who owns the labels of any period of time.</summary>
/// <param name="Data">The data.</param>
/// <param name="Question">What was asked.</param>
/// <param name="Rows">For each test row the shortest period that decides it.</param>
internal sealed record PeriodResult(RunData Data, PeriodQuestion Question, IReadOnlyList<PeriodCertificate> Rows)
{
    private const int MostRows = 8;

    private static readonly int[] Shares = [90, 75, 50, 25, 10];

    private TimeAxis Axis => Question.Axis;

    /// <summary>The names of the columns that it adds to the file.</summary>
    public IReadOnlyList<(string Name, Func<int, string> Value)> Columns =>
    [
        ("shortest_period", row => Rows[row].Weakest is { } weakest ? Csv.Text(weakest.Length) : "any"),
        ("period_start", row => Rows[row].Weakest is { } weakest ? Axis.Show(weakest.Start) : ""),
        ("period_end", row => Rows[row].Weakest is { } weakest ? Axis.Show(weakest.End) : ""),
        .. Question.Window is { } window ? [("window_survived", row => Rows[row].Survives(window) ? "true" : "false")]
            : ((string Name, Func<int, string> Value)[])[],
    ];

    /// <summary>The share of rows that are correct and survive every period of a length.</summary>
    public double Survived(decimal length) =>
        Enumerable.Range(0, Rows.Count).Count(row => IsRight(row) && Rows[row].Survives(length)) / (double)Rows.Count;

    /// <summary>
    /// The length below which at least some percent of the rows are correct and survive every period; null where that
    /// is every length.
    /// </summary>
    public decimal? ShortestFor(int percent)
    {
        decimal?[] lengths = [.. Ranked.Select(row => IsRight(row) ? Rows[row].Weakest?.Length : 0)];
        return lengths[(int)((100L - percent) * Rows.Count / 100)];
    }

    /// <summary>All of it in sentences.</summary>
    public string Sentences
    {
        get
        {
            string what = Data.HasTruth ? "are correct and stay so" : "stay the same";
            string window = Question.Window is { } length
                ? $"Whoever owns the labels of any one period [t, t + {Axis.ShowLength(length)}] by {Question.Time}: "
                    + $"{Format.Percent(Survived(length))} of the predictions {what}."
                : $"Whoever owns the labels of any one period [t, t + T] by {Question.Time}:";
            string half = ShortestFor(50) switch
            {
                null => "At least half of them survive every period.",
                0 => "Less than half survive the loss of every single moment.",
                { } shortest => $"At least half survive every period that is shorter than {Axis.ShowLength(shortest)}.",
            };
            string classes = Rows.Any(row => row.AssumesClasses)
                ? " Some of these periods have all labels of a class in them: there it holds for this list of classes only."
                : "";
            return $"{window} {half}{classes}";
        }
    }

    /// <summary>The section of a report.</summary>
    public ReportSection Section()
    {
        var shares = new HtmlTable(
            "periods-table",
            "Rows that survive every period up to a length, both ends included.",
            ["at least this share", $"{(Data.HasTruth ? "is correct and " : "")}survives every period shorter than"],
            Shares.Select(share => ($"{share} %", (IReadOnlyList<string>)[InWords(ShortestFor(share))])));
        var weakest = new HtmlTable(
            "weakest-periods-table",
            "The shortest periods whose labels decide a correct prediction.",
            ["test row", "prediction", "from", "to", "length", "would become"],
            Ranked.Where(row => IsRight(row) && Rows[row].Weakest is not null).Take(MostRows).Select(Weakest));
        return new ReportSection("periods", "Periods", "If somebody owns the labels of a period of time", Html.Of($"""
            <p>{Sentences} The adversary may choose the period, and change its labels to anything{Data.Adversary.WithinLimits()}. Other
            labels stay as they are, and so does the list of classes. This is exact, and speaks of the head.</p>
            {shares.ToHtml()}{weakest.ToHtml()}
            """));
    }

    private IEnumerable<int> Ranked => Enumerable.Range(0, Rows.Count)
        .OrderBy(row => IsRight(row) ? Rows[row].Weakest?.Length ?? decimal.MaxValue : 0).ThenBy(row => row);

    private (string Name, IReadOnlyList<string> Cells) Weakest(int row)
    {
        DecisivePeriod period = Rows[row].Weakest!;
        return (Data.Test.NameOf(row),
        [
            Data.Classes[Rows[row].Prediction], Axis.Show(period.Start), Axis.Show(period.End), Axis.ShowLength(period.Length),
            Data.Classes[period.Rival],
        ]);
    }

    private string InWords(decimal? length) => length is { } known ? Axis.ShowLength(known) : "any";

    private bool IsRight(int row) => !Data.HasTruth || Rows[row].Prediction == Data.Truth[row];
}

/// <summary>The same as JSON.</summary>
/// <param name="Time">What the user calls the times.</param>
/// <param name="Unit"><c>seconds</c> of dates, left out of numbers.</param>
/// <param name="Window">The length that was asked for, left out if none was.</param>
/// <param name="Survived">The share of rows that are correct and survive it, likewise.</param>
/// <param name="HalfSurvivesShorterThan">
/// At least half of the rows do so for every shorter period; left out if for all.
/// </param>
/// <param name="HalfSurvivesAny">That it is for all, left out if not.</param>
/// <param name="ListedClassesOnly">That some periods could take away a class, left out if not.</param>
internal sealed record PeriodJson(
    string Time, string? Unit, decimal? Window, double? Survived, decimal? HalfSurvivesShorterThan, bool? HalfSurvivesAny,
    bool? ListedClassesOnly)
{
    /// <summary>Null where there is none.</summary>
    public static PeriodJson? Of(PeriodResult? periods)
    {
        if (periods is null)
            return null;
        decimal? half = periods.ShortestFor(50);
        return new PeriodJson(
            periods.Question.Time, periods.Question.Axis.AreDates ? "seconds" : null, periods.Question.Window,
            periods.Question.Window is { } window ? periods.Survived(window) : null, half, half is null ? true : null,
            periods.Rows.Any(row => row.AssumesClasses) ? true : null);
    }
}
