using System.Globalization;
using System.Numerics;
using Spectre.Console;

namespace CertiFlip.Cli.Output;

/// <summary>
/// What a pipeline requires of a run: a number that must be reached, such as <c>exact@10&gt;=0.8</c>.
/// </summary>
/// <param name="Text">As written.</param>
/// <param name="Measure">What is measured.</param>
/// <param name="Name">Of which certificate; null for that of the fragile rows: the exact one, or else the last.</param>
/// <param name="Flips">At how many flips, or at which cost; 0 where that has no meaning.</param>
/// <param name="Bound">The least that is enough, or of rows the most that are allowed.</param>
internal sealed record Condition(string Text, ConditionMeasure Measure, string? Name, int Flips, decimal Bound)
{
    /// <summary>What a list of conditions looks like.</summary>
    public const string Expected = "conditions such as exact@10>=0.8, median>=12, median:kl>=5, accuracy>=90% or balanced>=0.85, "
        + "separated by commas";

    /// <summary>What a list of conditions on a change looks like.</summary>
    public const string ExpectedOfChange = "conditions such as lost<=5%, wrong<=0, median>=-1, exact@10>=-1% or accuracy>=0, "
        + "separated by commas";

    /// <summary>The name of the share that survives one adversary for all rows.</summary>
    public const string Collective = CollectiveCurve.Name;

    /// <summary>Whether rows are counted, of which no more are allowed than the bound.</summary>
    public bool CountsRows => Measure is ConditionMeasure.LostRows or ConditionMeasure.WrongRows or ConditionMeasure.ChangedRows;

    /// <summary>Whether the bound is a share.</summary>
    public bool IsShare => Measure != ConditionMeasure.MedianRadius && (!CountsRows || Text.EndsWith('%'));

    /// <summary>The conditions of a list, or null if one of them is none.</summary>
    public static IReadOnlyList<Condition>? TryParseList(string list) => TryParseEach(list, text => TryParse(text, ofChange: false));

    /// <summary>The same of conditions on what changed from one run to another.</summary>
    public static IReadOnlyList<Condition>? TryParseListOfChange(string list) =>
        TryParseEach(list, text => TryParseRows(text) ?? TryParse(text, ofChange: true));

    private static IReadOnlyList<Condition>? TryParseEach(string list, Func<string, Condition?> parse)
    {
        Condition?[] conditions = [.. list.Split(',', StringSplitOptions.TrimEntries).Select(parse)];
        return conditions.Contains(null) ? null : [.. conditions.OfType<Condition>()];
    }

    private static Condition? TryParseRows(string text)
    {
        if (text.Split("<=", StringSplitOptions.TrimEntries) is not [var subject, var number])
            return null;
        ConditionMeasure? measure = subject switch
        {
            "lost" => ConditionMeasure.LostRows,
            "wrong" => ConditionMeasure.WrongRows,
            "changed" => ConditionMeasure.ChangedRows,
            _ => null,
        };
        bool isPercent = number.EndsWith('%');
        return measure is { } found && decimal.TryParse(
            isPercent ? number[..^1].TrimEnd() : number, isPercent ? NumberStyles.AllowDecimalPoint : NumberStyles.None,
            CultureInfo.InvariantCulture, out decimal most)
            ? new Condition(text, found, null, 0, isPercent ? most / 100 : most)
            : null;
    }

    private static Condition? TryParse(string text, bool ofChange)
    {
        if (text.Split(">=", StringSplitOptions.TrimEntries) is not [var subject, var number])
            return null;
        NumberStyles style = NumberStyles.AllowDecimalPoint | (ofChange ? NumberStyles.AllowLeadingSign : NumberStyles.None);
        (ConditionMeasure Measure, string? Name, int Flips)? what = Subject(subject);
        bool isPercent = number.EndsWith('%');
        if (what is not { } found || !decimal.TryParse(
            isPercent ? number[..^1].TrimEnd() : number, style, CultureInfo.InvariantCulture, out decimal least))
            return null;
        if (found.Measure == ConditionMeasure.MedianRadius)
            return isPercent ? null : new Condition(text, found.Measure, found.Name, found.Flips, least);
        least = isPercent ? least / 100 : least;
        return least is >= -1 and <= 1 ? new Condition(text, found.Measure, found.Name, found.Flips, least) : null;
    }

    private static (ConditionMeasure Measure, string? Name, int Flips)? Subject(string text)
    {
        if (text.LastIndexOf('@') is var at and > 0)
        {
            return int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int flips)
                ? (ConditionMeasure.Certified, text[..at].TrimEnd(), flips)
                : null;
        }

