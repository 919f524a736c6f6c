namespace CertiFlip.Cli.Output;

/// <summary>Words for values, in sentences.</summary>
internal static class Wording
{
    /// <summary>A number of things, of which one is not several.</summary>
    public static string Count(int number, string thing) => $"{number:N0} {thing}{(number == 1 ? "" : "s")}";
}
