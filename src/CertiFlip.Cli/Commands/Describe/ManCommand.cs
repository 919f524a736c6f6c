using System.CommandLine;
using System.Globalization;
using System.Text;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Describe;

/// <summary><c>certiflip man</c>: manual pages, made of the commands and their options as they are.</summary>
internal sealed class ManCommand : DescribeCommand
{
    private const string OfPath =
        "With the path of a file or a folder in place of a command, it says what that holds and which command comes next.";

    private const string OfFile =
        "Options of all commands, read from the current folder unless --no-config is given; --config names another file. "
            + "`certiflip schema configuration` prints its JSON Schema.";

    private readonly Argument<string[]> _command = new("COMMAND")
    {
        Description = "The command whose page is printed, such as certify or features fit. Without it, the page of certiflip.",
        HelpName = "COMMAND",
        Arity = new ArgumentArity(0, 2),
    };

    private readonly Option<string> _out = CommandOptions.Folder(
        "--out", "Write every page into this folder: certiflip.1, certiflip-certify.1 and so on.");

    private readonly IAnsiConsole _output;
    private readonly Func<RootCommand> _root;

    public ManCommand(IAnsiConsole output, Func<RootCommand> root)
        : base("man", "Print a manual page, or write all of them.")
    {
        (_output, _root) = (output, root);
        _command.CompletionSources.Add(
            Choices.OneOf(() => CommandNode.All(root()).Select(node => node.Name).Where(name => name.Length > 0 && !name.Contains(' '))));
        Arguments.Add(_command);
        Options.Add(_out);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        CommandNode[] nodes = [.. CommandNode.All(_root())];
        string name = string.Join(' ', parsed.GetValue(_command) ?? []);
        if (parsed.GetValue(_out) is { } folder)
        {
            if (name.Length > 0)
                throw new UsageException("--out writes every page; leave out the name of the command.");
            Directory.CreateDirectory(folder);
            using OutputFiles files = CommandOptions.Files();
            string[] paths = [.. nodes.Select(node => Path.Combine(folder, $"{PageOf(node.Name)}.1"))];
            foreach (string path in paths)
                files.Add(path);
            foreach ((CommandNode node, string path) in nodes.Zip(paths))
                files.Write(path, writer => writer.Write(Page(node, nodes)));
            files.Commit();
            return ExitCode.Done;
        }

        CommandNode asked = nodes.FirstOrDefault(node => node.Name == name)
            ?? throw new UsageException(
                $"man '{name}': expected a command: "
                + $"{string.Join(", ", nodes.Select(node => node.Name).Where(known => known.Length > 0))}.");
        _output.WriteFile(Page(asked, nodes));
        return ExitCode.Done;
    }

    private static string PageOf(string name) => name.Length == 0 ? "certiflip" : $"certiflip-{name.Replace(' ', '-')}";

    private static string Page(CommandNode node, IReadOnlyList<CommandNode> all)
    {
        string page = PageOf(node.Name), called = $"certiflip {node.Name}".Trim();
        bool isRoot = node.Name.Length == 0;
        var text = new StringBuilder();
        text.Append($".TH {Roff(page.ToUpperInvariant())} 1 \"\" \"CertiFlip {CommandVersion.Number}\" \"CertiFlip\"\n");
        text.Append($".SH NAME\n{Roff(page)} \\- {Roff(Lead(node.Command.Description ?? ""))}\n");
        text.Append(".SH SYNOPSIS\n");
        text.Append($".B {Roff(called)}\n");
        if (node.Subcommands.Any())
            text.Append(".I COMMAND\n");
        foreach (Argument argument in node.Command.Arguments)
            text.Append(argument.Arity.MinimumNumberOfValues == 0 ? $".RI [ {Roff(argument.Name)} ]\n" : $".I {Roff(argument.Name)}\n");
        foreach (Option option in node.Options.Where(option => option.Required))
            text.Append($".BI {Roff(option.Name)} \" {Roff(option.HelpName ?? "VALUE")}\"\n");
        text.Append(".RI [ OPTIONS ]\n");
        if (isRoot)
            text.Append(".br\n.B certiflip\n.I PATH\n");
        text.Append($".SH DESCRIPTION\n{Roff(node.Command.Description ?? "")}\n");
        if (isRoot)
            text.Append($".PP\n{Roff(OfPath)}\n");
        if (node.Subcommands.Any())
        {
            text.Append(".SH COMMANDS\n");
            foreach (Command command in node.Subcommands)
            {
                string below = $"{node.Name} {command.Name}".Trim();
                text.Append($".TP\n.BR {Roff(PageOf(below))} (1)\n{Roff(command.Description ?? "")}\n");
            }
        }

        if (node.Command.Arguments.Count > 0)
        {
            text.Append(".SH ARGUMENTS\n");
            foreach (Argument argument in node.Command.Arguments)
                text.Append($".TP\n.I {Roff(argument.Name)}\n{Roff(argument.Description ?? "")}\n");
        }

        text.Append(".SH OPTIONS\n");
        foreach (Option option in node.Options)
        {
            string names = string.Join(", ", new[] { option.Name }.Concat(option.Aliases.Where(alias => alias is "-h")));
            string value = !CommandNode.TakesValue(option) ? ""
                : option.Arity.MinimumNumberOfValues == 0 ? $" [{option.HelpName}]" : $" {option.HelpName ?? "VALUE"}";
            text.Append(value.Length == 0 ? $".TP\n.B {Roff(names)}\n" : $".TP\n.BI {Roff(names)} \"{Roff(value)}\"\n");
            text.Append($"{Roff(CommandNode.Describe(option))}{(option.Required ? " Required." : "")}\n");
        }

        text.Append(".SH EXIT STATUS\n");
        foreach ((string code, string meaning) in ExitCode.All)
            text.Append($".TP\n.B {code}\n{Roff(meaning)}\n");
        text.Append(".SH ENVIRONMENT\n");
        foreach ((string name, string meaning) in CommandEnvironment.All)
            text.Append($".TP\n.B {Roff(name)}\n{Roff(meaning)}\n");
        text.Append($".SH FILES\n.TP\n.I {Configuration.UsualName}\n")
            .Append($"{Roff(OfFile)}\n");
        text.Append(".SH SEE ALSO\n");
        string[] others = [.. all.Select(other => PageOf(other.Name)).Where(other => other != page)];
        text.Append(string.Join(",\n", others.Select(other => $".BR {Roff(other)} (1)")));
        return text.Append('\n').ToString();
    }

    /// <summary>The first sentence of a description, as the line of a manual's index.</summary>
    private static string Lead(string description)
    {
        int end = ((string[])[". ", ": ", "; ", "? "]).Select(mark => description.IndexOf(mark, StringComparison.Ordinal))
            .Where(at => at >= 0).DefaultIfEmpty(description.Length).Min();
        return description[..end].TrimEnd('.', '?');
    }

    /// <summary>A text in which nothing is a request or an escape, and every letter is one that troff knows.</summary>
    private static string Roff(string text)
    {
        var escaped = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            escaped.Append(rune.Value switch
            {
                '\\' => "\\e",
                '-' => "\\-",
                '"' => "\\(dq",
                '\'' => "\\(aq",
                '`' => "\\(ga",
                '^' => "\\(ha",
                '~' => "\\(ti",
                < 128 => rune.ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\[u{rune.Value:X4}]"),
            });
        }

        return escaped.Length > 0 && escaped[0] == '.' ? $"\\&{escaped}" : escaped.ToString();
    }
}
