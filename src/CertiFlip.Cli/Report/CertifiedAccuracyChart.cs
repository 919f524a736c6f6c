using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>Certified accuracy against the number of flips, the form of the paper's figures 1 to 3.</summary>
internal static class CertifiedAccuracyChart
{
    /// <summary>The chart.</summary>
    /// <param name="set">The curves.</param>
    /// <param name="cleanLines">Accuracies to be drawn as dashed lines: without any guarantee.</param>
    public static Chart Of(CurveSet set, IReadOnlyList<(string Style, double Accuracy)> cleanLines)
    {
        string measure = set.Data.HasTruth ? "Certified accuracy" : "Certified predictions";
        return new Chart
        {
            Title = $"{measure} against {set.Unit.Against}",
            Description = string.Join(" ", set.Curves.Select(curve => $"{curve.Name}: {Format.Percent(curve.Accuracy.At(0))} at {(set.Unit.IsCost ? "r = 0" : "0 flips")}, median radius {curve.Accuracy.MedianRadius:0.#}.")),
            Horizontal = ChartAxis.Radii(set.Unit, set.LargestDrawn),
            Vertical = ChartAxis.Percent(measure.ToLowerInvariant()),
            Lines = [.. set.Curves.Select(curve => ChartLine.Staircase(curve.Name, curve.Style, curve.Accuracy.At))],
            Levels = [.. cleanLines.Select(line => new ChartLevel("accuracy", $"clean {line.Style}", line.Accuracy)), .. Constant(set)],
        };
    }

    /// <summary>Dotted: a classifier that always answers the commonest class.</summary>
    private static IEnumerable<ChartLevel> Constant(CurveSet set) => set.Data.HasTruth ? [new ChartLevel("constant", "constant", set.ConstantAccuracy)] : [];
}
