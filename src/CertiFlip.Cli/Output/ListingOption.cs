using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CertiFlip.Cli.Output;

/// <summary>
/// An option whose description lists all that the library has, such as every head. It is written when help is asked
/// for: other runs do not need the whole list.
/// </summary>
/// <param name="name">The option's name.</param>
/// <param name="describe">Writes the description.</param>
internal sealed class ListingOption<T>(string name, Func<string> describe) : Option<T>(name), IListing
{
    public void Describe() => Description = describe();
}

/// <summary>What describes itself when help is asked for.</summary>
internal interface IListing
{
    void Describe();
}

/// <summary>Help in which options that list something do so.</summary>
internal sealed class ListingHelp(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    /// <summary>Makes the help of a command line list what there is.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new ListingHelp((SynchronousCommandLineAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        foreach (IListing option in parseResult.CommandResult.Command.Options.OfType<IListing>())
            option.Describe();
        int exitCode = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is RootCommand)
            parseResult.InvocationConfiguration.Output.WriteLine(ExitCode.InBrief);
        return exitCode;
    }
}

/// <summary>Prints the version with its commit, of this assembly and not of the program that hosts it.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <summary>Makes <c>--version</c> do so.</summary>
    public static void AddTo(RootCommand root) => root.Options.OfType<VersionOption>().Single().Action = new VersionAction();

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(CommandVersion.InWords(CommandVersion.Text));
        return ExitCode.Done;
    }
}
