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
    [InlineData(new[] { "--map", "spectral:2:edges=none" }, 2, "--map 'spectral:2:edges=none': spectral cannot have 'edges=none'.")]
    [InlineData(new[] { "--map", "standard-scaler:3" }, 2, "standard-scaler cannot have '3'.")]
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

    [Fact]
    public async Task A_copy_of_the_label_is_named_by_its_column_also_where_it_is_a_category()
    {
        string[] names = ["neg", "neu", "pos"];
        _folder.Write("k3.csv", "a,label_text,label\n" + string.Concat(Enumerable.Range(0, 60).Select(row =>
            $"{(row * 7) % 11},{names[row % 3]},{row % 3}\n")));
        string output = await Run("certify", "--train", _folder["k3.csv"], "--certificates", "exact");
        Assert.Contains(
            "column 'label_text' says the label of every row",
            string.Join(' ', output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
        Assert.Contains("--ignore label_text", output.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_map_of_numbers_takes_columns_by_their_names()
    {
        static string Rows(string names, Func<int, string> cells) =>
            names + "\n" + string.Concat(Enumerable.Range(0, 30).Select(row => $"{cells(row)},{(row % 7 < 3 ? "a" : "b")}\n"));
        _folder.Write("pa.csv", Rows("x1,x2,label", row => $"{row % 7},{row * row % 13}"));
        _folder.Write("pb.csv", Rows("x2,x1,label", row => $"{row * row % 13},{row % 7}"));
        _folder.Write("pz.csv", Rows("x1,x3,label", row => $"{row % 7},{row * row % 13}"));
        await Run(
            "features", "fit", "--map", "principal-components", "--components", "1", "--train", _folder["pa.csv"],
            "--out", _folder["pc.map"],
            "--quiet");
        foreach (string name in (string[])["pa", "pb"])
        {
            string[] run = ["certify", "--train", _folder[$"{name}.csv"], "--map", _folder["pc.map"], "--out", _folder[$"{name}.out.csv"]];
            await Run([.. run, "--quiet"]);
        }

        Assert.Equal(File.ReadAllText(_folder["pa.out.csv"]), File.ReadAllText(_folder["pb.out.csv"]));
        Assert.Contains(
            "there is no column 'x2', which the first --map was fitted to",
            await Refusal(1, "--train", _folder["pz.csv"], "--map", _folder["pc.map"]), StringComparison.Ordinal);
        Assert.Contains(
            "do not go with a saved map of numbers",
            await Refusal(2, "--train", _folder["pa.csv"], "--map", _folder["pc.map"], "--preprocess", "auto"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_later_rows_lack_or_have_too_many_is_said()
    {
        _folder.Write("gaps.csv", "age,job,city,extra,income\n30,?,Ulm,1,low\n60,cook,Kiel,2,high\n");
        _folder.Write("full.csv", People(60, seed: 4).Replace(",?,", ",smith,", StringComparison.Ordinal));
        string json = await Run(
            "certify", "--train", _folder["full.csv"], "--test", _folder["gaps.csv"], "--label", "income", "--ignore",
            "name", "--json", "--quiet");
        Assert.Contains("column 'job' lacks a value, and no training row lacks one: all columns of its levels are 0 there", json);
        Assert.Contains("training rows have no 'extra'; passed over", json);
    }

    [Fact]
    public async Task Codes_that_rules_name_stay_as_they_are_written()
    {
        _folder.Write("zip.csv", "zip,x,label\n" + string.Concat(Enumerable.Range(0, 24).Select(row =>
            $"{((string[])["01", "1", "1.0", "2"])[row % 4]},{row},{(row % 3 == 0 ? "a" : "b")}\n")));
        string rules = _folder.Write("zip.json", """{"scale": "none", "columns": {"zip": {"kind": "category"}}}""");
        string json = await Run("certify", "--train", _folder["zip.csv"], "--preprocess", rules, "--json", "--quiet");
        Assert.Equal(5, JsonDocument.Parse(json).RootElement.GetProperty("features").GetInt32());
    }

    [Theory]
    [InlineData("--preprocess", "none")]
    [InlineData("--category", "age")]
    [InlineData("--features", "age")]
    [InlineData("--map", "principal-components:2")]
    [InlineData("--id", "name")]
    public async Task What_a_model_has_settled_cannot_be_said_again(string option, string value)
    {
        await Run(
            "train", "--train", _folder["train.csv"], "--label", "income", "--ignore", "name", "--out", _folder["people.model"], "--quiet");
        Invocation invocation = await Invocation.Of(
            "certify", "--model", _folder["people.model"], "--test", _folder["test.csv"], option, value, "--quiet");
        Assert.Equal(2, invocation.ExitCode);
        Assert.Contains($"{option} has no effect with --model", invocation.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feature_that_the_map_does_not_read_is_refused()
    {
        _folder.Write("r.csv", Texts(30).Replace("text,label", "text,rating,label", StringComparison.Ordinal).Replace(",pos", ",5,pos")
            .Replace(",neg", ",1,neg"));
        Assert.Contains(
            "--features names 'rating', but the first --map reads 'text' alone",
            await Refusal(2, "--train", _folder["r.csv"], "--features", "text,rating", "--map", "latent-semantics:3"),
            StringComparison.Ordinal);
        Assert.Contains(
            "features are made of 'text' alone, and not of 'rating'; passed over",
            await Run("certify", "--train", _folder["r.csv"], "--map", "latent-semantics:3", "--json", "--quiet"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_that_saw_labels_is_said_wherever_its_features_are_used()
    {
        _folder.Write("pixels.csv", string.Join(',', Enumerable.Range(0, 576).Select(pixel => $"pixel{pixel}")) + ",label\n"
            + string.Concat(Enumerable.Range(0, 24).Select(row =>
                string.Join(',', Enumerable.Range(0, 576).Select(pixel => (pixel * 7 + row * row) % 17)) + $",{row % 2}\n")));
        await Run(
            "features", "fit", "--map", "convolutional-network", "--epochs", "1", "--components", "2", "--train",
            _folder["pixels.csv"], "--out",
            _folder["net.map"], "--quiet");
        await Run("train", "--train", _folder["pixels.csv"], "--map", _folder["net.map"], "--out", _folder["net.model"], "--quiet");
        const string Said = "map-saw-labels";
        Assert.Contains(Said, await Run("certify", "--model", _folder["net.model"], "--json", "--quiet"), StringComparison.Ordinal);
        Assert.Contains(
            Said, await Run("certify", "--model", _folder["net.model"], "--test", _folder["pixels.csv"], "--json", "--quiet"),
            StringComparison.Ordinal);
        using ServiceProcess service = await ServiceProcess.Start(_folder["net.model"]);
        Assert.Contains(
            "\"map_saw_labels\":true", await service.Client.GetStringAsync("/v1/model", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    private static async Task<string> Refusal(int exitCode, params string[] arguments)
    {
        Invocation invocation = await Invocation.Of(["certify", .. arguments, "--quiet"]);
        Assert.Equal(exitCode, invocation.ExitCode);
        return invocation.Error;
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
