using System.CommandLine;
using System.Text;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Describe;

/// <summary>
/// A command that says something of the command itself, for other programs. It reads no data and no certiflip.json.
/// </summary>
internal abstract class DescribeCommand(string name, string description) : Command(name, description);

/// <summary>
/// <c>certiflip completions</c>: a script that makes a shell complete command lines. It is made of the commands and
/// their options as they are, and calls nothing.
/// </summary>
internal sealed class CompletionsCommand : DescribeCommand
{
    private const string Bash = "bash", Zsh = "zsh", Fish = "fish";

    private readonly Argument<string> _shell = new("SHELL")
    {
        Description = "bash, zsh or fish.",
        HelpName = "SHELL",
        CompletionSources = { Choices.Exactly(Bash, Zsh, Fish) },
    };

    public CompletionsCommand(IAnsiConsole output, Func<RootCommand> root)
        : base("completions", "Print a script by which a shell completes commands, options, their values and files.")
    {
        Arguments.Add(_shell);
        SetAction(parsed =>
        {
            CommandNode[] nodes = [.. CommandNode.All(root())];
            string script = parsed.GetRequiredValue(_shell) switch
            {
                Bash => BashScript.Of(nodes),
                Zsh => ZshScript.Of(nodes),
                Fish => FishScript.Of(nodes),
                var other => throw new UsageException($"completions '{other}': expected {Bash}, {Zsh} or {Fish}."),
            };
            output.WriteFile(script);
            return ExitCode.Done;
        });
    }

    /// <summary>What an option does, in the few words that fit beside it.</summary>
    private static string Brief(string description)
    {
        const int Longest = 76;
        int end = ((string[])[". ", "; ", " [default"]).Select(mark => description.IndexOf(mark, StringComparison.Ordinal))
            .Where(at => at >= 0).DefaultIfEmpty(description.Length).Min();
        string words = description[..end].TrimEnd('.');
        return words.Length <= Longest ? words : $"{words[..words.LastIndexOf(' ', Longest)]} …";
    }

    /// <summary>An argument that a user gives to a command, if any.</summary>
    private static Choices? ArgumentOf(CommandNode node) => node.Command switch
    {
        RootCommand => Choices.Anything(Choices.Path.File),
        { Arguments: [var argument, ..] } => Choices.Of(argument),
        _ => null,
    };

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static IEnumerable<string> NamesOf(Option option) =>
        [option.Name, .. option.Aliases.Where(alias => alias.StartsWith('-') && alias is not "-?")];

