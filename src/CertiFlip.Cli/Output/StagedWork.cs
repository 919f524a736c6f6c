namespace CertiFlip.Cli.Output;

/// <summary>Work in stages, each of which begins when all parts of the one before are there.</summary>
/// <param name="Stages">The stages, in order.</param>
/// <param name="Do">Does one part.</param>
internal sealed record StagedWork(IReadOnlyList<WorkStage> Stages, StagedWork.Part Do)
{
    /// <summary>About how much memory a part takes, in bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Does one part of a stage.</summary>
    /// <param name="stage">Which stage, from 0.</param>
    /// <param name="first">The first of what the stage goes through.</param>
    /// <param name="count">How many.</param>
    /// <param name="earlier">The parts of the stages before.</param>
    /// <param name="output">Receives the part.</param>
    internal delegate void Part(int stage, int first, int count, StageParts earlier, Stream output);

    /// <summary>All of it in this process, with parts in files that are gone afterwards.</summary>
    public StageParts Alone()
    {
        var parts = new OwnParts();
        for (int stage = 0; stage < Stages.Count; stage++)
        {
            using FileStream part = File.Create(parts.PathOf(stage));
            Do(stage, 0, Stages[stage].Count, parts, part);
        }

        return parts;
    }

    private sealed class OwnParts : StageParts
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("certiflip-");

        public string PathOf(int stage) => Path.Combine(_folder.FullName, $"{stage}.part");

        public override IEnumerable<Stream> Open(int stage) => [File.OpenRead(PathOf(stage))];

        public override void Dispose()
        {
            _folder.Delete(recursive: true);
            base.Dispose();
        }
    }
}

/// <summary>A stage of work.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Of">What it goes through, as the manifest of a plan names it.</param>
/// <param name="Count">How many there are.</param>
internal sealed record WorkStage(string Name, string Of, int Count)
{
    /// <summary>How many one shard does at least, where more shards would cost more than they save.</summary>
    public int LeastShare { get; init; } = 1;

    /// <summary>About how long one takes, for those who ask an engine for time.</summary>
    public TimeSpan PerOne { get; init; }
}

/// <summary>The parts of stages that are done.</summary>
internal abstract class StageParts : IDisposable
{
    /// <summary>The parts of a stage, in order.</summary>
    public abstract IEnumerable<Stream> Open(int stage);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
