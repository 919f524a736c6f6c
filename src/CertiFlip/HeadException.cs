namespace CertiFlip;

/// <summary>
/// A head cannot be fitted to these features, or cannot be applied to a row; the message says why and what to do.
/// </summary>
public sealed class HeadException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: what is wrong, where, and what to do.</param>
    public HeadException(string message)
        : base(message)
    {
    }
}
