using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CertiFlip.Packages.Tests.Support;

/// <summary>
/// The kernel of Polyglot Notebooks over standard input and output: a line of JSON for each command and each event.
/// </summary>
internal sealed class NotebookKernel : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private int _commands;

    private NotebookKernel(Process process) => _process = process;

    /// <summary>Starts it.</summary>
    /// <param name="program">The interactive tool.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="environment">What it is told of its surroundings.</param>
    public static NotebookKernel Start(string program, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, ["stdio", "--default-kernel", "csharp", "--working-dir", folder])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return new NotebookKernel(Process.Start(start)!);
    }

    /// <summary>Runs a cell.</summary>
    /// <returns>The HTML that it shows, if it shows any.</returns>
    public async Task<string?> Run(string code)
    {
        string token = $"cell{++_commands}";
        string command = JsonSerializer.Serialize(new { token, commandType = "SubmitCode", command = new { code } });
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        using var patience = new CancellationTokenSource(Patience);
        string? shown = null;
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith('{')) // It welcomes whoever starts it.
                continue;
            JsonNode message = JsonNode.Parse(line)!;
            string type = message["eventType"]!.GetValue<string>();
            bool isOurs = message["command"]?["token"]?.GetValue<string>() == token;
            if (type == "ReturnValueProduced")
                shown = Html(message["event"]!) ?? shown;
            Assert.False(isOurs && type == "CommandFailed", $"{code}\nfailed: {message["event"]?["message"]}");
            if (isOurs && type == "CommandSucceeded")
                return shown;
        }

        throw new InvalidOperationException($"The kernel ended at\n{code}");
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static string? Html(JsonNode shown) =>
        shown["formattedValues"]!.AsArray().FirstOrDefault(value => value!["mimeType"]!.GetValue<string>() == "text/html")
            ?["value"]!.GetValue<string>();
}
