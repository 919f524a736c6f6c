using System.Text.Json.Serialization;

namespace CertiFlip.Cli.Output;

/// <summary>One curve as JSON.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Accuracy">The fraction of rows classified correctly, null where the test rows have no labels.</param>
/// <param name="MedianRadius">The median radius.</param>
/// <param name="CertifiedAccuracy">The curve at a few numbers of flips.</param>
internal sealed record CurveJson(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Accuracy,
    double MedianRadius,
    IReadOnlyList<CurveJson.Point> CertifiedAccuracy)
{
    public static IReadOnlyList<CurveJson> Of(CurveSet set) =>
    [
        .. set.Curves.Select(curve => new CurveJson(
            curve.Name,
            set.Data.HasTruth ? curve.Accuracy.Accuracy : null,
            curve.Accuracy.MedianRadius,
            [.. set.FlipsToShow().Select(flips => new Point(flips, curve.Accuracy.At(flips)))])),
    ];

    internal sealed record Point(int Flips, double Value);
}
