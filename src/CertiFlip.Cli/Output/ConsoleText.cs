using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Output;

/// <summary>
/// The one way to a terminal or a log for text: whatever comes from files is shown and not obeyed, and takes no line of
/// its own.
/// </summary>
internal static class ConsoleText
{
    // What is left of 80 columns beside the numbers of an audit.
    private const int LongestCell = 24;

    /// <summary>Writes a sentence, in as many lines as the terminal's width makes of it.</summary>
    public static void WriteSentence(this IAnsiConsole console, string sentence) => console.WriteLine(ShownText.Escape(sentence));

    /// <summary>Writes one line, as long as it is.</summary>
    public static void Tell(this IAnsiConsole console, string line) => console.Profile.Out.Writer.WriteLine(ShownText.Escape(line));

    /// <summary>Writes a file of the command's own, such as a script, as it is.</summary>
    public static void WriteFile(this IAnsiConsole console, string content) => console.Profile.Out.Writer.Write(content);

    /// <summary>A warning or an error.</summary>
    public static void Complain(this IAnsiConsole status, string message) => status.Tell($"certiflip: {message}");

    /// <summary>A text from a file as the cell of a table, or another piece of markup.</summary>
    public static string Cell(string text) => Markup.Escape(ShownText.Cut(text, LongestCell));

    /// <summary>A text of the command's own as markup.</summary>
    public static string Whole(string text) => Markup.Escape(ShownText.Escape(text));
}
