using System.CommandLine;
using System.Globalization;
using System.Text;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary>What one shard was seen to take while a plan was made, on the machine that made it.</summary>
/// <param name="Before">Reading and fitting.</param>
/// <param name="PerOne">A row or block of each stage.</param>
/// <param name="Memory">The most memory in use, in bytes.</param>
internal sealed record ShardCost(TimeSpan Before, IReadOnlyList<TimeSpan> PerOne, long Memory)
{
    private const long Mebibyte = 1 << 20, Step = 64;

    private const int LeastMinutes = 10, Slower = 4;

    /// <summary>MiB to ask for: half as much again, and a quarter of a GiB.</summary>
    public long MebibytesToAsk => ((Memory * 3 / 2 / Mebibyte) + 256 + Step - 1) / Step * Step;

    /// <summary>Minutes to ask for: of a machine that is four times slower, and ten more.</summary>
    public long MinutesToAsk(IReadOnlyList<PlanStage> stages)
    {
        TimeSpan longest = stages.Zip(PerOne, (stage, one) => one * stage.Shards.Max(shard => shard.Count)).Max();
        return LeastMinutes + (long)Math.Ceiling(Slower * (Before + longest).TotalMinutes);
    }
}

/// <summary>The options of <c>plan</c> that are for an engine.</summary>
internal sealed class EngineOptions
{
    /// <summary>Every engine, by the names that <c>--for</c> takes.</summary>
    public static readonly IReadOnlyList<Engine> Engines = [new Slurm(), new Kubernetes(), new AwsBatch()];

    private readonly Option<Engine?> _for = new("--for")
    {
        Description = "Also write what this engine needs into the folder: scripts or manifests, and submit.sh, which hands them over.",
        HelpName = string.Join('|', Engines.Select(engine => engine.Name)),
        CompletionSources = { Choices.Exactly([.. Engines.Select(engine => engine.Name)]) },
        CustomParser = result => OptionValue.Parse<Engine?>(
            result, string.Join(", ", Engines.Select(engine => engine.Name)),
            text => Engines.FirstOrDefault(engine => engine.Name == text)),
    };

    private readonly Option<int?> _processors = new("--cpus")
    {
        Description = "With --for: processors for each shard. [default: 1]",
        HelpName = "N",
        CustomParser = result => OptionValue.Parse<int?>(result, "a whole number from 1 to 1024", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 1024
                ? count
                : null),
    };

    private readonly Option<string> _container = new("--container")
    {
        Description = "With --for kubernetes or aws-batch: the container image that has certiflip.",
        HelpName = "IMAGE",
    };

    private readonly Option<string> _volume = new("--volume")
    {
        Description =
            "With --for kubernetes or aws-batch: the claim, or the id of the file system, that holds the plan and its inputs, and "
            + "where it is mounted. The path is the same here and in the containers.",
        HelpName = "NAME:/PATH",
    };

    /// <summary>All of them. Each takes a value.</summary>
    public IReadOnlyList<Option> All => [_for, _processors, _container, _volume];

    /// <summary>The engine that was named, or null.</summary>
    /// <exception cref="UsageException">An option is missing, of no use, or more than the engine can do.</exception>
    public Engine? Named(ParseResult parsed, int shards)
    {
        Engine? engine = parsed.GetValue(_for);
        if (engine is null)
            CommandOptions.RefuseWithout(parsed, [_processors, _container, _volume], _for.Name);
        else if (!engine.NeedsContainer)
            CommandOptions.RefuseGiven(parsed, [_container, _volume], $"{_for.Name} {engine.Name}, which has no containers");
        else if (string.IsNullOrEmpty(parsed.GetValue(_container)) || Volume(parsed) is null)
            throw new UsageException(
                $"{_for.Name} {engine.Name}: expected {_container.Name} IMAGE and {_volume.Name} NAME:/PATH, from "
                + $"which containers read the "
                    + "plan.");
        if (engine is not null && shards > engine.MostShards)
            throw new UsageException($"--shards {shards}: {engine.Name} takes at most {engine.MostShards}.");
        return engine;
    }

    /// <summary>Writes an engine's files into the folder of a plan.</summary>
    /// <returns>What the user types next.</returns>
    /// <exception cref="UsageException">Something that the plan needs is not on the volume.</exception>
    public string Write(ParseResult parsed, Engine engine, PlannedJob job, ShardCost cost)
    {
        (string name, string path) = Volume(parsed) ?? ("", "");
        if (engine.NeedsContainer)
        {
            foreach (string needed in (string[])[job.Folder, .. job.Manifest.Inputs.Select(input => Path.GetFullPath(input.Path))])
            {
                if (!$"{needed}/".StartsWith($"{path.TrimEnd('/')}/", StringComparison.Ordinal))
                    throw new UsageException($"{_volume.Name} {name}:{path}: {needed} is not below {path}; containers could not read it.");
            }
        }

        var work = new EngineWork
        {
            Name = $"certiflip-{Convert.ToHexStringLower([.. job.Hash.Take(6)])}",
            Folder = job.Folder,
            Stages = [.. job.Manifest.Stages.Select(stage => (stage.Name, stage.Shards.Count))],
            Processors = parsed.GetValue(_processors) ?? 1,
            Memory = cost.MebibytesToAsk,
            Minutes = cost.MinutesToAsk(job.Manifest.Stages),
            Image = parsed.GetValue(_container) ?? "",
            Volume = name,
            MountPath = path,
        };
        string folder = Path.Combine(job.Folder, engine.Name);
        Directory.CreateDirectory(folder);
        using var files = new OutputFiles();
        (string Path, string Text)[] texts = [.. engine.Files(work).Select(file => (Path.Combine(folder, file.Name), file.Text))];
        foreach ((string file, _) in texts)
            files.Add(file);
        foreach ((string file, string text) in texts)
            files.WriteBytes(file, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        files.Commit();
        return engine.Next(work);
    }

    /// <summary>The volume and where it is mounted; null where that is not said as it should be.</summary>
    private (string Name, string Path)? Volume(ParseResult parsed) =>
        (parsed.GetValue(_volume) ?? "").Split(':', 2) is [{ Length: > 0 } name, ['/', ..] path] ? (name, path) : null;
}
