using CertiFlip.Heads;

namespace CertiFlip.Cli.Methods;

/// <summary>Names on the command line and in sentences.</summary>
internal static class MethodNames
{
    public const string Smoothing = "smoothing", MonteCarlo = "monte-carlo", Partition = "partition";

    public static IReadOnlyList<string> All { get; } = [Smoothing, MonteCarlo, Partition];

    public static string InWords(this Intercept intercept) => intercept == Intercept.Fitted ? "with intercept" : "without intercept";
}
