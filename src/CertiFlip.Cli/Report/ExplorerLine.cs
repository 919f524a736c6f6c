namespace CertiFlip.Cli.Report;

/// <summary>What the slider shows of one curve.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Style">Its classes in the chart's style sheet.</param>
/// <param name="Rows">All rows that it is of, m.</param>
/// <param name="Flips">Numbers of flips, ascending: from beyond the one before up to each, its count holds; beyond the last, none.</param>
/// <param name="Counts">Rows that count at each of them.</param>
internal sealed record ExplorerLine(string Name, string Style, int Rows, IReadOnlyList<int> Flips, IReadOnlyList<int> Counts)
{
    public static ExplorerLine Of(string name, string style, AccuracyCurve curve)
    {
        int[] flips = [.. curve.Steps];
        return new ExplorerLine(name, style, curve.Rows, flips, [.. flips.Select(r => (int)Math.Round(curve.At(r) * curve.Rows))]);
    }
}
