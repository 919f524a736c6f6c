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

    private static string? Prior(RunData data)
    {
        if (data.Classes.Prior is not { Count: > 0 } prior)
            return null;
        IEnumerable<string> named =
            data.Classes.Zip(prior, (name, share) => string.Create(CultureInfo.InvariantCulture, $"{name} {share:R}"));
        int more = prior.Count - MostPriorsNamed;
        return $"Prior: {string.Join(", ", named.Take(MostPriorsNamed))}{(more > 0 ? $" and {more:N0} more" : "")}. The class whose score "
            + "exceeds its prior most is predicted.";
    }
}
