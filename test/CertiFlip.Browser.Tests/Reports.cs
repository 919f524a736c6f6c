using CertiFlip.Cli.CommandLine;
using Spectre.Console.Testing;

namespace CertiFlip.Browser.Tests;

/// <summary>Pages to look at, made once: the demo's, certify's with a .csv beside it, compare's, frontier's and reproduce's.</summary>
public sealed class Reports : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    public async ValueTask InitializeAsync()
    {
        await Run("demo", "--report", _folder["demo.html"], "--save", _folder["digits"]);
        string[] data = ["--train", _folder[Path.Combine("digits", "train.csv")], "--test", _folder[Path.Combine("digits", "test.csv")], "--quiet"];
        await Run(["certify", .. data, "--report", _folder["certify.html"], "--out", _folder["certify.csv"]]);
        await Run(["compare", .. data, "--partitions", "10,50", "--report", _folder["compare.html"]]);
        await Run(["frontier", .. data.Select(argument => argument == "--test" ? "--validation" : argument), "--heads", "ridge,saturated-ridge,knn:5000", "--report", _folder["frontier.html"]]);
        await Run("reproduce", "bounds", "--out", _folder["bounds"], "--quiet");
        File.Move(_folder[Path.Combine("bounds", "bounds.html")], _folder["bounds.html"]);
    }

    public string PathOf(string name) => _folder[name];

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task Run(params string[] arguments)
    {
        using var output = new TestConsole();
        using var status = new TestConsole();
        Assert.True(await new CertiFlipCommand(output, status).RunAsync(arguments) == 0, status.Output);
    }
}
