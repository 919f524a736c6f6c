using Parquet.Meta;

namespace CertiFlip.Columnar;

/// <summary>The pages of one column in one row group.</summary>
/// <remarks>
/// The library reads a column of a row group at once, with two integers for each value beside it. Files have row groups
/// of a million rows, so it is shown a few pages at a time as if there were no others.
/// </remarks>
internal sealed class ParquetPages
{
    private const int DictionaryPage = 2;
    private const int LongestHeader = 1 << 20;
    private readonly List<Page> _pages = [];

    private ParquetPages(long begin) => Begin = begin;

    /// <summary>Bytes of all pages when they are unpacked.</summary>
    public long Unpacked => _pages.Sum(page => page.Unpacked);

    private long Begin { get; }

    /// <summary>Reads the headers of the pages.</summary>
    /// <param name="file">The file.</param>
    /// <param name="chunk">Where the column is in it.</param>
    /// <exception cref="InvalidDataException">They cannot be.</exception>
    public static ParquetPages Of(Stream file, ColumnMetaData chunk)
    {
        long begin = chunk.DictionaryPageOffset is > 0 and var dictionary && dictionary < chunk.DataPageOffset
            ? dictionary
            : chunk.DataPageOffset;
        long end = begin + chunk.TotalCompressedSize;
        if (begin < 0 || chunk.TotalCompressedSize < 0 || end > file.Length)
            throw new InvalidDataException("a column lies outside of the file");
        var pages = new ParquetPages(begin);
        long values = 0;
        for (long at = begin; at < end && values < chunk.NumValues;)
        {
            Page page = ReadHeader(file, at);
            if (page.Length > end - at)
                throw new InvalidDataException("a page lies outside of its column");
            pages._pages.Add(page);
            values += page.IsDictionary ? 0 : page.Values;
            at += page.Length;
        }

        return values == chunk.NumValues ? pages : throw new InvalidDataException("a column has more or fewer values than its pages");
    }

    /// <summary>
    /// Some pages after the other, each time as many as have no more values than so many, but at least one.
    /// </summary>
    public IEnumerable<Batch> Batches(long mostValues)
    {
        Page[] data = [.. _pages.Where(page => !page.IsDictionary)];
        Page? dictionary = _pages is [{ IsDictionary: true } first, ..] ? first : null;
        for (int at = 0; at < data.Length;)
        {
            long values = 0, length = 0;
            int from = at;
            while (at < data.Length && (at == from || values + data[at].Values <= mostValues))
            {
                values += data[at].Values;
                length += data[at].Length;
                at++;
            }

            yield return new Batch(Begin, dictionary?.Length ?? 0, data[from].At, length, values);
        }
    }

    /// <summary>Pages that come one after the other.</summary>
    /// <param name="Begin">Where the column begins.</param>
    /// <param name="Dictionary">Bytes of the dictionary there, or 0.</param>
    /// <param name="At">Where these pages begin.</param>
    /// <param name="Length">How many bytes they have.</param>
    /// <param name="Values">How many values they have.</param>
    internal sealed record Batch(long Begin, long Dictionary, long At, long Length, long Values)
    {
        /// <summary>Reads while the file seems to have these pages alone in the column, after its dictionary.</summary>
        public void Read(ShiftedStream file, ColumnMetaData chunk, Action read)
        {
            (long values, long size) = (chunk.NumValues, chunk.TotalCompressedSize);
            (chunk.NumValues, chunk.TotalCompressedSize) = (Values, Dictionary + Length);
            file.Shift(from: Begin + Dictionary, by: At - Begin - Dictionary);
            try
            {
                read();
            }
            finally
            {
                file.Shift(from: 0, by: 0);
                (chunk.NumValues, chunk.TotalCompressedSize) = (values, size);
            }
        }
    }

    private sealed record Page(long At, long Length, long Values, long Unpacked, bool IsDictionary);

    private static Page ReadHeader(Stream file, long at)
    {
        long type = -1, unpacked = -1, packed = -1, values = -1;
        var header = new CompactReader(file, at, LongestHeader);
        header.Read("Page", (structure, field, value) =>
        {
            switch (structure, field)
            {
                case ("Page", 1):
                    type = value;
                    break;
                case ("Page", 2):
                    unpacked = value;
                    break;
                case ("Page", 3):
                    packed = value;
                    break;
                case ("Data" or "Dictionary" or "NewData", 1):
                    values = value;
                    break;
            }
        });
        return type >= 0 && unpacked >= 0 && packed >= 0 && values >= 0
            ? new Page(at, header.Length + packed, values, unpacked, type == DictionaryPage)
            : throw new InvalidDataException("a page's header is damaged");
    }
}

/// <summary>A file of which a part seems to be somewhere else.</summary>
/// <param name="file">The file; disposed with this.</param>
internal sealed class ShiftedStream(Stream file) : Stream
{
    private long _from, _by;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position { get; set; }

    /// <summary>From this place on, what stands so many bytes later is read.</summary>
    public void Shift(long from, long by) => (_from, _by) = (from, by);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        bool isBefore = _by != 0 && Position < _from;
        file.Position = isBefore || _by == 0 ? Position : Position + _by;
        int read = file.Read(isBefore ? buffer[..(int)Math.Min(buffer.Length, _from - Position)] : buffer);
        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        SeekOrigin.End => Length + offset,
        _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "There is no such origin."),
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
