using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using CertiFlip.Cli.Commands.Attack;
using CertiFlip.Cli.Commands.Audit;
using CertiFlip.Cli.Commands.Certify;
using CertiFlip.Cli.Commands.Check;
using CertiFlip.Cli.Commands.Compare;
using CertiFlip.Cli.Commands.Describe;
using CertiFlip.Cli.Commands.Features;
using CertiFlip.Cli.Commands.Frontier;
using CertiFlip.Cli.Commands.Labels;
using CertiFlip.Cli.Commands.Look;
using CertiFlip.Cli.Commands.Models;
using CertiFlip.Cli.Commands.Plan;
using CertiFlip.Cli.Commands.Reproduce;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli;

/// <summary>The command <c>certiflip</c>: parses, runs, and turns every outcome into an exit code.</summary>
/// <param name="output">Where results go: standard output.</param>
/// <param name="status">Where progress and errors go: standard error.</param>
internal sealed class CertiFlipCommand(IAnsiConsole output, IAnsiConsole status)
{
    private readonly Option<string> _config = Configuration.File();
    private readonly Option<bool> _noConfig = Configuration.None();

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation = default)
    {
        // Numbers look the same on every machine.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        using var interruption = new Interruption(Leave, cancellation);
        bool isHelp = arguments is ["help", ..];
        if (isHelp)
            arguments = [.. arguments.Skip(1)];
        return await RunAsync(arguments, isHelp, interruption);
    }

    private async Task<int> RunAsync(IReadOnlyList<string> arguments, bool isHelp, Interruption interruption)
    {
        RootCommand root = Root(ref arguments, interruption);
        ParseResult parsed = root.Parse(arguments);
        if (isHelp && parsed.UnmatchedTokens.Count == 0)
            parsed = root.Parse([.. arguments, "--help"]);
        Configuration? settings = null;
        try
        {
            settings = Configure(parsed, interruption);
            if (settings is not null)
                parsed = root.Parse(settings.AddTo(arguments, parsed));
        }
        catch (Exception exception)
        {
            Complain(exception is UsageException ? exception.Message : Explain(exception));
            return exception is UsageException ? ExitCode.Usage : ExitCode.Failure;
        }

        UsedConfiguration.Current = settings?.Used;
        if (parsed.Action is ParseErrorAction)
        {
            foreach (string message in UsageErrors.Of(parsed))
                Complain(settings?.Located(message) ?? message);
            Complain($"See '{string.Join(' ', UsageErrors.CommandPath(parsed))} --help'.");
            return ExitCode.Usage;
        }

        // It says nothing at its end that somebody would wait for.
        if (parsed.CommandResult.Command is ServeCommand && UsedConfiguration.Current is { } served)
            Complain(served.Said().Sentence);
        var configuration = new InvocationConfiguration
        {
            Output = output.Profile.Out.Writer,
            Error = status.Profile.Out.Writer,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, interruption.Token).ConfigureAwait(false);
        }
        catch (RowsAreDone)
        {
            return ExitCode.Done;
        }
        catch (UsageException exception)
        {
            Complain(settings?.Located(exception.Message) ?? exception.Message);
            return ExitCode.Usage;
        }
        catch (Exception exception) when (exception is OperationCanceledException || interruption.ExitCode is not null)
        {
            Complain(parsed.CommandResult.Command is ReproduceCommand or RunCommand
                ? "Interrupted. What is finished is saved: run the same command again to continue."
                : "Interrupted. No file was written.");
            return interruption.ExitCode ?? ExitCode.Failure;
        }
        catch (Exception exception)
        {
            Complain(Explain(exception));
        }
        finally
        {
            if (UsedConfiguration.Current is { IsSaid: false } used)
                Complain(used.Sentence);
        }

        return ExitCode.Failure;
    }

    /// <summary>What certiflip.json says, or the file of <c>--config</c>; null where there is none.</summary>
    private Configuration? Configure(ParseResult parsed, Interruption interruption)
    {
        Command command = parsed.CommandResult.Command;
        string? path = parsed.GetResult(_config) is { Implicit: false, Tokens: [var token] } ? token.Value : null;
        bool isUnwanted = parsed.GetResult(_noConfig) is { Implicit: false };
        if (parsed.Action is ListingHelp or VersionAction || command is RootCommand)
            return null;
        if (!IsConfigured(command))
        {
            return path is null ? null : throw new UsageException(
                $"{_config.Name} has no effect with certiflip {string.Join(' ', UsageErrors.CommandPath(parsed).Skip(1))}: leave it out.");
        }

        if (path is not null && isUnwanted)
            throw new UsageException($"{_config.Name} has no effect with {_noConfig.Name}: leave one of them out.");
        bool isFound = path is null && !isUnwanted && File.Exists(Configuration.UsualName);
        return path is null && !isFound
            ? null
            : Configuration.Read(path ?? Configuration.UsualName, isFound, [.. Configuration.Sections(Whole(interruption), IsConfigured)]);
    }

    internal static bool IsConfigured(Command command) => command is not
        (DescribeCommand or LookCommand or PlanCommand or ShardCommand or MergeCommand or RunCommand or StatusCommand);

    /// <summary>All commands.</summary>
    internal RootCommand Whole(Interruption interruption)
    {
        IReadOnlyList<string> none = [];
        return Root(ref none, interruption);
    }

    /// <summary>All commands, to look at.</summary>
    internal static RootCommand Whole()
    {
        using var interruption = new Interruption(_ => { }, CancellationToken.None);
        return new CertiFlipCommand(AnsiConsole.Console, AnsiConsole.Console).Whole(interruption);
    }

    /// <summary>
    /// With the command that is called, or all of them where none is: to build every command's options takes longer
    /// than to certify a few rows.
    /// </summary>
    private RootCommand Root(ref IReadOnlyList<string> arguments, Interruption interruption)
    {
        Task<int> Nested(IReadOnlyList<string> words) => RunAsync(words, isHelp: false, interruption);
        if (arguments is [PlanCommand.PlanName, ..])
            arguments = PlanCommand.Split(arguments);
        (string Name, Func<Command> Build)[] commands =
        [
            ("certify", () => new CertifyCommand(output, status)),
            ("train", () => new TrainCommand(output, status)),
            ("serve", () => new ServeCommand(status, interruption)),
            ("compare", () => new CompareCommand(output, status)),
            ("diff", () => new DiffCommand(output, status)),
            ("frontier", () => new FrontierCommand(output, status)),
            ("attack", () => new AttackCommand(output, status)),
            ("audit", () => new AuditCommand(output, status)),
            ("labels", () => new LabelsCommand(output, status)),
            ("coefficients", () => new CoefficientsCommand(output, status)),
            ("check", () => new CheckCommand(output, status)),
            ("features", () => new FeaturesCommand(output, status)),
            (PlanCommand.PlanName, () => new PlanCommand(output, Nested)),
            ("shard", () => new ShardCommand(status, Nested)),
            ("merge", () => new MergeCommand(status, Nested)),
            ("run", () => new RunCommand(status, Nested)),
            ("status", () => new StatusCommand(output)),
            (LookCommand.LookName, () => new LookCommand(output)),
            ("demo", () => new DemoCommand(output, status)),
            ("reproduce", () => new ReproduceCommand(output, status)),
            ("completions", () => new CompletionsCommand(output, () => Whole(interruption))),
            ("man", () => new ManCommand(output, () => Whole(interruption))),
            ("schema", () => new SchemaCommand(output)),
        ];
        var root = new RootCommand("How many training labels could be wrong before a prediction changes? CertiFlip answers with a proof.");
        ListingHelp.AddTo(root);
        VersionAction.AddTo(root);
        string called = arguments is [var first, ..] ? first : "";
        bool isKnown = commands.Any(command => command.Name == called);
        if (!isKnown && Path.Exists(NamedPart.Of(called).Path))
        {
            arguments = [called = LookCommand.LookName, .. arguments];
            isKnown = true;
        }

        foreach ((string name, Func<Command> build) in commands)
        {
            if (!isKnown || name == called)
                root.Add(build());
        }

        Option<long?> maxUnpacked = CommandOptions.MaxUnpacked();
        root.AddOptions(maxUnpacked, _config, _noConfig);
        ReadingAction.Wrap(root, maxUnpacked);
        return root;
    }

    private static string Explain(Exception exception) => exception switch
    {
        AggregateException or TypeInitializationException when exception.InnerException is { } inner => Explain(inner),
        DataException or HeadException or IOException or UnauthorizedAccessException or PlatformNotSupportedException => exception.Message,
        OutOfMemoryException or OverflowException => "The data do not fit into memory.",
        _ => $"This is a bug in CertiFlip, please report it: {exception.GetType().Name}: {exception.Message}",
    };

    /// <summary>Last words of a process that ends in the middle; a progress bar may have hidden the cursor.</summary>
    private void Leave(string message)
    {
        if (status.Profile.Out.IsTerminal && status.Profile.Capabilities.Ansi)
            status.Profile.Out.Writer.Write("\u001b[?25h");
        Complain(message);
    }

    private void Complain(string message) => status.Complain(message);
}

