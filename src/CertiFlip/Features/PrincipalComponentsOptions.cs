namespace CertiFlip.Features;

/// <summary>What <see cref="PrincipalComponents"/> are fitted with.</summary>
public sealed record PrincipalComponentsOptions
{
    /// <summary>How many components to keep, at least 1; fewer are kept where there are no more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Components
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 50;
}
