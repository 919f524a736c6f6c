namespace CertiFlip.Features.Text;

/// <summary>What a term weighs that df of n texts hold.</summary>
public enum TermWeighting
{
    /// <summary>log((1 + n) / (1 + df)) + 1: scikit-learn's smoothed inverse document frequency.</summary>
    Logarithm,

    /// <summary>√(n/df): rare terms count as much in all as common ones do, as in correspondence analysis.</summary>
    Root,

    /// <summary>1, however many texts hold it, and however often one does.</summary>
    Presence,
}
