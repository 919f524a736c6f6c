using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertiFlip.Packages.Tests.Support;

namespace CertiFlip.Packages.Tests;

/// <summary>The sample notebook, run cell by cell by the kernel of Polyglot Notebooks on the packages.</summary>
public sealed class NotebookTests(PackedPackages packed)
{
    private static readonly string[] Notebook = ["samples", "notebook", "certificates.ipynb"];
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task Every_cell_shows_what_the_notebook_holds()
    {
        using var folder = new TestFolder();
        string tool = await Install(folder);
        Dictionary<string, string> environment = new(packed.OnlyFeedOf(folder))
        {
            ["NUGET_FALLBACK_PACKAGES"] = PackedPackages.Cache,
            ["TMPDIR"] = Directory.CreateDirectory(folder["temporary"]).FullName,
        };
        using var kernel = NotebookKernel.Start(tool, folder.Path, environment);
        string? source = $"#i \"nuget:{packed.Feed}\"\n"; // In front of the first cell: the packages are not published.

        JsonNode notebook = JsonNode.Parse(await File.ReadAllTextAsync(Repository.File(Notebook), TestContext.Current.CancellationToken))!;
        List<string> shown = [];
        foreach (JsonNode cell in notebook["cells"]!.AsArray()
            .Where(cell => cell!["cell_type"]!.GetValue<string>() == "code").Select(cell => cell!))
        {
            string code = string.Concat(cell["source"]!.AsArray().Select(line => line!.GetValue<string>()));
            string? html = (await kernel.Run(source + code))?.ReplaceLineEndings("\n");
            source = null;
            cell["outputs"] = html is null ? new JsonArray() : new JsonArray(Output(html));
            shown.AddRange(html is null ? [] : [html]);
        }

        Golden.Matches(notebook.ToJsonString(Readable) + "\n", Notebook);

        // One row, many rows, curves and an audit have a chart; everything has a table.
        Assert.Equal(5, shown.Count);
        Assert.All(shown, html => Assert.Contains("<table ", html, StringComparison.Ordinal));
        Assert.Equal(4, shown.Count(html => html.Contains("<svg ", StringComparison.Ordinal)));
    }

    /// <summary>The version that .config/dotnet-tools.json pins.</summary>
    private static async Task<string> Install(TestFolder folder)
    {
        const string Tool = "microsoft.dotnet-interactive";
        string manifest = await File.ReadAllTextAsync(
            Repository.File(".config", "dotnet-tools.json"), TestContext.Current.CancellationToken);
        string version = JsonNode.Parse(manifest)!["tools"]![Tool]!["version"]!.GetValue<string>();
        (int code, string said) = await DotnetCommand.TryRun(
            "dotnet", folder.Path, new Dictionary<string, string>(), "tool", "install", Tool, "--version", version,
            "--tool-path", folder["tools"]);
        Assert.SkipUnless(code == 0, $"{Tool} {version} cannot be installed here: {said}");
        return Path.Combine(folder["tools"], OperatingSystem.IsWindows() ? "dotnet-interactive.exe" : "dotnet-interactive");
    }

    private static JsonObject Output(string html) => new()
    {
        ["output_type"] = "execute_result",
        ["data"] = new JsonObject
        {
            ["text/html"] = new JsonArray([.. html.TrimEnd('\n').Split('\n').Select(line => (JsonNode)$"{line}\n")]),
        },
        ["execution_count"] = null,
        ["metadata"] = new JsonObject(),
    };
}
