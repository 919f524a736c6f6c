using CertiFlip.Cli;
using Spectre.Console.Testing;

[assembly: AssemblyFixture(typeof(CertiFlip.Browser.Tests.Reports))]

namespace CertiFlip.Browser.Tests;

/// <summary>
/// Pages to look at, made once: the demo's, certify's with a .csv beside it, with costs and with texts, compare's,
/// frontier's, audit's and reproduce's.
/// </summary>
public sealed class Reports : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Pages =>
    [
        "demo.html", "certify.html", "costs.html", "texts.html", "compare.html", "frontier.html", "audit.html", "bounds.html",
        "dogfish.html",
    ];

    public async ValueTask InitializeAsync()
    {
        await Run("demo", "--report", _folder["demo.html"], "--save", _folder["digits"]);
        string[] data =
            ["--train", _folder[Path.Combine("digits", "train.csv")], "--test", _folder[Path.Combine("digits", "test.csv")], "--quiet"];
        await Run(["certify", .. data, "--report", _folder["certify.html"], "--out", _folder["certify.csv"]]);
        string costs = _folder.Write("costs.csv", "cost\n" + string.Concat(Enumerable.Range(0, 1198).Select(row => $"{1 + row % 3}\n")));
        await Run(
            ["certify", .. data, "--costs", costs, "--direction", "4>9", "--certificates", "exact", "--report", _folder["costs.html"]]);
        await Run(["compare", .. data, "--partitions", "10,50", "--report", _folder["compare.html"]]);
        await Run(
            [
                "frontier", .. data.Select(argument => argument == "--test" ? "--validation" : argument), "--heads",
                "ridge,saturated-ridge,knn:5000", "--report", _folder["frontier.html"],
            ]);
        await Run(
            [
                "certify", .. data, "--certificates", "exact", "--show-train", Texts("train.txt", 1198), "--show-test",
                Texts("test.txt", 599), "--report", _folder["texts.html"],
            ]);
        await Run(["audit", .. data, "--report", _folder["audit.html"]]);
        RawData.WriteTo(_folder);
        foreach (string experiment in (string[])["bounds", "dogfish"])
        {
            await Run("reproduce", experiment, "--data", _folder.Path, "--out", _folder["reproduced"], "--quiet");
            File.Move(_folder[Path.Combine("reproduced", $"{experiment}.html")], _folder[$"{experiment}.html"]);
        }
    }

    public string PathOf(string name) => _folder[name];

    /// <summary>What strangers write: markup, characters that turn the direction, letters without end.</summary>
    private string Texts(string name, int count)
    {
        string[] texts =
        [
            "</p><script>document.title = 'theirs'</script><img src=x onerror=\"document.title = 'theirs'\">", "\u202Eesrever\u0000\u0007",
            "שלום עולם", new string('W', 100_000), "",
        ];
        return _folder.Write(name, string.Concat(Enumerable.Range(0, count).Select(row => texts[row % texts.Length] + "\n")));
    }

    public ValueTask DisposeAsync()
    {
        Browser.QuitAll();
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