    /// <summary>For bash 3.2 and later, without the package bash-completion.</summary>
    private static class BashScript
    {
        public static string Of(IReadOnlyList<CommandNode> nodes)
        {
            var script = new StringBuilder("""
                # bash completion for certiflip; made by: certiflip completions bash
                _certiflip() {
                    # Names of files stay as they are, also with * and [ in them.
                    local flags=$-
                    set -f
                    _certiflip_reply
                    [[ $flags == *f* ]] || set +f
                }
                _certiflip_reply() {
                    local line=${COMP_LINE:0:COMP_POINT} cur option="" command="" kind="" words="" options="" prefix="" i last word
                    local -a typed
                    read -r -a typed <<< "$line"
                    [[ -z ${typed[0]-} || $line == *[[:space:]] ]] && typed[${#typed[@]}]=""
                    last=$((${#typed[@]} - 1))
                    cur=${typed[last]}
                    COMPREPLY=()
                    for ((i = 1; i < last; i++)); do
                        word=${typed[i]}
                        case "$command/$word" in

                """);
            foreach (CommandNode node in nodes.Where(node => node.Name.Length > 0))
            {
                string[] words = node.Name.Split(' ');
                script.Append($"            {Quoted($"{string.Join(' ', words[..^1])}/{words[^1]}")}) command={Quoted(node.Name)} ;;\n");
            }

            script.Append("""
                        esac
                    done
                    if [[ $cur == --*=* ]]; then
                        option=${cur%%=*}
                        cur=${cur#*=}
                        [[ $COMP_WORDBREAKS == *=* ]] || prefix="$option="
                    elif ((last > 1)); then
                        option=${typed[last - 1]}
                    fi
                    case "$command:$option" in

                """);
            var values =
                from node in nodes
                from option in node.Options
                where CommandNode.TakesValue(option)
                let choices = Choices.Of(option)
                group $"{Quoted(node.Name)}:{option.Name}" by (
                    Kind: KindOf(choices, CommandNode.IsList(option)), Words: string.Join(' ', choices.Words));
            foreach (var same in values)
                script.Append($"        {string.Join('|', same)}) kind={same.Key.Kind}; words={Quoted(same.Key.Words)} ;;\n");
            script.Append("    esac\n    if [[ -z $kind ]]; then\n        case \"$command\" in\n");
            foreach (CommandNode node in nodes)
            {
                Choices? argument = ArgumentOf(node);
                string words = string.Join(' ', node.Subcommands.Select(command => command.Name).Concat(argument?.Words ?? []));
                string options = string.Join(' ', node.Options.SelectMany(NamesOf));
                script.Append($"            {Quoted(node.Name)}) kind={KindOf(argument ?? Choices.Anything(Choices.Path.No), false)}; ")
                    .Append($"words={Quoted(words)}; options={Quoted(options)} ;;\n");
            }

            return script.Append("""
                        esac
                        if [[ $cur == -* ]]; then
                            COMPREPLY=($(compgen -W "$options" -- "$cur"))
                            return
                        fi
                    fi
                    if [[ $kind == *list* && $cur == *,* ]]; then
                        prefix="$prefix${cur%,*},"
                        cur=${cur##*,}
                    fi
                    COMPREPLY=($(compgen -W "$words" -- "$cur"))
                    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *: ]] && compopt -o nospace 2> /dev/null
                    local IFS=$'\n'
                    case $kind in
                        *file*)
                            COMPREPLY+=($(compgen -f -- "$cur"))
                            compopt -o filenames 2> /dev/null
                            ;;
                        *folder*)
                            COMPREPLY+=($(compgen -d -- "$cur"))
                            compopt -o filenames 2> /dev/null
                            ;;
                    esac
                    [[ -n $prefix ]] && COMPREPLY=("${COMPREPLY[@]/#/$prefix}")
                    # Readline has taken what stands before a colon for another word.
                    if [[ $prefix$cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
                        word=$prefix$cur
                        word=${word%"${word##*:}"}
                        COMPREPLY=("${COMPREPLY[@]#"$word"}")
                    fi
                }
                complete -F _certiflip certiflip

                """).ToString();
        }

        private static string KindOf(Choices choices, bool isList)
        {
            string place = choices.Place switch
            {
                Choices.Path.File or Choices.Path.PerhapsFile => "file",
                Choices.Path.Folder => "folder",
                Choices.Path.No => "words",
                _ => throw new ArgumentOutOfRangeException(nameof(choices), choices.Place, null),
            };
            return isList ? $"{place}-list" : place;
        }
    }

    /// <summary>For zsh, by its own <c>_arguments</c>.</summary>
    private static class ZshScript
    {
        public static string Of(IReadOnlyList<CommandNode> nodes)
        {
            var script = new StringBuilder("#compdef certiflip\n# zsh completion for certiflip; made by: certiflip completions zsh\n");
            foreach (CommandNode node in nodes)
                Append(script, node);
            return script.Append("""

                if [ "$funcstack[1]" = "_certiflip" ]; then
                  _certiflip "$@"
                else
                  compdef _certiflip certiflip
                fi

                """).ToString();
        }

        private static string FunctionOf(string name) => $"_certiflip{(name.Length > 0 ? $"_{name.Replace(' ', '_')}" : "")}";

        private static void Append(StringBuilder script, CommandNode node)
        {
            bool hasCommands = node.Subcommands.Any();
            script.Append($"\n{FunctionOf(node.Name)}() {{\n");
            if (hasCommands)
                script.Append("  local context state state_descr line curcontext=$curcontext\n  typeset -A opt_args\n");
            script.Append($"  _arguments -s{(hasCommands ? " -C" : "")}");
            foreach (Option option in node.Options)
            {
                foreach (string name in NamesOf(option))
                    script.Append($" \\\n    {Quoted(SpecOf(option, name))}");
            }

            if (!hasCommands)
            {
                Choices? argument = ArgumentOf(node);
                script.Append(argument is null
                    ? "\n}\n"
                    : $" \\\n    {Quoted($"1:{node.Command.Arguments[0].Name}:{ActionOf(argument, false)}")}\n}}\n");
                return;
            }

            script.Append(" \\\n    '1: :->command' \\\n    '*:: :->rest'\n  case $state in\n    command)\n      local -a commands=(\n");
            foreach (Command command in node.Subcommands)
                script.Append($"        {Quoted($"{command.Name}:{Brief(command.Description ?? "")}")}\n");
            script.Append("      )\n      _describe -t commands 'command' commands\n");
            if (node.Name.Length == 0)
                script.Append("      _files\n");
            script.Append("      ;;\n    rest)\n      case $words[1] in\n");
            foreach (Command command in node.Subcommands)
                script.Append($"        {command.Name}) {FunctionOf($"{node.Name} {command.Name}".Trim())} ;;\n");
            script.Append("      esac\n      ;;\n  esac\n}\n");
        }

