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

    /// <summary>Whether the content is in the file as it is, not compressed.</summary>
    public bool IsPlain => !_isGzip;

    /// <summary>Bytes of content, after gunzipping.</summary>
    public long Length { get; }

    /// <summary>The first few bytes of content, after gunzipping.</summary>
    public ReadOnlySpan<byte> Start => _start.AsSpan(0, _startLength);

    /// <summary>Opens the file and hands it to a reader, turning whatever goes wrong with it into a <see cref="DataException"/>.</summary>
    public static T Read<T>(string path, Func<InputFile, T> read)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0 || path.Contains('\0'))
            throw new DataException($"{DataException.Quote(path)} is not the name of a file.");
        try
        {
            return read(new InputFile(path));
        }
        catch (Exception e) when (Explain(path, e) is { } problem)
        {
            throw new DataException($"{path}: {problem}", e);
        }
    }

    /// <summary>The content from its beginning, gunzipped.</summary>
    public Stream Open() => _isGzip ? new GZipStream(OpenAsStored(), CompressionMode.Decompress) : OpenAsStored();

    private FileStream OpenAsStored() => new(Path, FileMode.Open, FileAccess.Read, FileShare.Read);

    private int FillStart(Stream stream) => stream.ReadAtLeast(_start, _start.Length, throwOnEndOfStream: false);

    /// <summary>What went wrong with a file in words, or null for what is no fault of the file or explains itself.</summary>
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
}
