using System.Text.Json;
using System.Text.Json.Nodes;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Tests.Support;
using Json.Schema;

namespace CertiFlip.Cli.Tests.Options;

public sealed class ConfigurationTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string[] _certify;

    public ConfigurationTests() => _certify = SmallData.WriteTo(_folder);

    public void Dispose() => _folder.Dispose();

    private string File(string text) => _folder.Write("settings.json", text.Replace('\'', '"'));

    private async Task<JsonNode> Json(string settings, params string[] arguments)
    {
        Invocation run = await Invocation.Of([.. arguments, "--json", "--config", File(settings)]);
        Assert.Equal("", run.Error.Split('\n').FirstOrDefault(line => line.StartsWith("certiflip:", StringComparison.Ordinal)) ?? "");
        Assert.Equal(0, run.ExitCode);
        return JsonNode.Parse(run.Output)!;
    }

    /// <summary>A gate of several conditions holds all of them, whichever way they are written.</summary>
    [Theory]
    [InlineData("'accuracy>=0.1,median>=99999'", "--require", "accuracy>=0.1,median>=99999")]
    [InlineData("['accuracy>=0.1', 'median>=99999']", "--require", "accuracy>=0.1", "--require", "median>=99999")]
    public async Task Lists_are_whole_in_several_options_and_in_settings(string settings, params string[] options)
    {
        Assert.Equal(3, (await Invocation.Of([.. _certify, "--quiet", .. options])).ExitCode);
        string file = File($"{{ 'certify': {{ 'require': {settings} }} }}");
        Assert.Equal(3, (await Invocation.Of([.. _certify, "--quiet", "--config", file])).ExitCode);
    }

    [Fact]
    public async Task Lists_of_numbers_are_whole_too()
    {
        string[] levels = [.. (await Json("{ 'certify': { 'head': 'hierarchy:3', 'levels': [1, 2] } }", _certify))["levels"]!.AsArray()
            .Select(level => level!.ToString())];
        Assert.Equal(["1", "2"], levels);
        Invocation refused = await Invocation.Of(
            [.. _certify, "--head", "hierarchy:3", "--levels", "2", "--levels", "1", "--no-config"]);
        Assert.Contains("--levels '2,1': expected rising numbers", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_those_of_the_options_and_are_said()
    {
        JsonNode found = await Json(
            """
            {
              '$schema': 'configuration.json',
              'common': { 'threads': 1, 'ridge': 'fixed:2', 'seed': null },
              'certify': { 'noise': 0.2, 'certificates': ['kl', 'tight'], 'no-intercept': true }
            }
            """.Replace(", 'seed': null", ""),
            _certify);
        Assert.Equal(0.2, (double)found["noise"]!);
        Assert.Equal("fixed:2", (string)found["ridge"]!);
        Assert.False((bool)found["intercept"]!);
        Assert.Equal(["kl", "tight"], found["certificates"]!.AsArray().Select(one => (string)one!["name"]!));
        Assert.Equal(_folder["settings.json"], (string)found["configuration"]!["file"]!);
        Assert.Equal(
            ["--certificates=kl,tight", "--no-intercept", "--noise=0.2", "--ridge=fixed:2", "--threads=1"],
            found["configuration"]!["settings"]!.AsArray().Select(one => (string)one!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_command_line_wins_over_its_section_and_that_over_the_common_one()
    {
        const string Settings = "{ 'common': { 'ridge': 'fixed:1', 'noise': 0.3 }, 'certify': { 'ridge': 'fixed:2', 'noise': 0.25 } }";
        JsonNode found = await Json(Settings, [.. _certify, "--noise", "0.05"]);
        Assert.Equal(0.05, (double)found["noise"]!);
        Assert.Equal("fixed:2", (string)found["ridge"]!);
        Assert.Equal("[\"--ridge=fixed:2\"]", found["configuration"]!["settings"]!.ToJsonString());
    }

    [Fact]
    public async Task False_takes_back_what_the_common_section_sets()
    {
        JsonNode found = await Json("{ 'common': { 'no-intercept': true }, 'certify': { 'no-intercept': false } }", _certify);
        Assert.True((bool)found["intercept"]!);
        Assert.Null(found["configuration"]);
    }

    [Fact]
    public async Task Paths_are_meant_from_the_folder_of_the_file()
    {
        JsonNode found = await Json("{ 'certify': { 'train': 'train.csv', 'test': 'test.csv', 'certificates': 'exact' } }", "certify");
        Assert.Equal(40, (int)found["training_rows"]!);
        Assert.Equal(10, (int)found["test_rows"]!);
    }

    [Fact]
    public async Task Lists_of_repeated_options_repeat_them()
    {
        JsonNode found = await Json(
            "{ 'certify': { 'direction': ['ham>spam', 'spam>ham'], 'classes': ['ham', 'spam'], 'certificates': ['exact'] } }", _certify);
        Assert.Equal(2, found["adversary"]!["directions"]!.AsArray().Count);
    }

    [Fact]
    public async Task True_stands_for_an_option_whose_value_may_be_left_out()
    {
        JsonNode found = await Json("{ 'certify': { 'collective': true, 'certificates': 'exact' } }", _certify);
        Assert.NotNull(found["collective"]);
        found = await Json("{ 'certify': { 'collective': [1, 2], 'certificates': 'exact' } }", _certify);
        Assert.Contains("--collective=1,2", found["configuration"]!["settings"]!.AsArray().Select(one => (string)one!));
    }

    [Fact]
    public async Task Tables_reports_and_standard_error_say_so()
    {
        string file = File("{ 'certify': { 'certificates': 'exact' }, 'train': { 'ridge': 'fixed:3' } }");
        Invocation table = await Invocation.Of([.. _certify, "--config", file, "--report", _folder["report.html"]]);
        Assert.Equal(0, table.ExitCode);
        Assert.Contains("--certificates=exact.", table.Output.Replace("\n", " ").Replace("  ", " "), StringComparison.Ordinal);
        Assert.DoesNotContain("Settings from", table.Error, StringComparison.Ordinal);
        string report = await System.IO.File.ReadAllTextAsync(_folder["report.html"], TestContext.Current.CancellationToken);
        Assert.Contains($"Settings from {file}: --certificates=exact.", report, StringComparison.Ordinal);
        Invocation quiet = await Invocation.Of(
            ["train", "--train", _folder["train.csv"], "--out", _folder["model"], "--quiet", "--config", file]);
        Assert.Equal($"certiflip: Settings from {file}: --ridge=fixed:3.\n", quiet.Error);
    }

    [Theory]
    [InlineData("{\n 'certify': {\n  'nois': 0.2 } }", 3, "certify: 'nois' is not an option of certiflip certify; did you mean noise?")]
    [InlineData("{\n 'certify': {\n  'no_intercept': true } }", 3, "certify: 'no_intercept' is not an option of certiflip certify; did")]
    [InlineData("{ 'common': { 'nonsense': 0.2 } }", 1, "common: 'nonsense' is not an option of any command.")]
    [InlineData("{\n 'certfy': {} }", 2, "'certfy' is no section; expected common or a command: certify, train, serve, compare")]
    [InlineData("{ 'certify': {\n 'threads': '4' } }", 2, "certify: threads is the text \"4\"; expected a number.")]
    [InlineData("{ 'certify': {\n 'quiet': 1 } }", 2, "certify: quiet is 1; expected true or false.")]
    [InlineData("{ 'certify': {\n 'label': 3 } }", 2, "certify: label is 3; expected a text.")]
    [InlineData("{ 'certify': {\n 'noise': null } }", 2, "certify: noise is null; expected a number.")]
    [InlineData("{ 'certify': {\n 'noise': [0.1] } }", 2, "certify: noise is a list; expected one value.")]
    [InlineData("{ 'certify': {\n 'certificates': ['kl,exact'] } }", 2, "certify: certificates has 'kl,exact'; no comma can stand")]
    [InlineData("{ 'certify': {\n 'certificates': [] } }", 2, "certify: certificates is an empty list; leave it out.")]
    [InlineData("{ 'certify': {\n 'noise': 0.1,\n 'noise': 0.2 } }", 3, "certify: noise is there twice; leave one out.")]
    [InlineData("{ 'certify': {},\n 'certify': {} }", 2, "'certify' is there twice; put its settings together.")]
    [InlineData("{ 'certify': true }", 1, "certify is true; expected an object of options.")]
    [InlineData("{\n 'certify': { 'noise': 0.1, } }", 2, "this is no JSON: ")]
    [InlineData("{ 'certify': { 'label':\n '\\ud800' } }", 0, "this is no JSON in UTF-8: ")]
    [InlineData("[]", 1, "expected an object with a section for each command")]
    [InlineData("{ 'certify': {\n 'config': 'x.json' } }", 2, "certify: 'config' is not an option of certiflip certify")]
    [InlineData("{ 'audit': {\n 'nois': 0.2 } }", 2, "audit: 'nois' is not an option of certiflip audit")]
    public async Task What_is_wrong_in_the_file_is_told_with_its_line(string settings, int line, string expected)
    {
        Invocation run = await Invocation.Of([.. _certify, "--config", File(settings)]);
        Assert.Equal(2, run.ExitCode);
        string place = line > 0 ? $"{_folder["settings.json"]}:{line}" : _folder["settings.json"];
        Assert.StartsWith($"certiflip: {place}: {expected}", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    /// <summary>As if somebody had typed it, with the line of the file.</summary>
    [Theory]
    [InlineData("{ 'certify': {\n 'noise': 2 } }", 2, "--noise '2': expected a number strictly between 0 and 1")]
    [InlineData("{ 'certify': {\n 'gain': 3 } }", 2, "--gain has no effect with --head ridge")]
    [InlineData("{ 'common': {\n\n 'samples': 100 } }", 3, "--samples has no effect with")]
    [InlineData("{ 'certify': {\n 'out': 'r.xlsx' } }", 2, "--out '")]
    public async Task A_setting_is_refused_like_the_option(string settings, int line, string expected)
    {
        Invocation run = await Invocation.Of([.. _certify, "--config", File(settings)]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"certiflip: {_folder["settings.json"]}:{line}: {expected}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_is_refused_where_it_has_no_effect()
    {
        string file = File("{}");
        Assert.Equal(
            "certiflip: --config has no effect with certiflip schema: leave it out.\n",
            (await Invocation.Of("schema", "--config", file)).Error);
        Assert.Equal(
            "certiflip: --config has no effect with --no-config: leave one of them out.\n",
            (await Invocation.Of([.. _certify, "--config", file, "--no-config"])).Error);
        Assert.StartsWith(
            $"certiflip: --config '{_folder["absent.json"]}': ",
            (await Invocation.Of([.. _certify, "--config", _folder["absent.json"]])).Error, StringComparison.Ordinal);
    }

    /// <summary>In the current folder alone: not in one above, and not where it is not wanted.</summary>
    [Fact]
    public async Task The_usual_file_is_read_from_the_current_folder()
    {
        _folder.Write("certiflip.json",
            "{ \"certify\": { \"train\": \"train.csv\", \"test\": \"test.csv\", \"certificates\": \"exact\" } }");
        Directory.CreateDirectory(_folder["below"]);
        Assert.Contains("Settings from certiflip.json: --train=train.csv", await In(_folder[""], "certify"), StringComparison.Ordinal);
        Assert.DoesNotContain("Settings from", await In(_folder[""], "certify --no-config"), StringComparison.Ordinal);
        Assert.DoesNotContain("Settings from", await In(_folder["below"], "certify"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ '$schema': 'x', 'common': { 'threads': 2 }, 'features fit': { 'map': 'patches' } }", true)]
    [InlineData("{ 'certify': { 'certificates': ['kl', 'exact'], 'no-intercept': true, 'offset': 'auto', 'trusted': 'a.csv' } }", true)]
    [InlineData("{ 'certify': { 'nois': 0.2 } }", false)]
    [InlineData("{ 'certfy': { } }", false)]
    [InlineData("{ 'certify': { 'threads': '2' } }", false)]
    [InlineData("{ 'certify': { 'method': 'smooth' } }", false)]
    [InlineData("{ 'certify': { 'json': 1 } }", false)]
    public void The_schema_says_what_is_right(string settings, bool expected)
    {
        string text = Schemas.OfConfiguration().Replace("\"$id\": \"", $"\"$id\": \"urn:{Guid.NewGuid()}:", StringComparison.Ordinal);
        using var document = JsonDocument.Parse(settings.Replace('\'', '"'));
        Assert.Equal(expected, JsonSchema.FromText(text).Evaluate(document.RootElement).IsValid);
    }

    /// <summary>Such as one that came with somebody's data: it writes where it lies, and nowhere else.</summary>
    [Theory]
    [InlineData("audit", "out", "/tmp/keep.csv")]
    [InlineData("audit", "report", "../keep.html")]
    [InlineData("audit", "sarif", "away/keep.sarif")]
    [InlineData("audit", "corrections", "keep.csv")]
    [InlineData("common", "out", "below/../../keep.csv")]
    [InlineData("common", "cache", "away")]
    public async Task A_file_that_nobody_named_leads_no_output_out_of_its_folder(string section, string key, string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        string home = Foreign();
        _folder.Write("keep.csv", "kept");
        Directory.CreateDirectory(Path.Combine(home, "below"));
        Directory.CreateSymbolicLink(Path.Combine(home, "away"), _folder[""]);
        System.IO.File.CreateSymbolicLink(Path.Combine(home, "keep.csv"), _folder["keep.csv"]);
        _folder.Write("home/certiflip.json", $"{{\n \"{section}\": {{ \"{key}\": \"{path}\" }} }}");
        string train = _folder["train.csv"];
        Assert.StartsWith(
            $"certiflip: certiflip.json:2: {section}: {key} is '{path}', which leads out of the folder of this file, which nobody named; "
            + "name it with --config certiflip.json.",
            await In(home, $"audit --train {train} --budget 1"), StringComparison.Ordinal);
        Assert.Equal("kept", await System.IO.File.ReadAllTextAsync(_folder["keep.csv"], TestContext.Current.CancellationToken));

        // The command line wins, and so nothing is led anywhere.
        string own = key is "cache" ? "none" : Path.Combine(home, $"own{Path.GetExtension(path)}");
        Assert.DoesNotContain("nobody named", await In(home, $"audit --train {train} --budget 1 --{key} {own}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_named_writes_anywhere_and_one_that_is_not_in_its_folder()
    {
        string home = Foreign(), train = _folder["train.csv"];
        Directory.CreateDirectory(Path.Combine(home, "below"));
        _folder.Write("home/certiflip.json", "{ \"audit\": { \"out\": \"../out.csv\", \"report\": \"below/../page.html\" } }");
        await In(home, $"audit --train {train} --budget 1 --config certiflip.json");
        Assert.True(System.IO.File.Exists(_folder["out.csv"]));
        Assert.True(System.IO.File.Exists(Path.Combine(home, "page.html")));
        _folder.Write("home/certiflip.json", "{ \"audit\": { \"out\": \"below/out.csv\", \"sarif\": \"-\" } }");
        Assert.Contains("\"2.1.0\"", await In(home, $"audit --train {train} --budget 1"), StringComparison.Ordinal);
        Assert.True(System.IO.File.Exists(Path.Combine(home, "below", "out.csv")));
    }

    [Fact]
    public async Task A_secret_is_not_looked_for_outside_the_folder()
    {
        string home = Foreign();
        _folder.Write("home/certiflip.json", "{ \"serve\": { \"token-file\": \"../secret\" } }");
        Assert.Contains("serve: token-file is '../secret', which leads out of", await In(home, "serve --model absent"),
            StringComparison.Ordinal);
    }

    /// <summary>
    /// Whoever adds an option that takes a path says what it is: these here are read, and no secrets.
    /// </summary>
    [Fact]
    public void Every_path_is_guarded_but_those_of_data()
    {
        string[] read =
        [
            "--apply", "--corrections", "--costs", "--data", "--groups", "--in", "--model", "--preprocess", "--show-test",
            "--show-train", "--test", "--test-labels", "--train", "--train-labels", "--trusted", "--validation", "--validation-labels",
            "--word-vectors",
        ];
        IEnumerable<System.CommandLine.Option> paths = Configuration.Sections(CertiFlipCommand.Whole(), CertiFlipCommand.IsConfigured)
            .SelectMany(node => node.Options).Where(Configuration.CanSet)
            .Where(option => Choices.Of(option) is { Place: Choices.Path.File or Choices.Path.Folder, IsGuarded: false });
        Assert.Empty(paths.Select(option => option.Name).Except(read));
        Assert.Contains(
            CertiFlipCommand.Whole().Subcommands.Single(command => command.Name == "certify").Options,
            option => option.Name == "--out" && Choices.Of(option).IsGuarded);
    }

    [Fact]
    public async Task A_file_of_another_user_is_not_taken_unless_it_is_named()
    {
        if (OperatingSystem.IsWindows())
            return;
        string home = Foreign();
        if (Environment.UserName == "root")
        {
            _folder.Write("home/certiflip.json", "{}");
            using var chown = System.Diagnostics.Process.Start("chown", ["12345", Path.Combine(home, "certiflip.json")]);
            await chown.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        else
        {
            System.IO.File.CreateSymbolicLink(Path.Combine(home, "certiflip.json"), "/etc/passwd");
        }

        string command = $"certify --train {_folder["train.csv"]} --test {_folder["test.csv"]} --certificates exact";
        Assert.StartsWith(
            "certiflip: certiflip.json: this file belongs to another user, and nobody named it; --config certiflip.json takes it, and "
            + "--no-config passes over it.",
            await In(home, command), StringComparison.Ordinal);
        Assert.DoesNotContain("another user", await In(home, $"{command} --config certiflip.json"), StringComparison.Ordinal);
        Assert.DoesNotContain("another user", await In(home, $"{command} --no-config"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "certiflip: --config '': expected the name of a file.\n")]
    [InlineData("/dev/zero", "certiflip: --config '/dev/zero': this is a device; expected an ordinary file.\n")]
    [InlineData("PIPE", "certiflip: --config 'PIPE': this is a named pipe; expected an ordinary file.\n")]
    [InlineData("LINK", "certiflip: --config 'LINK': this is a named pipe; expected an ordinary file.\n")]
    [InlineData("LARGE", "certiflip: --config 'LARGE': this file has 1048577 bytes; expected at most 1048576.\n")]
    [InlineData("FOLDER", "certiflip: --config 'FOLDER': Access to the path 'FOLDER' is denied.\n")]
    public async Task What_is_no_ordinary_file_is_refused(string name, string expected)
    {
        if (OperatingSystem.IsWindows())
            return;
        _folder.Write("LARGE", new byte[(1 << 20) + 1]);
        Directory.CreateDirectory(_folder["FOLDER"]);
        using (var make = System.Diagnostics.Process.Start("mkfifo", [_folder["PIPE"]]))
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        System.IO.File.CreateSymbolicLink(_folder["LINK"], "PIPE");
        string path = name.All(char.IsUpper) && name.Length > 0 ? _folder[name] : name;
        Invocation run = await Invocation.Of([.. _certify, "--config", path])
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(expected.Replace($"'{name}'", $"'{path}'", StringComparison.Ordinal), run.Error);
    }

    [Fact]
    public async Task A_pipe_of_the_usual_name_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        string home = Foreign();
        using (var make = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(home, "certiflip.json")]))
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith(
            "certiflip: --config 'certiflip.json': this is a named pipe; expected an ordinary file.",
            await In(home, "certify --train a.csv --test b.csv").WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    /// <summary>Whatever stands behind <c>--</c> is no option.</summary>
    [Fact]
    public async Task Settings_stand_before_two_dashes()
    {
        Invocation run = await Invocation.Of(
            [.. _certify, "--json", "--config", File("{ 'certify': { 'noise': 0.2, 'certificates': 'kl' } }"), "--"]);
        Assert.Equal("", run.Error.Split('\n').FirstOrDefault(line => line.StartsWith("certiflip:", StringComparison.Ordinal)) ?? "");
        Assert.Equal(0.2, (double)JsonNode.Parse(run.Output)!["noise"]!);
    }

    [Fact]
    public async Task A_hash_in_the_name_of_a_file_is_a_part_of_its_path()
    {
        _folder.Write("classes#1.txt", "spam\nham\n");
        JsonNode found = await Json("{ 'certify': { 'classes': 'classes#1.txt', 'certificates': 'exact' } }", _certify);
        Assert.Contains(
            $"--classes={_folder["classes#1.txt"]}", found["configuration"]!["settings"]!.AsArray().Select(one => (string)one!));
    }

    [Fact]
    public void Every_option_of_every_command_can_be_set()
    {
        CommandNode[] sections = [.. Configuration.Sections(CertiFlipCommand.Whole(), _ => true)];
        Assert.Contains(sections, node => node.Name == "features apply");
        JsonNode schema = JsonNode.Parse(Schemas.OfConfiguration())!;
        foreach (CommandNode node in sections.Where(node => schema["properties"]![node.Name] is not null))
        {
            foreach (System.CommandLine.Option option in node.Options.Where(Configuration.CanSet))
                Assert.NotNull(schema["properties"]![node.Name]!["properties"]![Configuration.KeyOf(option)]);
        }
    }

    /// <summary>A folder for a certiflip.json that nobody names.</summary>
    private string Foreign()
    {
        Directory.CreateDirectory(_folder["home"]);
        return _folder["home"];
    }

    /// <summary>What a process prints that runs in a folder.</summary>
    private static async Task<string> In(string folder, string arguments)
    {
        System.Diagnostics.ProcessStartInfo start = CommandFile.Start(arguments.Split(' '));
        (start.WorkingDirectory, start.RedirectStandardOutput, start.RedirectStandardError) = (folder, true, true);
        using var process = System.Diagnostics.Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return (output + await error).Replace("\n", " ");
    }
}
