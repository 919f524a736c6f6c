using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;
using SharpCompress.Compressors.ZStandard;
using SharpCompress.Compressors.ZStandard.Unsafe;

namespace CertiFlip.Data.Formats;

/// <summary>A way in which one file is compressed.</summary>
internal abstract class Packing
{
    private static readonly Packing[] All = [new Gzip(), new Bzip2(), new Xz(), new Zstd(), new OneInZip()];

    /// <summary>Extensions that are left out before that of the content is looked at.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. All.Select(packing => packing.Extension)];

    protected abstract string Extension { get; }

    /// <summary>How a file is compressed; null where it is not.</summary>
    /// <param name="file">The file, which can be read anywhere. It is left anywhere.</param>
    /// <param name="start">How it begins.</param>
    public static Packing? Of(Stream file, ReadOnlySpan<byte> start)
    {
        foreach (Packing packing in All)
        {
            if (packing.Begins(start) && packing.IsOneFile(file))
                return packing;
        }

        return null;
    }

    /// <summary>The content's own name, where it has one.</summary>
    public virtual string? ContentName => null;

    /// <summary>The content, unpacked.</summary>
    /// <param name="file">The file at its beginning; disposed with what is returned.</param>
    public abstract Stream Open(Stream file);

    /// <summary>Unpacks everything once: bytes of content.</summary>
    /// <exception cref="InvalidDataException">
    /// The data is truncated, corrupt, or followed by something else.
    /// </exception>
    /// <exception cref="DataException">It holds more than the budget allows.</exception>
    public virtual long Measure(Stream file, ReadBudget budget)
    {
        using Stream content = Open(file);
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        for (int read; (read = content.Read(buffer)) > 0; length += read)
            budget.CheckUnpacked(length + read);
        return length;
    }

    protected abstract bool Begins(ReadOnlySpan<byte> start);

    protected virtual bool IsOneFile(Stream file) => true;

    private sealed class Gzip : Packing
    {
        protected override string Extension => ".gz";

        public override Stream Open(Stream file) =>
            new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress);

        public override long Measure(Stream file, ReadBudget budget) => GzipCheck.MeasureContent(file, budget);

        protected override bool Begins(ReadOnlySpan<byte> start) => start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);
    }

    private sealed class Bzip2 : Packing
    {
        protected override string Extension => ".bz2";

        public override Stream Open(Stream file) => new Unpacked(() => BZip2Stream.Create(
            file, SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: true), file);

        // Letters of a text may be the first three.
        protected override bool Begins(ReadOnlySpan<byte> start) =>
            start is [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..]
            && (start[4..].StartsWith((ReadOnlySpan<byte>)[0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
                || start[4..].StartsWith((ReadOnlySpan<byte>)[0x17, 0x72, 0x45, 0x38, 0x50, 0x90]));
    }

    private sealed class Xz : Packing
    {
        protected override string Extension => ".xz";

        public override Stream Open(Stream file) => new Unpacked(() => new XZStream(file), file);

        protected override bool Begins(ReadOnlySpan<byte> start) =>
            start.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]);
    }

    private sealed class Zstd : Packing
    {
        // 128 MiB, what zstd itself takes without being asked for more.
        private const int LargestWindow = 27;

        protected override string Extension => ".zst";

        public override Stream Open(Stream file) => new Unpacked(
            () =>
            {
                var content = new DecompressionStream(file, bufferSize: 0, checkEndOfStream: true, leaveOpen: true);
                content.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindow);
                return content;
            },
            file);

        protected override bool Begins(ReadOnlySpan<byte> start) => start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]);
    }

    /// <summary>An archive with one file in it that is no array of NumPy's.</summary>
    private sealed class OneInZip : Packing
    {
        private string? _name;

        public override string? ContentName => _name;

        protected override string Extension => ".zip";

        public override Stream Open(Stream file)
        {
            var zip = ZipDirectory.Read(file);
            return new Unpacked(() => zip.Open(Only(zip)!), file);
        }

        public override long Measure(Stream file, ReadBudget budget)
        {
            var zip = ZipDirectory.Read(file);
            ZipEntry entry = Only(zip)!;
            return zip.IsIntact(entry, budget) ? entry.Length
                : throw new InvalidDataException("The file in the archive is truncated or corrupt.");
        }

        protected override bool Begins(ReadOnlySpan<byte> start) => ZipDirectory.IsZip(start);

        protected override bool IsOneFile(Stream file)
        {
            try
            {
                _name = Only(ZipDirectory.Read(file))?.Name;
                return _name is not null;
            }
            catch (InvalidDataException)
            {
                return false;
            }
        }

        private static ZipEntry? Only(ZipDirectory zip)
        {
            ZipEntry[] files =
                [.. zip.Entries.Where(entry => !entry.Name.EndsWith('/') && !entry.Name.StartsWith("__MACOSX/", StringComparison.Ordinal))];
            return files is [{ CanBeOpened: true } only] && !only.Name.EndsWith(".npy", StringComparison.Ordinal) ? only : null;
        }
    }

    /// <summary>What is unpacked by a library, whose exceptions say that the data is at fault.</summary>
    private sealed class Unpacked(Func<Stream> open, Stream file) : ReadOnlyStream
    {
        private Stream? _content;

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return (_content ??= open()).Read(buffer);
            }
            catch (Exception e) when (
                e is not (DataException or OperationCanceledException or OutOfMemoryException or InvalidDataException))
            {
                throw new InvalidDataException("The compressed data is truncated or corrupt.", e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _content?.Dispose();
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
