using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>Every head with every λ on every number of features.</summary>
internal sealed record CandidateGrid
{
    private const int Halvings = 3;

    /// <summary>The heads, each once.</summary>
    public required IReadOnlyList<HeadChoice> Heads { get; init; }

    /// <summary>Label-free rules for λ; heads without λ are tried once.</summary>
    public required IReadOnlyList<RidgeChoice> Ridges { get; init; }

    /// <summary>The gain of heads that have one; their own default if not given.</summary>
    public double? Gain { get; init; }

    /// <summary>Numbers of features; all of them and three halvings if there are none.</summary>
    public IReadOnlyList<int> Components { get; init; } = [];

    /// <summary>The settings for data with so many features, those on the same features together.</summary>
    /// <exception cref="UsageException">More features are asked for than there are.</exception>
    public IReadOnlyList<Candidate> For(RunData data)
    {
        int features = data.Training.Features.Columns;
        if (Components.FirstOrDefault(components => components > features) is > 0 and var excess)
            throw new UsageException(
                $"--components '{excess}': expected at most {features}, the number of features in {data.Training.Source}.");
        IEnumerable<int> halvings =
            Enumerable.Range(0, Halvings + 1).Select(halving => (int)Math.Ceiling(features / Math.Pow(2, halving))).Distinct();
        return
        [
            .. from components in Components.Count > 0 ? Components : halvings.Reverse()
               from head in Heads
               from setting in Settings(head)
               select new Candidate(setting, components),
        ];
    }

    private IEnumerable<HeadChoice> Settings(HeadChoice head)
    {
        HeadChoice steep = (Gain is { } gain ? HeadOptions.WithGain(head, gain) : null) ?? head;
        return steep is RegularisedHeadChoice regularised ? Ridges.Select(ridge => regularised with { Ridge = ridge }) : [steep];
    }
}

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
