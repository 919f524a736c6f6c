using System.Globalization;
using CertiFlip.Cli;
using Spectre.Console.Testing;

[assembly: AssemblyFixture(typeof(CertiFlip.Browser.Tests.Reports))]

namespace CertiFlip.Browser.Tests;

/// <summary>
/// Pages to look at, made once: the demo's, certify's with a .csv beside it, with costs and with texts, of a table with
/// ids and of many classes, compare's, frontier's, audit's, diff's and reproduce's.
/// </summary>
public sealed class Reports : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Pages =>
    [
        "demo.html", "certify.html", "costs.html", "texts.html", "compare.html", "frontier.html", "audit.html", "bounds.html",
        "dogfish.html", "table.html", "classes.html", "suspects.html", "diff.html",
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
        string[] table = ["--train", Payments("payments.csv", 300, 1), "--id", "id"], test =
            ["--test", Payments("new-payments.csv", 80, 2)];
        await RunTo(
            "before.json", "certify",
            [.. table, .. test, "--name", "Card payments, March", "--collective", "1,5,20,50", "--require", "exact@5>=10%,median>=0",
            "--report", _folder["table.html"]]);
        await RunTo("after.json", "certify",
            ["--train", Payments("payments-2.csv", 300, 1, wrong: 15), "--id", "id", .. test, "--noise", "0.2",
                "--name", "Card payments, April"]);
        await Run("diff", _folder["before.json"], _folder["after.json"], "--report", _folder["diff.html"], "--out",
            _folder["diff.csv"], "--require", "lost<=100%", "--quiet");
        await Run(["audit", .. table, "--report", _folder["suspects.html"], "--quiet"]);
        await Run(
            "certify", "--train", Many("many.csv", 480, 1), "--test", Many("new-many.csv", 360, 2), "--head", "knn:7",
            "--certificates", "exact", "--report",
            _folder["classes.html"], "--quiet");
        RawData.WriteTo(_folder);
        foreach (string experiment in (string[])["bounds", "dogfish"])
        {
            await Run("reproduce", experiment, "--data", _folder.Path, "--out", _folder["reproduced"], "--quiet");
            File.Move(_folder[Path.Combine("reproduced", $"{experiment}.html")], _folder[$"{experiment}.html"]);
        }
    }

    public string PathOf(string name) => _folder[name];

    /// <summary>A table of numbers and categories, with ids.</summary>
    private string Payments(string name, int rows, int seed, int wrong = 0)
    {
        var random = new Random(seed);
        var lines = new System.Text.StringBuilder("id,amount,age of the account in days,country,hour,label\n");
        for (int row = 0; row < rows; row++)
        {
            bool isFraud = row % 3 == 0;
            lines.Append(
                CultureInfo.InvariantCulture,
                $"tx-{seed}{row:D4},{(isFraud ? 400 : 120) * (0.2 + 2 * random.NextDouble()):F2},"
                + $"{(isFraud ? 200 : 900) * random.NextDouble():F0},{(row % 41 == 0 ? "Malta" : row % 2 == 0 ? "France" : "Italy")},"
                + $"{random.Next(24)},{(isFraud != row < wrong ? "fraud" : "fine")}\n");
        }

        return _folder.Write(name, lines.ToString());
    }

    /// <summary>More classes than can be drawn.</summary>
    private string Many(string name, int rows, int seed)
    {
        const int Classes = 60;
        var random = new Random(seed);
        return _folder.Write(name, "x,y,z,label\n" + string.Concat(Enumerable.Range(0, rows).Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"{row % Classes % 8 + random.NextDouble():F2},{row % Classes / 8 + random.NextDouble():F2},"
            + $"{row % Classes % 5 + random.NextDouble():F2},class {row % Classes}\n"))));
    }

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

    private async Task RunTo(string name, string command, string[] arguments)
    {
        using var output = new TestConsole();
        using var status = new TestConsole();
        Assert.True(await new CertiFlipCommand(output, status).RunAsync([command, .. arguments, "--json", "--quiet"]) == 0, status.Output);
        _folder.Write(name, output.Output);
    }

    private static async Task Run(params string[] arguments)
    {
        using var output = new TestConsole();
        using var status = new TestConsole();
        Assert.True(await new CertiFlipCommand(output, status).RunAsync(arguments) == 0, status.Output);
    }
}
