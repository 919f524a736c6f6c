namespace CertiFlip;

/// <summary>
/// A fit that any number of workers can share: stage after stage, each of which goes through blocks of 65,536 training
/// rows, or through rows, and is over when the parts of all of them are there.
/// </summary>
/// <remarks>
/// A worker makes the fit anew, hands it the parts of the stages before by <see cref="Take"/>, and does its own by
/// <see cref="Run"/>. Whoever did which blocks, what is fitted has the same bits.
/// </remarks>
/// <typeparam name="T">What is fitted.</typeparam>
public abstract class StagedFit<T>
{
    private int _taken;

    private protected StagedFit(IReadOnlyList<FitStage> stages) => Stages = stages;

    /// <summary>The stages in their order.</summary>
    public IReadOnlyList<FitStage> Stages { get; }

    /// <summary>The first stage that was not taken yet; null where all were.</summary>
    public FitStage? Next => _taken < Stages.Count ? Stages[_taken] : null;

    /// <summary>About how many bytes a part needs, beside what the process takes anyway.</summary>
    public abstract long Memory { get; }

    /// <summary>Does one part of the first stage that was not taken yet.</summary>
    /// <param name="first">The first block or row of this part.</param>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="output">Receives the part; the stream stays open.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stage has no such part.</exception>
    /// <exception cref="InvalidOperationException">All stages were taken.</exception>
    public void Run(int first, int count, Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_taken == Stages.Count)
            throw new InvalidOperationException("No stage is left.");
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, Stages[_taken].Count, nameof(count));
        var writer = new BinaryWriter(output);
        writer.Write((byte)_taken);
        Write(first, count, writer);
        writer.Flush();
    }

    /// <summary>Ends a stage.</summary>
    /// <param name="parts">
    /// All of its parts, in order. Each is opened when it is needed, which may be later, and closed after use.
    /// </param>
    /// <exception cref="InvalidDataException">A part is not what it should be, or one is missing.</exception>
    /// <exception cref="EndOfStreamException">A part ends too early.</exception>
    /// <exception cref="InvalidOperationException">All stages were taken.</exception>
    public void Take(IEnumerable<Stream> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (_taken == Stages.Count)
            throw new InvalidOperationException("No stage is left.");
        int stage = _taken;
        IEnumerable<BinaryReader> Readers()
        {
            foreach (Stream part in parts)
            {
                using var reader = new BinaryReader(part);
                if (reader.ReadByte() != stage)
                    throw new InvalidDataException($"This is no part of the stage {Stages[stage].Name}.");
                yield return reader;
            }
        }

        Read(Readers());
        _taken++;
    }

    /// <summary>What is fitted, once all stages were taken.</summary>
    /// <exception cref="InvalidOperationException">A stage is left.</exception>
    public T Finish() => _taken == Stages.Count
        ? Result()
        : throw new InvalidOperationException($"The stage {Stages[_taken].Name} is not taken yet.");

    /// <summary>Whether nothing is left of a part.</summary>
    private protected static bool IsOver(BinaryReader part) => part.BaseStream.Position == part.BaseStream.Length;

    /// <summary>Writes a part of the stage that comes next.</summary>
    private protected abstract void Write(int first, int count, BinaryWriter writer);

    /// <summary>Reads all parts of the stage that comes next.</summary>
    private protected abstract void Read(IEnumerable<BinaryReader> parts);

    private protected abstract T Result();
}

/// <summary>A stage of a <see cref="StagedFit{T}"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Of">What it goes through: <c>training-blocks</c>, <c>training-rows</c> or <c>nothing</c>.</param>
/// <param name="Count">How many of them there are, at least 1.</param>
/// <param name="SecondsOfOne">About how many seconds one thread needs for one.</param>
public sealed record FitStage(string Name, string Of, int Count, double SecondsOfOne);