        string[] parts = text.Split(':', 2);
        string? name = parts is [_, var given] ? given : null;
        ConditionMeasure? measure = parts[0] switch
        {
            "median" => ConditionMeasure.MedianRadius,
            "accuracy" => ConditionMeasure.Accuracy,
            ClassFigures.Balanced => ConditionMeasure.BalancedAccuracy,
            _ => null,
        };
        return measure is { } found && name is not "" ? (found, name, 0) : null;
    }
}

/// <summary>What a condition is about.</summary>
internal enum ConditionMeasure
{
    /// <summary>Certified accuracy, or without test labels the share of rows that are certified.</summary>
    Certified,

    /// <summary>The median radius.</summary>
    MedianRadius,

    /// <summary>Accuracy without flips.</summary>
    Accuracy,

    /// <summary>The mean of the classes' accuracies.</summary>
    BalancedAccuracy,

    /// <summary>Rows that survive less than in an earlier run.</summary>
    LostRows,

    /// <summary>Rows that were right in an earlier run and are wrong.</summary>
    WrongRows,

    /// <summary>Rows with another prediction than in an earlier run.</summary>
    ChangedRows,
}

/// <summary>Whether a condition is met, decided on the unrounded numbers.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Found">What was found instead; infinite for a median radius that is any.</param>
/// <param name="IsMet">Whether that is enough.</param>
internal sealed record Verdict(Condition Condition, double Found, bool IsMet)
{
    private const int MostDigits = 12;

    /// <summary>What was found, with as many digits as show on which side of the condition it lies.</summary>
    public string FoundInWords
    {
        get
        {
            if (double.IsInfinity(Found))
                return Found > 0 ? "any" : "no longer any";
            if (!Condition.IsShare)
                return Found.ToString("0.#", CultureInfo.InvariantCulture);
            for (int digits = 1; ; digits++)
            {
                decimal shown = Math.Round((decimal)Found * 100, digits);
                bool meets = Condition.CountsRows ? shown <= Condition.Bound * 100 : shown >= Condition.Bound * 100;
                if (meets == IsMet || digits == MostDigits)
                    return $"{shown.ToString($"F{digits}", CultureInfo.InvariantCulture)} %";
            }
        }
    }

    /// <summary>The verdict in a word.</summary>
    public string InAWord => IsMet ? "passed" : "failed";

    /// <summary>Refuses conditions on what a run does not compute.</summary>
    /// <param name="conditions">The conditions.</param>
    /// <param name="names">The certificates that it computes.</param>
    /// <exception cref="UsageException">There is one.</exception>
    public static void RefuseUnknown(IReadOnlyList<Condition> conditions, IReadOnlyList<string> names)
    {
        foreach (Condition condition in conditions)
        {
            if (condition.Name is not { } name || names.Contains(name))
                continue;
            throw new UsageException(name == Condition.Collective
                ? $"--require '{condition.Text}': this run has no collective certificate; ask for one, or leave the condition out."
                : $"--require '{condition.Text}': this run has no certificate '{name}'; expected one of {string.Join(", ", names)}.");
        }
    }

    /// <summary>Decides conditions.</summary>
    /// <param name="conditions">The conditions.</param>
    /// <param name="set">The curves of the run.</param>
    /// <param name="main">The curve that is meant where none is named.</param>
    /// <param name="otherShare">
    /// The share of rows that survive a number of flips by the certificate of a name that is no curve of the run.
    /// </param>
    /// <exception cref="UsageException">A condition needs labels of the test rows, and there are none.</exception>
    public static IReadOnlyList<Verdict> Of(
        IReadOnlyList<Condition> conditions, CurveSet set, Curve main, Func<string, int, double>? otherShare = null) =>
        [.. conditions.Select(condition => Of(condition, set, main, otherShare))];

