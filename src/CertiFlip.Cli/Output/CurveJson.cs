using System.Text.Json.Serialization;

namespace CertiFlip.Cli.Output;

/// <summary>One curve as JSON.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Accuracy">The fraction of rows classified correctly, null where the test rows have no labels.</param>
/// <param name="MedianRadius">The median radius, null where it is any.</param>
/// <param name="MedianRadiusIsNull">Why it is null, left out where it is not.</param>
/// <param name="Unchangeable">The fraction of rows that nothing changes, left out where there are none.</param>
/// <param name="CertifiedAccuracy">The curve at a few numbers of flips.</param>
internal sealed record CurveJson(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Accuracy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? MedianRadius,
    string? MedianRadiusIsNull,
    double? Unchangeable,
    IReadOnlyList<CurveJson.Point> CertifiedAccuracy)
{
    public static IReadOnlyList<CurveJson> Of(CurveSet set) =>
    [
        .. set.Curves.Select(curve => new CurveJson(
            curve.Name,
            set.Data.HasTruth ? curve.Accuracy.Accuracy : null,
            double.IsInfinity(curve.Accuracy.MedianRadius) ? null : curve.Accuracy.MedianRadius,
            double.IsInfinity(curve.Accuracy.MedianRadius) ? AdversaryWording.Any(set.Data) : null,
            curve.Accuracy.UnchangeableRows == 0 ? null : curve.Accuracy.UnchangeableRows / (double)curve.Accuracy.Rows,
            [.. set.FlipsToShow().Select(flips => new Point(flips, curve.Accuracy.At(flips)))])),
    ];

    internal sealed record Point(int Flips, double Value);
}
