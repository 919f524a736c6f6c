using System.IO.Compression;

namespace CertiFlip.Data.Formats;

/// <summary>A file to read, gunzipped on the way where it is compressed.</summary>
internal sealed class InputFile
{
    private static readonly byte[] GzipMagic = [0x1F, 0x8B];
    private readonly byte[] _start = new byte[8];
    private readonly int _startLength;
    private readonly bool _isGzip;

    private InputFile(string path)
    {
        Path = path;
        using FileStream file = OpenAsStored();
        if (!file.CanSeek)
            throw new DataException($"{path}: this is not an ordinary file but a pipe or a device; save the data to a file first.");
        _isGzip = FillStart(file) >= GzipMagic.Length && _start.AsSpan().StartsWith(GzipMagic);
        file.Position = 0;
        // Sizes that a header claims are held against this length before anything is allocated for them.
        Length = _isGzip ? GzipCheck.MeasureContent(file) : file.Length;
        using Stream content = Open();
        _startLength = FillStart(content);
    }

    /// <summary>The path as the user gave it.</summary>
    public string Path { get; }

    /// <summary>The path's extension in lower case, without the .gz of a compressed file.</summary>
    public string Extension => ExtensionOf(Path);

    /// <summary>Whether the content is in the file as it is, not compressed.</summary>
    public bool IsPlain => !_isGzip;

    /// <summary>Bytes of content, after gunzipping.</summary>
    public long Length { get; }

    /// <summary>The first few bytes of content, after gunzipping.</summary>
    public ReadOnlySpan<byte> Start => _start.AsSpan(0, _startLength);

    /// <summary>
    /// Opens the file and hands it to a reader. Whatever goes wrong with the file becomes a
    /// <see cref="DataException"/>.
    /// </summary>
    public static T Read<T>(string path, Func<InputFile, T> read)
    {
        DataException.ThrowIfNotAFileName(path);
        try
        {
            return read(new InputFile(path));
        }
        catch (Exception e) when (Explain(path, e) is { } problem)
        {
            throw new DataException($"{path}: {problem}", e);
        }
    }

    /// <summary>A path's extension in lower case, without the .gz of a compressed file.</summary>
    public static string ExtensionOf(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return System.IO.Path.GetExtension(name).ToLowerInvariant();
    }

    /// <summary>
    /// What went wrong with a file, in words; null for what is no fault of the file or explains itself.
    /// </summary>
    public static string? Explain(string path, Exception e) => e switch
    {
        DataException => null,
        FileNotFoundException or DirectoryNotFoundException => "there is no such file.",
        UnauthorizedAccessException when Directory.Exists(path) => "this is a directory; name a file in it.",
        UnauthorizedAccessException => "there is no permission to read this file.",
        InvalidDataException => "the compressed data is truncated or corrupt; make or fetch the file again.",
        EndOfStreamException => "the file ends too early; was it changed while it was read?",
        OutOfMemoryException => "the data does not fit in memory.",
        IOException => $"the file cannot be read: {e.Message}",
        _ => null,
    };

    /// <exception cref="DataException">The file holds nothing.</exception>
    public void ThrowIfEmpty()
    {
        if (Length == 0)
            throw new DataException($"{Path}: the file is empty.");
    }

    /// <summary>The content from its beginning, gunzipped.</summary>
    public Stream Open() => _isGzip ? new GZipStream(OpenAsStored(), CompressionMode.Decompress) : OpenAsStored();

    private FileStream OpenAsStored() => new(Path, FileMode.Open, FileAccess.Read, FileShare.Read);

    private int FillStart(Stream stream) => stream.ReadAtLeast(_start, _start.Length, throwOnEndOfStream: false);
}

/// <summary>Checks that gzip data is whole.</summary>
/// <remarks>
/// <see cref="GZipStream"/> takes truncated data for the end of the data, and stops silently at bytes that are not
/// gzip. So a gzip member of our own is read after the data: it comes out intact, at the end, only if everything before
/// it was whole.
/// </remarks>
internal static class GzipCheck
{
    // The text stands twice so that it is stored compressed: its own bytes then appear nowhere in the stream, and
    // cannot be copied out of it.
    private static readonly byte[] EndMark = [.. "end of gzip data, end of gzip data"u8];
    private static readonly byte[] EndMarkMember = Compress(EndMark);

    /// <summary>The number of bytes that the data holds when gunzipped.</summary>
    /// <exception cref="InvalidDataException">
    /// The data is truncated, corrupt, or followed by something else.
    /// </exception>
    public static long MeasureContent(Stream gzip)
    {
        using GZipStream content = new(new ChainedStream(gzip, new MemoryStream(EndMarkMember)), CompressionMode.Decompress);
        byte[] buffer = new byte[EndMark.Length + (1 << 16)];
        long length = 0;
        for (int read; (read = content.Read(buffer, EndMark.Length, buffer.Length - EndMark.Length)) > 0; length += read)
            // The front of the buffer always holds the last bytes read so far.
            buffer.AsSpan(read, EndMark.Length).CopyTo(buffer);
        if (!buffer.AsSpan().StartsWith(EndMark))
            throw new InvalidDataException("The gzip data is truncated, or followed by something that is not gzip.");
        return length - EndMark.Length;
    }

    private static byte[] Compress(byte[] bytes)
    {
        MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return compressed.ToArray();
    }

    /// <summary>Reads one stream and then another, as if they were one. Leaves both open.</summary>
    private sealed class ChainedStream(Stream first, Stream second) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int read = first.Read(buffer);
            return read > 0 ? read : second.Read(buffer);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
