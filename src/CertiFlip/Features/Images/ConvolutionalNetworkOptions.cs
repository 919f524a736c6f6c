namespace CertiFlip.Features.Images;

/// <summary>How a <see cref="ConvolutionalNetwork"/> is trained.</summary>
public sealed record ConvolutionalNetworkOptions
{
    /// <summary>How many features images become, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Features { get; init => field = AtLeastOne(value); } = 50;

    /// <summary>Passes over all images, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Epochs { get; init => field = AtLeastOne(value); } = 8;

    /// <summary>Images for each step, at least 1. Steps use one thread for each 16 of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BatchSize { get; init => field = AtLeastOne(value); } = 64;

    /// <summary>How long the first steps are, as Adam counts it; steps shrink to nothing towards the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double LearningRate
    {
        get;
        init
        {
            if (!(value > 0 && double.IsFinite(value)))
                throw new ArgumentOutOfRangeException(nameof(value), value, "The learning rate must be positive and finite.");
            field = value;
        }
    } = 0.002;

    /// <summary>What the first weights and the order of images follow from.</summary>
    public ulong Seed { get; init; } = 1;

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}
