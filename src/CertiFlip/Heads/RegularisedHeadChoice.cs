namespace CertiFlip.Heads;

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
