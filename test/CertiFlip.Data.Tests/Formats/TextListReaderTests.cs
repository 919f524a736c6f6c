using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

public sealed class TextListReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_column_or_the_lines_are_read()
    {
        Assert.Equal(
            ["Good, \"very\"\ngood", ""],
            TextListReader.Read(_folder.Write("a.csv", "text,label\n\"Good, \"\"very\"\"\ngood\",1\n,0\n")));
        Assert.Equal(["one", "two"], TextListReader.Read(_folder.Write("b.tsv", "label\tbody\n1\tone\n0\ttwo\n"), "body"));
        Assert.Equal(["only"], TextListReader.Read(_folder.Write("c.csv", "whatever\nonly\n")));
        Assert.Equal(["one", "", "naïve"], TextListReader.Read(_folder.Write("d.txt", "one\n\nnaïve\n")));
    }

    [Theory]
    [InlineData("a.csv", "body,label\nx,1\n", "none of the 2 columns is named 'text'")]
    [InlineData("a.txt", "", "the file is empty")]
    [InlineData("a.doc", "x", "texts are read from .csv and .tsv (a column), .txt (a text in each line)")]
    [InlineData("a.csv", "text,label\n", "there is a header but no row after it")]
    public void What_is_wrong_is_named(string name, string content, string expected) =>
        Refusal.Of(() => TextListReader.Read(_folder.Write(name, content)), expected);

    [Fact]
    public void Text_in_another_encoding_is_refused() =>
        Refusal.Of(() => TextListReader.Read(_folder.Write("latin.txt", [0x6E, 0xEF, 0x76])), "not text in UTF-8");
}
