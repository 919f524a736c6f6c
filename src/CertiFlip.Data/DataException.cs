namespace CertiFlip.Data;

/// <summary>The user's data, or a path the user named, cannot be used.</summary>
/// <remarks>
/// The message is one line that can be shown as it is: it names the file, the row and column where they apply, what was
/// found and what was expected.
/// </remarks>
public sealed class DataException : Exception
{
    private const int LongestQuote = 60;

    /// <summary>Makes the exception.</summary>
    /// <param name="message">
    /// What is wrong and what to do; characters that a terminal would obey are escaped by <see cref="ShownText"/>.
    /// </param>
    /// <param name="innerException">The exception that this one explains, if any.</param>
    public DataException(string message, Exception? innerException = null)
        : base(ShownText.Escape(message), innerException)
    {
    }

    /// <summary>A piece of the user's data as messages show it: in quotes, and cut short where it is long.</summary>
    /// <param name="text">The piece.</param>
    public static string Quote(string text) => $"'{ShownText.Cut(text, LongestQuote)}'";

    /// <summary>Refuses what cannot be a path.</summary>
    internal static void ThrowIfNotAFileName(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0'))
            throw new DataException($"{Quote(path)} is not the name of a file.");
    }
}
