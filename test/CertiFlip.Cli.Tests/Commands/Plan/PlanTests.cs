using System.Diagnostics;
using CertiFlip.Cli.Commands.Plan;
using CertiFlip.Cli.Output;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Plan;

/// <summary>A command that is shared out writes the same bytes as the command alone.</summary>
public sealed class PlanTests
{
    private static readonly string[] Several =
        ["certify --report", "compare", "certify --without-test", "audit --report", "audit --without-test --report"];

    public static TheoryData<int, string> CommandLines =>
    [
        .. from line in Several from shards in (int[])[1, 2, 5, 60] select (shards, line),
        .. from line in (string[])
        [
            "certify --certificates exact --head kernel --trusted {dir}/trusted.csv --costs {dir}/costs.csv",
            "certify --method monte-carlo --samples 200 --noise 0.2",
            "certify --method partition --partitions 5 --report",
            "certify --threat rows --classes ham,spam --method partition --partitions 7 --spread 2",
            "certify --threat rows --classes ham,spam --prices remove:1 --ridge fixed:1 --attack 3 --report",
            "certify --threat rows --classes ham,spam --head knn:3",
            "certify --time {dir}/time.csv --window 5 --report",
            "certify --collective 1,2 --noise 0.2",
            "certify --holdout 0.3 --seed 4 --report",
            "certify --task regression --label b --ignore label --label-range 0,1 --tolerance 0.1 --report",
            "compare --report",
            "compare --methods exact,monte-carlo,partition,white-box --samples 50",
            "compare --threat rows --classes ham,spam --partitions 5,7",
            "attack --attacks witness --head ridge",
            "attack",
            "attack --attacks influence,distance --budget 12",
            "audit --without-test --head knn:3 --corrections --sarif",
            "audit --second-opinion none --ridge paper --noise 0.1 --budget 5 --json",
            "audit --head kernel --trusted {dir}/trusted.csv --corrections",
            "audit --trusted {dir}/trusted.csv --costs {dir}/costs.csv --budget 4",
            "audit --without-test --costs {dir}/costs.csv --budget 2 --json",
            "audit --without-test --direction ham>spam --budget 40",
            "audit --task regression --label b --ignore label --label-range 0,1 --tolerance 0.1 --report --sarif",
            "audit --without-test --task regression --label b --ignore label --label-range 0,1 --tolerance 0.1 --json",
            "audit --votes {dir}/votes.csv --ignore label --count votes --budget 3",
        ]
           select (3, line),
    ];

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task Shards_write_the_same_bytes_as_the_command_alone(int shards, string line)
    {
        using var folder = new TestFolder();
        string[] alone = Write(folder, line, "alone"), shared = Write(folder, line, "shared");
        Invocation single = await Invocation.Of(alone);
        Assert.Equal((0, ""), (single.ExitCode, single.ExitCode == 0 ? "" : single.Error));
        await Plan(folder, shards, shared);
        await DoAll(folder, File.ReadAllText(folder["job/manifest.json"]).Split("\"first\"").Length - 1);
        Invocation merge = await Invocation.Of("merge", folder["job"]);
        Assert.Equal(0, merge.ExitCode);
        foreach (string path in Directory.GetFiles(folder[""], "alone.*"))
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path.Replace("alone.", "shared.", StringComparison.Ordinal)));
        Assert.Equal(Lasting(single.Output), Lasting(merge.Output));
    }

    [Theory]
    [InlineData("certify")]
    [InlineData("audit --without-test")]
    public async Task What_is_missing_damaged_or_of_another_plan_is_named_and_not_merged(string line)
    {
        using var folder = new TestFolder();
        await Plan(folder, 4, Write(folder, line, "shared"));
        Invocation early = await Invocation.Of("merge", folder["job"]);
        Assert.Equal(75, early.ExitCode);
        Assert.Contains("not there yet: rows/0.part, rows/1.part, rows/2.part, rows/3.part.", early.Error);
        await DoAll(folder, 4);
        string first = Path.Combine(folder["job"], "rows", "0.part"), second = Path.Combine(folder["job"], "rows", "1.part");
        byte[] whole = File.ReadAllBytes(first);
        int step = Math.Max(7, whole.Length / 50);
        for (int length = 0; length < whole.Length; length += step)
            await Refused(whole[..length], "damaged: rows/0.part");
        for (int bit = 0; bit < 8 * whole.Length; bit += 19 * step - 2)
        {
            byte[] changed = [.. whole];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await Refused(changed, "damaged: rows/0.part");
        }

        await Refused(File.ReadAllBytes(second), "of another plan or another shard: rows/0.part");
        Directory.Move(folder["job"], folder["other"]);
        File.WriteAllBytes(folder["other/rows/0.part"], whole);
        await Plan(folder, 3, Write(folder, line, "shared"));
        await DoAll(folder, 3);
        await Refused(whole, "of another plan or another shard: rows/0.part");
        Assert.False(File.Exists(folder["shared.csv"]));

        // Whatever was there, the shard is done again and then all is well.
        Assert.Equal(0, (await Invocation.Of("shard", folder["job"], "--index", "0")).ExitCode);
        Assert.Equal(0, (await Invocation.Of("merge", folder["job"])).ExitCode);

        async Task Refused(byte[] part, string reason)
        {
            File.WriteAllBytes(first, part);
            Invocation merge = await Invocation.Of("merge", folder["job"]);
            Assert.Equal(1, merge.ExitCode);
            Assert.Contains(reason, merge.Error);
        }
    }

    /// <summary>Shards before and after it would have other settings, and the merge would say only the last.</summary>
    [Fact]
    public async Task Settings_that_come_after_the_plan_are_refused()
    {
        using var folder = new TestFolder();
        await In(0, ["plan", .. Write(folder, "certify", "shared"), "--shards", "1", "--out", folder["job/"]]);
        folder.Write("certiflip.json", """{ "certify": { "noise": 0.3 } }""");
        string refused = await In(1, ["shard", folder["job"], "--index", "0"]);
        Assert.Contains("certiflip.json: the command of the plan reads this file now, and did not when the plan was made", refused);
        File.Move(folder["certiflip.json"], folder["away"]);
        await In(0, ["shard", folder["job"], "--index", "0"]);
        File.Move(folder["away"], folder["certiflip.json"]);
        Assert.Contains("certiflip.json: the command of the plan reads this file now", await In(1, ["merge", folder["job"]]));
        Assert.False(File.Exists(folder["shared.csv"]));

        // A process of its own, because only one certiflip.json can lie in the current folder.
        async Task<string> In(int exitCode, string[] words)
        {
            System.Diagnostics.ProcessStartInfo start = CommandFile.Start(words);
            (start.WorkingDirectory, start.RedirectStandardOutput, start.RedirectStandardError) = (folder[""], true, true);
            using var process = System.Diagnostics.Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await output;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(exitCode, process.ExitCode);
            return error;
        }
    }

    [Fact]
    public async Task A_plan_is_refused_once_its_inputs_are_others()
    {
        using var folder = new TestFolder();
        await Plan(folder, 2, Write(folder, "certify", "shared"));
        await DoAll(folder, 2);
        string test = File.ReadAllText(folder["test.csv"]);
        DateTime written = File.GetLastWriteTimeUtc(folder["test.csv"]);
        folder.Write("test.csv", test.Replace("ham", "egg", StringComparison.Ordinal));

        // A shard is not deceived by a copy that has the same length and time.
        File.SetLastWriteTimeUtc(folder["test.csv"], written);
        Assert.Equal(1, (await Invocation.Of("shard", folder["job"], "--index", "0", "--again")).ExitCode);
        Invocation merge = await Invocation.Of("merge", folder["job"]);
        Assert.Equal((1, $"certiflip: {folder["test.csv"]}: this input has changed since the plan was made; plan again."),
            (merge.ExitCode, merge.LastError));
        File.Delete(folder["test.csv"]);
        Assert.Equal(75, (await Invocation.Of("merge", folder["job"])).ExitCode);
        folder.Write("test.csv", test);
        Assert.Equal(0, (await Invocation.Of("merge", folder["job"])).ExitCode);
    }

    [Theory]
    [InlineData("check --train a.csv", "'check' cannot be shared out; expected one of ")]
    [InlineData("certify --train {0} --test {1} --head nothing", "--head 'nothing': expected ")]
    [InlineData("certify --train {0} --test {1} --window 7d", "--window")]
    public async Task What_is_wrong_with_the_command_is_told_by_the_plan(string line, string reason)
    {
        using var folder = new TestFolder();
        _ = SmallData.WriteTo(folder);
        string[] words = string.Format(System.Globalization.CultureInfo.InvariantCulture, line, folder["train.csv"], folder["test.csv"])
            .Split(' ');
        Invocation plan = await Invocation.Of(["plan", .. words, "--shards", "2", "--out", folder["job/"]]);
        Assert.Equal(2, plan.ExitCode);
        Assert.Contains(reason, plan.Error);
        Assert.False(Directory.Exists(folder["job"]));
    }

    [Fact]
    public async Task A_plan_without_a_folder_of_its_own_is_told_how_to_name_one()
    {
        using var folder = new TestFolder();
        Invocation plan = await Invocation.Of(["plan", .. Write(folder, "certify", "shared"), "--shards", "2"]);
        Assert.Equal(2, plan.ExitCode);
        Assert.Contains("--out of the plan is missing: expected --out JOB/", plan.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_options_of_the_plan_may_stand_before_the_command()
    {
        using var folder = new TestFolder();
        string[] words = Write(folder, "certify", "shared");
        Assert.Equal(0, (await Invocation.Of(["plan", "--out", folder["job"], "--shards=2", .. words])).ExitCode);
        string before = File.ReadAllText(folder["job/manifest.json"]);
        await Plan(folder, 2, words);
        Assert.Equal(before, File.ReadAllText(folder["job/manifest.json"]));
    }

    [Fact]
    public async Task A_plan_is_not_put_where_something_else_is()
    {
        using var folder = new TestFolder();
        await Plan(folder, 2, Write(folder, "certify", "shared"));
        Invocation other = await Invocation.Of(["plan", .. Write(folder, "certify", "other"), "--shards", "2", "--out", folder["job/"]]);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("this folder is not empty, and what it holds is not the same plan", other.Error);
    }

    [Fact]
    public async Task The_status_says_what_is_done_and_what_comes_next()
    {
        using var folder = new TestFolder();
        await Plan(folder, 3, Write(folder, "certify", "shared"));
        await Invocation.Of("shard", folder["job"], "--index", "1");
        File.WriteAllText(folder["job/rows/2.part"], "no part");
        Invocation status = await Invocation.Of("status", folder["job"], "--json");
        Assert.Equal(0, status.ExitCode);
        Assert.Contains("\"done\": 1", status.Output);
        Assert.Contains("\"missing\": [0]", status.Output);
        Assert.Contains("\"damaged\": [2]", status.Output);
        Assert.Contains("or the shards that are not done: 0,2", (await Invocation.Of("status", folder["job"])).Output);
    }

    [Fact]
    public async Task A_shard_that_is_not_of_the_plan_is_refused()
    {
        using var folder = new TestFolder();
        await Plan(folder, 2, Write(folder, "certify", "shared"));
        Invocation shard = await Invocation.Of("shard", folder["job"], "--index", "2");
        Assert.Equal((2, "certiflip: --index '2': expected 0 to 1, since the plan has so many shards."), (shard.ExitCode, shard.LastError));
        Invocation none = await Invocation.Of("shard", folder["job"]);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("--index is missing", none.Error);
    }

    /// <summary>Nothing is lost, whichever workers are killed and how often.</summary>
    [Fact]
    [Trait("Tier", "Slow")]
    public async Task Workers_killed_at_random_twenty_times_leave_the_same_bytes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks for workers in /proc.");
        using var folder = new TestFolder();
        await WriteLong(folder);
        var random = new Random(20);
        int kills = 0, runs = 0;
        Invocation? last = null;
        while (last?.ExitCode is not 0 || kills < 20)
        {
            // A shard whose worker was killed several times ends the run; the next one goes on where it stopped. On a
            // fast machine all is done before twenty are killed: then some parts and what was merged are taken away.
            Assert.True(++runs <= 60, last?.Error);
            if (last?.ExitCode is 0)
            {
                Assert.Equal(File.ReadAllBytes(folder["alone.csv"]), File.ReadAllBytes(folder["shared.csv"]));
                File.Delete(folder["shared.csv"]);
                foreach (string part in Directory.GetFiles(folder["job/rows"], "*.part").Where(_ => random.Next(2) == 0))
                    File.Delete(part);
            }

            using var run = CommandProcess.Start(NoEnvironment, "run", folder["job"], "--workers", "2");
            while (!run.HasExited)
            {
                await Task.Delay(random.Next(20, 300), TestContext.Current.CancellationToken);
                int[] workers = [.. ChildrenOf(run.Id)];
                if (kills < 20 && workers.Length > 0)
                    kills += Kill(workers[random.Next(workers.Length)]) ? 1 : 0;
            }

            last = await run.Finish();
            Assert.Contains(last.ExitCode, (int[])[0, 137]);
        }

        Assert.Equal(20, kills);
        Assert.Equal(File.ReadAllBytes(folder["alone.csv"]), File.ReadAllBytes(folder["shared.csv"]));
    }

    [Fact]
    [Trait("Tier", "Slow")]
    public async Task An_interrupted_run_ends_its_workers_and_keeps_what_is_done()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks for workers in /proc.");
        using var folder = new TestFolder();
        await WriteLong(folder);
        using (var run = CommandProcess.Start(NoEnvironment, "run", folder["job"], "--workers", "2"))
        {
            while (!File.Exists(folder["job/rows/0.part"]) && !run.HasExited)
                await Task.Delay(20, TestContext.Current.CancellationToken);
            int[] workers = [.. ChildrenOf(run.Id)];
            using (var kill = Process.Start("kill", ["-INT", $"{run.Id}"]))
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            Invocation ended = await run.Finish();
            Assert.SkipWhen(ended.ExitCode == 0, "Whatever started the tests ignores the signal, and processes inherit that.");
            Assert.Equal(130, ended.ExitCode);
            Assert.Contains("What is finished is saved: run the same command again to continue.", ended.Error);
            Assert.All(workers, worker => Assert.False(Directory.Exists($"/proc/{worker}")));
        }

        Assert.True(File.Exists(folder["job/rows/0.part"]));
        Assert.False(File.Exists(folder["shared.csv"]));
        using var again = CommandProcess.Start(NoEnvironment, "run", folder["job"]);
        Invocation done = await again.Finish();
        Assert.Equal(0, done.ExitCode);
        Assert.Contains("shards done already", done.Error);
        Assert.Equal(File.ReadAllBytes(folder["alone.csv"]), File.ReadAllBytes(folder["shared.csv"]));
    }

    [Fact]
    public async Task Two_merges_at_once_write_the_same_bytes()
    {
        using var folder = new TestFolder();
        Assert.Equal(0, (await Invocation.Of(Write(folder, "certify --report", "alone"))).ExitCode);
        await Plan(folder, 2, Write(folder, "certify --report", "shared"));
        await DoAll(folder, 2);
        Invocation[] merges = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Invocation.Of("merge", folder["job"]))));
        Assert.All(merges, merge => Assert.Equal((0, ""), (merge.ExitCode, merge.ExitCode == 0 ? "" : merge.Error)));
        Assert.Equal(File.ReadAllBytes(folder["alone.csv"]), File.ReadAllBytes(folder["shared.csv"]));
        Assert.Equal(File.ReadAllBytes(folder["alone.html"]), File.ReadAllBytes(folder["shared.html"]));
    }

    [Fact]
    public async Task A_feature_map_is_applied_in_shards()
    {
        using var folder = new TestFolder();
        folder.Write("train.csv", SmallData.Csv(40));
        Assert.Equal(0, (await Invocation.Of(
            "features", "fit", "--map", "principal-components", "--components", "2", "--train", folder["train.csv"], "--out",
            folder["map"])).ExitCode);
        string[] apply = ["features", "apply", "--model", folder["map"], "--in", folder["train.csv"], "--out"];
        Assert.Equal(0, (await Invocation.Of([.. apply, folder["alone.npy"]])).ExitCode);
        await Plan(folder, 3, [.. apply, folder["shared.npy"]]);
        await DoAll(folder, 3);
        Assert.Equal(0, (await Invocation.Of("merge", folder["job"])).ExitCode);
        Assert.Equal(File.ReadAllBytes(folder["alone.npy"]), File.ReadAllBytes(folder["shared.npy"]));
    }

    [Fact]
    public async Task The_index_comes_from_the_scheduler()
    {
        using var folder = new TestFolder();
        await Plan(folder, 2, Write(folder, "certify", "shared"));
        foreach ((string name, int index) in ((string, int)[])[("SLURM_ARRAY_TASK_ID", 1), ("JOB_COMPLETION_INDEX", 0)])
            Assert.True(await Done(new() { [name] = $"{index}" }, index));
        File.Delete(folder["job/rows/1.part"]);
        Assert.True(await Done(new() { ["AWS_BATCH_JOB_ARRAY_INDEX"] = "1" }, 1));
        Assert.False(await Done(new() { ["AWS_BATCH_JOB_ARRAY_INDEX"] = "1", ["SLURM_ARRAY_TASK_ID"] = "0" }, 0));

        async Task<bool> Done(Dictionary<string, string> environment, int index)
        {
            using var shard = CommandProcess.Start(environment, "shard", folder["job"], "--quiet");
            return (await shard.Finish()).ExitCode == 0 && File.Exists(folder[$"job/rows/{index}.part"]);
        }
    }

    /// <summary>
    /// What a manifest looks like is seen when it changes: plans of one version are read by all that say they are it.
    /// </summary>
    [Theory]
    [InlineData("rows", "certify")]
    [InlineData("stages", "train --ridge fixed:2")]
    public async Task A_manifest_has_the_form_that_was_approved(string name, string line)
    {
        using var folder = new TestFolder();
        string[] words = Write(folder, line, "shared");
        if (name == "stages")
            words = [.. words.Where(word => word != "--test" && word != folder["test.csv"])];
        File.SetLastWriteTimeUtc(folder["train.csv"], new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(folder["test.csv"], new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        await Plan(folder, 2, words);
        string manifest = File.ReadAllText(folder["job/manifest.json"])
            .Replace(folder.Path, "/data", StringComparison.Ordinal)
            .Replace(Environment.CurrentDirectory, "/here", StringComparison.Ordinal)
            .Replace($"\"{CommandVersion.Text}\"", "\"VERSION\"", StringComparison.Ordinal);
        Golden.Matches(manifest, "test", "CertiFlip.Cli.Tests", "Golden", $"plan-{name}.json");
    }

    /// <summary>Of a large input the time can be set back; what the system says of its last change cannot.</summary>
    [Fact]
    public void A_large_input_is_looked_at_once_on_a_node_and_again_when_it_may_be_another()
    {
        using var folder = new TestFolder();
        string path = folder["large.bin"], cache = folder["cache"];
        string? before = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", cache);
        try
        {
            using (FileStream file = File.Create(path))
                file.SetLength((256L << 20) + 1);
            var input = PlannedInputs.Of(path);
            Assert.True(PlannedInputs.IsStill(input, thoroughly: false));
            Assert.Single(Directory.GetFiles(cache, "*", SearchOption.AllDirectories));
            Assert.True(PlannedInputs.IsStill(input with { Modified = "another" }, thoroughly: false));
            DateTime written = File.GetLastWriteTimeUtc(path);
            using (FileStream file = File.OpenWrite(path))
                file.WriteByte(1);
            File.SetLastWriteTimeUtc(path, written);
            Assert.Equal(input.Modified, PlannedInputs.Look(path).Modified);
            Assert.False(PlannedInputs.IsStill(input, thoroughly: false));
            Assert.False(PlannedInputs.IsStill(input, thoroughly: true));
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", before);
        }
    }

    [Fact]
    public void Files_beside_a_model_are_inputs_of_its_plan()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["some/1_Pooling"]);
        folder.Write("some/model.onnx", CertiFlip.Fuzz.Seeds.Onnx[0]);
        folder.Write("some/w.bin", new byte[12]);
        folder.Write("some/1_Pooling/config.json", "{}");
        folder.Write("some/else.json", "{}");
        folder.Write("tokenizer.json", "{}");
        Assert.Equal(
            ((string[])["some/1_Pooling/config.json", "some/model.onnx", "some/w.bin", "tokenizer.json"])
                .Select(name => folder[name]),
            PlannedJob.InputsOf([folder["some/model.onnx"]]));
        Assert.Equal([folder["some/w.bin"]], PlannedJob.InputsOf([folder["some/w.bin"]]));
    }

    private static readonly Dictionary<string, string> NoEnvironment = [];

    /// <summary>What takes a worker some time: the command alone is done, and planned in eight shards.</summary>
    private static async Task WriteLong(TestFolder folder)
    {
        folder.Write("train.csv", SmallData.Csv(3_000));
        folder.Write("test.csv", SmallData.Csv(800, seed: 2));
        string[] words = ["certify", "--train", folder["train.csv"], "--test", folder["test.csv"], "--quiet", "--out"];
        Assert.Equal(0, (await Invocation.Of([.. words, folder["alone.csv"]])).ExitCode);
        await Plan(folder, 8, [.. words, folder["shared.csv"]]);
    }

    /// <summary>The processes that a process has started.</summary>
    private static IEnumerable<int> ChildrenOf(int parent)
    {
        foreach (string task in Directory.Exists($"/proc/{parent}/task") ? Directory.GetDirectories($"/proc/{parent}/task") : [])
        {
            string children;
            try
            {
                children = File.ReadAllText($"{task}/children");
            }
            catch (IOException)
            {
                continue;
            }

            foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                yield return int.Parse(child, System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private static bool Kill(int worker)
    {
        try
        {
            using var process = Process.GetProcessById(worker);
            process.Kill();
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Writes data and gives a command line whose outputs have a name.</summary>
    private static string[] Write(TestFolder folder, string line, string name)
    {
        string[] data = [.. SmallData.WriteTo(folder).Skip(1)];
        folder.Write("trusted.csv", "row\n3\n8\n");
        folder.Write("costs.csv", $"cost\n{string.Concat(Enumerable.Range(0, 40).Select(row => $"{1 + row % 3}\n"))}");
        folder.Write("votes.csv", $"item,annotator,label\n{string.Concat(Enumerable.Range(0, 120).Select(
            vote => $"{vote / 3},{vote % 3},{(vote % 7 == 0 ? "spam" : vote % 40 < 20 ? "ham" : "spam")}\n"))}");
        folder.Write("time.csv", $"time\n{string.Concat(Enumerable.Range(0, 40).Select(row => $"{row * 7 % 40}\n"))}");
        string[] words = line.Replace("{dir}", folder.Path, StringComparison.Ordinal).Split(' ');
        if (words.Contains("--without-test") || words.Contains("--holdout"))
            data = data[..2];
        words = [.. words.Where(word => word != "--without-test")];
        return
        [
            words[0], .. data,
            .. words.Skip(1).SelectMany(word => Extensions.TryGetValue(word, out string? extension)
                ? (string[])[word, folder[$"{name}.{extension}"]]
                : [word]),
            "--out", folder[$"{name}.csv"],
        ];
    }

    private static readonly Dictionary<string, string> Extensions =
        new() { ["--report"] = "html", ["--corrections"] = "corrections.csv", ["--sarif"] = "sarif" };

    private static async Task Plan(TestFolder folder, int shards, string[] words)
    {
        Invocation plan = await Invocation.Of(["plan", .. words, "--shards", $"{shards}", "--out", folder["job/"]]);
        Assert.Equal((0, ""), (plan.ExitCode, plan.ExitCode == 0 ? "" : plan.Error));
    }

    private static async Task DoAll(TestFolder folder, int shards)
    {
        for (int index = shards - 1; index >= 0; index--)
        {
            Invocation shard = await Invocation.Of("shard", folder["job"], "--index", $"{index}", "--threads", $"{1 + index % 2}");
            Assert.Equal((0, ""), (shard.ExitCode, shard.ExitCode == 0 ? "" : shard.Error));
        }
    }

    /// <summary>What a table or JSON says, without the time that it took.</summary>
    private static IEnumerable<string> Lasting(string output) =>
        output.Split('\n').Where(line => !line.Contains("\"seconds\"", StringComparison.Ordinal)
            && !line.Contains(" s ", StringComparison.Ordinal));
}
