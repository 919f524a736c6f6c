namespace CertiFlip.Auditing;

/// <summary>Why a label should be checked.</summary>
public enum SuggestionReason
{
    /// <summary>What is fitted without its row says another class: it may be wrong already.</summary>
    Contradicted,

    /// <summary>Predictions rest on it: once it is known to be right, they survive more flips of the others.</summary>
    Relied,
}
