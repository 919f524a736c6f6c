using System.CommandLine;
using System.Globalization;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>The options of labels that are numbers: what they may really be, and how far a number may move.</summary>
/// <param name="hasTolerance">Whether predictions are asked to stay somewhere.</param>
/// <param name="hasIntervals">
/// Whether intervals are shown, of predictions that may be asked to stay in one of them.
/// </param>
internal sealed class RegressionTask(bool hasTolerance = true, bool hasIntervals = true)
{
    private const string Classification = "classification", Regression = "regression";

    private readonly Option<string> _task = new("--task")
    {
        Description = "classification: labels are names of classes; regression: they are numbers.",
        HelpName = "TASK",
        CompletionSources = { Choices.Exactly(Classification, Regression) },
        DefaultValueFactory = _ => Classification,
        CustomParser = result => OptionValue.Parse(
            result, $"{Classification} or {Regression}", text => text is Classification or Regression ? text : null),
    };

    private readonly Option<NumberInterval?> _range = Interval(
        "--label-range", "With regression, what every label may really be: LO,HI. Labels outside are refused.");

    private readonly Option<NumberInterval?> _shift = new("--label-shift")
    {
        Description = "With regression, how far a label may really be from what it is: D, or DOWN,UP. With --label-range, within both.",
        HelpName = "D",
        CustomParser = result => OptionValue.Parse<NumberInterval?>(
            result, "a number above 0, or two that are not negative, separated by a comma",
            text => Numbers(text) switch
            {
                [> 0 and var both] => new NumberInterval(both, both),
                [>= 0 and var down, >= 0 and var up] when down + up > 0 => new NumberInterval(down, up),
                _ => null,
            }),
    };

    private readonly Option<double?> _tolerance = new("--tolerance")
    {
        Description = "With regression, how far a prediction may move and count as the same, and be from the truth and count as right.",
        HelpName = "E",
        CustomParser = result => OptionValue.Parse<double?>(
            result, "a number, at least 0", text => Numbers(text) is [>= 0 and var tolerance] ? tolerance : null),
    };

    private readonly Option<NumberInterval?> _within = Interval(
        "--within", "With regression, instead of --tolerance: where every prediction should stay, LO,HI; -inf and inf leave a side open.",
        hasInfinity: true);

    private readonly Option<IReadOnlyList<int>?> _flips = CommandOptions.Counts(
        "--flips", "LIST", "Numbers of wrong labels to show intervals of numbers for, or costs. [default: 1,2,5,10,20,50]");

    public IEnumerable<Option> All => [_task, .. OfLabels, .. hasIntervals ? (Option[])[_flips] : []];

    private IEnumerable<Option> OfLabels =>
        [_range, _shift, .. hasTolerance ? (Option[])[_tolerance] : [], .. hasTolerance && hasIntervals ? (Option[])[_within] : []];

    /// <summary>
    /// Whether labels are numbers. Refuses what then has no meaning, and where they are not, the options of numbers.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="ofClasses">The command's options that have a meaning for classes only.</param>
    /// <exception cref="UsageException">There is such an option.</exception>
    public bool IsAsked(ParseResult parsed, params IEnumerable<Option> ofClasses)
    {
        bool isAsked = parsed.GetValue(_task) == Regression;
        if (isAsked)
            CommandOptions.RefuseGiven(parsed, ofClasses, "--task regression");
        else
            CommandOptions.RefuseWithout(
                parsed, [.. OfLabels, .. hasTolerance && hasIntervals ? (Option[])[_flips] : []], "--task regression",
                ", or say that labels are numbers");
        return isAsked;
    }

    /// <summary>The numbers of labels that intervals are shown for.</summary>
    public IReadOnlyList<int> Flips(ParseResult parsed) => parsed.GetValue(_flips) is { } flips
        ? [.. flips.Order()]
        : new RegressionOptions().Budgets;

    /// <summary>What is asked of predictions.</summary>
    /// <exception cref="UsageException">Nothing is, or two things are; or the head looks at labels.</exception>
    public RegressionOptions Options(ParseResult parsed, HeadChoice head)
    {
        double? tolerance = parsed.GetValue(_tolerance);
        NumberInterval? within = hasIntervals ? parsed.GetValue(_within) : null;
        if (tolerance is null && within is null)
            throw new UsageException("--tolerance is missing: say how far a prediction may move and count as the same.");
        if (tolerance is not null && within is not null)
            throw new UsageException("--within has no effect with --tolerance: leave out one of the two.");
        return With(head) with { Tolerance = tolerance, Range = within, Budgets = hasIntervals ? Flips(parsed) : [] };
    }

    /// <summary>The options with a head, which must not look at labels.</summary>
    /// <exception cref="UsageException">It does.</exception>
    public static RegressionOptions With(HeadChoice head) => head.DependsOnLabels
        ? throw new UsageException(
            "--ridge paper computes λ from the labels, and no interval covers that: expected relative:C or fixed:L for labels that are "
                + "numbers.")
        : new RegressionOptions { Head = head };

    /// <summary>The labels of training data, with what they may really be.</summary>
    /// <exception cref="UsageException">No range is stated.</exception>
    /// <exception cref="DataException">A label is not a number, or lies outside.</exception>
    public NumericLabels LabelsOf(ParseResult parsed, Dataset training)
    {
        NumberInterval? range = parsed.GetValue(_range), shift = parsed.GetValue(_shift);
        if (range is null && shift is null)
            throw new UsageException(
                "--label-range is missing: state what labels may really be, LO,HI, or by how much with --label-shift.");
        double[] values = training.LabelsAsNumbers();
        if (range is { } stated)
        {
            int outside = Array.FindIndex(values, value => value < stated.Low || value > stated.High);
            if (outside >= 0)
            {
                throw new DataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{training.PlaceOfLabel(outside)}: the label {values[outside]:R} is outside the stated range from {stated.Low:R} to "
                        + $"{stated.High:R}; widen --label-range, or mend the label."));
            }
        }

        if (shift is not { } moved)
            return new NumericLabels(values, range!.Value.Low, range.Value.High);
        NumericLabels shifted = NumericLabels.Shifted(values, moved.Low, moved.High);
        return range is { } both ? shifted.Within(both.Low, both.High) : shifted;
    }

    private static Option<NumberInterval?> Interval(string name, string description, bool hasInfinity = false) => new(name)
    {
        Description = description,
        HelpName = "LO,HI",
        CustomParser = result => OptionValue.Parse<NumberInterval?>(
            result, "two numbers, the lower first, separated by a comma",
            text => Numbers(text, hasInfinity) is [var low, var high] && low < high && (hasInfinity || double.IsFinite(high - low))
                ? new NumberInterval(low, high)
                : null),
    };

    private static double[]? Numbers(string text, bool hasInfinity = false)
    {
        List<double> numbers = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string name = part.ToLowerInvariant();
            if (hasInfinity && name is "inf" or "-inf")
                numbers.Add(name == "inf" ? double.PositiveInfinity : double.NegativeInfinity);
            else if (double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
                numbers.Add(number);
            else
                return null;
        }

        return [.. numbers];
    }
}
