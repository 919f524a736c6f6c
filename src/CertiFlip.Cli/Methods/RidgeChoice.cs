using System.Globalization;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Methods;

/// <summary>The ridge rule as the user wrote it. The paper's needs labels and noise before it is a rule.</summary>
/// <param name="Text">As written, for tables and reports.</param>
/// <param name="Rule">The rule, or null for the paper's.</param>
internal sealed record RidgeChoice(string Text, RidgeRule? Rule)
{
    public static RidgeChoice Default { get; } = TryParse("relative:1")!;

    public static RidgeChoice? TryParse(string text) => text.Split(':') switch
    {
        ["paper"] => new RidgeChoice(text, null),
        ["relative", var multiple] when Number(multiple) is { } c and > 0 => new RidgeChoice(text, new RelativeRidge(c)),
        ["fixed", var lambda] when Number(lambda) is { } l and >= 0 => new RidgeChoice(text, new FixedRidge(l)),
        _ => null,
    };

    /// <summary>The rule, for labels and noise that the paper's is computed from.</summary>
    public RidgeRule For(ClassLabels labels, Noise noise) => Rule ?? new PaperRidge(labels, noise);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;
}
