namespace CertiFlip.Features.Images;

/// <summary>How <see cref="PatchFeatures"/> are fitted.</summary>
public sealed record PatchFeaturesOptions
{
    /// <summary>Pixels of a patch's side, at least 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public int PatchSize { get; init => field = AtLeast(2, value); } = 8;

    /// <summary>Kinds of patch to tell apart: the clusters that k-means looks for, at least 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public int Centres { get; init => field = AtLeast(2, value); } = 100;

    /// <summary>Each kind of patch is counted in so many regions down and across, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Regions { get; init => field = AtLeast(1, value); } = 3;

    /// <summary>Patches to learn from, drawn at random from all images, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Samples { get; init => field = AtLeast(1, value); } = 100_000;

    /// <summary>Which patches are drawn.</summary>
    public ulong Seed { get; init; } = 1;

    private static int AtLeast(int least, int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        return value;
    }
}