/// <summary>
/// What a command does, with limits for all files that it reads; reading ends when the command is interrupted.
/// </summary>
internal sealed class ReadingAction(AsynchronousCommandLineAction action, Option<long?> maxUnpacked) : AsynchronousCommandLineAction
{
    /// <summary>Gives every command below another its limits.</summary>
    public static void Wrap(Command parent, Option<long?> maxUnpacked)
    {
        foreach (Command command in parent.Subcommands)
        {
            if (command.Action is AsynchronousCommandLineAction action)
                command.Action = new ReadingAction(action, maxUnpacked);
            Wrap(command, maxUnpacked);
        }
    }

    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        var options = new ReaderOptions { MaxUnpacked = parseResult.GetValue(maxUnpacked), Cancellation = cancellationToken };
        using IDisposable use = options.Use();
        return await action.InvokeAsync(parseResult, cancellationToken);
    }
}

/// <summary>What is wrong with a command line that could not be understood.</summary>
internal static class UsageErrors
{
    /// <summary>
    /// One line for each mistake. Where a word is not known, whatever else is missing or left over may follow from
    /// that, and is not told.
    /// </summary>
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        IList<Command> commands = parsed.CommandResult.Command.Subcommands;
        string path = string.Join(' ', CommandPath(parsed));
        if (parsed.UnmatchedTokens is not [var first, ..])
        {
            return commands.Count > 0
                ? [$"a command is missing; expected {path} with one of {string.Join(", ", commands.Select(command => command.Name))}."]
                : parsed.Errors.Select(error => error.Message).Distinct();
        }