    private static Verdict Of(Condition condition, CurveSet set, Curve main, Func<string, int, double>? otherShare)
    {
        Curve? curve = condition.Name is { } name ? set.Curves.FirstOrDefault(curve => curve.Name == name) : main;
        if (curve is null)
            return OfShare(condition, otherShare!(condition.Name!, condition.Flips), set.Data.Test.Features.Rows);
        CertifiedAccuracy accuracy = curve.Accuracy;
        if (condition.Measure is ConditionMeasure.Accuracy or ConditionMeasure.BalancedAccuracy && !set.Data.HasTruth)
            throw new UsageException($"--require '{condition.Text}': the test rows have no labels, so their accuracy is not known.");
        return condition.Measure switch
        {
            ConditionMeasure.Certified => OfShare(condition, accuracy.At(condition.Flips), accuracy.Rows),
            ConditionMeasure.MedianRadius =>
                new Verdict(
                    condition, accuracy.MedianRadius,
                    double.IsInfinity(accuracy.MedianRadius) || (decimal)accuracy.MedianRadius >= condition.Bound),
            ConditionMeasure.Accuracy => OfShare(condition, accuracy.Accuracy, accuracy.Rows),
            ConditionMeasure.BalancedAccuracy => OfMean(condition, accuracy.ByClass!),
            _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, null),
        };
    }

    private static Verdict OfShare(Condition condition, double share, int rows) =>
        new(condition, share, Reaches(Numerator(share, rows), rows, condition.Bound));

    private static Verdict OfMean(Condition condition, AccuracyByClass figures)
    {
        (BigInteger sum, BigInteger count) = MeanOf(figures);
        return new Verdict(condition, figures.BalancedAccuracy, Reaches(sum, count, condition.Bound));
    }

    /// <summary>The mean of the classes' accuracies as a fraction, without rounding.</summary>
    public static (BigInteger Numerator, BigInteger Denominator) MeanOf(AccuracyByClass figures)
    {
        AccuracyCurve[] classes = [.. figures.Classes.Where(one => one.Rows > 0).Select(one => one.Curve)];
        BigInteger product = classes.Aggregate(BigInteger.One, (product, one) => product * one.Rows);
        BigInteger sum = classes.Aggregate(
            BigInteger.Zero, (sum, one) => sum + Numerator(one.Accuracy, one.Rows) * (product / one.Rows));
        return (sum, product * classes.Length);
    }

    /// <summary>How many rows a share is.</summary>
    public static BigInteger Numerator(double share, int rows) => new(Math.Round(share * rows));

    /// <summary>Whether a fraction is at least a number.</summary>
    public static bool Reaches(BigInteger numerator, BigInteger denominator, decimal least)
    {
        BigInteger scale = BigInteger.Pow(10, least.Scale);
        return numerator * scale >= denominator * new BigInteger(decimal.Truncate(least * (decimal)scale));
    }
}

/// <summary>Verdicts on conditions, for people and for programs.</summary>
internal static class Verdicts
{
    /// <summary>Prints a table of them; nothing where there are none.</summary>
    public static void Write(IAnsiConsole console, IReadOnlyList<Verdict> verdicts)
    {
        if (verdicts.Count == 0)
            return;
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("condition").NoWrap());
        foreach (string heading in (string[])["found", ""])
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        foreach (Verdict verdict in verdicts)
            table.AddRow(ConsoleText.Whole(verdict.Condition.Text), verdict.FoundInWords, verdict.InAWord);
        console.Write(table);
    }

    /// <summary>Says on standard error which ones fell short, and what the command tells its caller.</summary>
    public static int Complain(IAnsiConsole status, IReadOnlyList<Verdict> verdicts)
    {
        foreach (Verdict verdict in verdicts.Where(verdict => !verdict.IsMet))
            status.Complain($"--require '{verdict.Condition.Text}': found {verdict.FoundInWords}.");
        return verdicts.All(verdict => verdict.IsMet) ? ExitCode.Done : ExitCode.ConditionNotMet;
    }

    /// <summary>How many fell short, in a sentence; null where none did.</summary>
    public static string? Warning(IReadOnlyList<Verdict> verdicts)
    {
        Verdict[] failed = [.. verdicts.Where(verdict => !verdict.IsMet)];
        return failed.Length == 0
            ? null
            : $"{failed.Length:N0} of {Wording.Count(verdicts.Count, "condition")} failed: "
                + $"{string.Join("; ", failed.Select(verdict => $"{verdict.Condition.Text}, found {verdict.FoundInWords}"))}.";
    }
}

/// <summary>A condition as JSON.</summary>
/// <param name="Condition">As written.</param>
/// <param name="Required">The least that is enough, or of rows the most that are allowed.</param>
/// <param name="Found">What was found, left out where it is a median radius that is any.</param>
/// <param name="FoundIsAny">That it is one, left out where it is not.</param>
/// <param name="Met">Whether it is enough.</param>
internal sealed record ConditionJson(string Condition, decimal Required, double? Found, bool? FoundIsAny, bool Met)
{
    /// <summary>Null where there are no conditions.</summary>
    public static IReadOnlyList<ConditionJson>? Of(IReadOnlyList<Verdict> verdicts) => verdicts.Count == 0 ? null :
    [
        .. verdicts.Select(verdict => double.IsInfinity(verdict.Found)
            ? new ConditionJson(verdict.Condition.Text, verdict.Condition.Bound, null, verdict.Found > 0, verdict.IsMet)
            : new ConditionJson(verdict.Condition.Text, verdict.Condition.Bound, verdict.Found, null, verdict.IsMet)),
    ];
}
