namespace CertiFlip.Paper;

/// <summary>The results of an experiment.</summary>
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

    /// <summary>Whether λ was computed from the labels; radii then hold only for that λ.</summary>
    public bool ConditionalOnLambda { get; init; }

    /// <summary>What is certified of every test row, where the experiment saves that.</summary>
    public CertifiedRows? Rows { get; init; }

    /// <summary>Every line of every chart, once.</summary>
    public IReadOnlyList<Series> Series => [.. Panels.SelectMany(panel => panel.Series).DistinctBy(series => series.Title)];
}

/// <summary>One chart of a figure.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Series">Its lines.</param>
/// <param name="ConstantAccuracy">The accuracy of always predicting the commonest class.</param>
public sealed record Panel(string Title, IReadOnlyList<Series> Series, double ConstantAccuracy);

/// <summary>One line of figure 5: the margin p = G(μ, φ) that a bound needs to certify each number of flips.</summary>
/// <param name="Name">The bound.</param>
/// <param name="Noise">q.</param>
/// <param name="Margins">p for r = 0, 1, 2, …</param>
public sealed record MarginCurve(string Name, double Noise, IReadOnlyList<double> Margins)
{
    /// <summary>The name with its noise.</summary>
    public string Title => $"{Name}, q = {Noise}";
}

/// <summary>A number of the paper beside ours.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Paper">What the paper says, in its words.</param>
/// <param name="Here">What this run found.</param>
public sealed record Claim(string What, string Paper, string Here);
