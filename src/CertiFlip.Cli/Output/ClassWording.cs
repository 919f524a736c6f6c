namespace CertiFlip.Cli.Output;

/// <summary>Where the list of classes comes from, and which radii hold for that list only.</summary>
internal static class ClassWording
{
    /// <summary>That the list was read off the labels; null where it was stated.</summary>
    public static string? Source(RunData data) =>
        data.Classes.IsStated ? null : "The classes are those that occur in the training labels; --classes states them.";

    /// <summary>
    /// From which radius on the list could have been another; empty where it was stated or no class can be lost.
    /// </summary>
    public static string Limit(RunData data)
    {
        Radius kept = data.Classes.IsStated ? Radius.Any : data.Adversary.RadiusOfClasses(data.Labels);
        string flips = data.Adversary.HasUnitCosts ? "that many flips" : "flips at that cost";
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
}
