using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Options;

/// <summary>
/// A change of one label into another as the user wrote it: <c>A&gt;B</c>. A label may have a <c>&gt;</c> of its own: of several, the one between two labels of the training data is meant.
/// </summary>
/// <param name="Text">As written.</param>
internal sealed record DirectionChoice(string Text)
{
    /// <summary>The direction of a text, or null if it cannot be two labels.</summary>
    public static DirectionChoice? TryParse(string text) => new DirectionChoice(text) is var choice && choice.Readings().Any() ? choice : null;

    /// <summary>The classes that it speaks of.</summary>
    /// <param name="encoding">The classes of the training labels.</param>
    /// <param name="source">Where those come from.</param>
    /// <exception cref="UsageException">It does not name two different labels, or could be read in several ways.</exception>
    public FlipDirection Among(LabelEncoding encoding, string source)
    {
        (string From, string To)[] readings = [.. Readings()], known = [.. readings.Where(reading => encoding.Has(reading.From) && encoding.Has(reading.To))];
        if (known.Length == 0)
        {
            string unknown = readings is [var only] ? $", and '{(encoding.Has(only.From) ? only.To : only.From)}' is none" : "";
            throw Refuse($"expected two labels of {source} with > between them{unknown}; its classes are {encoding.ClassesInWords}");
        }

        if (known.Length > 1)
            throw Refuse($"could be from '{known[0].From}' to '{known[0].To}' or from '{known[1].From}' to '{known[1].To}'; rename one of these labels");
        int[] classes = encoding.Encode([known[0].From, known[0].To], Text);
        return classes[0] != classes[1] ? new FlipDirection(classes[0], classes[1]) : throw Refuse("expected two different labels");
    }

    private IEnumerable<(string From, string To)> Readings() =>
        Enumerable.Range(0, Text.Length).Where(at => at > 0 && at < Text.Length - 1 && Text[at] == '>').Select(at => (Text[..at], Text[(at + 1)..]));

    private UsageException Refuse(string why) => new($"--direction '{Text}': {why}.");
}
