using System.IO.Compression;
using System.Text;
using CertiFlip.Data.Tests.Support;
using CertiFlip.Features.Text;

namespace CertiFlip.Data.Tests.Formats;

public sealed class WordVectorReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2 3\nred 1 -2.5 3e-1\nblue 0 0 1\n")]
    [InlineData("red 1 -2.5 3e-1\nblue 0 0 1\n")]
    [InlineData("red 1 -2.5 3e-1 \r\n\r\nblue 0 0 1")]
    public void Text_is_read_with_and_without_a_first_line(string text) =>
        AssertRedAndBlue(WordVectorReader.Read(_folder.Write("vectors", text)));

    [Fact]
    public void Words_may_hold_blanks_where_numbers_follow()
    {
        WordVectors vectors = WordVectorReader.Read(_folder.Write("glove.txt", "the 1 2\n. . . 3 4\n"));
        Assert.Equal(["the", ". . ."], vectors.Words);
        Assert.Equal([3f, 4], vectors.Find(". . ."));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public void Binary_is_read_however_vectors_end(string end) =>
        AssertRedAndBlue(WordVectorReader.Read(_folder.Write("vectors.bin", Binary(end))));

    [Fact]
    public void A_compressed_file_is_read_as_it_is()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Binary("\n"));
        AssertRedAndBlue(WordVectorReader.Read(_folder.Write("vectors.bin.gz", bytes.ToArray())));
    }

    [Theory]
    [InlineData("red 1 2\nblue 1\n", "line 2: a word and 2 finite numbers are expected")]
    [InlineData("red 1 2\nblue 1 x\n", "line 2: a word and 2 finite numbers are expected")]
    [InlineData("red 1 2\nblue 1 NaN\n", "line 2: a word and 2 finite numbers are expected")]
    [InlineData("1 2\nred 1 2\nblue 1\n", "line 3: a word and 2 finite numbers are expected")]
    [InlineData("0 2\n", "announces no vectors")]
    [InlineData("3 2\nred 1 2\nblue 3 4\n", "announces 3 words, but there are 2 words")]
    [InlineData("1 2\nred 1 2\nblue 3 4\n", "announces 1 words, but there are more")]
    [InlineData("red\n", "line 1: a word and 0 finite numbers")]
    [InlineData("\n", "there is no line with a word")]
    [InlineData("", "the file is empty")]
    [InlineData("2000000000 2000000000\nabc", "too short")]
    public void What_is_wrong_is_named(string text, string expected) =>
        Refusal.Of(() => WordVectorReader.Read(_folder.Write("bad", text)), expected);

    [Fact]
    public void A_binary_file_that_goes_on_after_its_words_is_refused() =>
        Refusal.Of(
            () => WordVectorReader.Read(_folder.Write("long.bin", [.. Binary("\n"), .. "green"u8])),
            "announces 2 words, but there are more");

    [Fact]
    public void A_binary_file_that_is_cut_anywhere_is_refused()
    {
        byte[] whole = Binary("");
        for (int length = 1; length < whole.Length; length++)
        {
            string path = _folder.Write("cut.bin", whole[..length]);
            Assert.Throws<DataException>(() => WordVectorReader.Read(path));
        }
    }

    private static void AssertRedAndBlue(WordVectors vectors)
    {
        Assert.Equal(["red", "blue"], vectors.Words);
        Assert.Equal(3, vectors.Dimensions);
        Assert.Equal([1, -2.5f, 0.3f, 0, 0, 1], vectors.Numbers);
    }

    private static byte[] Binary(string end)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("2 3\n"u8);
        foreach ((string word, float[] vector) in ((string, float[])[])[("red", [1, -2.5f, 0.3f]), ("blue", [0, 0, 1])])
        {
            writer.Write(Encoding.UTF8.GetBytes(word + " "));
            foreach (float number in vector)
                writer.Write(number);
            writer.Write(Encoding.UTF8.GetBytes(end));
        }

        return bytes.ToArray();
    }
}