        bool wantsCommand = commands.Count > 0;
        string unknown = wantsCommand ? first : parsed.UnmatchedTokens.FirstOrDefault(IsOption, first);
        string kind = IsOption(unknown) ? "an option" : wantsCommand ? "a command" : "an argument";
        string[] similar = [.. Similar(parsed, unknown)];
        if (wantsCommand && unknown.AsSpan().ContainsAny("./\\"))
            return [$"'{unknown}' is not {kind} of {path}, and there is no file or folder of that name."];
        string end = similar.Length > 0 ? $"; did you mean {string.Join(" or ", similar)}?" : ".";
        return [$"'{unknown}' is not {kind} of {path}{end}"];
    }

    /// <summary>The command that was called, word by word.</summary>
    public static IEnumerable<string> CommandPath(ParseResult parsed)
    {
        var names = new Stack<string>();
        CommandResult? command = parsed.CommandResult;
        while (command is { Command: not RootCommand })
        {
            names.Push(command.Command.Name);
            command = command.Parent as CommandResult;
        }

        return ["certiflip", .. names];
    }

    private static bool IsOption(string token) => token.StartsWith('-');

    /// <summary>
    /// What System.CommandLine suggests for the word alone: after a line that says so, one in each line that it prints.
    /// </summary>
    private static IEnumerable<string> Similar(ParseResult parsed, string unknown)
    {
        ParseResult alone = parsed.RootCommandResult.Command.Parse([.. CommandPath(parsed).Skip(1), unknown]);
        if (alone.Action is not ParseErrorAction action)
            return [];
        action.ShowHelp = false;
        using var suggestions = new StringWriter();
        alone.Invoke(new InvocationConfiguration { Output = suggestions, Error = TextWriter.Null });
        return suggestions.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Where(word => word.Length > "-h".Length && IsOption(word) == IsOption(unknown));
    }
}
