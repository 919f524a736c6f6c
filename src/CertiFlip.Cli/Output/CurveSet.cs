namespace CertiFlip.Cli.Output;

/// <summary>Curves over the same test rows, to be shown side by side.</summary>
/// <param name="Curves">At least one.</param>
/// <param name="Data">The data behind them.</param>
internal sealed record CurveSet(IReadOnlyList<Curve> Curves, RunData Data)
{
    /// <summary>How medians count rows without a radius.</summary>
    public const string MedianNote = "In the median, a row that is wrong or not certified counts as 0.";

    /// <summary>What is certified of all rows together, where that was asked for.</summary>
    public CollectiveCurve? Collective { get; init; }

    /// <summary>What radii count.</summary>
    public RadiusUnit Unit { get; } = RadiusUnit.Of(Data);

    /// <summary>Whether nothing that the adversary can do changes some row.</summary>
    public bool HasUnchangeableRows => Curves.Any(curve => curve.Accuracy.UnchangeableRows > 0);

    /// <summary>What the radius <c>any</c> means, where some row has it.</summary>
    public string NoteOnAny => HasUnchangeableRows ? $" {AdversaryWording.Any(Data)}" : "";

    /// <summary>
    /// From which radius on the list of classes could have been another, where some radius reaches so far.
    /// </summary>
    public string NoteOnClasses => ClassWording.NoteOnCurves(Data, Curves.Select(curve => curve.Accuracy));

    /// <summary>
    /// Where charts and histograms end: the largest radius, or one more where rows are left that nothing changes.
    /// </summary>
    public int LargestDrawn => Math.Max(
        Curves.Max(curve => curve.Accuracy.LargestBudget) + (HasUnchangeableRows ? 1 : 0), Collective?.Proved.LargestBudget ?? 0);

    /// <summary>The largest median radius that any method can have, in a sentence; empty where none is known.</summary>
    public string NoteOnCeiling => Data.MedianCeiling is { } ceiling
        ? $" Ceiling: no method that treats class names alike has a median radius above {Format.Median(ceiling, "#,0.#")} on these rows."
        : "";

    /// <summary>Where a median radius is drawn: one that is any, where charts end.</summary>
    public double Drawn(double median) => Math.Min(median, LargestDrawn);

    /// <summary>The accuracy of always answering the commonest class of the test rows.</summary>
    public double ConstantAccuracy => AccuracyByClass.CommonestOf(Data.Truth).Share;

    /// <summary>What is wrong with the accuracies, where test rows are labelled.</summary>
    /// <param name="things">What the curves are of, where they are too many to be named.</param>
    public IEnumerable<string> Warnings(string? things = null) => ClassFigures.Warnings(
        Data, [.. Curves.Select(curve => (curve.Name, (AccuracyCurve)curve.Accuracy, curve.Accuracy.ByClass))], things);

    /// <summary>0, 1, 2, 5, 10, 20, 50, … as far as charts go.</summary>
    public IEnumerable<int> FlipsToShow() => [0, .. RoundNumbersTo(LargestDrawn)];

    /// <summary>1, 2, 5, 10, 20, 50, … up to a number.</summary>
    public static IEnumerable<int> RoundNumbersTo(int largest) => RoundNumbers(largest, 1, 2, 5);

    /// <summary>
    /// The last few of 1, 5, 10, 50, … as far as charts go, or 0: where there is no room for more, methods differ most
    /// there.
    /// </summary>
    public IEnumerable<int> FewFlipsToShow(int count) => RoundNumbers(LargestDrawn, 1, 5).TakeLast(count).DefaultIfEmpty(0);

    private static IEnumerable<int> RoundNumbers(int largest, params int[] digits)
    {
        for (long decade = 1; decade <= largest; decade *= 10)
        {
            foreach (int digit in digits)
            {
                if (digit * decade <= largest)
                    yield return (int)(digit * decade);
            }
        }
    }
}

/// <summary>Certified accuracy under a name: a column of a table, a line of a chart.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="Accuracy">The numbers.</param>
internal sealed record Curve(string Name, string Style, CertifiedAccuracy Accuracy);
