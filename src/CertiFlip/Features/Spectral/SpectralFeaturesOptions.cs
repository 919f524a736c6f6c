namespace CertiFlip.Features.Spectral;

/// <summary>How <see cref="SpectralFeatures"/> are fitted.</summary>
public sealed record SpectralFeaturesOptions
{
    /// <summary>How many features, at least 1: about as many as there are clusters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Components { get; init => field = AtLeastOne(value); } = 10;

    /// <summary>Neighbours that a row is linked to, and that a new row is placed among, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Neighbours { get; init => field = AtLeastOne(value); } = 10;

    /// <summary>Principal components in which neighbours are sought, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Directions { get; init => field = AtLeastOne(value); } = 100;

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}
