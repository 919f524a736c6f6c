using System.CommandLine;
using System.Globalization;
using System.Text;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Commands.Plan.Engines;

/// <summary>
/// What runs the shards of a plan elsewhere: its files are written into the plan's folder, and it is left to the user
/// to hand them over.
/// </summary>
internal abstract class Engine
{
    /// <summary>
    /// How often a shard is begun again that was killed, or that exited with another code than those of
    /// <see cref="Final"/>.
    /// </summary>
    protected const int Retries = 3;

    /// <summary>
    /// The exit codes that no other try would change: wrong data, a wrong command line, a condition that is not met.
    /// </summary>
    protected static readonly int[] Final = [ExitCode.Failure, ExitCode.Usage, ExitCode.ConditionNotMet];

    /// <summary>Every engine, by the names that <c>--for</c> takes.</summary>
    public static IReadOnlyList<Engine> All { get; } = [new Slurm(), new Kubernetes(), new AwsBatch()];

    /// <summary>What <c>--for</c> calls it; its files stand in a folder of this name.</summary>
    public abstract string Name { get; }

    /// <summary>Whether shards run in containers, which need an image and a volume with the plan on it.</summary>
    public abstract bool NeedsContainer { get; }

    /// <summary>The most shards that a stage may have.</summary>
    public abstract int MostShards { get; }

    /// <summary>What the user types next.</summary>
    public abstract string Next(EngineWork work);

    /// <summary>The files, by their names in the engine's folder.</summary>
    public abstract IReadOnlyList<(string Name, string Text)> Files(EngineWork work);
}

/// <summary>What an engine is told of a plan.</summary>
internal sealed record EngineWork
{
    /// <summary>A name for the work: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>The plan's folder, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>Names of the stages, in order, with how many shards each has. The merge comes after them.</summary>
    public required IReadOnlyList<(string Name, int Shards)> Stages { get; init; }

    /// <summary>Processors for each shard.</summary>
    public required int Processors { get; init; }

    /// <summary>MiB that a shard is given.</summary>
    public required long Memory { get; init; }

    /// <summary>Minutes after which a shard counts as hung.</summary>
    public required long Minutes { get; init; }

    /// <summary>The container image; empty where there are no containers.</summary>
    public string Image { get; init; } = "";

    /// <summary>The volume that holds the plan and its inputs, as the engine calls it.</summary>
    public string Volume { get; init; } = "";

    /// <summary>Where it is mounted, absolute: the same path as on the machine that plans.</summary>
    public string MountPath { get; init; } = "";
}

/// <summary>What one shard was seen to take while a plan was made, on the machine that made it.</summary>
/// <param name="Before">Reading and fitting.</param>
/// <param name="PerRow">A row.</param>
/// <param name="Memory">The most memory in use, in bytes.</param>
internal sealed record ShardCost(TimeSpan Before, TimeSpan PerRow, long Memory)
{
    private const long Mebibyte = 1 << 20, Step = 64;

    private const int LeastMinutes = 10, Slower = 4;

    /// <summary>MiB to ask for: half as much again, and a quarter of a GiB.</summary>
    public long MebibytesToAsk => ((Memory * 3 / 2 / Mebibyte) + 256 + Step - 1) / Step * Step;

    /// <summary>Minutes to ask for: of a machine that is four times slower, and ten more.</summary>
    public long MinutesToAsk(int rows) => LeastMinutes + (long)Math.Ceiling(Slower * (Before + PerRow * rows).TotalMinutes);
}

/// <summary>The options of <c>plan</c> that are for an engine.</summary>
internal sealed class EngineOptions
{
    private readonly Option<Engine?> _for = new("--for")
    {
        Description = "Also write what this engine needs into the folder: scripts or manifests, and submit.sh, which hands them over.",
        HelpName = string.Join('|', Engine.All.Select(engine => engine.Name)),
        CompletionSources = { Choices.Exactly([.. Engine.All.Select(engine => engine.Name)]) },
        CustomParser = result => OptionValue.Parse<Engine?>(
            result, string.Join(", ", Engine.All.Select(engine => engine.Name)),
            text => Engine.All.FirstOrDefault(engine => engine.Name == text)),
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
        Description = "With --for kubernetes or aws-batch: the claim, or the id of the file system, that holds the plan and its inputs, and "
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
                $"{_for.Name} {engine.Name}: expected {_container.Name} IMAGE and {_volume.Name} NAME:/PATH, from which containers read the "
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
            Minutes = cost.MinutesToAsk(job.Manifest.Stages.SelectMany(stage => stage.Shards).Max(shard => shard.Count)),
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
