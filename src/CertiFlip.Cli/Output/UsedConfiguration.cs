using System.Reflection;
using System.Text.Json.Nodes;

namespace CertiFlip.Cli.Output;

/// <summary>
/// What a run takes from certiflip.json, if anything. Every output says so, because results depend on it.
/// </summary>
/// <param name="File">The file.</param>
/// <param name="Settings">What it sets, as it would be written on the command line.</param>
internal sealed record UsedConfiguration(string File, IReadOnlyList<string> Settings)
{
    private static readonly AsyncLocal<UsedConfiguration?> Now = new();

    /// <summary>That of the run.</summary>
    public static UsedConfiguration? Current
    {
        get => Now.Value;
        set => Now.Value = value;
    }

    /// <summary>Whether an output says so; standard error need not then.</summary>
    public bool IsSaid { get; private set; }

    public string Sentence => $"Settings from {File}: {string.Join(' ', Settings)}.";

    /// <summary>The same, which an output is about to say.</summary>
    public UsedConfiguration Said()
    {
        IsSaid = true;
        return this;
    }

    public JsonObject ToJson() => new()
    {
        ["file"] = File,
        ["settings"] = new JsonArray([.. Settings.Select(setting => (JsonNode)setting)]),
    };
}

/// <summary>Which version of the command this is.</summary>
internal static class CommandVersion
{
    private const string Unknown = "commit unknown: built outside a git repository";

    /// <summary>The version with the commit that it was built from, <c>0.1.0+abcdef…</c>.</summary>
    public static string Text { get; } =
        typeof(CommandVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The version alone.</summary>
    public static string Number => Text.Split('+')[0];

    /// <summary>What <c>--version</c> prints.</summary>
    public static string InWords(string version) => version.Contains('+', StringComparison.Ordinal) ? version : $"{version} ({Unknown})";
}
