namespace CertiFlip.Cli.Methods;

/// <summary>Names on the command line.</summary>
internal static class MethodNames
{
    public const string Smoothing = "smoothing", MonteCarlo = "monte-carlo", Partition = "partition";

    public static IReadOnlyList<string> All { get; } = [Smoothing, MonteCarlo, Partition];
}
