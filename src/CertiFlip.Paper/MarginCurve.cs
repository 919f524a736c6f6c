namespace CertiFlip.Paper.Results;

/// <summary>One line of figure 5: the margin p = G(μ, φ) that a bound needs to certify each number of flips.</summary>
/// <param name="Name">The bound.</param>
/// <param name="Noise">q.</param>
/// <param name="Margins">p for r = 0, 1, 2, …</param>
public sealed record MarginCurve(string Name, double Noise, IReadOnlyList<double> Margins)
{
    /// <summary>The name with its noise.</summary>
    public string Title => $"{Name}, q = {Noise}";
}
