using System.CommandLine;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Describe;

/// <summary>
/// <c>certiflip schema</c>: the JSON Schemas of what the command writes and reads, as docs/schemas has them.
/// </summary>
internal sealed class SchemaCommand : DescribeCommand
{
    private const string Folder = "schemas/", Ending = ".json";

    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "The name of a schema, such as certify. Without it, all names.",
        HelpName = "NAME",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null,
    };

    private readonly IAnsiConsole _output;

    public SchemaCommand(IAnsiConsole output)
        : base("schema", "Print the JSON Schema of what a command prints with --json, or of certiflip.json.")
    {
        _output = output;
        _name.CompletionSources.Add(Choices.OneOf(() => Names));
        Arguments.Add(_name);
        SetAction(Run);
    }

    /// <summary>The names of all schemas.</summary>
    public static IEnumerable<string> Names => typeof(SchemaCommand).Assembly.GetManifestResourceNames()
        .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal))
        .Select(resource => resource[Folder.Length..^Ending.Length]).Order(StringComparer.Ordinal);

    private int Run(ParseResult parsed)
    {
        if (parsed.GetValue(_name) is not { } name)
        {
            foreach (string one in Names)
                _output.Tell(one);
            return ExitCode.Done;
        }

        if (!Names.Contains(name))
            throw new UsageException($"there is no schema '{name}'; expected one of {string.Join(", ", Names)}.");
        using var schema = new StreamReader(typeof(SchemaCommand).Assembly.GetManifestResourceStream($"{Folder}{name}{Ending}")!);
        _output.WriteFile(schema.ReadToEnd());
        return ExitCode.Done;
    }
}
