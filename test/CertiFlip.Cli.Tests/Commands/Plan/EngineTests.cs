using System.Diagnostics;
using System.Text.Json;
using CertiFlip.Cli.Commands.Plan;
using k8s;
using k8s.Models;
using Kubernetes = CertiFlip.Cli.Commands.Plan.Kubernetes;

namespace CertiFlip.Cli.Tests.Commands.Plan;

/// <summary>
/// What is written for Slurm, Kubernetes and AWS Batch. test/engines/run holds it against the published schemas, and
/// test/slurm/run runs it on a real Slurm.
/// </summary>
public sealed class EngineTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_files_are_those_that_were_read_last()
    {
        foreach (Engine engine in EngineOptions.Engines)
        {
            foreach ((string name, string text) in engine.Files(Work()))
                Golden.Matches(text, "test", "CertiFlip.Cli.Tests", "Golden", "engines", engine.Name, name);
        }
    }

    [Theory]
    [InlineData("/shared/nightly job")]
    [InlineData("""/shared/"quoted" \ back: {x} #1""")]
    [InlineData("/shared/$(HOME)/Ω&<>'")]
    public void Every_text_reaches_a_container_as_it_is(string folder)
    {
        EngineWork work = Work() with { Folder = folder, MountPath = folder, Image = "registry.example/certiflip:1" };
        foreach ((string _, string text) in new Kubernetes().Files(work)
            .Where(file => file.Name.EndsWith(".yaml", StringComparison.Ordinal)))
        {
            V1Container container = Job(text).Spec.Template.Spec.Containers.Single();

            // Kubernetes reads $$( as $(.
            Assert.Equal(folder, container.Args[1].Replace("$$(", "$(", StringComparison.Ordinal));
            Assert.DoesNotContain("$(", container.Args[1].Replace("$$(", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal((folder, "registry.example/certiflip:1"), (container.VolumeMounts.Single().MountPath, container.Image));
        }

        foreach ((string _, string text) in new AwsBatch().Files(work).Where(file => file.Name.EndsWith(".json", StringComparison.Ordinal)))
        {
            using var document = JsonDocument.Parse(text);
            JsonElement container = document.RootElement.GetProperty("containerProperties");
            Assert.Equal(folder, container.GetProperty("command")[1].GetString());
            Assert.Equal(folder, container.GetProperty("mountPoints")[0].GetProperty("containerPath").GetString());
        }
    }

    [Fact]
    public void A_job_of_Kubernetes_has_an_index_for_each_shard_and_does_not_try_again_what_the_data_broke()
    {
        foreach ((string name, int? shards) in ((string, int?)[])[("sums", 3), ("rows", 250), ("merge", null)])
        {
            V1JobSpec spec = Job(new Kubernetes().Files(Work()).Single(file => file.Name == $"{name}.yaml").Text).Spec;
            Assert.Equal(
                (shards, shards is null ? null : "Indexed", shards is null ? null : (int?)3),
                (spec.Completions, spec.CompletionMode, spec.BackoffLimitPerIndex));
            V1PodFailurePolicyRule rule = spec.PodFailurePolicy.Rules[0];
            Assert.Equal(("FailJob", "In"), (rule.Action, rule.OnExitCodes.OperatorProperty));
            Assert.Equal([1, 2, 3], rule.OnExitCodes.Values);
            Assert.Equal(spec.Template.Spec.Containers.Single().Name, rule.OnExitCodes.ContainerName);
            Assert.Equal(("Ignore", "DisruptionTarget"),
                (spec.PodFailurePolicy.Rules[1].Action, spec.PodFailurePolicy.Rules[1].OnPodConditions.Single().Type));
            Assert.Equal("Never", spec.Template.Spec.RestartPolicy);
        }
    }

    [Fact]
    public void A_name_that_Kubernetes_does_not_have_is_seen()
    {
        string text = new Kubernetes().Files(Work()).Single(file => file.Name == "rows.yaml").Text;
        Assert.ThrowsAny<Exception>(() => Job(text.Replace("completionMode", "completionMod", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(100)]
    public async Task Slurm_gets_arrays_it_can_hold_and_the_merge_after_the_last(int most)
    {
        string[] calls = await Submit(
            new Slurm(), ["--partition=long"],
            ("scontrol", $"echo 'MaxArraySize            = {most}'"), ("sbatch", """
                echo "$CERTIFLIP_STAGE+$CERTIFLIP_FIRST $CERTIFLIP_JOB $*" >> "$CALLS"
                echo "$(wc -l < "$CALLS");cluster"
                """));
        string here = Path.Combine(_folder.Path, "job", "slurm");
        string Call(string stage, string dependency, string array, string file) =>
            $"{stage} {Path.GetDirectoryName(here)} --parsable --chdir={here} {dependency}--partition=long {array}{here}/{file}";
        string After(string ids) => $"--dependency=afterok:{ids} --kill-on-invalid-dep=yes ";
        Assert.Equal(
            most == 1001
                ?
                [
                    Call("sums+0", "", "--array=0-2 ", "shards.sbatch"), Call("rows+0", After("1"), "--array=0-249 ", "shards.sbatch"),
                    Call("rows+1001", After("2"), "", "merge.sbatch"),
                ]
                :
                [
                    Call("sums+0", "", "--array=0-2 ", "shards.sbatch"), Call("rows+0", After("1"), "--array=0-99 ", "shards.sbatch"),
                    Call("rows+100", After("1"), "--array=0-99 ", "shards.sbatch"),
                    Call("rows+200", After("1"), "--array=0-49 ", "shards.sbatch"), Call("rows+300", After("2:3:4"), "", "merge.sbatch"),
                ],
            calls);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(75, "requeue 7_4")]
    [InlineData(137, "requeue 7_4")]
    public async Task A_shard_on_Slurm_is_begun_again_unless_its_data_is_wrong(int exitCode, string expected)
    {
        string script = _folder.Write("shards.sbatch", new Slurm().Files(Work()).Single(file => file.Name == "shards.sbatch").Text);
        string[] calls = await Run(
            script, [],
            ("certiflip", $"echo \"$*\" >> \"$CALLS\"; exit {exitCode}"), ("scontrol", "echo \"$*\" >> \"$CALLS\""), ("sleep", ""));
        Assert.Equal(["shard /my job --stage rows --index 104 --threads 2", .. expected.Length > 0 ? (string[])[expected] : []], calls);
    }

    [Theory]
    [InlineData("Complete", 0, "apply sums|get sums|apply rows|get rows|apply merge|get merge")]
    [InlineData("Failed", 1, "apply sums|get sums")]
    public async Task Kubernetes_gets_a_stage_after_the_end_of_the_one_before(string condition, int exitCode, string expected)
    {
        string[] calls = await Submit(new Kubernetes(), ["--namespace=night"], exitCode, [("kubectl", $$"""
            [ "$1" = --namespace=night ] || exit 9
            case "$2" in
                apply) echo "apply $(basename "${3#*=}" .yaml)" >> "$CALLS" ;;
                get) echo "get ${4#certiflip-0123456789ab-}" >> "$CALLS"; echo "{{condition}} " ;;
            esac
            """)]);
        Assert.Equal(expected.Split('|'), calls);
    }

    [Fact]
    public async Task Aws_Batch_gets_an_array_for_a_stage_and_the_merge_after_the_last()
    {
        string[] calls = await Submit(new AwsBatch(), ["night", "--region", "eu-west-1"], ("aws", """
            shift 3
            echo "$*" >> "$CALLS"
            case "$1" in
                register-job-definition) echo "arn:$(basename "${3%.json}")" ;;
                submit-job) echo "id-$(wc -l < "$CALLS")" ;;
            esac
            """));
        string folder = Path.Combine(_folder.Path, "job", "aws-batch");
        string Register(string name) =>
            $"register-job-definition --cli-input-json file://{folder}/{name}.json --query jobDefinitionArn --output text";
        string Job(string name, string more) =>
            $"submit-job --job-name certiflip-0123456789ab-{name} --job-queue night --job-definition arn:{name} "
                + $"{more}--query jobId --output text";
        Assert.Equal(
            [
                Register("sums"), Job("sums", "--array-properties size=3 "),
                Register("rows"), Job("rows", "--array-properties size=250 --depends-on jobId=id-2 "),
                Register("merge"), Job("merge", "--depends-on jobId=id-4 "),
            ],
            calls);
    }

    private string Write(string folder, string name, string text)
    {
        Directory.CreateDirectory(_folder[folder]);
        return _folder.Write(Path.Combine(folder, name), text);
    }

    private static EngineWork Work() => new()
    {
        Name = "certiflip-0123456789ab",
        Folder = "/shared/nightly/job",
        Stages = [("sums", 3), ("rows", 250)],
        Processors = 2,
        Memory = 1536,
        Minutes = 25,
        Image = "certiflip:1",
        Volume = "embeddings",
        MountPath = "/shared",
    };

    private static V1Job Job(string yaml) => KubernetesYaml.Deserialize<V1Job>(yaml, strict: true);

    private Task<string[]> Submit(Engine engine, string[] arguments, params (string Name, string Script)[] programs) =>
        Submit(engine, arguments, 0, programs);

    /// <summary>Runs submit.sh, with programs of its own in the place of the engine's.</summary>
    /// <returns>What they wrote to the file CALLS.</returns>
    private Task<string[]> Submit(Engine engine, string[] arguments, int exitCode, params (string Name, string Script)[] programs)
    {
        foreach ((string name, string text) in engine.Files(Work()))
            Write(Path.Combine("job", engine.Name), name, text);
        return Run(Path.Combine(_folder.Path, "job", engine.Name, "submit.sh"), arguments, exitCode, programs);
    }

    private Task<string[]> Run(string script, string[] arguments, params (string Name, string Script)[] programs) =>
        Run(script, arguments, null, programs);

    private async Task<string[]> Run(string script, string[] arguments, int? exitCode, params (string Name, string Script)[] programs)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs bash.");
        foreach ((string name, string text) in programs)
        {
            string path = Write("bin", name, $"#!/bin/bash\n{text}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo("bash", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Path.Combine(_folder.Path, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["CALLS"] = _folder["calls"];
        foreach ((string name, string value) in ((string, string)[])
            [
                ("CERTIFLIP_JOB", "/my job"), ("CERTIFLIP_STAGE", "rows"), ("CERTIFLIP_FIRST", "100"), ("SLURM_ARRAY_TASK_ID", "4"),
                ("SLURM_ARRAY_JOB_ID", "7"), ("SLURM_CPUS_PER_TASK", "2"),
            ])
            start.Environment[name] = value;
        File.WriteAllText(_folder["calls"], "");
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(exitCode is null || process.ExitCode == exitCode, error);
        return await File.ReadAllLinesAsync(_folder["calls"], TestContext.Current.CancellationToken);
    }
}
