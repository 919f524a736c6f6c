using System.IO.Compression;
using CertiFlip.Data;

namespace CertiFlip.Paper.Tests;

public sealed class DataFolderTests : IDisposable
{
    // Of "abc".
    private const string Sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_known_copy_is_recognised_however_it_was_compressed()
    {
        foreach (CompressionLevel level in (CompressionLevel[])[CompressionLevel.Fastest, CompressionLevel.NoCompression])
        {
            using var bytes = new MemoryStream();
            using (var gzip = new GZipStream(bytes, level))
                gzip.Write("abc"u8);
            _folder.Write("x.gz", bytes.ToArray());
            Assert.True(new DataFolder(_folder.Path).Find(new DataFile("x.gz", "a file", Sha256)).IsKnown);
        }

        _folder.Write("x", "abc");
        Assert.True(new DataFolder(_folder.Path).Find(new DataFile("x", "a file", Sha256)).IsKnown);
        _folder.Write("x", "abd");
        Assert.False(new DataFolder(_folder.Path).Find(new DataFile("x", "a file", Sha256)).IsKnown);
    }

    [Fact]
    public void What_cannot_be_read_is_named()
    {
        _folder.Write("x.gz", [0x1F, 0x8B, 1, 2, 3]);
        var folder = new DataFolder(_folder.Path);
        string damaged = Assert.Throws<DataException>(() => folder.Find(new DataFile("x.gz", "a file", Sha256))).Message;
        Assert.StartsWith(_folder["x.gz"], damaged, StringComparison.Ordinal);
        string missing = Assert.Throws<DataException>(() => folder.FindElsewhere(_folder["none"])).Message;
        Assert.Contains("there is no such file", missing, StringComparison.Ordinal);
    }
}
