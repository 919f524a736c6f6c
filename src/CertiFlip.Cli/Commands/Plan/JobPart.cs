using System.Security.Cryptography;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Commands.Plan;

/// <summary>What is known of a part.</summary>
internal enum PartState
{
    /// <summary>It is there, whole, and of this plan.</summary>
    Done,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It is not as it was written.</summary>
    Damaged,

    /// <summary>It is of another plan or another shard.</summary>
    Foreign,
}

/// <summary>
/// What one shard computed, as a file: whose it is, the rows of every step, and the SHA-256 of all of that at its end.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="State">What is known of it.</param>
/// <param name="Steps">Its steps, where it is <see cref="PartState.Done"/>.</param>
internal sealed record JobPart(string Path, PartState State, IReadOnlyList<JobPart.Step> Steps)
{
    private const int MostSteps = 10_000, LongestName = 200;

    private static readonly byte[] Magic = "certiflip part 1"u8.ToArray();

    /// <summary>The rows of one step.</summary>
    /// <param name="Name">What it computes.</param>
    /// <param name="Total">How many rows all shards have together.</param>
    /// <param name="Rows">How many there are here.</param>
    /// <param name="Offset">Where they begin in the file.</param>
    /// <param name="Bytes">How many bytes they take.</param>
    /// <param name="Hash">The SHA-256 of these bytes when the part was found to be whole.</param>
    internal sealed record Step(string Name, int Total, int Rows, long Offset, long Bytes, IReadOnlyList<byte> Hash);

    /// <summary>Reads the frame of a part, and checks that it is whole; its rows are not read yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">Whose part it must be.</param>
    public static JobPart Look(string path, byte[] identity)
    {
        if (!File.Exists(path))
            return new JobPart(path, PartState.Missing, []);
        using FileStream file = File.OpenRead(path);
        (PartState state, IReadOnlyList<Step> steps) = Look(file, identity);
        return new JobPart(path, state, steps);
    }

    /// <inheritdoc cref="Look(string, byte[])"/>
    /// <param name="stream">What the file holds; it can seek.</param>
    /// <param name="identity">Whose part it must be.</param>
    public static (PartState State, IReadOnlyList<Step> Steps) Look(Stream stream, byte[] identity)
    {
        long end = stream.Length - SHA256.HashSizeInBytes;
        if (end < Magic.Length + identity.Length)
            return (PartState.Damaged, []);
        using var hashed = new HashedStream(stream);
        using var reader = new BinaryReader(hashed);
        bool isPart = reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic);
        bool isOwn = reader.ReadBytes(identity.Length).AsSpan().SequenceEqual(identity);
        IReadOnlyList<Step>? steps = isPart && isOwn ? StepsOf(reader, hashed, end) : null;
        try
        {
            hashed.HashOf(end - hashed.Position);
            byte[] found = hashed.Hash(), written = new byte[SHA256.HashSizeInBytes];
            hashed.ReadExactly(written);
            if (!isPart || !found.AsSpan().SequenceEqual(written))
                return (PartState.Damaged, []);
        }
        catch (EndOfStreamException)
        {
            return (PartState.Damaged, []);
        }

