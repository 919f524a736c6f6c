namespace CertiFlip.Features.Images;

/// <summary>How <see cref="PatchFeatures"/> are fitted.</summary>
public sealed record PatchFeaturesOptions
{
    /// <summary>Pixels of a patch's side, at least 2.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public int PatchSize { get; init => field = AtLeast(2, value); } = 7;

    /// <summary>
    /// Added to the variance of each patch before the patch is divided by its deviation, for pixels of the order of 1,
    /// at least 10⁻⁶. Patches of far more variance have all the same contrast; those of far less count little. A large
    /// number listens to strong edges alone, a small one to texture, too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 10⁻⁶, or not finite.</exception>
    public double FlatVariance
    {
        get;
        init => field = IsFlatVariance(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The variance of flat patches is at least 0.000001.");
    } = 0.01;

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

    internal static bool IsFlatVariance(double value) => value >= 1e-6 && double.IsFinite(value);

    private static int AtLeast(int least, int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        return value;
    }
}
