using System.IO.Compression;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CertiFlip.Data.Formats;

/// <summary>A file to read, unpacked on the way where it is compressed.</summary>
/// <remarks>
/// Whatever is unpacked is counted against <see cref="Budget"/> while it is unpacked. What comes through a pipe is kept
/// in memory, because it can be read only once.
/// </remarks>
public sealed class InputFile
{
    private const int StartBytes = 4096;
    private readonly byte[] _start = new byte[StartBytes];
    private readonly int _startLength;
    private readonly ArraySegment<byte> _piped;
    private readonly Packing? _packing;

    private InputFile(string path)
    {
        Path = path;
        (StoredPath, Part) = NamedPart.Of(path);
        using Stream file = OpenWithoutHanging(StoredPath);
        if (file is MemoryStream received)
            received.TryGetBuffer(out _piped);
        int length = FillStart(file);
        _packing = Packing.Of(file, _start.AsSpan(0, length));
        Budget = ReaderOptions.Current.BudgetFor(path, file.Length, _packing is not null || ZipDirectory.IsZip(_start));
        file.Position = 0;
        // Sizes that a header claims are held against this length before anything is allocated for them.
        Length = _packing?.Measure(file, Budget) ?? file.Length;
        using Stream content = Open();
        _startLength = FillStart(content);
    }

    /// <summary>The path as the user gave it, with the part's name.</summary>
    public string Path { get; }

    /// <summary>The path of the file itself.</summary>
    public string StoredPath { get; }

    /// <summary>The array or table in it that was asked for, as in <c>FILE#NAME</c>; null where none was.</summary>
    public string? Part { get; }

    /// <summary>
    /// The path's extension in lower case, without that of a compressed file, such as .gz. What comes through a pipe
    /// without one has that of a table: .tsv if there is a tab in its first line, .csv otherwise.
    /// </summary>
    public string Extension => ExtensionOf(_packing?.ContentName ?? StoredPath) is { Length: > 0 } known ? known
        : !IsPiped ? ""
        : Start[..(Start.IndexOf((byte)'\n') + 1)].Contains((byte)'\t') ? ".tsv" : ".csv";

    /// <summary>Whether the content can be read at any place, when it is needed.</summary>
    public bool IsPlain => _packing is null && !IsPiped;

    /// <summary>Bytes of content, after unpacking.</summary>
    public long Length { get; }

    /// <summary>The first 4,096 bytes of content, or all there are, after unpacking.</summary>
    public ReadOnlySpan<byte> Start => _start.AsSpan(0, _startLength);

    /// <summary>How much the file may become.</summary>
    public ReadBudget Budget { get; }

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

    /// <summary>A path's extension in lower case, without that of a compressed file, such as .gz.</summary>
    public static string ExtensionOf(string path)
    {
        string packed = Packing.Extensions.FirstOrDefault(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) ?? "";
        return System.IO.Path.GetExtension(path[..^packed.Length]).ToLowerInvariant();
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
        DecoderFallbackException => "this is not text in the encoding that its byte order mark names; save it in UTF-8.",
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

    /// <summary>The content from its beginning, unpacked.</summary>
    public Stream Open() =>
        new CountedStream(_packing?.Open(OpenAsStored()) ?? OpenAsStored(), Budget);

    /// <summary>
    /// A plain file, opened once more to be read at any place. What was read of its start must still be there: a header
    /// of one file says nothing of another that has taken its name.
    /// </summary>
    /// <exception cref="DataException">It is another file now.</exception>
    public SafeFileHandle OpenHandle()
    {
        SafeFileHandle handle = File.OpenHandle(StoredPath);
        byte[] start = new byte[Start.Length];
        if (RandomAccess.GetLength(handle) == Length && RandomAccess.Read(handle, start, 0) == start.Length && Start.SequenceEqual(start))
            return handle;
        handle.Dispose();
        throw new DataException($"{Path}: the file was changed while it was read; run again.");
    }

    /// <summary>The content, unpacked, in a stream that can be read at any place.</summary>
    public Stream OpenAnywhere()
    {
        if (_packing is null)
            return OpenAsStored();
        Budget.Take(Length);
        if (Length > Array.MaxLength)
            throw new DataException($"{Path}: the archive inside is too large to be read in place; unpack it first.");
        var content = new MemoryStream((int)Length);
        using (Stream unpacked = Open())
            unpacked.CopyTo(content);
        content.Position = 0;
        return content;
    }

    /// <summary>
    /// Opens a file. A pipe waits for whoever writes into it, both here and when it is read: that ends when reading is
    /// to end.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>A stream that can be read anywhere: what came through a pipe is in memory.</returns>
    /// <exception cref="DataException">It is a device, or too much comes through a pipe.</exception>
    /// <exception cref="OperationCanceledException">Reading is to end.</exception>
    public static Stream OpenWithoutHanging(string path)
    {
        if (new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 })
            return OpenOrdinary(path);
        ReaderOptions options = ReaderOptions.Current;
        Task<Stream> opening = Task.Factory.StartNew(
            () => OpenAndReceive(path, options.BudgetFor(path, size: null, isPacked: false)), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task.WaitAny([opening], options.Cancellation);
        return opening.GetAwaiter().GetResult();
    }

    private static Stream OpenAndReceive(string path, ReadBudget budget)
    {
        FileStream file = OpenOrdinary(path);
        if (file.CanSeek && (file.Length > 0 || file.ReadByte() < 0))
            return file;
        using var pipe = new CountedStream(file, budget);
        if (file.CanSeek)
            throw new DataException($"{path}: this is not an ordinary file but a device; save the data to a file first.");
        var received = new MemoryStream();
        pipe.CopyTo(received);
        received.Position = 0;
        return received;
    }

    private static FileStream OpenOrdinary(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    private bool IsPiped => _piped.Array is not null;

    private Stream OpenAsStored() => IsPiped
        ? new MemoryStream(_piped.Array!, 0, _piped.Count, writable: false)
        : OpenOrdinary(StoredPath);

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
    /// <exception cref="DataException">It holds more than the budget allows.</exception>
    public static long MeasureContent(Stream gzip, ReadBudget budget)
    {
        using GZipStream content = new(new ChainedStream(gzip, new MemoryStream(EndMarkMember)), CompressionMode.Decompress);
        byte[] buffer = new byte[EndMark.Length + (1 << 16)];
        long length = 0;
        for (int read; (read = content.Read(buffer, EndMark.Length, buffer.Length - EndMark.Length)) > 0; length += read)
        {
            // The front of the buffer always holds the last bytes read so far.
            buffer.AsSpan(read, EndMark.Length).CopyTo(buffer);
            budget.CheckUnpacked(length + read - EndMark.Length);
        }

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
    private sealed class ChainedStream(Stream first, Stream second) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            int read = first.Read(buffer);
            return read > 0 ? read : second.Read(buffer);
        }
    }
}
