using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary><c>certiflip run</c>: does a plan on this machine, by processes of this command.</summary>
internal sealed class RunCommand : Command
{
    /// <summary>How often a shard is begun whose process ends before it is done.</summary>
    private const int MostTries = 5;

    private readonly Argument<string> _job = ShardCommand.JobArgument();

    private readonly Option<int?> _workers = CommandOptions.Count(
        "--workers", "How many processes work at a time; each gets its part of the processors. [default: one for each processor]");

    private readonly Option<bool> _quiet = CommandOptions.Quiet();
    private readonly Func<IReadOnlyList<string>, Task<int>> _run;
    private readonly IAnsiConsole _status;

    /// <param name="status">Standard error.</param>
    /// <param name="run">Runs a command line within this process.</param>
    public RunCommand(IAnsiConsole status, Func<IReadOnlyList<string>, Task<int>> run)
        : base("run", "Do a plan on this machine: all shards that are not done, then the merge.")
    {
        (_status, _run) = (status, run);
        Arguments.Add(_job);
        this.AddOptions([_workers, _quiet]);
        SetAction(Run);
    }

    private async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var job = PlannedJob.Read(parsed.GetRequiredValue(_job));
        bool isQuiet = parsed.GetValue(_quiet);
        int workers = parsed.GetValue(_workers) ?? Environment.ProcessorCount;
        foreach (PlanStage stage in job.Manifest.Stages)
        {
            int[] open = [.. job.Parts(stage).Index().Where(part => part.Item.State != PartState.Done).Select(part => part.Index)];
            if (!isQuiet && open.Length < stage.Shards.Count)
                _status.Tell($"{stage.Shards.Count - open.Length:N0} of {Wording.Count(stage.Shards.Count, "shard")} done already");
            int exitCode = await new LocalWorkers(job, stage, _status, isQuiet).Run(open, workers, cancellation);
            if (exitCode != ExitCode.Done)
                return exitCode;
        }

        return await MergeCommand.Merge(job, _status, _run);
    }

    /// <summary>Processes on this machine that do the shards of a stage.</summary>
    private sealed class LocalWorkers(PlannedJob job, PlanStage stage, IAnsiConsole status, bool isQuiet)
    {
        private int _done = stage.Shards.Count;

        /// <summary>Does shards, some at a time.</summary>
        /// <returns>0, or the exit code of the first shard that cannot be done.</returns>
        public async Task<int> Run(int[] shards, int workers, CancellationToken cancellation)
        {
            workers = Math.Clamp(workers, 1, Math.Max(1, shards.Length));
            _done -= shards.Length;
            int threads = Math.Max(1, Environment.ProcessorCount / workers), failure = ExitCode.Done;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            try
            {
                var options = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = stop.Token };
                await Parallel.ForEachAsync(shards, options, async (index, token) =>
                {
                    int exitCode = await Do(index, threads, token);
                    if (exitCode != ExitCode.Done && Interlocked.CompareExchange(ref failure, exitCode, ExitCode.Done) == ExitCode.Done)
                        await stop.CancelAsync();
                });
            }
            catch (OperationCanceledException) when (failure != ExitCode.Done && !cancellation.IsCancellationRequested)
            {
                // The others were stopped because of it; what they had done is kept.
            }

            return failure;
        }

        private async Task<int> Do(int index, int threads, CancellationToken cancellation)
        {
            for (int attempt = 1; ; attempt++)
            {
                int exitCode = await Start(index, threads, cancellation);
                if (exitCode == ExitCode.Done && job.Part(stage, index).State == PartState.Done)
                {
                    int done = Interlocked.Increment(ref _done);
                    if (!isQuiet)
                        status.Tell($"shard {index} done, {done:N0} of {stage.Shards.Count:N0}");
                    return ExitCode.Done;
                }

                // The data or the command line are wrong, and stay so.
                if (exitCode is ExitCode.Failure or ExitCode.Usage)
                    return exitCode;
                string how = exitCode == ExitCode.Done ? "ended without its part" : $"ended with exit code {exitCode}";
                if (attempt == MostTries)
                {
                    status.Complain($"shard {index} {how} {MostTries} times; what is done is kept, and run continues with the others.");
                    return exitCode == ExitCode.Done ? ExitCode.Failure : exitCode;
                }

                status.Complain($"shard {index} {how}: it is done again.");
            }
        }

        private async Task<int> Start(int index, int threads, CancellationToken cancellation)
        {
            using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Words(index, threads))
            {
                RedirectStandardInput = true,
            })!;
            process.StandardInput.Close();
            try
            {
                await process.WaitForExitAsync(cancellation);
                return process.ExitCode;
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
                throw;
            }
        }

        /// <summary>The same command again: by its own file, or by the host that runs it.</summary>
        private IEnumerable<string> Words(int index, int threads)
        {
            string assembly = typeof(RunCommand).Assembly.GetName().Name!;
            bool isHost = Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet";
            return
            [
                .. isHost ? (string[])[Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll")] : [],
                "shard", job.Folder, "--stage", stage.Name, "--index", index.ToString(CultureInfo.InvariantCulture), "--threads",
                threads.ToString(CultureInfo.InvariantCulture), "--quiet",
            ];
        }
    }
}
