using System.Numerics;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Commands.Compare;

/// <summary>What changed from one run of <c>certify</c> to another, on the test rows that both have.</summary>
/// <param name="Before">The earlier run.</param>
/// <param name="After">The later run.</param>
/// <param name="IsById">Whether rows were matched by their ids, not their numbers.</param>
/// <param name="Rows">The rows of both, by the main certificate, in the order of the earlier run.</param>
/// <param name="Certificates">What each certificate of both says of these rows, in the order of the later run.</param>
/// <param name="Main">The certificate that single rows are compared by.</param>
internal sealed record RunDiff(
    RunFile Before, RunFile After, bool IsById, IReadOnlyList<RowChange> Rows, IReadOnlyList<CertificateChange> Certificates,
    CertificateChange Main)
{
    /// <summary>What radii count.</summary>
    public RadiusUnit Unit { get; } = RadiusUnit.Named(After.Unit);

    /// <summary>Rows that the earlier run alone has.</summary>
    public required IReadOnlyList<string> OnlyBefore { get; init; }

    /// <summary>Rows that the later run alone has.</summary>
    public required IReadOnlyList<string> OnlyAfter { get; init; }

    /// <summary>What is required of the change.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; private init; } = [];

    /// <summary>Settings and data that differ; null where a run has no such setting.</summary>
    public IReadOnlyList<(string Name, string? Before, string? After)> Settings => field ??=
    [
        .. from name in After.Settings.Concat(Before.Settings).Select(setting => setting.Name).Distinct()
           let before = Before.Settings.Where(setting => setting.Name == name).Select(setting => setting.Value).FirstOrDefault()
           let after = After.Settings.Where(setting => setting.Name == name).Select(setting => setting.Value).FirstOrDefault()
           where before != after
           select (name, before, after),
    ];

    /// <summary>Whether the labels of the rows are known.</summary>
    public bool HasTruth => Rows.All(row => row.LabelAfter is not null);

    /// <summary>Rows that survive less than before, those that lost most first.</summary>
    public IReadOnlyList<RowChange> Lost => field ??= [.. Rows.Where(row => row.Gain < 0).OrderBy(row => row.Gain)];

    /// <summary>Rows that survive more than before, those that gained most first.</summary>
    public IReadOnlyList<RowChange> Gained => field ??= [.. Rows.Where(row => row.Gain > 0).OrderByDescending(row => row.Gain)];

    public IReadOnlyList<RowChange> NewlyWrong => field ??= [.. Rows.Where(row => row is { WasRight: true, IsRight: false })];

    public IReadOnlyList<RowChange> NewlyRight => field ??= [.. Rows.Where(row => row is { WasRight: false, IsRight: true })];

    /// <summary>Rows with another prediction than before.</summary>
    public IReadOnlyList<RowChange> Changed => field ??= [.. Rows.Where(row => row.PredictionBefore != row.PredictionAfter)];

    /// <summary>Rows whose own label was changed between the runs.</summary>
    public int Relabelled => Rows.Count(row => row.LabelBefore != row.LabelAfter);

    /// <summary>0, 1, 2, 5, 10, 20, 50, … as far as either run's radii go.</summary>
    public IEnumerable<int> FlipsToShow => [0, .. CurveSet.RoundNumbersTo(LargestDrawn)];

    /// <summary>Where charts end.</summary>
    public int LargestDrawn => Certificates.SelectMany(one => (AccuracyCurve[])[one.Before, one.After])
        .Max(curve => curve.LargestBudget + (curve.UnchangeableRows > 0 ? 1 : 0));

    /// <summary>
    /// What the two runs are called: by their data where these have different names, or else by their files.
    /// </summary>
    public (string Before, string After) Names =>
        Before.Subject is { } before && After.Subject is { } after && before != after
            ? (Wording.Name(before), Wording.Name(after))
            : (Wording.Name(Path.GetFileName(Before.Path)), Wording.Name(Path.GetFileName(After.Path)));

    /// <summary>Compares two runs.</summary>
    /// <param name="before">The earlier run.</param>
    /// <param name="after">The later run.</param>
    /// <param name="certificate">The certificate to compare rows by; null for the exact one, or else the last.</param>
    /// <param name="byNumber">Whether the user says that the same number means the same row.</param>
    /// <exception cref="DataException">The runs cannot be compared.</exception>
    /// <exception cref="UsageException">There is no such certificate in both.</exception>
    public static RunDiff Of(RunFile before, RunFile after, string? certificate, bool byNumber)
    {
        if (before.Unit != after.Unit)
            throw new DataException(
                $"{after.Path}: radii count {after.Unit}, but those of {before.Path} count {before.Unit}: they cannot be compared.");
        string[] common = [.. after.Certificates.Select(one => one.Name).Where(before.Certificates.Select(one => one.Name).Contains)];
        if (common.Length == 0)
            throw new DataException(
                $"{after.Path}: has the certificates {List(after)}, but {before.Path} has {List(before)}: none is in both.");
        if (certificate is not null && !common.Contains(certificate))
            throw new UsageException(
                $"--certificate '{certificate}': expected one that both runs have: {string.Join(", ", common)}.");
        string main = certificate ?? (common.Contains(CertificateKind.Exact.Name) ? CertificateKind.Exact.Name : common[^1]);
        bool isById = !byNumber && before.Ids.Count > 0 && after.Ids.Count > 0;
        if (!isById && !byNumber)
            RefuseOtherRows(before, after);
        (int Before, int After)[] pairs = isById ? Pairs(before.Ids, after.Ids) : Pairs(before.Numbers, after.Numbers);
        if (pairs.Length == 0)
            throw new DataException(
                $"{after.Path}: no row has the {(isById ? "id" : "number")} of one in {before.Path}: these are other test rows.");
        string[] classes = [.. after.Classes.Concat(before.Classes).Distinct()];
        CertificateChange[] changes = [.. common.Select(name => CertificateChange.Of(name, RowsBy(name, before, after, pairs), classes))];
        HashSet<int> ofBefore = [.. pairs.Select(pair => pair.Before)], ofAfter = [.. pairs.Select(pair => pair.After)];
        return new RunDiff(
            before, after, isById, RowsBy(main, before, after, pairs), changes, changes.First(change => change.Name == main))
        {
            OnlyBefore = [.. Enumerable.Range(0, before.Count).Where(row => !ofBefore.Contains(row)).Select(before.NameOf)],
            OnlyAfter = [.. Enumerable.Range(0, after.Count).Where(row => !ofAfter.Contains(row)).Select(after.NameOf)],
        };
    }

    /// <summary>The same with conditions decided.</summary>
    /// <exception cref="UsageException">A condition needs labels, and there are none.</exception>
    public RunDiff Require(IReadOnlyList<Condition> conditions) => this with { Verdicts = [.. conditions.Select(Decide)] };

    private Verdict Decide(Condition condition)
    {
        CertificateChange change = condition.Name is { } name ? Certificates.First(one => one.Name == name) : Main;
        if (!HasTruth && condition.Measure is ConditionMeasure.Accuracy or ConditionMeasure.BalancedAccuracy or ConditionMeasure.WrongRows)
            throw new UsageException($"--require '{condition.Text}': the test rows have no labels, so it is not known which are right.");
        switch (condition.Measure)
        {
            case ConditionMeasure.LostRows: return Counted(Lost.Count);
            case ConditionMeasure.WrongRows: return Counted(NewlyWrong.Count);
            case ConditionMeasure.ChangedRows: return Counted(Changed.Count);
            case ConditionMeasure.Certified: return Share(change.Before.At(condition.Flips), change.After.At(condition.Flips));
            case ConditionMeasure.Accuracy: return Share(change.Before.Accuracy, change.After.Accuracy);
            case ConditionMeasure.MedianRadius:
                (double before, double after) = (change.Before.MedianRadius, change.After.MedianRadius);
                double gain = before == after ? 0 : after - before;
                return new Verdict(condition, gain, double.IsInfinity(gain) ? gain > 0 : (decimal)gain >= condition.Bound);
            case ConditionMeasure.BalancedAccuracy:
                (BigInteger one, BigInteger ofOne) = Verdict.MeanOf(change.ClassesBefore!);
                (BigInteger other, BigInteger ofOther) = Verdict.MeanOf(change.ClassesAfter!);
                return new Verdict(
                    condition, change.ClassesAfter!.BalancedAccuracy - change.ClassesBefore!.BalancedAccuracy,
                    Verdict.Reaches(other * ofOne - one * ofOther, ofOne * ofOther, condition.Bound));
            default: throw new ArgumentOutOfRangeException(nameof(condition), condition, null);
        }

        Verdict Counted(int count) => new(
            condition, condition.IsShare ? count / (double)Rows.Count : count,
            Verdict.Reaches(-count, condition.IsShare ? Rows.Count : 1, -condition.Bound));

        Verdict Share(double earlier, double later)
        {
            BigInteger gained = Verdict.Numerator(later, Rows.Count) - Verdict.Numerator(earlier, Rows.Count);
            return new Verdict(condition, (double)gained / Rows.Count, Verdict.Reaches(gained, Rows.Count, condition.Bound));
        }
    }

    /// <summary>
    /// Rows without ids are matched by their numbers: of one file, or of two whose labels say that they hold the same
    /// rows.
    /// </summary>
    private static void RefuseOtherRows(RunFile before, RunFile after)
    {
        if (before.TestRows.Checksum is { } checksum && checksum == after.TestRows.Checksum)
            return;
        string? other = before.Count != after.Count ? null
            : before.Labels.Count == 0 || after.Labels.Count == 0 ? "their files differ, and have no labels to tell them by"
            : !before.Labels.SequenceEqual(after.Labels) ? "their labels differ"
            : "";
        if (other is "")
            return;
        throw new DataException(
            $"{after.Path}: {Wording.Count(after.Count, "test row")} {after.TestRows.InWords}, but {before.Path} has "
            + $"{before.Count:N0} {before.TestRows.InWords}{(other is null ? "" : $", and {other}")}: these may be "
                + $"other rows. Name rows by a column of "
            + "ids with --id in both runs, or say with --by-number that the same number means the same row.");
    }

    private static (int Before, int After)[] Pairs<T>(IReadOnlyList<T> before, IReadOnlyList<T> after)
        where T : notnull
    {
        Dictionary<T, int> rows = after.Index().ToDictionary(row => row.Item, row => row.Index);
        return [.. before.Index().Where(row => rows.ContainsKey(row.Item)).Select(row => (row.Index, rows[row.Item]))];
    }

    private static RowChange[] RowsBy(string certificate, RunFile before, RunFile after, (int Before, int After)[] pairs)
    {
        RunFile.Certified one = before.Certificates.First(by => by.Name == certificate);
        RunFile.Certified other = after.Certificates.First(by => by.Name == certificate);
        return
        [
            .. pairs.Select(pair => new RowChange(
                before.NameOf(pair.Before), Label(before, pair.Before) ?? Label(after, pair.After),
                Label(after, pair.After) ?? Label(before, pair.Before), one.Predictions[pair.Before], other.Predictions[pair.After],
                one.Radii[pair.Before], other.Radii[pair.After])),
        ];

        static string? Label(RunFile run, int row) => run.Labels.Count > 0 ? run.Labels[row] : null;
    }

    private static string List(RunFile run) => string.Join(", ", run.Certificates.Select(one => one.Name));
}

