using System.CommandLine;
using System.Text.Json.Serialization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary>What <c>certiflip status</c> says: how far a plan is.</summary>
internal sealed partial class StatusCommand : Command
{
    private static readonly JsonForm<Document> Form = new("plan-status", 1, StatusTypes.Default);

    private readonly Argument<string> _job = ShardCommand.JobArgument();
    private readonly Option<bool> _json = new("--json") { Description = "Print it as JSON instead of a table." };
    private readonly IAnsiConsole _output;

    public StatusCommand(IAnsiConsole output)
        : base("status", "Say how far a plan is, and what comes next.")
    {
        _output = output;
        Arguments.Add(_job);
        this.AddOptions([_json]);
        SetAction((parsed, _) => Task.FromResult(Run(parsed)));
    }

    private int Run(ParseResult parsed)
    {
        string folder = parsed.GetRequiredValue(_job);
        var job = PlannedJob.Read(folder);
        var document = new Document(
            string.Join(' ', job.Manifest.Command), [.. job.Manifest.Stages.Select(stage => StageStatus.Of(job, stage))]);
        if (parsed.GetValue(_json))
        {
            JsonText.Write(_output, Form, document);
            return ExitCode.Done;
        }

        _output.WriteSentence($"certiflip {document.Command}");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("stage", "shards", "done", "not there", "damaged", "of another");
        foreach (StageStatus stage in document.Stages)
        {
            table.AddRow(
            [
                .. ((string[])
                [
                    stage.Name, $"{stage.Shards:N0}", $"{stage.Done:N0}", $"{stage.Missing.Count:N0}", $"{stage.Damaged.Count:N0}",
                    $"{stage.Foreign.Count:N0}",
                ]).Select(ConsoleText.Whole),
            ]);
        }

        _output.Write(table);
        _output.Tell(document.Stages.All(stage => stage.Done == stage.Shards)
            ? $"All is done: certiflip merge {folder}"
            : $"Next: certiflip run {folder}, or the shards that are not done: {Open(document)}");
        return ExitCode.Done;
    }

    private static string Open(Document document)
    {
        StageStatus stage = document.Stages.First(stage => stage.Done < stage.Shards);
        int[] open = [.. stage.Missing.Concat(stage.Damaged).Concat(stage.Foreign).Order()];
        return $"{string.Join(',', open.Take(20))}{(open.Length > 20 ? ",…" : "")}";
    }

    /// <summary>What <c>certiflip status --json</c> prints: how far a plan is.</summary>
    /// <param name="Command">The command that is shared out.</param>
    /// <param name="Stages">Its stages, one after the other.</param>
    private sealed record Document(string Command, IReadOnlyList<StageStatus> Stages);

    /// <summary>How far a stage is.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Shards">How many shards it has.</param>
    /// <param name="Done">How many are done.</param>
    /// <param name="Missing">Those of which there is no part.</param>
    /// <param name="Damaged">Those whose part is not as it was written.</param>
    /// <param name="Foreign">Those whose part is of another plan or another shard.</param>
    private sealed record StageStatus(
        string Name, int Shards, int Done, IReadOnlyList<int> Missing, IReadOnlyList<int> Damaged, IReadOnlyList<int> Foreign)
    {
        public static StageStatus Of(PlannedJob job, PlanStage stage)
        {
            PartState[] states = [.. job.Parts(stage).Select(part => part.State)];
            int[] In(PartState state) => [.. states.Index().Where(part => part.Item == state).Select(part => part.Index)];
            return new StageStatus(
                stage.Name, states.Length, In(PartState.Done).Length, In(PartState.Missing), In(PartState.Damaged), In(PartState.Foreign));
        }
    }

    [JsonSerializable(typeof(Document))]
    private sealed partial class StatusTypes : JsonSerializerContext;
}
