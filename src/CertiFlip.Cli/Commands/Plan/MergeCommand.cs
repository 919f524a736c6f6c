using System.CommandLine;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary>
/// <c>certiflip merge</c>: writes what the command of a plan would have written, from the rows of its shards.
/// </summary>
internal sealed class MergeCommand : Command
{
    private const int MostNames = 10;

    private readonly Argument<string> _job = ShardCommand.JobArgument();

    /// <param name="status">Standard error.</param>
    /// <param name="run">Runs a command line within this process.</param>
    public MergeCommand(IAnsiConsole status, Func<IReadOnlyList<string>, Task<int>> run)
        : base("merge", "Put the shards of a plan together: write exactly what the command would have written alone.")
    {
        Arguments.Add(_job);
        SetAction((parsed, _) => Merge(PlannedJob.Read(parsed.GetRequiredValue(_job)), status, run));
    }

    /// <summary>Merges a plan.</summary>
    public static async Task<int> Merge(PlannedJob job, IAnsiConsole status, Func<IReadOnlyList<string>, Task<int>> run)
    {
        JobPart[] parts = [.. job.Manifest.Stages.SelectMany(job.Parts)];
        if (Complain(job, parts, status) is { } exitCode)
            return exitCode;
        TrainedModel? model;
        try
        {
            job.EnterInputs(thoroughly: true);
            model = job.ReadModel(Environment.ProcessorCount);
        }
        catch (NotThereYetException exception)
        {
            status.Complain(exception.Message);
            return ExitCode.NotYet;
        }

        var merging = new Merging(job, [.. job.Parts(job.Manifest.Stages[^1])], model);
        using (merging.Use())
            return await run(job.Manifest.Command);
    }

    /// <summary>Says which parts cannot be merged; null where all can.</summary>
    private static int? Complain(PlannedJob job, IReadOnlyList<JobPart> parts, IAnsiConsole status)
    {
        string? Names(PartState state)
        {
            string[] names = [.. parts.Where(part => part.State == state).Select(part => Path.GetRelativePath(job.Folder, part.Path))];
            string more = names.Length > MostNames ? $" and {names.Length - MostNames:N0} more" : "";
            return names.Length == 0 ? null : $"{string.Join(", ", names.Take(MostNames))}{more}";
        }

        string? damaged = Names(PartState.Damaged), foreign = Names(PartState.Foreign), missing = Names(PartState.Missing);
        if (damaged is not null)
            status.Complain($"{job.Folder}: damaged: {damaged}. Run these shards again.");
        if (foreign is not null)
            status.Complain($"{job.Folder}: of another plan or another shard: {foreign}. Run these shards again.");
        if (missing is not null)
            status.Complain($"{job.Folder}: not there yet: {missing}. Run these shards first.");
        return damaged is not null || foreign is not null ? ExitCode.Failure : missing is not null ? ExitCode.NotYet : null;
    }

    /// <summary>Reads every step from the parts.</summary>
    private sealed class Merging(PlannedJob job, IReadOnlyList<JobPart> parts, TrainedModel? model) : RowWork
    {
        private int _step;

        public override void Read(IEnumerable<string> files) => job.CheckInputs(files);

        public override IHead Head(RunData data, HeadChoice choice, double? q, Func<IHead> fit) =>
            model is not null && model.Choice == choice && model.Noise == q ? model.Head : fit();

        public override IReadOnlyList<T> Rows<T>(string step, int count, RowForm<T> form, Func<int, int, IReadOnlyList<T>> compute)
        {
            int index = _step++;
            var rows = new List<T>(count);
            for (int shard = 0; shard < parts.Count; shard++)
                rows.AddRange(parts[shard].Read(index, step, count, PlannedJob.RangeOf(count, shard, parts.Count).Count, form));
            return rows;
        }

        public override StageParts Stages(StagedWork work)
        {
            _step++;
            return new JobParts(job);
        }

        public override void End()
        {
            if (parts.FirstOrDefault(part => part.Steps.Count != _step) is { } other)
                throw new DataException($"{other.Path}: this part holds {other.Steps.Count} steps, and the plan's command has {_step}.");
        }
    }
}
