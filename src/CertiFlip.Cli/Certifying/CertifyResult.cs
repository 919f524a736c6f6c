using CertiFlip.Certification;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Certifying;

/// <summary>What one run of <c>certify</c> found out; every table, file and report is made from it.</summary>
/// <param name="Request">How it was asked.</param>
/// <param name="Training">The training data.</param>
/// <param name="Test">The test data, columns in the order of the training data.</param>
/// <param name="Classes">The names of the K classes, in order.</param>
/// <param name="Truth">The classes of the test rows, empty where the test data have no labels.</param>
/// <param name="Head">The head that was fitted.</param>
/// <param name="Certifier">The certifier, for witnesses.</param>
/// <param name="Rows">The certificates, one for each test row.</param>
/// <param name="Curves">Certified accuracy for each certificate, in the order asked for.</param>
internal sealed record CertifyResult(
    CertifyRequest Request,
    Dataset Training,
    Dataset Test,
    IReadOnlyList<string> Classes,
    IReadOnlyList<int> Truth,
    RidgeHead Head,
    Certifier Certifier,
    IReadOnlyList<RowCertificates> Rows,
    IReadOnlyList<CertifiedAccuracy> Curves)
{
    /// <summary>Whether λ was computed from labels, so that radii hold only for a λ that is held fixed.</summary>
    public bool IsConditionalOnLambda => Head.DependsOnLabels;

    /// <summary>Whether the test rows are labelled; without labels, curves give the certified fraction and not accuracy.</summary>
    public bool HasTruth => Truth.Count > 0;

    /// <summary>The classes in words.</summary>
    public string ClassesInWords => Classes.Count switch
    {
        2 => $"classes {Classes[0]} and {Classes[1]}",
        <= 10 => $"classes {string.Join(", ", Classes)}",
        _ => $"{Classes.Count} classes from {Classes[0]} to {Classes[^1]}",
    };

    /// <summary>The flips at which tables stop: 0, 1, 2, 5, 10, 20, 50, … up to the largest radius.</summary>
    public IEnumerable<int> FlipsToShow()
    {
        int largest = Curves.Max(curve => curve.LargestRadius);
        yield return 0;
        for (long decade = 1; decade <= largest; decade *= 10)
        {
            foreach (long flips in (long[])[decade, 2 * decade, 5 * decade])
            {
                if (flips <= largest)
                    yield return (int)flips;
            }
        }
    }
}