/// <summary>A test row in two runs.</summary>
/// <param name="Name">Its id or its number.</param>
/// <param name="LabelBefore">Its label in the earlier run; null where it is not known.</param>
/// <param name="LabelAfter">Its label in the later run.</param>
/// <param name="PredictionBefore">The earlier prediction; null for an abstention.</param>
/// <param name="PredictionAfter">The later prediction.</param>
/// <param name="RadiusBefore">The earlier radius; null where the prediction was not certified.</param>
/// <param name="RadiusAfter">The later radius.</param>
internal sealed record RowChange(
    string Name, string? LabelBefore, string? LabelAfter, string? PredictionBefore, string? PredictionAfter, Radius? RadiusBefore,
    Radius? RadiusAfter)
{
    private const long Wrong = -2, NotCertified = -1;

    /// <summary>Whether it was right, or its label is not known.</summary>
    public bool WasRight => LabelBefore is null || PredictionBefore == LabelBefore;

    /// <summary>Whether it is right, or its label is not known.</summary>
    public bool IsRight => LabelAfter is null || PredictionAfter == LabelAfter;

    /// <summary>
    /// By how much its standing rose: a wrong row stands below one that is right and not certified, and that below a
    /// radius of 0.
    /// </summary>
    public long Gain => Standing(IsRight, RadiusAfter) - Standing(WasRight, RadiusBefore);

    /// <summary>What happened to it.</summary>
    public string Outcome => this switch
    {
        { WasRight: true, IsRight: false } => "newly wrong",
        { WasRight: false, IsRight: true } => "newly right",
        { Gain: < 0 } => "lost",
        { Gain: > 0 } => "gained",
        { WasRight: false } => "wrong in both",
        _ => "same",
    };

    /// <summary>Its standing before, for people.</summary>
    public string Earlier => InWords(WasRight, RadiusBefore);

    /// <summary>Its standing after.</summary>
    public string Later => InWords(IsRight, RadiusAfter);

    private static string InWords(bool isRight, Radius? radius) =>
        !isRight ? "wrong" : radius is { } certified ? certified.IsAny ? "any" : $"{certified.Budget:N0}" : "not certified";

    private static long Standing(bool isRight, Radius? radius) =>
        !isRight ? Wrong : radius is not { } certified ? NotCertified : certified.IsAny ? int.MaxValue : certified.Budget;
}

