using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Plan;

/// <summary>A command that is shared out writes the same bytes as the command alone.</summary>
public sealed class PlanTests
{
    public static TheoryData<int, string> CommandLines => new MatrixTheoryData<int, string>(
        [1, 2, 5, 40],
        [
            "certify --report",
            "certify --certificates exact --head kernel",
        ]);

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task Shards_write_the_same_bytes_as_the_command_alone(int shards, string line)
    {
        using var folder = new TestFolder();
        string[] alone = Write(folder, line, "alone"), shared = Write(folder, line, "shared");
        Invocation single = await Invocation.Of(alone);
        Assert.Equal((0, ""), (single.ExitCode, single.ExitCode == 0 ? "" : single.Error));
        await Plan(folder, shards, shared);
        int planned = Directory.GetFiles(folder["job"], "*.json").Length;
        Assert.Equal(1, planned);
        await DoAll(folder, Math.Min(shards, 10));
        Invocation merge = await Invocation.Of("merge", folder["job"]);
        Assert.Equal(0, merge.ExitCode);
        foreach (string path in Directory.GetFiles(folder[""], "alone.*"))
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(path.Replace("alone.", "shared.", StringComparison.Ordinal)));
        Assert.Equal(Lasting(single.Output), Lasting(merge.Output));
    }

    [Fact]
    public async Task What_is_missing_damaged_or_of_another_plan_is_named_and_not_merged()
    {
        using var folder = new TestFolder();
        await Plan(folder, 4, Write(folder, "certify", "shared"));
        Invocation early = await Invocation.Of("merge", folder["job"]);
        Assert.Equal(75, early.ExitCode);
        Assert.Contains("not there yet: rows/0.part, rows/1.part, rows/2.part, rows/3.part.", early.Error);
        await DoAll(folder, 4);
        string first = Path.Combine(folder["job"], "rows", "0.part"), second = Path.Combine(folder["job"], "rows", "1.part");
        byte[] whole = File.ReadAllBytes(first);
        for (int length = 0; length < whole.Length; length += 7)
            await Refused(whole[..length], "damaged: rows/0.part");
        for (int bit = 0; bit < 8 * whole.Length; bit += 131)
        {
            byte[] changed = [.. whole];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            await Refused(changed, "damaged: rows/0.part");
        }

        await Refused(File.ReadAllBytes(second), "of another plan or another shard: rows/0.part");
        Directory.Move(folder["job"], folder["other"]);
        File.WriteAllBytes(folder["other/rows/0.part"], whole);
        await Plan(folder, 3, Write(folder, "certify", "shared"));
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
        folder.Write("test.csv", test.Replace("ham", "egg", StringComparison.Ordinal));
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

    /// <summary>Writes data and gives a command line whose outputs have a name.</summary>
    private static string[] Write(TestFolder folder, string line, string name)
    {
        string[] data = [.. SmallData.WriteTo(folder).Skip(1)];
        string[] words = line.Split(' ');
        return
        [
            words[0], .. data, .. words.Skip(1).SelectMany(word => word == "--report" ? (string[])[word, folder[$"{name}.html"]] : [word]),
            "--out", folder[$"{name}.csv"],
        ];
    }

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
