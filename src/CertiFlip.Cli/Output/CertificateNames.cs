using CertiFlip.Certificates;
using CertiFlip.Certification;

namespace CertiFlip.Cli.Output;

/// <summary>The names of certificates on the command line, in tables and in files.</summary>
internal static class CertificateNames
{
    public static IReadOnlyList<CertificateKind> All => CertifierOptions.AllCertificates;

    public static string Name(this CertificateKind kind) => kind switch
    {
        CertificateKind.Kl => "kl",
        CertificateKind.Tight => "tight",
        CertificateKind.Structured => "structured",
        CertificateKind.Exact => "exact",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such certificate."),
    };

    /// <summary>The kinds in a list such as <c>kl,exact</c>, without repetitions and in the usual order, or null if a name is unknown.</summary>
    public static IReadOnlyList<CertificateKind>? TryParseList(string list)
    {
        if (list == "all")
            return All;
        string[] names = list.Split(',', StringSplitOptions.TrimEntries);
        return Array.TrueForAll(names, name => All.Any(kind => kind.Name() == name))
            ? [.. All.Where(kind => names.Contains(kind.Name()))]
            : null;
    }
}
