namespace CertiFlip.Paper.Results;

/// <summary>What an experiment found out.</summary>
public sealed record Reproduction
{
    /// <summary>The answer in a sentence or two.</summary>
    public required string Lead { get; init; }

    /// <summary>Charts of accuracy against flips.</summary>
    public IReadOnlyList<Panel> Panels { get; init; } = [];

    /// <summary>Charts of the margin that flips need.</summary>
    public IReadOnlyList<MarginCurve> Margins { get; init; } = [];

    /// <summary>The paper's numbers beside these.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>How the numbers were made, and in what that differs from the paper, each in a sentence.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether λ was computed from the labels, so that radii hold only for a λ that is held fixed.</summary>
    public bool ConditionalOnLambda { get; init; }

    /// <summary>What was proved of every test row, where the experiment keeps that.</summary>
    public CertifiedRows? Rows { get; init; }

    /// <summary>Every line of every chart, once.</summary>
    public IReadOnlyList<Series> Series => [.. Panels.SelectMany(panel => panel.Series).DistinctBy(series => series.Title)];
}