/// <summary>What one certificate says in two runs, of the rows of both.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Before">
/// Certified accuracy in the earlier run, or the certified share where labels are not known.
/// </param>
/// <param name="After">The same in the later run.</param>
/// <param name="ClassesBefore">By class; null where labels are not known.</param>
/// <param name="ClassesAfter">The same in the later run.</param>
/// <param name="Classes">The names of the classes of both.</param>
internal sealed record CertificateChange(
    string Name, AccuracyCurve Before, AccuracyCurve After, AccuracyByClass? ClassesBefore, AccuracyByClass? ClassesAfter,
    IReadOnlyList<string> Classes)
{
    public static CertificateChange Of(string name, IReadOnlyList<RowChange> rows, IReadOnlyList<string> classes)
    {
        Dictionary<string, int> index = classes.Index().ToDictionary(one => one.Item, one => one.Index);
        AccuracyCurve Curve(IReadOnlyList<int> some, Func<RowChange, (bool IsRight, Radius? Radius)> of)
        {
            (bool IsRight, Radius? Radius)[] right = [.. some.Select(row => of(rows[row])).Where(one => one.IsRight)];
            return new AccuracyCurve(
                some.Count, some.Count == 0 ? 0 : right.Length / (double)some.Count, [.. right.Select(one => one.Radius).OfType<Radius>()]);
        }

        AccuracyByClass? ByClass(
            Func<RowChange, string?> prediction, Func<RowChange, string?> label, Func<RowChange, (bool, Radius?)> of) =>
            rows.Any(row => label(row) is null) ? null : AccuracyByClass.Of(
                [.. rows.Select(row => prediction(row) is { } c ? index[c] : Certificate.Abstention)],
                [.. rows.Select(row => index[label(row)!])], some => Curve(some, of));
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        (bool, Radius?) Earlier(RowChange row) => (row.WasRight, row.RadiusBefore);
        (bool, Radius?) Later(RowChange row) => (row.IsRight, row.RadiusAfter);
        return new CertificateChange(
            name, Curve(all, Earlier), Curve(all, Later), ByClass(row => row.PredictionBefore, row => row.LabelBefore, Earlier),
            ByClass(row => row.PredictionAfter, row => row.LabelAfter, Later), classes);
    }
}
