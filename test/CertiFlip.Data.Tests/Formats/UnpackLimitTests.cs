using System.IO.Compression;
using System.Text;
using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

/// <summary>Small files that become large ones.</summary>
public sealed class UnpackLimitTests : IDisposable
{
    // What reading may allocate before it refuses: far less than the files would become.
    private const long MostBytesAllocated = 700L << 20;
    private const int Large = 300 << 20;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_array_of_zeros_is_refused_while_it_is_unpacked()
    {
        byte[] array = Zeros(NpyHeader(300, 1 << 20), Large);
        string gzip = _folder.Write("x.npy.gz", array), npz = _folder.Write("x.npz", Npz(300, 1 << 20, Large));
        string both = _folder.Write("x.npz.gz", Archive.Gzip(File.ReadAllBytes(npz)));
        Assert.All([gzip, npz, both], path => Refused(() => DatasetReader.Read(path), path));
        Refused(() => ImageReader.Read(gzip), gzip);
        Refused(() => LabelReader.Read(gzip), gzip);
    }

    [Fact]
    public void Numbers_that_take_more_room_than_their_text_are_counted()
    {
        // 100 MB of text, of which each two bytes become eight.
        byte[] line = Encoding.ASCII.GetBytes(string.Join(',', Enumerable.Repeat("1", 1000)) + "\n");
        string header = string.Join(',', Enumerable.Range(0, 1000).Select(column => $"c{column}")) + "\n";
        string path = _folder.Write("x.csv.gz", Gzip(Encoding.ASCII.GetBytes(header), line, 50_000));
        Refused(() => DatasetReader.Read(path), path);
    }

    [Theory]
    [InlineData("a,label\n1,\"", "x\n")]
    [InlineData("a,b\n", "1")]
    [InlineData("", "a")]
    [InlineData("a,b\n", "\0")]
    public void A_table_without_end_is_refused(string begin, string piece)
    {
        string path = _folder.Write("x.csv.gz", Gzip(Encoding.ASCII.GetBytes(begin), Repeated(piece), Large >> 16));
        Refused(() => DatasetReader.Read(path), path);
        Refused(() => LabelReader.Read(path), path);
        Refused(() => TextListReader.Read(path), path);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\n")]
    [InlineData("word 1 2\n")]
    public void Texts_and_words_without_end_are_refused(string piece)
    {
        string path = _folder.Write("x.txt.gz", Gzip("the 1 2\n"u8.ToArray(), Repeated(piece), Large >> 16));
        Refused(() => TextListReader.Read(path), path);
        Refused(() => WordVectorReader.Read(path), path);
    }

    [Fact]
    public void A_quote_that_is_never_closed_does_not_swallow_the_file()
    {
        string path = _folder.Write("x.csv.gz", Gzip("a,label\n1,\""u8.ToArray(), Repeated("x\n"), 100 << 4));
        Refusal.OfDataset(path, "line 2", "longer than 67,108,864 bytes", "double quote");
    }

    [Fact]
    public void What_was_meant_to_be_so_large_is_read_on_request()
    {
        string path = _folder.Write("x.npz", Npz(300, 1 << 20, Large));
        using (new ReaderOptions { MaxUnpacked = 2L << 30 }.Use())
            Assert.Equal((300, 1 << 20), (DatasetReader.Read(path).Features.Rows, DatasetReader.Read(path).Features.Columns));
        Refused(() => DatasetReader.Read(path), path);
    }

    [Fact]
    public void A_limit_holds_for_values_of_plain_files_too_and_ends_with_its_use()
    {
        string path = _folder.Write("x.csv", "a,label\n" + string.Concat(Enumerable.Repeat("1,x\n", 1000)));
        using (new ReaderOptions { MaxUnpacked = 4000 }.Use())
            Refusal.OfDataset(path, "more than 3.9 KiB", "the limit that was set");
        Assert.Equal(1000, DatasetReader.Read(path).Features.Rows);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReaderOptions { MaxUnpacked = 0 });
    }

    [Fact]
    public void Zeros_that_are_packed_a_thousandfold_are_read_up_to_256_MiB()
    {
        string path = _folder.Write("x.npz", Npz(50, 1 << 20, 50 << 20));
        Assert.Equal(50, DatasetReader.Read(path).Features.Rows);
    }

    [Fact]
    public void Members_without_content_take_no_room()
    {
        byte[] empty = Archive.Gzip([]);
        byte[] members = [.. Archive.Gzip("a,label\n1,x\n"u8.ToArray()), .. Enumerable.Repeat(empty, 50_000).SelectMany(bytes => bytes)];
        Assert.Equal(1, DatasetReader.Read(_folder.Write("x.csv.gz", members)).Features.Rows);
    }

    [Fact]
    public void Reading_ends_when_it_is_cancelled()
    {
        string path = _folder.Write("x.csv", "a,label\n1,x\n");
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        using (new ReaderOptions { Cancellation = ended.Token }.Use())
            Assert.ThrowsAny<OperationCanceledException>(() => DatasetReader.Read(path));
    }

    private static void Refused(Func<object> read, string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        DataException refusal = Assert.Throws<DataException>(() => read());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytesAllocated);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Contains("--max-unpacked", refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] NpyHeader(int rows, int columns) => NpyBytes.WithHeader(NpyBytes.Header("|u1", [rows, columns]), []);

    private static byte[] Zeros(byte[] begin, int count) => Gzip(begin, new byte[1 << 16], count >> 16);

    private static byte[] Npz(int rows, int columns, int count)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("X.npy", CompressionLevel.Optimal).Open();
            entry.Write(NpyHeader(rows, columns));
            for (int at = 0; at < count >> 16; at++)
                entry.Write(new byte[1 << 16]);
        }

        return file.ToArray();
    }

    private static byte[] Gzip(byte[] begin, byte[] piece, int times)
    {
        var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal))
        {
            gzip.Write(begin);
            for (int i = 0; i < times; i++)
                gzip.Write(piece);
        }

        return file.ToArray();
    }

    private static byte[] Repeated(string piece) =>
        [.. Enumerable.Repeat(Encoding.ASCII.GetBytes(piece), (1 << 16) / piece.Length).SelectMany(bytes => bytes)];
}
