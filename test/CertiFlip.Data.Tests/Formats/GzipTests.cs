using System.IO.Compression;
using System.Text;
using CertiFlip.Data.Tests.Support;
using FsCheck.Fluent;

namespace CertiFlip.Data.Tests.Formats;

public sealed class GzipTests : IDisposable
{
    private static readonly byte[] Csv =
        Encoding.UTF8.GetBytes("a,label\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i * i},c{i % 7}\n")));
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_format_may_be_gzipped()
    {
        byte[] npy = NpyBytes.Doubles(1, 2, 0, 1);
        Assert.Equal(300, DatasetReader.Read(Write("x.csv.gz", Archive.Gzip(Csv))).Labels.Count);
        Assert.Equal([0, 1], Features("x.tsv.gz", Encoding.UTF8.GetBytes("a\tb\n0\t1\n")));
        Assert.Equal([0, 1], Features("x.npy.gz", npy));
        Assert.Equal([0, 1], Features("x.npz.gz", Archive.Zip(("X.npy", npy))));
        Assert.Equal([0, 1], Features("x-idx2-ubyte.gz", IdxBytes.Array(0x08, [1, 2], 0, 255)));
    }

    [Fact]
    public void Members_one_after_the_other_are_one_file_however_it_is_split()
    {
        var splits =
            from first in Gen.Choose(0, Csv.Length)
            from second in Gen.Choose(0, Csv.Length)
            select (Math.Min(first, second), Math.Max(first, second));
        Claim.HoldsFor(splits, 50, split =>
        {
            (int a, int b) = split;
            byte[] members =
                [.. Archive.Gzip(Csv[..a]), .. Archive.Gzip(Csv[a..b], CompressionLevel.NoCompression), .. Archive.Gzip(Csv[b..])];
            Assert.Equal(300, DatasetReader.Read(Write("x.csv.gz", members)).Features.Rows);
        });
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void Truncated_gzip_is_refused_naming_the_file_wherever_it_is_cut(CompressionLevel level)
    {
        byte[] whole = Archive.Gzip(Csv, level);
        for (int length = 2; length < whole.Length; length += 1 + (length / 40))
            Refusal.OfDataset(Write("x.csv.gz", whole[..length]), "truncated");
        for (int cut = 1; cut <= 30; cut++)
            Refusal.OfDataset(Write("x.csv.gz", whole[..^cut]), "truncated");
    }

    [Fact]
    public void A_truncated_last_member_is_refused()
    {
        byte[] member = Archive.Gzip(Csv);
        for (int cut = 1; cut < member.Length; cut += 20)
            Refusal.OfDataset(Write("x.csv.gz", [.. member, .. member[..^cut]]), "truncated");
    }

    [Fact]
    public void Something_else_after_the_gzip_data_is_refused() =>
        Refusal.OfDataset(Write("x.csv.gz", [.. Archive.Gzip(Csv), 1, 2, 3, 4]), "truncated or corrupt");

    [Fact]
    public void A_flipped_bit_anywhere_in_the_data_is_refused()
    {
        byte[] whole = Archive.Gzip(Csv);
        for (int at = 10; at < whole.Length; at += 7)
        {
            byte[] corrupt = [.. whole];
            corrupt[at] ^= 4;
            Refusal.OfDataset(Write("x.csv.gz", corrupt), "corrupt");
        }
    }

    [Fact]
    public void Gzip_within_gzip_is_not_opened_twice() =>
        Refusal.OfDataset(Write("x.gz", Archive.Gzip(Archive.Gzip(Csv))), "gzip file inside a compressed file");

    private string Write(string name, byte[] content) => _folder.Write(name, content);

    private double[] Features(string name, byte[] content) =>
        DatasetReader.Read(Write(name, Archive.Gzip(content))).Features.Values.ToArray();
}
