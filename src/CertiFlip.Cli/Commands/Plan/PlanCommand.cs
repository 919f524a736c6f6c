using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary>
/// <c>certiflip plan</c>: shares a command out to many processes or machines, as a folder that holds all they need.
/// </summary>
internal sealed class PlanCommand : Command
{
    public const string PlanName = "plan";

    private const string Out = "--out", Shards = "--shards";

    private static readonly string[] EnginesOptions = [.. new EngineOptions().All.Select(option => option.Name)];

    /// <summary>The commands that can be shared out.</summary>
    private static readonly string[] Shared = ["certify", "compare", "attack", "audit", "train", "features fit", "features apply"];

    private readonly Option<int?> _shards = new(Shards)
    {
        Description = "How many pieces to make of the rows; each is one run of certiflip shard.",
        HelpName = "N",
        Required = true,
        CustomParser = result => OptionValue.Parse<int?>(result, "a whole number from 1 to 1000000", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int shards) && shards is >= 1 and <= 1_000_000
                ? shards
                : null),
    };

    private readonly Option<string> _out = new(Out)
    {
        Description = "Required: the folder to make, which must be new or empty. After COMMAND its name ends in /, to tell it from "
            + "COMMAND's own --out.",
        HelpName = "JOB/",
        CompletionSources = { Choices.PathOr(Choices.Path.Folder) },
    };

    private readonly EngineOptions _engines = new();
    private readonly Option<bool> _quiet = CommandOptions.Quiet();

    private readonly Argument<string[]> _command = new("COMMAND")
    {
        Description = $"The command that is shared out, with all of its options: {string.Join(", ", Shared)}.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Func<IReadOnlyList<string>, Task<int>> _run;
    private readonly IAnsiConsole _output;

    /// <param name="output">Standard output.</param>
    /// <param name="run">Runs a command line within this process.</param>
    public PlanCommand(IAnsiConsole output, Func<IReadOnlyList<string>, Task<int>> run)
        : base(PlanName, "Share a command out: write a folder from which any number of processes or machines do its rows.")
    {
        (_output, _run) = (output, run);
        Arguments.Add(_command);
        this.AddOptions([_shards, _out, .. _engines.All, _quiet]);
        SetAction((parsed, cancellation) => Run(parsed));
    }

    /// <summary>
    /// A command line of <c>plan</c> with its own options first, then <c>--</c> and the words of the command that is
    /// shared out: its options are not those of <c>plan</c>, though both have <c>--out</c>.
    /// </summary>
    public static IReadOnlyList<string> Split(IReadOnlyList<string> arguments)
    {
        List<string> own = [PlanName], command = [];
        for (int i = 1; i < arguments.Count; i++)
        {
            string word = arguments[i], name = word.Split('=', ':')[0];
            bool isPlans = name == Shards || EnginesOptions.Contains(name);
            bool takesValue = (isPlans || name == Out) && name == word && i + 1 < arguments.Count;
            string value = takesValue ? arguments[i + 1] : word[name.Length..].TrimStart('=', ':');
            bool isOwn = command.Count == 0
                ? word.StartsWith('-')
                : word is "--help" or "-h" or "-?" || isPlans || (name == Out && NamesFolder(value));
            if (command.Count == 0 && word == "--")
                continue;
            (isOwn ? own : command).Add(word);
            if (takesValue)
                (isOwn ? own : command).Add(arguments[++i]);
        }

        return command.Count == 0 ? own : [.. own, "--", .. command];
    }

    private static bool NamesFolder(string path) => path.EndsWith('/') || path.EndsWith('\\') || Directory.Exists(path);

    private async Task<int> Run(ParseResult parsed)
    {
        string[] words = parsed.GetRequiredValue(_command);
        string name = words is ["features", var what, ..] ? $"features {what}" : words[0];
        if (!Shared.Contains(name))
            throw new UsageException(
                $"'{name}' cannot be shared out; expected one of {string.Join(", ", Shared)}, with its options.");
        string folder = parsed.GetValue(_out) ?? throw new UsageException(
            $"{Out} of the plan is missing: expected {Out} JOB/, the folder to make. After {words[0]} its name ends in /, to tell it from "
                + $"{words[0]}'s own {Out}.");
        Engine? engine = _engines.Named(parsed, parsed.GetValue(_shards)!.Value);
        var planning = new Planning(parsed.GetValue(_quiet), measures: engine is not null);
        int exitCode;
        using (planning.Use())
            exitCode = await _run(words);
        if (exitCode != ExitCode.Done)
            return exitCode;
        int shards = parsed.GetValue(_shards)!.Value;
        PlanStage[] stages = [.. planning.Planned.Select(stage => new PlanStage(
            stage.Name, stage.Of, stage.Count,
            PlannedJob.Share(stage.Count, Math.Clamp((stage.Count - 1) / stage.LeastShare + 1, 1, shards))))];
        var job = PlannedJob.Write(
            folder,
            new PlanManifest(
                CommandVersion.Text, PlannedJob.KernelContract, Environment.CurrentDirectory, words,
                [.. planning.Inputs.Select(PlannedInputs.Of)], Model: null, stages),
            planning.Kept);
        string? next = engine is null ? null : _engines.Write(parsed, engine, job, planning.Cost!);
        if (!parsed.GetValue(_quiet))
            Tell(folder, job, next);
        return ExitCode.Done;
    }

    private void Tell(string folder, PlannedJob job, string? next)
    {
        IReadOnlyList<PlanStage> stages = job.Manifest.Stages;
        PlanStage stage = stages.MaxBy(stage => stage.Shards.Count)!;
        int most = stage.Shards.Max(shard => shard.Count);
        bool isRows = stages.Count == 1;
        string unit = stage.Of.EndsWith("rows", StringComparison.Ordinal) ? "row" : "block";
        _output.Tell(
            $"{folder}: {(isRows ? "" : $"{stages.Count} stages, ")}{Wording.Count(stage.Rows, unit)} in "
                + $"{Wording.Count(stage.Shards.Count, "shard")} of {(stage.Rows % stage.Shards.Count == 0 ? "" : "at most ")}{most:N0}.");
        _output.Tell($"Here: certiflip run {folder}");
        _output.Tell(next is not null ? $"There: {next}" : isRows
            ? $"Elsewhere: certiflip shard {folder} --index I, with I from 0 to {stage.Shards.Count - 1}; then certiflip merge {folder}"
            : $"Elsewhere: certiflip shard {folder} --stage NAME --index I, stage after stage; then certiflip merge {folder}");
    }

    /// <summary>
    /// Finds out what a command reads and how many rows it has, and does none of them, or a few to see what they take.
    /// </summary>
    private sealed class Planning(bool isQuiet, bool measures) : RowWork
    {
        private const int MeasuredRows = 16;

        private readonly Stopwatch _watch = Stopwatch.StartNew();

        public IReadOnlyList<string> Inputs { get; private set; } = [];

        /// <summary>What is to be done: one stage of rows, unless the work has stages of its own.</summary>
        public IReadOnlyList<WorkStage> Planned { get; private set; } = [new("rows", "rows", 0)];

        /// <summary>What a shard takes, where that is measured.</summary>
        public ShardCost? Cost { get; private set; }

        /// <summary>The first head that it fits, with what it is fitted to; null where it fits none.</summary>
        public StoredModel? Kept { get; private set; }

        public override bool IsQuiet => isQuiet;

        public override IHead Head(RunData data, HeadChoice choice, double? q, Func<IHead> fit)
        {
            IHead head = fit();

            // A model does not hold the votes that labels come from.
            if (data.Training.Votes is null)
                Kept ??= TrainedModelFile.Store(new TrainedModel(data.Training, data.Labels, choice, head, q));
            return head;
        }

        public override void Read(IEnumerable<string> files) => Inputs = PlannedJob.InputsOf(files);

        public override IReadOnlyList<T> Rows<T>(string step, int count, RowForm<T> form, Func<int, int, IReadOnlyList<T>> compute)
        {
            Planned = [new WorkStage("rows", "rows", count)];
            if (measures)
            {
                TimeSpan before = _watch.Elapsed;
                int rows = Math.Min(count, MeasuredRows);
                compute(0, rows);
                using var process = Process.GetCurrentProcess();
                Cost = new ShardCost(before, [(_watch.Elapsed - before) / Math.Max(1, rows)], process.PeakWorkingSet64);
            }

            throw new RowsAreDone();
        }

        public override StageParts Stages(StagedWork work)
        {
            Planned = work.Stages;
            if (measures)
            {
                using var process = Process.GetCurrentProcess();
                Cost = new ShardCost(
                    _watch.Elapsed, [.. work.Stages.Select(stage => stage.PerOne)], process.PeakWorkingSet64 + work.Memory);
            }

            throw new RowsAreDone();
        }

        public override void End() => throw new UsageException(
            "this command line has no rows that could be shared out; run it as it is.");
    }
}
