using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary>The parts of a plan's stages, as work in stages reads them.</summary>
internal sealed class JobParts(PlannedJob job) : StageParts
{
    private readonly Dictionary<int, JobPart[]> _known = [];

    public override IEnumerable<Stream> Open(int stage)
    {
        PlanStage planned = job.Manifest.Stages[stage];
        if (!_known.TryGetValue(stage, out JobPart[]? parts))
            _known.Add(stage, parts = [.. job.Parts(planned)]);
        foreach (JobPart part in parts)
        {
            if (part.State != PartState.Done)
                throw new DataException($"{part.Path}: this part is damaged, or of another plan or shard; run its shard again.");
            if (part.Steps is not [{ } step] || step.Name != planned.Name)
                throw new DataException($"{part.Path}: this part does not hold what the stage {planned.Name} makes; run its shard again.");
            yield return new Section(File.OpenRead(part.Path), step.Offset, step.Bytes);
        }
    }

    /// <summary>Some bytes of a file, as a stream of their own.</summary>
    private sealed class Section : Stream
    {
        private readonly BufferedStream _file;
        private readonly long _offset;

        public Section(FileStream file, long offset, long length)
        {
            (_file, _offset, Length) = (new BufferedStream(file, 1 << 16), offset, length);
            _file.Position = offset;
        }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length { get; }

        public override long Position
        {
            get => _file.Position - _offset;
            set => _file.Position = _offset + value;
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            _file.Read(buffer, offset, (int)Math.Clamp(Length - Position, 0, count));

        public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            SeekOrigin.End => Length + offset,
            _ => throw new ArgumentOutOfRangeException(nameof(origin)),
        };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _file.Dispose();
            base.Dispose(disposing);
        }
    }
}
