namespace CertiFlip.Features.Text;

/// <summary>How <see cref="DocumentVectors"/> are learned.</summary>
public sealed record DocumentVectorsOptions
{
    /// <summary>How many features texts become, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Components { get; init => field = AtLeastOne(value); } = 256;

    /// <summary>Passes over all texts, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Epochs { get; init => field = AtLeastOne(value); } = 12;

    /// <summary>Which terms have vectors.</summary>
    public TfIdfOptions Terms { get; init; } = new() { LongestTerm = 3, MostTerms = 150_000 };

    /// <summary>What the first vectors, the order of texts and the terms to tell apart follow from.</summary>
    public ulong Seed { get; init; } = 1;

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}
