using CertiFlip.Data.Tests.Support;
using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.ZStandard;

namespace CertiFlip.Data.Tests.Tables;

/// <summary>bzip2, xz, zstd and zip of one file, for every reader.</summary>
public sealed class PackedFileTests : IDisposable
{
    private static readonly byte[] Csv = [.. "a,label\n1,x\n2,y\n"u8];

    // What xz writes of Csv, with the check that it takes by itself and with SHA-256.
    private static readonly string[] Xz =
    [
        "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAPYSxsYWJlbAoxLHgKMix5CgAEK0EM7HsoqwABKBDlC2xgH7bzfQEAAAAABFla",
        "/Td6WFoAAArh+wyhAgAhARwAAAAQz1jMAQAPYSxsYWJlbAoxLHgKMix5CgDQrwoOBH5F2ZQC7cUw58eJ9HxDNBn6xBmTwJGmiROs"
        + "RgABQBBK6kjNGJtLmgEAAAAAClla",
    ];

    private readonly TestFolder _folder = new();

    public static TheoryData<string> Kinds => ["bz2", "xz", "zst", "zip"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_packed_table_is_read_whatever_its_name(string kind)
    {
        foreach (string name in (string[])[$"data.csv.{kind}", "data.csv", "data.csv.gz"])
        {
            string path = _folder.Write(name, Pack(kind));
            Assert.Equal([1, 2], DatasetReader.Read(path).Features.Values.ToArray());
            Assert.Equal(["x", "y"], LabelReader.Read(path));
            Assert.Equal(2, new TableReader().Read(path).Rows);
        }

        Assert.Equal(2, new TableReader().Read(_folder.Write("data." + kind, Pack(kind))).Rows);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Truncated_and_corrupt_data_are_refused(string kind)
    {
        byte[] whole = Pack(kind);
        for (int length = kind == "zip" ? 40 : 12; length < whole.Length; length += 3)
            Refused(whole[..length], mustRefuse: true);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] corrupt = [.. whole];
            corrupt[at] ^= 0x15;
            Refused(corrupt, mustRefuse: false);
        }

        void Refused(byte[] bytes, bool mustRefuse)
        {
            string path = _folder.Write("x.csv." + kind, bytes);
            try
            {
                Assert.Equal([1, 2], DatasetReader.Read(path).Features.Values.ToArray());
                Assert.False(mustRefuse, $"{bytes.Length} of {whole.Length} bytes were read.");
            }
            catch (DataException refusal)
            {
                Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("bz2")]
    [InlineData("zst")]
    [InlineData("zip")]
    public void A_small_file_that_becomes_a_large_one_is_refused(string kind)
    {
        string path = _folder.Write("x.csv." + kind, Pack(kind, [.. "a,label\n"u8, .. new byte[4 << 20]]));
        using (new ReaderOptions { MaxUnpacked = 2 << 20 }.Use())
            Refusal.Of(() => DatasetReader.Read(path), path, "--max-unpacked");
    }

    [Fact]
    public void Other_archives_of_one_file_are_what_they_are()
    {
        string path = _folder.Write("x.zip", Archive.Zip(("X.npy", NpyBytes.Doubles(1, 1, 5))));
        Assert.Equal(5, DatasetReader.Read(path).Features.Values[0]);
        byte[] folder = Archive.Zip(("data/", []), ("data/t.tsv", [.. "a\tlabel\n1\tx\n"u8]), ("__MACOSX/data/._t.tsv", [1]));
        Assert.Equal(["x"], LabelReader.Read(_folder.Write("download.zip", folder)));
        Assert.Equal(["x"], LabelReader.Read(_folder.Write("download", folder)));
    }

    [Fact]
    public void A_text_may_begin_like_packed_data() =>
        Assert.Equal(1, new TableReader().Read(_folder.Write("x.csv", "BZh1,b\n1,2\n")).Rows);

    private static byte[] Pack(string kind, byte[]? content = null)
    {
        content ??= Csv;
        if (kind == "xz")
            return Convert.FromBase64String(Xz[0]);
        if (kind == "zip")
            return Archive.Zip(("data.csv", content));
        using var file = new MemoryStream();
        using (Stream packed = kind == "bz2"
            ? BZip2Stream.Create(file, CompressionMode.Compress, false, leaveOpen: true)
            : new CompressionStream(file))
            packed.Write(content);
        return file.ToArray();
    }

    [Fact]
    public void Xz_is_read_with_every_check() =>
        Assert.All(Xz, packed => Assert.Equal(["x", "y"], LabelReader.Read(_folder.Write("x.csv.xz", Convert.FromBase64String(packed)))));
}
