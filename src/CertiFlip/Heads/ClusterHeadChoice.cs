using System.Globalization;

namespace CertiFlip.Heads;

/// <summary>
/// The choice of a head that expects K classes: <c>name:K</c>, or <c>name:classes</c> for as many as are stated.
/// </summary>
/// <typeparam name="THead">The kind of head.</typeparam>
public abstract record ClusterHeadChoice<THead> : ReweightedRidgeHeadChoice<THead>
    where THead : ReweightedRidgeHead
{
    private const string AsStated = "classes";

    private protected ClusterHeadChoice(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    public sealed override HeadParameter Parameter => new("K", $"K ≥ 2 or the word {AsStated}");

    /// <inheritdoc/>
    public override bool NeedsClasses => Text == $"{Name}:{AsStated}";

    /// <inheritdoc/>
    public sealed override HeadChoice WithClasses(ClassList? classes) => !NeedsClasses ? this
        : classes is { IsStated: true }
            ? WithCount(classes.Count) with { Text = $"{Name}:{classes.Count.ToString(CultureInfo.InvariantCulture)}" }
            : throw new ArgumentException($"The head {Text} needs a stated list of classes: their number is part of it.", nameof(classes));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The number of classes is part of the head, and was not stored.</exception>
    public override HeadChoice WithStoredOptions(ModelArrays arrays) => NeedsClasses
        ? throw new ArgumentException($"The head {Text} was stored without the number of classes.", nameof(arrays))
        : base.WithStoredOptions(arrays);

    /// <summary>The head for so many classes, at least 2.</summary>
    private protected abstract ClusterHeadChoice<THead> WithCount(int classes);

    /// <summary>What is wrong where a head is fitted before <see cref="WithClasses"/>.</summary>
    private protected InvalidOperationException UnknownCount =>
        new($"The head {Text} does not know the number of classes yet: give it the list by WithClasses.");

    private protected sealed override HeadChoice? WithParameter(string written) => written == AsStated
        ? this
        : int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out int classes) && classes >= 2
            ? WithCount(classes)
            : null;
}
