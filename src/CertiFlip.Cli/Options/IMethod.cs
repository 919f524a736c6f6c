using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Options;

/// <summary>
/// A way from features and labels to certified predictions: everything after reading the files and before writing
/// tables.
/// </summary>
internal interface IMethod
{
    /// <summary>The certificates that were asked for, in the usual order.</summary>
    IReadOnlyList<CertificateKind> Certificates { get; }

    /// <summary>Whether the options make sense for the data: what can be told before any work is done.</summary>
    /// <param name="data">The data.</param>
    /// <exception cref="UsageException">An option makes no sense for these data.</exception>
    void Check(RunData data);

    /// <summary>Certifies every test row.</summary>
    /// <param name="data">The data.</param>
    /// <param name="threads">How many threads may work; the results do not depend on it.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="UsageException">An option makes no sense for these data.</exception>
    /// <exception cref="Data.DataException">
    /// A head cannot be fitted to these features, or cannot be applied to a test row.
    /// </exception>
    MethodResult Run(RunData data, int threads, IWorkProgress progress, CancellationToken cancellation);
}

/// <summary>Names on the command line.</summary>
internal static class MethodNames
{
    public const string Smoothing = "smoothing", MonteCarlo = "monte-carlo", Partition = "partition";

    public static IReadOnlyList<string> All { get; } = [Smoothing, MonteCarlo, Partition];
}
