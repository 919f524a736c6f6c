namespace CertiFlip.Cli.Output;

/// <summary>The names of certificates on the command line, in tables and in files.</summary>
internal static class CertificateNames
{
    private static readonly CertificateKind[] All = Enum.GetValues<CertificateKind>();

    public static string Name(this CertificateKind kind) => kind switch
    {
        CertificateKind.Kl => "kl",
        CertificateKind.Tight => "tight",
        CertificateKind.Structured => "structured",
        CertificateKind.Exact => "exact",
        CertificateKind.Partition => "partition",
        CertificateKind.WhiteBox => "white-box",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such certificate."),
    };

    /// <summary>Which classifier a certificate certifies.</summary>
    public static string Subject(this CertificateKind kind) => kind switch
    {
        CertificateKind.Exact => "the head itself",
        CertificateKind.Partition or CertificateKind.WhiteBox => "the vote of the parts",
        _ => "the smoothed vote",
    };

    /// <summary>
    /// The kinds of names such as <c>kl,exact</c>, without repetitions and in the usual order, or null if a name is
    /// unknown.
    /// </summary>
    public static IReadOnlyList<CertificateKind>? TryParseList(string list)
    {
        string[] names = list.Split(',', StringSplitOptions.TrimEntries);
        return Array.TrueForAll(names, name => All.Any(kind => kind.Name() == name))
            ? [.. All.Where(kind => names.Contains(kind.Name()))]
            : null;
    }
}
