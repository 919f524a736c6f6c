using System.Globalization;

namespace CertiFlip.Heads;

/// <summary>A rule for λ as a user writes it. The paper's needs labels and noise before it is a rule.</summary>
public sealed record RidgeChoice
{
    private RidgeChoice(string text, RidgeRule? rule) => (Text, LabelFreeRule) = (text, rule);

    /// <summary>The label-free default, <c>relative:1</c>.</summary>
    public static RidgeChoice Default { get; } = TryParse("relative:1")!;

    /// <summary>The rule of the paper's Algorithm 1.</summary>
    public static RidgeChoice Paper { get; } = TryParse("paper")!;

    /// <summary>As written, for tables and reports.</summary>
    public string Text { get; }

    /// <summary>The rule, or null for the paper's, which is not one before it has seen the labels.</summary>
    public RidgeRule? LabelFreeRule { get; }

    /// <summary>Whether λ comes from the labels, so that certificates hold only for a λ that is held fixed.</summary>
    public bool DependsOnLabels => LabelFreeRule is null;

    /// <summary>
    /// Reads <c>relative:C</c> (C times the mean eigenvalue of centred features), <c>fixed:L</c> or <c>paper</c>.
    /// </summary>
    /// <param name="text">What the user wrote.</param>
    /// <returns>The choice, or null where it is none of these.</returns>
    public static RidgeChoice? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(':') switch
        {
            ["paper"] => new RidgeChoice(text, null),
            ["relative", var multiple] when Number(multiple) is { } c and > 0 => new RidgeChoice(text, new RelativeRidge(c)),
            ["fixed", var lambda] when Number(lambda) is { } l and >= 0 => new RidgeChoice(text, new FixedRidge(l)),
            _ => null,
        };
    }

    /// <summary>The rule itself.</summary>
    /// <param name="labels">The training labels. Only the paper's rule looks at them.</param>
    /// <param name="noise">The noise that smooths them. Only the paper's rule needs one.</param>
    /// <exception cref="ArgumentException">The paper's rule is asked for without noise.</exception>
    public RidgeRule For(ClassLabels labels, Noise? noise) => LabelFreeRule
        ?? new PaperRidge(labels, noise
            ?? throw new ArgumentException("The paper's λ is computed for a smoothing noise q, and none is stated.", nameof(noise)));

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;
}

/// <summary>A head with a λ, which the paper's rule computes from labels and noise.</summary>
public abstract record RegularisedHeadChoice : HeadChoice
{
    // The rule that WithLabels made.
    private RidgeRule? _rule;

    private protected RegularisedHeadChoice(string name)
        : base(name)
    {
    }

    /// <summary>How λ is chosen. The default value is <c>relative:1</c>.</summary>
    public RidgeChoice Ridge
    {
        get;
        init => (field, _rule) = (value, null);
    } = RidgeChoice.Default;

    /// <inheritdoc/>
    public override bool DependsOnLabels => Ridge.DependsOnLabels;

    private protected RidgeRule Rule => _rule ?? Ridge.LabelFreeRule
        ?? throw new InvalidOperationException("The paper's λ is computed from labels and noise: give the choice both by WithLabels.");

    /// <inheritdoc/>
    public override HeadChoice? WithOption(string name, string value) =>
        name == "ridge" && RidgeChoice.TryParse(value) is { } ridge ? this with { Ridge = ridge } : null;

    /// <inheritdoc/>
    public override HeadChoice WithLabels(ClassLabels labels, Noise? noise) => this with { _rule = Ridge.For(labels, noise) };

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such rule for λ.</exception>
    public override HeadChoice WithStoredOptions(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return this with
        {
            Ridge = RidgeChoice.TryParse(arrays.Texts("ridge").Single())
                ?? throw new ArgumentException("There is no such ridge rule.", nameof(arrays)),
        };
    }
}
