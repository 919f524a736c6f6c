using System.Text;
using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

public sealed class EncodingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Marked => ["utf-8", "utf-16", "utf-16BE", "utf-32", "utf-32BE"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Marked))]
    public void Text_with_a_byte_order_mark_is_read_in_its_encoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] Bytes(string text) => [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
        Dataset data = DatasetReader.Read(_folder.Write("x.csv", Bytes("größe,label\n1.5,ja\n-2,nein\n")));
        Assert.Equal(("größe", 1.5, -2.0), (data.FeatureNames[0], data.Features.Values[0], data.Features.Values[1]));
        Assert.Equal(["ja", "nein"], data.Labels);
        Assert.Equal(["größe", "😀"], TextListReader.Read(_folder.Write("x.txt.gz", Archive.Gzip(Bytes("größe\n😀\n")))));
        Assert.Equal(["a\tb"], TextListReader.Read(_folder.Write("x.tsv", Bytes("text\tn\n\"a\tb\"\t1\n"))));
    }

    [Fact]
    public void Text_that_is_not_in_the_encoding_of_its_mark_is_refused() =>
        Refusal.OfDataset(_folder.Write("x.csv", [0xFF, 0xFE, (byte)'a', 0, (byte)'\n', 0, 0, 0xDC, 0x31, 0]), "byte order mark");

    [Fact]
    public void Latin_1_is_refused_with_the_place_and_the_way_out()
    {
        byte[] latin = Encoding.Latin1.GetBytes("a,label\n1,ja\n2,né\n");
        Refusal.OfDataset(_folder.Write("x.csv", latin), "line 3", "not text in UTF-8", "0xE9", "iconv -f WINDOWS-1252");
        Refusal.Of(() => TextListReader.Read(_folder.Write("x.txt", latin)), "not text in UTF-8", "iconv");
    }

    [Theory]
    [InlineData("a\nb\n", "a", "b")]
    [InlineData("a\r\nb", "a", "b")]
    [InlineData("a\rb\r", "a", "b")]
    [InlineData("\n\na", "", "", "a")]
    [InlineData("a\r\n\r\nb\n\n", "a", "", "b", "")]
    public void Lines_end_as_on_any_system(string text, params string[] lines) =>
        Assert.Equal(lines, TextListReader.Read(_folder.Write("x.txt", text)));
}
