using System.IO.Compression;

namespace CertiFlip.Data.Formats;

/// <summary>Checks that gzip data is whole.</summary>
/// <remarks>
/// <see cref="GZipStream"/> takes data that is cut short for data that ends there, and stops without a word at bytes that are no
/// gzip. So a member of our own is read after the data: only if everything before it was whole does it come out intact, at the end.
/// </remarks>
internal static class GzipCheck
{
    // Said twice so that it is stored compressed: its own bytes then appear nowhere in the stream, and cannot be copied out of it.
    private static readonly byte[] EndMark = [.. "end of gzip data, end of gzip data"u8];
    private static readonly byte[] EndMarkMember = Compress(EndMark);

    /// <summary>The number of bytes that the data holds when gunzipped.</summary>
    /// <exception cref="InvalidDataException">The data is truncated, corrupt, or followed by something else.</exception>
    public static long MeasureContent(Stream gzip)
    {
        using GZipStream content = new(new ChainedStream(gzip, new MemoryStream(EndMarkMember)), CompressionMode.Decompress);
        byte[] buffer = new byte[EndMark.Length + (1 << 16)];
        long length = 0;
        for (int read; (read = content.Read(buffer, EndMark.Length, buffer.Length - EndMark.Length)) > 0; length += read)
            // The front of the buffer always keeps the last bytes read so far.
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
}
