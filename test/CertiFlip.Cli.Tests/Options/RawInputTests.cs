using System.Globalization;
using System.Text.Json;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

/// <summary>Tables as people have them: categories, gaps, texts, ids.</summary>
public sealed class RawInputTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public RawInputTests()
    {
        _folder.Write("train.csv", People(80, seed: 1));
        _folder.Write("test.csv", People(20, seed: 2));
    }

    public void Dispose() => _folder.Dispose();

    private string[] Data => ["--train", _folder["train.csv"], "--test", _folder["test.csv"], "--label", "income", "--ignore", "name"];

    [Fact]
    public async Task A_model_takes_the_raw_table_ever_after()
    {
        await Run(["certify", .. Data, "--out", _folder["direct.csv"], "--quiet"]);
        await Run(
            "train", "--train", _folder["train.csv"], "--label", "income", "--ignore", "name", "--out", _folder["people.model"], "--quiet");
        await Run("certify", "--model", _folder["people.model"], "--test", _folder["test.csv"], "--out", _folder["model.csv"], "--quiet");
        Assert.Equal(File.ReadAllText(_folder["direct.csv"]), File.ReadAllText(_folder["model.csv"]));
        string table = await Run(["certify", .. Data]);
        Assert.Contains(
            "10 features (1 number scaled, 1 of them with gaps filled, 2 categories as 8 columns)",
            string.Join(' ', table.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_takes_raw_rows_and_answers_as_certify()
    {
        await Run(
            "train", "--train", _folder["train.csv"], "--label", "income", "--ignore", "name", "--out", _folder["people.model"], "--quiet");
        _folder.Write("one.csv", "age,job,city\n,smith,Ulm\n44,cook,Bonn\n");
        await Run("certify", "--model", _folder["people.model"], "--test", _folder["one.csv"], "--out", _folder["one.out.csv"], "--quiet");
        using ServiceProcess service = await ServiceProcess.Start(_folder["people.model"]);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using HttpResponseMessage response = await service.Post(
            """{"rows": [{"age": null, "job": "smith", "city": "Ulm"}, {"age": 44, "job": "cook", "city": "Bonn"}]}""", cancellation);
        JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation)).RootElement;
        Assert.Equal(
            File.ReadLines(_folder["one.out.csv"]).Skip(1).Select(line => line.Split(',')[8]),
            answer.GetProperty("rows").EnumerateArray().Select(row => $"{row.GetProperty("exact").GetProperty("radius")}"));
        Assert.Contains("'Bonn'", answer.GetProperty("remarks")[0].GetString(), StringComparison.Ordinal);
        foreach ((string row, string message) in ((string, string)[])[
            ("[1, 2]", "expected an object with the model's columns as keys"),
            ("""{"age": 1, "job": "cook"}""", "lacks the column \"city\""),
            ("""{"age": "old", "job": "cook", "city": "Ulm"}""", "'old' in column 'age' is not a number")])
        {
            using HttpResponseMessage refused = await service.Post($"{{\"rows\": [{row}]}}", cancellation);
            Assert.Equal(400, (int)refused.StatusCode);
            JsonElement problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(cancellation)).RootElement;
            Assert.Contains(message, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Ids_stand_in_every_output_instead_of_numbers()
    {
        string[] data = ["--train", _folder["train.csv"], "--test", _folder["test.csv"], "--label", "income", "--id", "name"];
        await Run(["certify", .. data, "--out", _folder["out.csv"], "--report", _folder["out.html"], "--quiet"]);
        Assert.Equal(["id", "p2-0", "p2-1"], File.ReadLines(_folder["out.csv"]).Take(3).Select(line => line.Split(',')[0]));
        string page = File.ReadAllText(_folder["out.html"]);
        Assert.Contains("Test row p2-", page, StringComparison.Ordinal);
        Assert.Contains("training row p1-", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Test row 1<", page, StringComparison.Ordinal);
        await Run(["attack", .. data, "--out", _folder["attack.csv"], "--quiet"]);
        Assert.Contains("p1-", File.ReadAllText(_folder["attack.csv"]), StringComparison.Ordinal);
        string[] audit = ["audit", "--train", _folder["train.csv"], "--label", "income", "--id", "name"];
        await Run([.. audit, "--out", _folder["audit.csv"], "--quiet"]);
        string[] cells = File.ReadLines(_folder["audit.csv"]).ElementAt(1).Split(',');
        Assert.StartsWith("p1-", cells[1], StringComparison.Ordinal);
        string json = await Run([.. audit, "--json", "--quiet", "--trusted", _folder.Write("trusted.csv", $"id\n{cells[1]}\n")]);
        JsonElement document = JsonDocument.Parse(json).RootElement;
        Assert.Equal(1, document.GetProperty("adversary").GetProperty("trusted_rows").GetInt32());
        Assert.StartsWith("p1-", document.GetProperty("suggestions")[0].GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_become_features_by_a_map_inside_the_run_and_the_report_shows_them()
    {
        _folder.Write("texts.csv", Texts(60));
        _folder.Write("more.csv", Texts(12));
        string[] data = ["certify", "--train", _folder["texts.csv"], "--test", _folder["more.csv"], "--map", "latent-semantics:4"];
        await Run([.. data, "--report", _folder["texts.html"], "--out", _folder["once.csv"], "--threads", "1", "--quiet"]);
        Assert.Contains("class=\"text\"", File.ReadAllText(_folder["texts.html"]), StringComparison.Ordinal);
        await Run([.. data, "--out", _folder["again.csv"], "--threads", "3", "--quiet"]);
        Assert.Equal(File.ReadAllText(_folder["once.csv"]), File.ReadAllText(_folder["again.csv"]));
        await Run(
            "features", "fit", "--map", "latent-semantics", "--components", "4", "--train", _folder["texts.csv"],
            "--out", _folder["lsa.map"],
            "--quiet");
        await Run(
            "certify", "--train", _folder["texts.csv"], "--test", _folder["more.csv"], "--map", _folder["lsa.map"], "--out",
            _folder["saved.csv"], "--quiet");
        Assert.Equal(File.ReadAllText(_folder["once.csv"]), File.ReadAllText(_folder["saved.csv"]));
    }

    [Fact]
    public async Task A_pipeline_is_fitted_to_the_rows_that_are_not_held_out()
    {
        _folder.Write("x.csv", "x,label\n" + string.Concat(Enumerable.Range(0, 20).Select(row => $"{row},{(row < 10 ? "a" : "b")}\n")));
        string[] one = ["certify", "--train", _folder["x.csv"], "--holdout", "0.5", "--seed", "3", "--preprocess", "auto", "--quiet"];
        await Run([.. one, "--out", _folder["out.csv"]]);
        int[] held = [.. File.ReadLines(_folder["out.csv"]).Skip(1)
            .Select(line => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture))];
        string Row(int row) => $"{row},{(row < 10 ? "a" : "b")}\n";
        _folder.Write("kept.csv", "x,label\n" + string.Concat(Enumerable.Range(0, 20).Except(held).Select(Row)));
        _folder.Write("held.csv", "x,label\n" + string.Concat(held.Select(Row)));
        await Run(
            "certify", "--train", _folder["kept.csv"], "--test", _folder["held.csv"], "--preprocess", "auto", "--quiet", "--out",
            _folder["apart.csv"]);
        static IEnumerable<string> Radii(string path) => File.ReadLines(path).Skip(1).Select(line => line[(line.IndexOf(',') + 1)..]);
        Assert.Equal(Radii(_folder["apart.csv"]), Radii(_folder["out.csv"]));
    }

    [Theory]
    [InlineData(new[] { "--preprocess", "none" }, 1, "is not a finite number")]
    [InlineData(new[] { "--features", "age,height" }, 1, "there is no column 'height' that could be a feature")]
    [InlineData(new[] { "--map", "latent-semantics" }, 1, "takes texts, and it is not clear which column holds them; name it with --text")]
    [InlineData(new[] { "--map", "nothing" }, 2, "--map 'nothing': expected a file, or one of")]
    [InlineData(new[] { "--id", "key" }, 1, "no column is named 'key'")]
    [InlineData(new[] { "--preprocess", "none", "--category", "age" }, 2, "--category has no effect with --preprocess none")]
    [InlineData(new[] { "--delimiter", "ab" }, 2, "--delimiter 'ab': expected one letter, or comma")]
    [InlineData(new[] { "--encoding", "martian" }, 2, "--encoding 'martian': expected the name of an encoding")]
    public async Task What_cannot_be_is_refused_in_one_line(string[] options, int exitCode, string message)
    {
        Invocation invocation = await Invocation.Of(["certify", .. Data, .. options, "--quiet"]);
        Assert.Equal(exitCode, invocation.ExitCode);
        Assert.Contains(message, invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chosen_features_codes_and_rules_are_kept()
    {
        string json = await Run(["certify", .. Data, "--features", "age,city", "--category", "city", "--json", "--quiet"]);
        JsonElement document = JsonDocument.Parse(json).RootElement;
        Assert.Equal(6, document.GetProperty("features").GetInt32());
        Assert.Equal(
            "1 number scaled, 1 of them with gaps filled, 1 category as 4 columns", document.GetProperty("features_made_by").GetString());
        _folder.Write("rules.json", """{"scale": "none", "columns": {"age": {"missing": "most-frequent"}}}""");
        json = await Run(["certify", .. Data, "--preprocess", _folder["rules.json"], "--json", "--quiet"]);
        Assert.Equal(
            "1 number, 1 of them with gaps filled, 2 categories as 8 columns",
            JsonDocument.Parse(json).RootElement.GetProperty("features_made_by").GetString());
    }

    private static async Task<string> Run(params string[] arguments)
    {
        Invocation invocation = await Invocation.Of(arguments);
        Assert.True(invocation.ExitCode == 0, invocation.Error);
        return invocation.Output;
    }

    private static string People(int rows, int seed)
    {
        var random = new Random(seed);
        string[] jobs = ["cook", "smith", "baker", "?"], cities = ["Ulm", "Jena", "Kiel", "Trier"];
        return "name,age,job,city,income\n" + string.Concat(Enumerable.Range(0, rows).Select(row =>
        {
            int age = random.Next(20, 70);
            string income = age + random.Next(-15, 15) > 45 ? "high" : "low";
            return $"p{seed}-{row},{(row % 11 == 5 ? "" : $"{age}")},{jobs[random.Next(4)]},{cities[random.Next(4)]},{income}\n";
        }));
    }

    private static string Texts(int rows)
    {
        string[] neutral = ["film", "plot", "actor", "scene", "music"];
        return "text,label\n" + string.Concat(Enumerable.Range(0, rows).Select(row =>
        {
            bool isGood = row % 2 == 0;
            return $"the {neutral[row % 5]} of number {row} is "
                + $"{(isGood ? "good and lovely" : "bad and boring")},{(isGood ? "pos" : "neg")}\n";
        }));
    }
}
