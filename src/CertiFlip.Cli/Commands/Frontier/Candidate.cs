using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>A setting that may be chosen.</summary>
/// <param name="Head">The head, with its λ, gain and offset.</param>
/// <param name="Components">How many of the features it sees, the first ones.</param>
internal sealed record Candidate(HeadChoice Head, int Components)
{
    /// <summary>The rule for λ as written, empty for a head without λ.</summary>
    public string Ridge => Head.Values().Ridge ?? "";

    /// <summary>All of it in words.</summary>
    public string Name => $"{Head.Text}{(Ridge.Length > 0 ? " " : "")}{Ridge}, {Components:N0} feature{(Components == 1 ? "" : "s")}";
}
