namespace CertiFlip.Features.Text;

/// <summary>What <see cref="TfIdf"/> counts.</summary>
public sealed record TfIdfOptions
{
    /// <summary>The most words that make one term, at least 1: 2 counts pairs of neighbouring words too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int LongestTerm
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 2;

    /// <summary>How many terms are kept, at least 1, those that occur most often.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MostTerms
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 60_000;
}
