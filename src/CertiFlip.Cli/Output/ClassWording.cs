using System.Globalization;

namespace CertiFlip.Cli.Output;

/// <summary>Where the list of classes comes from, its prior, and which radii hold for that list only.</summary>
internal static class ClassWording
{
    private const int MostPriorsNamed = 10;

    /// <summary>
    /// That the list was read off the labels, or the prior that was stated with it; null where neither is so.
    /// </summary>
    public static string? Source(RunData data) =>
        data.Classes.IsStated ? Prior(data) : "The classes are those that occur in the training labels; --classes states them.";

    /// <summary>
    /// From which radius on the list could have been another; empty where it was stated or no class can be lost.
    /// </summary>
    public static string Limit(RunData data)
    {
        Radius kept = data.Classes.IsStated ? Radius.Any : data.Adversary.RadiusOfClasses(data.Labels);
        string flips = data.CountsVotes
            ? "that many changed votes"
            : data.Adversary.HasUnitCosts
            ? "that many flips"
            : "flips at that cost";
        return kept.IsAny
            ? ""
            : $"A radius of {kept.Budget + 1L:N0} or more holds for this list of classes only: {flips} could remove a class.";
    }

    /// <summary>The same, as a note below a table; empty where no radius reaches so far.</summary>
    public static string NoteOnRadii(RunData data, IEnumerable<RowCertificates> rows) =>
        rows.Any(row => row.Certificates.Any(certificate => certificate.AssumesClasses)) ? $" {Limit(data)}" : "";

    /// <summary>The same of curves.</summary>
    public static string NoteOnCurves(RunData data, IEnumerable<AccuracyCurve> curves)
    {
        Radius kept = data.Adversary.RadiusOfClasses(data.Labels);
        return !data.Classes.IsStated && curves.Any(curve => curve.Radii.Any(radius => radius > kept)) ? $" {Limit(data)}" : "";
    }

    /// <summary>The option that said what tells classes apart.</summary>
    public static string OptionOf(ClassList classes) => classes.Shares.Count > 0 ? "--class-shares" : "--class-prior";

    private static string? Prior(RunData data) => data.Classes switch
    {
        { AreAlike: true } => null,
        { Shares.Count: > 0 } => $"Shares: {Listed(data.Classes, data.Classes.Shares)}. Scores are lifted by them.",
        _ => $"Prior: {Listed(data.Classes, data.Classes.Prior)}. The class whose score exceeds its prior most is predicted.",
    };

    private static string Listed(ClassList classes, IReadOnlyList<double> numbers)
    {
        IEnumerable<string> named =
            classes.Zip(numbers, (name, share) => string.Create(CultureInfo.InvariantCulture, $"{name} {share:R}"));
        int more = numbers.Count - MostPriorsNamed;
        return $"{string.Join(", ", named.Take(MostPriorsNamed))}{(more > 0 ? $" and {more:N0} more" : "")}";
    }
}
