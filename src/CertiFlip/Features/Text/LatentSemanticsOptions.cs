namespace CertiFlip.Features.Text;

/// <summary>What <see cref="LatentSemantics"/> are fitted with.</summary>
public sealed record LatentSemanticsOptions
{
    /// <summary>How many features texts become, at least 1; fewer where texts have no more to tell.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Components
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 300;

    /// <summary>Which terms are counted.</summary>
    public TfIdfOptions Terms { get; init; } = new();

    /// <summary>What the first random subspace follows from.</summary>
    public ulong Seed { get; init; } = 1;
}