        return !isOwn ? (PartState.Foreign, []) : steps is null ? (PartState.Damaged, []) : (PartState.Done, steps);
    }

    /// <summary>Writes a part, which appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">Whose part it is.</param>
    /// <param name="steps">
    /// The name of each step, how many rows all shards have of it, how many this one has, and their bytes.
    /// </param>
    public static void Write(string path, byte[] identity, IEnumerable<(string Name, int Total, int Rows, byte[] Bytes)> steps)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using var files = new OutputFiles();
        files.Add(path);
        files.WriteBytes(path, stream =>
        {
            using var sha = SHA256.Create();
            using (var hashed = new CryptoStream(stream, sha, CryptoStreamMode.Write, leaveOpen: true))
            using (var writer = new BinaryWriter(hashed))
            {
                writer.Write(Magic);
                writer.Write(identity);
                foreach ((string name, int total, int rows, byte[] bytes) in steps)
                {
                    writer.Write(name);
                    writer.Write(total);
                    writer.Write(rows);
                    writer.Write((long)bytes.Length);
                    writer.Write(bytes);
                }
            }

            stream.Write(sha.Hash);
        });
        files.Commit();
    }

    /// <summary>Reads the rows of a step.</summary>
    /// <param name="index">Which step, from 0.</param>
    /// <param name="name">What it must compute.</param>
    /// <param name="total">How many rows all shards must have of it.</param>
    /// <param name="rows">How many rows it must have.</param>
    /// <param name="form">How a row is read.</param>
    /// <exception cref="DataException">It is another, or its rows are none.</exception>
    public IReadOnlyList<T> Read<T>(int index, string name, int total, int rows, RowForm<T> form)
    {
        if (Steps.ElementAtOrDefault(index) is not { } step || step.Name != name || step.Total != total || step.Rows != rows)
            throw new DataException($"{Path}: this part does not hold what the plan's command asks for ({name}); run its shard again.");
        try
        {
            using FileStream file = File.OpenRead(Path);
            file.Position = step.Offset;
            using var hashed = new HashedStream(file);
            using var reader = new BinaryReader(hashed);
            var read = new List<T>();
            for (int row = 0; row < rows; row++)
                read.Add(form.Read(reader));

            // What was read must be what was found whole, whatever has become of the file since.
            return hashed.Position != step.Bytes
                ? throw new InvalidDataException($"there is more or less in step '{name}' than {rows} rows")
                : hashed.Hash().AsSpan().SequenceEqual([.. step.Hash])
                    ? read
                    : throw new InvalidDataException("it has changed while it was read");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentException or FormatException)
        {
            throw new DataException($"{Path}: this part cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The steps that follow each other up to the end; null where they do not.</summary>
    private static List<Step>? StepsOf(BinaryReader reader, HashedStream hashed, long end)
    {
        var steps = new List<Step>();
        try
        {
            while (hashed.Position < end)
            {
                string name = reader.ReadString();
                int total = reader.ReadInt32(), rows = reader.ReadInt32();
                long bytes = reader.ReadInt64(), offset = hashed.Position;
                if (name.Length > LongestName || steps.Count == MostSteps || rows < 0 || total < rows || bytes < rows
                    || bytes > end - offset)
                    return null;
                steps.Add(new Step(name, total, rows, offset, bytes, hashed.HashOf(bytes)));
            }
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException)
        {
            return null;
        }

        return steps;
    }

    /// <summary>Reads a stream once, from where it stands, with the SHA-256 of what is read.</summary>
    private sealed class HashedStream(Stream stream) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash _step = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] _buffer = new byte[1 << 16];
        private int _hashed, _next, _end;
        private long _before;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        /// <summary>How many bytes have been read.</summary>
        public override long Position
        {
            get => _before + _next;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(buffer.Length, Available());
            _buffer.AsSpan(_next, count).CopyTo(buffer);
            _next += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        /// <summary>The SHA-256 of what has been read.</summary>
        public byte[] Hash()
        {
            Append();
            return _hash.GetHashAndReset();
        }

        /// <summary>Reads some bytes for their SHA-256 alone.</summary>
        /// <exception cref="EndOfStreamException">There are not so many.</exception>
        public byte[] HashOf(long bytes)
        {
            Append();
            _step.GetHashAndReset();
            for (long left = bytes; left > 0;)
            {
                int count = (int)Math.Min(left, Available());
                if (count == 0)
                    throw new EndOfStreamException();
                _next += count;
                left -= count;
            }

            Append();
            return _step.GetHashAndReset();
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _hash.Dispose();
                _step.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Available()
        {
            if (_next == _end)
            {
                Append();
                _before += _end;
                (_hashed, _next, _end) = (0, 0, stream.Read(_buffer));
            }

            return _end - _next;
        }

        private void Append()
        {
            _hash.AppendData(_buffer, _hashed, _next - _hashed);
            _step.AppendData(_buffer, _hashed, _next - _hashed);
            _hashed = _next;
        }
    }
}
