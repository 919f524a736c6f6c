using System.Text.Json.Serialization;

namespace CertiFlip.Cli.Output;

/// <summary>One curve as JSON.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Accuracy">The fraction of rows classified correctly, null where the test rows have no labels.</param>
/// <param name="BalancedAccuracy">The mean of the classes' accuracies, left out where the test rows have none.</param>
/// <param name="MedianRadius">The median radius, null where it is any.</param>
/// <param name="MedianRadiusIsNull">Why it is null, left out where it is not.</param>
/// <param name="Unchangeable">The fraction of rows that nothing changes, left out where there are none.</param>
/// <param name="CertifiedAccuracy">The curve at a few numbers of flips.</param>
/// <param name="ByClass">The same for the rows of each class, left out where the test rows have no labels.</param>
internal sealed record CurveJson(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Accuracy,
    double? BalancedAccuracy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? MedianRadius,
    string? MedianRadiusIsNull,
    double? Unchangeable,
    IReadOnlyList<CurveJson.Point> CertifiedAccuracy,
    IReadOnlyList<CurveJson.OfClass>? ByClass)
{
    public static IReadOnlyList<CurveJson> Of(CurveSet set) =>
    [
        .. set.Curves.Select(curve => new CurveJson(
            curve.Name,
            set.Data.HasTruth ? curve.Accuracy.Accuracy : null,
            curve.Accuracy.ByClass?.BalancedAccuracy,
            Median(curve.Accuracy),
            WhyNoMedian(curve.Accuracy, set.Data),
            Unchanged(curve.Accuracy),
            [
                .. set.FlipsToShow()
                    .Select(flips => new Point(flips, curve.Accuracy.At(flips), curve.Accuracy.ByClass?.BalancedAt(flips))),
            ],
            curve.Accuracy.ByClass is { } figures ? [.. figures.Classes.Select(one => Class(one, set))] : null)),
    ];

    private static OfClass Class(ClassAccuracy one, CurveSet set) => new(
        set.Data.Classes[one.Class],
        one.Rows,
        one.Predicted,
        one.Rows == 0 ? null : one.Curve.Accuracy,
        Median(one.Curve),
        WhyNoMedian(one.Curve, set.Data),
        Unchanged(one.Curve),
        [.. set.FlipsToShow().Select(flips => new Point(flips, one.Curve.At(flips), Balanced: null))]);

    private static double? Median(AccuracyCurve curve) => double.IsInfinity(curve.MedianRadius) ? null : curve.MedianRadius;

    private static string? WhyNoMedian(AccuracyCurve curve, RunData data) =>
        double.IsInfinity(curve.MedianRadius) ? AdversaryWording.Any(data) : null;

    private static double? Unchanged(AccuracyCurve curve) =>
        curve.UnchangeableRows == 0 ? null : curve.UnchangeableRows / (double)curve.Rows;

    /// <summary>A curve at a number of flips.</summary>
    /// <param name="Flips">The number.</param>
    /// <param name="Value">The fraction of rows.</param>
    /// <param name="Balanced">The mean over the classes, left out where there is none.</param>
    internal sealed record Point(int Flips, double Value, double? Balanced);

    /// <summary>The rows of one class.</summary>
    /// <param name="Class">The class.</param>
    /// <param name="Rows">How many rows have it.</param>
    /// <param name="Predicted">How many rows are predicted to have it.</param>
    /// <param name="Accuracy">The fraction of its rows classified correctly, null where it has none.</param>
    /// <param name="MedianRadius">The median radius, null where it is any.</param>
    /// <param name="MedianRadiusIsNull">Why it is null, left out where it is not.</param>
    /// <param name="Unchangeable">The fraction of rows that nothing changes, left out where there are none.</param>
    /// <param name="CertifiedAccuracy">The curve at a few numbers of flips.</param>
    internal sealed record OfClass(
        string Class,
        int Rows,
        int Predicted,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Accuracy,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? MedianRadius,
        string? MedianRadiusIsNull,
        double? Unchangeable,
        IReadOnlyList<Point> CertifiedAccuracy);
}
