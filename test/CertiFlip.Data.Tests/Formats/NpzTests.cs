using System.IO.Compression;
using System.Text;
using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

public sealed class NpzTests : IDisposable
{
    private static readonly byte[] X = NpyBytes.Doubles(2, 2, 1, 2, 3, 4);
    private static readonly byte[] Y = NpyBytes.Text("<U4", "spam", "ham");
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void X_and_y_are_features_and_labels(CompressionLevel level)
    {
        Dataset data = DatasetReader.Read(Write(Archive.Zip(level, ("y.npy", Y), ("X.npy", X), ("other.npy", Y))));
        Assert.Equal([1, 2, 3, 4], data.Features.Values.ToArray());
        Assert.Equal(["spam", "ham"], data.Labels);
    }

    [Fact]
    public void Without_y_the_data_are_unlabelled() =>
        Assert.False(DatasetReader.Read(Write(Archive.Zip(("X.npy", X)))).HasLabels);

    [Fact]
    public void The_name_of_the_file_does_not_matter() =>
        Assert.True(DatasetReader.Read(_folder.Write("data", Archive.Zip(("X.npy", X), ("y.npy", Y)))).HasLabels);

    [Fact]
    public void Labels_alone_are_read_from_y() =>
        Assert.Equal(["spam", "ham"], LabelReader.Read(Write(Archive.Zip(("y.npy", Y)))));

    [Fact]
    public void Without_X_the_arrays_that_are_there_are_listed() =>
        Refusal.OfDataset(Write(Archive.Zip(("features.npy", X), ("y.npy", Y))), "no array X", "'features.npy', 'y.npy'");

    [Fact]
    public void An_archive_without_entries_is_refused() =>
        Refusal.OfDataset(Write(Archive.Zip()), "no array X", "empty");

    [Fact]
    public void Labels_that_do_not_match_the_rows_are_refused_with_both_counts() =>
        Refusal.OfDataset(Write(Archive.Zip(("X.npy", X), ("y.npy", NpyBytes.Text("<U1", "a", "b", "c")))), "3 labels", "2 rows");

    [Fact]
    public void What_is_wrong_in_an_array_is_said_of_that_array()
    {
        Refusal.OfDataset(Write(Archive.Zip(("X.npy", NpyBytes.Doubles(1, 1, double.NaN)))), "array X", "row 0", "column 0");
        Refusal.OfDataset(Write(Archive.Zip(("X.npy", X), ("y.npy", X))), "array y", "one dimension");
        Refusal.OfDataset(
            Write(Archive.Zip(("X.npy", NpyBytes.WithHeader(NpyBytes.Header("|O", [2, 2]), [1])))), "array X", "Python objects");
        Refusal.OfDataset(Write(Archive.Zip(("X.npy", "no array"u8.ToArray()))), "array X", "does not begin");
        Refusal.OfDataset(Write(Archive.Zip(("X.npy", []))), "array X", "truncated");
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void A_bit_that_flipped_in_the_data_is_noticed(CompressionLevel level)
    {
        double[] noise = [.. Enumerable.Range(0, 400).Select(i => Math.Sin(i))];
        byte[] zip = Archive.Zip(level, ("X.npy", NpyBytes.Doubles(20, 20, noise)));
        zip[zip.Length / 2] ^= 1;
        Refusal.OfDataset(Write(zip), "corrupt");
    }

    [Fact]
    public void A_truncated_archive_is_refused()
    {
        byte[] zip = Archive.Zip(("X.npy", X));
        Refusal.OfDataset(Write(zip[..(zip.Length / 2)]), "truncated or corrupt");
    }

    [Fact]
    public void An_entry_that_claims_another_length_is_refused()
    {
        byte[] zip = Archive.Zip(CompressionLevel.NoCompression, ("X.npy", X));
        int directory = zip.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes("PK\x01\x02"));
        BitConverter.GetBytes(int.MaxValue - 1).CopyTo(zip, directory + 24);
        Refusal.OfDataset(Write(zip), "truncated or corrupt");
    }

    [Theory]
    [InlineData(9, "deflate64")]
    [InlineData(12, "bzip2")]
    [InlineData(14, "lzma")]
    [InlineData(93, "zstd")]
    [InlineData(77, "method 77")]
    public void Another_compression_is_named(int method, string name) =>
        Refusal.OfDataset(Write(Forged(10, BitConverter.GetBytes((short)method))), "array X", name, "np.savez_compressed");

    [Fact]
    public void An_encrypted_array_is_refused() => Refusal.OfDataset(Write(Forged(8, [1, 0])), "array X", "encrypted");

    [Theory]
    [InlineData("X.npy")]
    [InlineData("X")]
    public void Two_arrays_of_one_name_are_refused(string second) =>
        Refusal.OfDataset(Write(Archive.Zip(("X.npy", X), ("y.npy", Y), (second, X))), "two arrays in it are named 'X'");

    [Fact]
    public void Entries_that_overlap_are_refused()
    {
        byte[] zip = Archive.Zip(CompressionLevel.NoCompression, ("X.npy", X), ("y.npy", Y));
        int directory = zip.AsSpan().IndexOf("PK\x01\x02"u8);
        BitConverter.GetBytes(8).CopyTo(zip, zip.AsSpan().LastIndexOf("PK\x01\x02"u8) + 42);
        Refusal.OfDataset(Write(zip), "corrupt");
        Assert.NotEqual(directory, zip.AsSpan().LastIndexOf("PK\x01\x02"u8));
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_size_of_64_bits_that_cannot_be_is_refused(long size)
    {
        byte[] zip = Archive.Zip(CompressionLevel.NoCompression, ("X.npy", X));
        int entry = zip.AsSpan().LastIndexOf("PK\x01\x02"u8), end = zip.AsSpan().LastIndexOf("PK\x05\x06"u8);
        BitConverter.GetBytes(uint.MaxValue).CopyTo(zip, entry + 24);
        byte[] extra = [1, 0, 8, 0, .. BitConverter.GetBytes(size)];
        zip[entry + 30] = (byte)extra.Length;
        BitConverter.GetBytes(end - entry + extra.Length).CopyTo(zip, end + 12);
        Refusal.OfDataset(Write([.. zip[..end], .. extra, .. zip[end..]]), "corrupt");
    }

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(10)]
    public void A_directory_that_lies_elsewhere_is_refused(int field)
    {
        byte[] zip = Archive.Zip(("X.npy", X));
        BitConverter.GetBytes((short)32_000).CopyTo(zip, zip.AsSpan().LastIndexOf("PK\x05\x06"u8) + field);
        Refusal.OfDataset(Write(zip), "corrupt");
    }

    private static byte[] Forged(int field, byte[] value)
    {
        byte[] zip = Archive.Zip(("X.npy", X));
        value.CopyTo(zip, zip.AsSpan().LastIndexOf("PK\x01\x02"u8) + field);
        return zip;
    }

    private string Write(byte[] content) => _folder.Write("data.npz", content);
}
