using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace CertiFlip.Cli;

/// <summary>What is wrong with a command line that could not be understood.</summary>
internal static class UsageErrors
{
    /// <summary>One line for each mistake. Where a word is not known, whatever else is missing or left over may follow from that, and is not told.</summary>
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        IList<Command> commands = parsed.CommandResult.Command.Subcommands;
        if (parsed.UnmatchedTokens is not [var first, ..])
        {
            return commands.Count > 0
                ? [$"a command is missing; expected {string.Join(' ', CommandPath(parsed))} with one of {string.Join(", ", commands.Select(command => command.Name))}."]
                : parsed.Errors.Select(error => error.Message).Distinct();
        }

        bool wantsCommand = commands.Count > 0;
        string unknown = wantsCommand ? first : parsed.UnmatchedTokens.FirstOrDefault(IsOption, first);
        string kind = IsOption(unknown) ? "an option" : wantsCommand ? "a command" : "an argument";
        string[] similar = [.. Similar(parsed, unknown)];
        return [$"'{unknown}' is not {kind} of {string.Join(' ', CommandPath(parsed))}{(similar.Length > 0 ? $"; did you mean {string.Join(" or ", similar)}?" : ".")}"];
    }

    /// <summary>The command that was called, word by word.</summary>
    public static IEnumerable<string> CommandPath(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (CommandResult? command = parsed.CommandResult; command is { Command: not RootCommand }; command = command.Parent as CommandResult)
            names.Push(command.Command.Name);
        return ["certiflip", .. names];
    }

    private static bool IsOption(string token) => token.StartsWith('-');

    /// <summary>What System.CommandLine suggests for the word alone: after a line that says so, one in each line that it prints.</summary>
    private static IEnumerable<string> Similar(ParseResult parsed, string unknown)
    {
        ParseResult alone = parsed.RootCommandResult.Command.Parse([.. CommandPath(parsed).Skip(1), unknown]);
        if (alone.Action is not ParseErrorAction action)
            return [];
        action.ShowHelp = false;
        using var suggestions = new StringWriter();
        alone.Invoke(new InvocationConfiguration { Output = suggestions, Error = TextWriter.Null });
        return suggestions.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Where(word => word.Length > "-h".Length && IsOption(word) == IsOption(unknown));
    }
}
