using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Plan;

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
