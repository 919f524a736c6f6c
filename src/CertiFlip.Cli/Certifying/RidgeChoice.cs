using System.Globalization;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Certifying;

/// <summary>The ridge rule as the user wrote it. The paper's needs labels and noise before it is a rule.</summary>
/// <param name="Text">As written, for tables and reports.</param>
/// <param name="ToRule">Makes the rule.</param>
internal sealed record RidgeChoice(string Text, Func<ClassLabels, Noise, RidgeRule> ToRule)
{
    public static RidgeChoice Default { get; } = TryParse("relative:1")!;

    public static RidgeChoice? TryParse(string text) => text.Split(':') switch
    {
        ["paper"] => new RidgeChoice(text, static (labels, noise) => new PaperRidge(labels, noise)),
        ["relative", var multiple] when Number(multiple) is { } c and > 0 => new RidgeChoice(text, (_, _) => new RelativeRidge(c)),
        ["fixed", var lambda] when Number(lambda) is { } l and >= 0 => new RidgeChoice(text, (_, _) => new FixedRidge(l)),
        _ => null,
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;
}
