using System.IO.Compression;
using System.Text;
using CertiFlip.Data.Tests.Support;
using FsCheck.Fluent;

namespace CertiFlip.Data.Tests.Formats;

public sealed class CorruptionTests : IDisposable
{
    private const long MostBytesAllocated = 16 << 20;
    private static readonly double[] Values = [.. Enumerable.Range(0, 60).Select(i => Math.Cos(i) * Math.Pow(10, (i % 9) - 4))];
    private static readonly byte[] Npy = NpyBytes.Doubles(20, 3, Values);
    private static readonly byte[] Labels = NpyBytes.Text("<U5", [.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? "spam" : "ham")]);
    private static readonly byte[] Csv = Encoding.UTF8.GetBytes(
        "a,\"b\",label\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i}.5,\"{i}e{i}\",\"c,{i % 3}\"\r\n")));
    private static readonly byte[] Images = IdxBytes.Array(0x08, [5, 4, 3], [.. Enumerable.Range(0, 60).Select(i => (byte)(4 * i))]);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Kinds =>
        ["npy", "labels.npy", "npz", "stored.npz", "idx", "csv", "npy.gz", "npz.gz", "idx.gz", "csv.gz"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_truncated_file_is_read_or_refused_and_nothing_else(string kind)
    {
        byte[] whole = Valid(kind);
        Claim.HoldsFor(Gen.Choose(0, whole.Length), 150, length => ReadOrRefuse(kind, whole[..length]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_corrupt_file_is_read_or_refused_and_nothing_else(string kind)
    {
        byte[] whole = Valid(kind);
        var changes = from position in Gen.Choose(0, whole.Length - 1) from value in Gen.Choose(0, 255) select (position, value);
        Claim.HoldsFor(Gen.Choose(1, 4).SelectMany(count => Gen.ArrayOf(changes, count)), 400, changed =>
        {
            byte[] corrupt = [.. whole];
            foreach ((int position, int value) in changed)
                corrupt[position] = (byte)value;
            ReadOrRefuse(kind, corrupt);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bytes_taken_out_or_put_in_are_read_or_refused_and_nothing_else(string kind)
    {
        byte[] whole = Valid(kind);
        var splices =
            from at in Gen.Choose(0, whole.Length)
            from removed in Gen.Choose(0, 40)
            from inserted in Gen.ArrayOf(Gen.Choose(0, 255), 9)
            select (at, removed, inserted);
        Claim.HoldsFor(splices, 150, splice =>
        {
            (int at, int removed, int[] inserted) = splice;
            ReadOrRefuse(kind, [.. whole[..at], .. inserted.Select(b => (byte)b), .. whole[Math.Min(whole.Length, at + removed)..]]);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_files_are_valid_before_they_are_corrupted(string kind)
    {
        string path = _folder.Write("x." + kind, Valid(kind));
        Assert.NotEmpty(kind == "labels.npy" ? LabelReader.Read(path) : [DatasetReader.Read(path).Source]);
    }

    private static byte[] Valid(string kind) => kind switch
    {
        "npy" => Npy,
        "labels.npy" => Labels,
        "npz" => Archive.Zip(("X.npy", Npy), ("y.npy", Labels)),
        "stored.npz" => Archive.Zip(CompressionLevel.NoCompression, ("X.npy", Npy), ("y.npy", Labels)),
        "idx" => Images,
        "csv" => Csv,
        _ => Archive.Gzip(Valid(kind[..^3])),
    };

    private void ReadOrRefuse(string kind, byte[] content)
    {
        string path = _folder.Write("x." + kind, content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Attempt(() => DatasetReader.Read(path), path);
        Attempt(() => LabelReader.Read(path), path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytesAllocated);
    }

    private static void Attempt(Func<object> read, string path)
    {
        try
        {
            _ = read();
        }
        catch (DataException e)
        {
            Assert.Contains(path, e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
        }
    }
}
