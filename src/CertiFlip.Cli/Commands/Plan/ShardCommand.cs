using System.CommandLine;
using System.Globalization;
using System.Text;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary><c>certiflip shard</c>: does one piece of a plan, on any machine.</summary>
internal sealed class ShardCommand : Command
{
    /// <summary>Where schedulers say which piece of an array it is.</summary>
    private static readonly string[] IndexVariables = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"];

    private readonly Argument<string> _job = JobArgument();

    private readonly Option<int?> _index = new("--index")
    {
        Description = $"Which shard, from 0. [default: what {string.Join(", ", IndexVariables[..^1])} or {IndexVariables[^1]} says]",
        HelpName = "I",
        CustomParser = result => OptionValue.Parse(result, "a whole number from 0", IndexOf),
    };

    private readonly Option<string> _stage = new("--stage")
    {
        Description = "Which stage of the plan. [default: the first that is not whole]",
        HelpName = "NAME",
    };

    private readonly Option<bool> _again = new("--again") { Description = "Do it also if it is done." };
    private readonly Option<int?> _threads = CommandOptions.Threads();
    private readonly Option<bool> _quiet = CommandOptions.Quiet();
    private readonly Func<IReadOnlyList<string>, Task<int>> _run;
    private readonly IAnsiConsole _status;

    /// <param name="status">Standard error.</param>
    /// <param name="run">Runs a command line within this process.</param>
    public ShardCommand(IAnsiConsole status, Func<IReadOnlyList<string>, Task<int>> run)
        : base("shard", "Do one shard of a plan; to do it twice, at once or later, is harmless.")
    {
        (_status, _run) = (status, run);
        Arguments.Add(_job);
        this.AddOptions([_index, _stage, _again, _threads, _quiet]);
        SetAction((parsed, _) => Run(parsed));
    }

    /// <summary>The folder of a plan.</summary>
    public static Argument<string> JobArgument() => new("JOB")
    {
        Description = "The folder that certiflip plan wrote.",
        CompletionSources = { Choices.PathOr(Choices.Path.Folder) },
    };

    private static int? IndexOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : null;

    private async Task<int> Run(ParseResult parsed)
    {
        var job = PlannedJob.Read(parsed.GetRequiredValue(_job));
        PlanStage stage = StageOf(parsed, job);
        int index = parsed.GetValue(_index) ?? IndexFromScheduler();
        if (index >= stage.Shards.Count)
            throw new UsageException($"--index '{index}': expected 0 to {stage.Shards.Count - 1}, since the plan has so many shards.");
        bool isQuiet = parsed.GetValue(_quiet);
        if (!parsed.GetValue(_again) && job.Part(stage, index).State == PartState.Done)
        {
            if (!isQuiet)
                _status.Tell($"shard {index} is done already.");
            return ExitCode.Done;
        }

        if (job.FirstMissingBefore(stage) is { } missing)
        {
            _status.Complain($"{missing}: this part is not there yet, and the stage {stage.Name} begins when all before it are done.");
            return ExitCode.NotYet;
        }

        int? threads = parsed.GetValue(_threads);
        TrainedModel? model;
        try
        {
            job.EnterInputs(thoroughly: false);
            model = job.ReadModel(threads ?? Environment.ProcessorCount);
        }
        catch (NotThereYetException exception)
        {
            _status.Complain(exception.Message);
            return ExitCode.NotYet;
        }

        var work = new Sharding(job, stage, index, threads, isQuiet, model);
        int exitCode;
        using (work.Use())
            exitCode = await _run(job.Manifest.Command);
        if (exitCode != ExitCode.Done)
            return exitCode;
        JobPart.Write(job.PartPath(stage, index), job.IdentityOf(stage, index), work.Steps);
        if (!isQuiet)
            _status.Tell($"shard {index} of {stage.Shards.Count} is done.");
        return ExitCode.Done;
    }