        private static string SpecOf(Option option, string name)
        {
            string repeated = CommandNode.IsRepeated(option) ? "*" : "";
            string what = $"[{Escaped(Brief(CommandNode.Describe(option)))}]";
            if (!CommandNode.TakesValue(option))
                return $"{repeated}{name}{what}";
            string colons = option.Arity.MinimumNumberOfValues == 0 ? "::" : ":";
            string action = ActionOf(Choices.Of(option), CommandNode.IsList(option));
            return $"{repeated}{name}={what}{colons}{Escaped(option.HelpName ?? "VALUE")}:{action}";
        }

        private static string ActionOf(Choices choices, bool isList)
        {
            string words = string.Join(' ', choices.Words.Select(word => word.Replace(":", "\\:", StringComparison.Ordinal)));
            string files = choices.Place switch
            {
                Choices.Path.File or Choices.Path.PerhapsFile => "_files",
                Choices.Path.Folder => "_files -/",
                Choices.Path.No => "",
                _ => throw new ArgumentOutOfRangeException(nameof(choices), choices.Place, null),
            };
            if (words.Length == 0)
                return files.Length > 0 ? files : " ";
            if (isList)
                return $"_values -s , value "
                    + $"{string.Join(' ', choices.Words.Select(word => word.Replace(":", "\\:", StringComparison.Ordinal)))}";
            return files.Length > 0 ? $"{{compadd -- {string.Join(' ', choices.Words)}; {files}}}" : $"({words})";
        }

        private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal)
            .Replace(":", "\\:", StringComparison.Ordinal);
    }

    /// <summary>For fish.</summary>
    private static class FishScript
    {
        public static string Of(IReadOnlyList<CommandNode> nodes)
        {
            var script = new StringBuilder("""
                # fish completion for certiflip; made by: certiflip completions fish
                function __certiflip_at
                    set -l words (commandline -opc)
                    set -l at ''
                    for word in $words[2..-1]
                        switch "$at/$word"

                """);
            foreach (CommandNode node in nodes.Where(node => node.Name.Length > 0))
            {
                string[] words = node.Name.Split(' ');
                script.Append($"            case '{string.Join(' ', words[..^1])}/{words[^1]}'\n                set at '{node.Name}'\n");
            }

            script.Append("""
                        end
                    end
                    test "$at" = "$argv[1]"
                end
                function __certiflip_list
                    set -l before (string match -r -- '^.*[,=]' (commandline -ct) | string replace -r -- '^--[^=]*=' '')
                    for word in $argv
                        echo "$before$word"
                    end
                end
                complete -c certiflip -f

                """);
            foreach (CommandNode node in nodes)
            {
                string at = $"complete -c certiflip -n '__certiflip_at \"{node.Name}\"'";
                foreach (Command command in node.Subcommands)
                    script.Append($"{at} -a {command.Name} -d {Text(Brief(command.Description ?? ""))}\n");
                if (ArgumentOf(node) is { } argument)
                    script.Append($"{at} {ValuesOf(argument, false)}\n");
                foreach (Option option in node.Options)
                {
                    string names = string.Join(' ', NamesOf(option)
                        .Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $"-l {name[2..]}" : $"-s {name[1..]}"));
                    string values = CommandNode.TakesValue(option)
                        ? $" -r {ValuesOf(Choices.Of(option), CommandNode.IsList(option))}" : "";
                    script.Append($"{at} {names}{values} -d {Text(Brief(CommandNode.Describe(option)))}\n");
                }
            }

            return script.ToString();
        }

        private static string ValuesOf(Choices choices, bool isList)
        {
            string words = string.Join(' ', choices.Words);
            string list = words.Length == 0 ? "" : isList ? $" -a '(__certiflip_list {words})'" : $" -a '{words}'";
            return choices.Place switch
            {
                Choices.Path.File or Choices.Path.PerhapsFile => $"-F{list}",
                Choices.Path.Folder => $"-f -a '(__fish_complete_directories)'{list}",
                Choices.Path.No => $"-f{list}",
                _ => throw new ArgumentOutOfRangeException(nameof(choices), choices.Place, null),
            };
        }

        private static string Text(string text) =>
            $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
    }
}
