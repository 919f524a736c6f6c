using CertiFlip.Cli.Tests.Support;
using k8s;
using k8s.Models;

namespace CertiFlip.Cli.Tests.Commands.Plan;

/// <summary>
/// The Jobs of a plan, run by a driver that does with indexes, retries and exit codes what Kubernetes' documentation
/// says a cluster does.
/// </summary>
[Trait("Tier", "Slow")]
public sealed class KubernetesTests : IDisposable
{
    private const int Killed = 137, TryLater = 75, Evicted = -1;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pods_that_are_killed_or_evicted_or_too_early_are_begun_again_and_the_bytes_are_those_of_one_process()
    {
        await Plan(shards: 4);
        Dictionary<int, int[]> accidents = new()
        {
            [0] = [Killed, TryLater, Killed],
            [2] = [Evicted, Evicted, Evicted, Evicted, Evicted],
            [3] = [Killed],
        };
        JobOutcome rows = await Run("rows.yaml", accidents);
        Assert.True(rows.IsComplete);
        Assert.Equal([4, 1, 6, 2], rows.Pods);
        Assert.True((await Run("merge.yaml", new() { [0] = [TryLater] })).IsComplete);
        Invocation alone = await Invocation.Of([.. Certify("alone.csv")]);
        Assert.True(alone.ExitCode == 0, alone.Error);
        Assert.Equal(File.ReadAllBytes(_folder["alone.csv"]), File.ReadAllBytes(_folder["out.csv"]));
    }

    [Fact]
    public async Task What_the_data_broke_is_not_tried_again()
    {
        await Plan(shards: 3);
        File.AppendAllText(_folder["test.csv"], "1,2,a\n");
        JobOutcome rows = await Run("rows.yaml", []);
        Assert.False(rows.IsComplete);

        // Two are at work at a time; each began once.
        Assert.All(rows.Pods, pods => Assert.InRange(pods, 0, 1));
        Assert.All(rows.ExitCodes, code => Assert.Equal(1, code));
    }

    [Fact]
    public async Task An_index_that_fails_again_and_again_fails_alone()
    {
        await Plan(shards: 3);
        JobOutcome rows = await Run("rows.yaml", new() { [1] = [Killed, Killed, Killed, Killed, Killed] });
        Assert.False(rows.IsComplete);
        Assert.Equal([1, 4, 1], rows.Pods);

        // A merge that is begun all the same says that it is too early, which is worth another try.
        JobOutcome merge = await Run("merge.yaml", []);
        Assert.False(merge.IsComplete);
        Assert.All(merge.ExitCodes, code => Assert.Equal(TryLater, code));
    }

    private async Task Plan(int shards)
    {
        _folder.Write("train.csv", SmallData.Csv(60));
        _folder.Write("test.csv", SmallData.Csv(21, seed: 2));
        Invocation planned = await Invocation.Of(
        [
            "plan", .. Certify("out.csv"), "--shards", $"{shards}", "--for", "kubernetes", "--container", "certiflip:1", "--volume",
            $"claim:{Path.GetTempPath()}", "--out", $"{_folder["job"]}/",
        ]);
        Assert.True(planned.ExitCode == 0, planned.Error);
    }

    private IEnumerable<string> Certify(string output) =>
        ["certify", "--train", _folder["train.csv"], "--test", _folder["test.csv"], "--out", _folder[output], "--quiet"];

    /// <summary>Runs a Job as a cluster would.</summary>
    /// <param name="name">The manifest.</param>
    /// <param name="accidents">By index: how pods of it end that do not come to their end, in order.</param>
    private async Task<JobOutcome> Run(string name, Dictionary<int, int[]> accidents)
    {
        V1Job job = KubernetesYaml.Deserialize<V1Job>(File.ReadAllText(Path.Combine(_folder["job"], "kubernetes", name)), strict: true);
        V1JobSpec spec = job.Spec;
        V1Container container = spec.Template.Spec.Containers.Single();
        bool isIndexed = spec.CompletionMode == "Indexed";
        int indexes = spec.Completions ?? 1, most = (isIndexed ? spec.BackoffLimitPerIndex : spec.BackoffLimit)!.Value;
        int[] pods = new int[indexes];
        List<int> codes = [];
        bool isFailed = false, isStopped = false;

        async Task Index(int index)
        {
            for (int counted = 0; !isStopped;)
            {
                int attempt = pods[index]++;
                int[] planned = accidents.GetValueOrDefault(index, []);
                int code = attempt < planned.Length ? planned[attempt] : await Pod(index);
                if (code == 0)
                    return;
                lock (codes)
                    codes.Add(code);
                string action = spec.PodFailurePolicy.Rules.FirstOrDefault(rule => Fits(rule, code))?.Action ?? "Count";
                isStopped |= action == "FailJob";
                if (action == "Ignore" || (action == "Count" && ++counted <= most))
                    continue;
                isFailed = true;
                return;
            }
        }

        async Task<int> Pod(int index)
        {
            // The environment that Kubernetes sets, and nothing else to tell shards apart.
            Dictionary<string, string> environment = isIndexed ? new() { ["JOB_COMPLETION_INDEX"] = $"{index}" } : [];
            using var process = CommandProcess.Start(environment, container.Args);
            return (await process.Finish()).ExitCode;
        }

        bool Fits(V1PodFailurePolicyRule rule, int code) => rule.OnExitCodes is { } exit
            ? code > 0 && exit.OperatorProperty == "In" && exit.Values.Contains(code) && exit.ContainerName == container.Name
            : code == Evicted && rule.OnPodConditions.Any(condition => condition is { Type: "DisruptionTarget", Status: "True" });

        await Parallel.ForAsync(
            0, indexes, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken },
            async (index, _) => await Index(index));
        return new JobOutcome(!isFailed, pods, codes);
    }

    /// <param name="IsComplete">Whether every index came to its end.</param>
    /// <param name="Pods">How many pods each had.</param>
    /// <param name="ExitCodes">Those of the pods that failed.</param>
    private sealed record JobOutcome(bool IsComplete, int[] Pods, List<int> ExitCodes);
}