    private PlanStage StageOf(ParseResult parsed, PlannedJob job)
    {
        IReadOnlyList<PlanStage> stages = job.Manifest.Stages;
        if (parsed.GetValue(_stage) is { } name)
        {
            return stages.FirstOrDefault(stage => stage.Name == name) ?? throw new UsageException(
                $"--stage '{name}': expected one of {string.Join(", ", stages.Select(stage => stage.Name))}.");
        }

        return stages.Count == 1
            ? stages[0]
            : stages.FirstOrDefault(stage => job.Parts(stage).Any(part => part.State != PartState.Done)) ?? stages[^1];
    }

    private static int IndexFromScheduler()
    {
        (string Name, string Value)[] given =
        [
            .. IndexVariables.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)!))
                .Where(one => one.Value is { Length: > 0 }),
        ];
        if (given.Length == 0)
            throw new UsageException(
                $"--index is missing: name the shard, or let a scheduler set one of {string.Join(", ", IndexVariables)}.");
        if (given.Select(one => one.Value).Distinct().Count() > 1)
            throw new UsageException(
                $"--index is missing: {string.Join(" and ", given.Select(one => $"{one.Name} is '{one.Value}'"))}, and only one can "
                    + "be meant.");
        return IndexOf(given[0].Value) ?? throw new UsageException($"{given[0].Name} '{given[0].Value}': expected a whole number from 0.");
    }

    /// <summary>Computes the rows of one shard, step by step, and keeps what its part will hold.</summary>
    private sealed class Sharding(PlannedJob job, PlanStage stage, int index, int? threads, bool isQuiet, TrainedModel? model) : RowWork
    {
        // What an array holds, with room for a row more.
        private const int MostBytes = 1 << 30;

        private readonly List<(string Name, int Total, int Rows, byte[] Bytes)> _steps = [];

        public IReadOnlyList<(string Name, int Total, int Rows, byte[] Bytes)> Steps => _steps;

        public override bool HasAllRows => false;

        public override int? Threads => threads;

        public override bool IsQuiet => isQuiet;

        public override void Read(IEnumerable<string> files) => job.CheckInputs(files);

        public override TrainedModel? Model => model;

        public override IHead Head(RunData data, HeadChoice choice, double? q, Func<IHead> fit) =>
            model is not null && model.Choice == choice && model.Noise == q ? model.Head : fit();

        public override IReadOnlyList<T> Rows<T>(string step, int count, RowForm<T> form, Func<int, int, IReadOnlyList<T>> compute)
        {
            (int first, int rows) = PlannedJob.RangeOf(count, index, stage.Shards.Count);
            IReadOnlyList<T> computed;
            try
            {
                computed = compute(first, rows);
            }
            catch (DataException exception) when (first > 0)
            {
                throw new DataException($"shard {index}, whose first row is row {first}: {exception.Message}", exception);
            }

            using var bytes = new MemoryStream();
            using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
            {
                foreach (T row in computed)
                {
                    if (bytes.Length > MostBytes)
                        throw new DataException(
                            $"shard {index} would write more than {MostBytes >> 20:N0} MiB for its {rows:N0} rows; plan again with more "
                            + "shards.");
                    form.Write(writer, row);
                }
            }

            _steps.Add((step, count, rows, bytes.ToArray()));
            return computed;
        }

        public override StageParts Stages(StagedWork work)
        {
            int which = job.Manifest.Stages.Index().First(one => one.Item == stage).Index;
            if (work.Stages.Count != job.Manifest.Stages.Count || work.Stages[which] is var own
                && (own.Name, own.Count) != (stage.Name, stage.Rows))
                throw new DataException($"{job.Folder}: the plan has other stages than its command; plan again.");
            PlanShard shard = stage.Shards[index];
            using var bytes = new MemoryStream();
            using var earlier = new JobParts(job);
            work.Do(which, shard.First, shard.Count, earlier, bytes);
            _steps.Add((stage.Name, stage.Rows, shard.Count, bytes.ToArray()));
            throw new RowsAreDone();
        }

        public override void End() => throw new RowsAreDone();
    }
}
