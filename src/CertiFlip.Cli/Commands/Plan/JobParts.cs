using CertiFlip.Cli.Output;
using CertiFlip.Data;
using Microsoft.Win32.SafeHandles;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary>
/// The parts of a plan's stages, as work in stages reads them. Each file stays open from when it is checked until it is
/// read: what takes its name meanwhile is not read.
/// </summary>
internal sealed class JobParts(PlannedJob job) : StageParts
{
    private readonly Dictionary<int, (FileStream File, JobPart.Step Step)[]> _known = [];

    public override IEnumerable<Stream> Open(int stage)
    {
        if (!_known.TryGetValue(stage, out (FileStream File, JobPart.Step Step)[]? parts))
        {
            PlanStage planned = job.Manifest.Stages[stage];
            _known.Add(stage, parts = [.. Enumerable.Range(0, planned.Shards.Count).Select(index => Check(planned, index))]);
        }

        foreach ((FileStream file, JobPart.Step step) in parts)
            yield return new BufferedStream(new Section(file.SafeFileHandle, step.Offset, step.Bytes), 1 << 16);
    }

    public override void Dispose()
    {
        foreach ((FileStream file, _) in _known.Values.SelectMany(parts => parts))
            file.Dispose();
        base.Dispose();
    }

    private (FileStream File, JobPart.Step Step) Check(PlanStage stage, int index)
    {
        string path = job.PartPath(stage, index);
        FileStream file = File.OpenRead(path);
        (PartState state, IReadOnlyList<JobPart.Step> steps) = JobPart.Look(file, job.IdentityOf(stage, index));
        if (state == PartState.Done && steps is [{ } step] && step.Name == stage.Name)
            return (file, step);
        file.Dispose();
        throw new DataException(state == PartState.Done
            ? $"{path}: this part does not hold what the stage {stage.Name} makes; run its shard again."
            : $"{path}: this part is damaged, or of another plan or shard; run its shard again.");
    }

    /// <summary>Some bytes of a file, as a stream of their own.</summary>
    private sealed class Section(SafeFileHandle file, long offset, long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int first, int count) => Read(buffer.AsSpan(first, count));

        public override int Read(Span<byte> buffer)
        {
            int read = RandomAccess.Read(file, buffer[..(int)Math.Clamp(length - Position, 0, buffer.Length)], offset + Position);
            Position += read;
            return read;
        }

        public override long Seek(long distance, SeekOrigin origin) => Position = origin switch
        {
            SeekOrigin.Begin => distance,
            SeekOrigin.Current => Position + distance,
            SeekOrigin.End => length + distance,
            _ => throw new ArgumentOutOfRangeException(nameof(origin)),
        };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
