using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Options;

/// <summary>
/// What can stand behind an option or an argument, as far as a list can say it. Completion, man pages and
/// certiflip.json know it from here.
/// </summary>
/// <param name="words">Words that are offered.</param>
/// <param name="isList">Whether several may stand there, with commas between them.</param>
/// <param name="place">Whether it can be a path.</param>
internal sealed class Choices(Func<IEnumerable<string>> words, bool isList, Choices.Path place)
{
    private static readonly Choices Nothing = new(() => [], isList: false, Path.No);

    /// <summary>Whether a value is a path.</summary>
    internal enum Path
    {
        No,

        /// <summary>A file, unless it is one of the words.</summary>
        File,

        /// <summary>A folder, unless it is one of the words.</summary>
        Folder,

        /// <summary>A file if there is one of that name; otherwise something else.</summary>
        PerhapsFile,
    }

    public IEnumerable<string> Words => words();

    public bool IsList => isList;

    public Path Place => place;

    /// <summary>Whether nothing else can stand there.</summary>
    public bool IsClosed { get; private init; }

    /// <summary>
    /// Whether a command writes there, or looks for a secret: a certiflip.json that nobody named may not lead it out of
    /// its folder.
    /// </summary>
    public bool IsGuarded { get; private init; }

    /// <summary>One of some words, and nothing else.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Exactly(params string[] words) =>
        new Choices(() => words, isList: false, Path.No) { IsClosed = true }.Complete;

    /// <summary>One of some words, or something like them.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> OneOf(params string[] words) => OneOf(() => words);

    /// <inheritdoc cref="OneOf(string[])"/>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> OneOf(Func<IEnumerable<string>> words, Path place = Path.No) =>
        new Choices(words, isList: false, place).Complete;

    /// <summary>Some of several words, with commas between them.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> SomeOf(Func<IEnumerable<string>> words, Path place = Path.No) =>
        new Choices(words, isList: true, place).Complete;

    /// <summary>A path, or one of some words.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> PathOr(Path place, params string[] words) =>
        OneOf(() => words, place);

    /// <summary>The same for what a command writes, and for secrets: <see cref="IsGuarded"/>.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> GuardedPathOr(Path place, params string[] words) =>
        new Choices(() => words, isList: false, place) { IsGuarded = true }.Complete;

    /// <summary>The name of a file, or a list of something else.</summary>
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Perhaps() => OneOf(() => [], Path.PerhapsFile);

    /// <summary>Anything, which may be a path.</summary>
    public static Choices Anything(Path place) => new(() => [], isList: false, place);

    /// <summary>What can stand behind an option.</summary>
    public static Choices Of(Option option) => Of(option.CompletionSources);

    /// <summary>What can stand for an argument.</summary>
    public static Choices Of(Argument argument) => Of(argument.CompletionSources);

    private static Choices Of(IEnumerable<Func<CompletionContext, IEnumerable<CompletionItem>>> sources) =>
        sources.Select(source => source.Target).OfType<Choices>().FirstOrDefault() ?? Nothing;

    private IEnumerable<CompletionItem> Complete(CompletionContext context) => Words.Select(word => new CompletionItem(word));
}

/// <summary>A command with all that can stand behind it.</summary>
/// <param name="Command">The command.</param>
/// <param name="Name">The words that call it, after <c>certiflip</c>; empty for that alone.</param>
/// <param name="Options">Its options with those that every command has, in the order of the help.</param>
internal sealed record CommandNode(Command Command, string Name, IReadOnlyList<Option> Options)
{
    /// <summary>The commands that can follow.</summary>
    public IEnumerable<Command> Subcommands => Command.Subcommands.Where(command => !command.Hidden);

    /// <summary>A command and all below it, each before those below it.</summary>
    public static IEnumerable<CommandNode> All(RootCommand root) => Below(root, "", []);

    /// <summary>What an option does.</summary>
    public static string Describe(Option option)
    {
        (option as IListing)?.Describe();
        return option.Description ?? "";
    }

    /// <summary>Whether a value can stand behind an option.</summary>
    public static bool TakesValue(Option option) => !IsSwitch(option) && option.Arity.MaximumNumberOfValues > 0;

    /// <summary>Whether an option may be repeated.</summary>
    public static bool IsRepeated(Option option) => option.Arity.MaximumNumberOfValues > 1;

    /// <summary>Whether an option is there or not, without a value.</summary>
    public static bool IsSwitch(Option option) => option is HelpOption or VersionOption || option.ValueType == typeof(bool);

    /// <summary>Whether several values may stand behind an option, with commas between them.</summary>
    public static bool IsList(Option option) =>
        Choices.Of(option).IsList || option.HelpName?.Contains(',') == true || option.HelpName == "LIST";

    private static IEnumerable<CommandNode> Below(Command command, string name, IReadOnlyList<Option> inherited)
    {
        Option[] own = [.. command.Options.Where(option => !option.Hidden)];
        yield return new CommandNode(command, name, [.. own, .. inherited]);
        Option[] handedOn = [.. inherited, .. own.Where(option => option.Recursive)];
        foreach (Command below in command.Subcommands.Where(below => !below.Hidden))
        {
            foreach (CommandNode node in Below(below, $"{name} {below.Name}".Trim(), handedOn))
                yield return node;
        }
    }
}
