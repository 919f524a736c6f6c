using Spectre.Console;

namespace CertiFlip.Cli.Output;

/// <summary>
/// Standard output and standard error as consoles: coloured where a person looks, unless the environment says
/// otherwise.
/// </summary>
internal static class Terminal
{
    /// <param name="writer">Where to.</param>
    /// <param name="isTerminal">Whether a terminal is there.</param>
    public static IAnsiConsole Console(TextWriter writer, bool isTerminal)
    {
        bool isColoured = IsColoured(isTerminal, Environment.GetEnvironmentVariable);
        bool hasAnsi = isTerminal && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isColoured || hasAnsi ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isColoured ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,

            // They would take the log of a build for a terminal.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
    }

    /// <summary>Whether colours are wanted.</summary>
    /// <param name="isTerminal">Whether a terminal is there.</param>
    /// <param name="variable">The environment.</param>
    public static bool IsColoured(bool isTerminal, Func<string, string?> variable)
    {
        bool IsSet(string name) => variable(name) is { Length: > 0 } value && value != "0";
        if (variable("NO_COLOR") is { Length: > 0 })
            return false;
        if (IsSet("CLICOLOR_FORCE") || IsSet("FORCE_COLOR"))
            return true;
        return isTerminal && variable("CLICOLOR") != "0" && variable("TERM") != "dumb";
    }
}
