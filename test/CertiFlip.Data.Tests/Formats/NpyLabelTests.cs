using System.Globalization;
using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

public sealed class NpyLabelTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("<i8")]
    [InlineData(">i4")]
    [InlineData("|i1")]
    public void Signed_integers_are_labels(string descr) =>
        Assert.Equal(["7", "-1", "0"], Read(NpyBytes.Array(descr, [3], [7, -1, 0])));

    [Fact]
    public void Long_integers_keep_every_digit() =>
        Assert.Equal(["18446744073709551615", "9007199254740993"], Read(NpyBytes.Array("<u8", [2], [ulong.MaxValue, 9007199254740993UL])));

    [Fact]
    public void Many_labels_are_read_each_as_it_is()
    {
        // More different ones than are remembered, and more rows than are read at once.
        long[] numbers = [.. Enumerable.Range(0, 20_000).Select(i => (long)(i * 7919 % 3001) << (i % 2 * 33))];
        Assert.Equal(
            numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)),
            Read(NpyBytes.Array("<i8", [20_000], numbers.Cast<object>())));
    }

    [Fact]
    public void Booleans_are_labels() =>
        Assert.Equal(["True", "False"], Read(NpyBytes.Array("|b1", [2], [true, false])));

    [Fact]
    public void Floats_are_labels_written_as_short_as_reads_back_the_same()
    {
        Assert.Equal(["1", "0.1", "-2.5"], Read(NpyBytes.Array("<f8", [3], [1.0, 0.1, -2.5])));
        Assert.Equal(["1", "0.1"], Read(NpyBytes.Array("<f4", [2], [1f, 0.1f])));
    }

    [Theory]
    [InlineData("<U6")]
    [InlineData(">U6")]
    public void Fixed_width_Unicode_is_labels(string descr) =>
        Assert.Equal(["spam", "nötig", "猫"], Read(NpyBytes.Text(descr, "spam", "nötig", "猫")));

    [Fact]
    public void Unicode_beyond_16_bits_is_labels()
    {
        byte[] cat = [.. BitConverter.GetBytes(0x1F408), 0, 0, 0, 0];
        Assert.Equal(["🐈"], Read(NpyBytes.WithHeader(NpyBytes.Header("<U2", [1]), cat)));
    }

    [Fact]
    public void Fixed_width_bytes_are_labels() =>
        Assert.Equal(["spam", "ham"], Read(NpyBytes.Text("|S4", "spam", "ham")));

    [Theory]
    [InlineData("|S2", new byte[] { 0xFF, 0xFE })]
    [InlineData("<U1", new byte[] { 0x00, 0xD8, 0, 0 })]
    [InlineData("<U1", new byte[] { 0xFF, 0xFF, 0xFF, 0x7F })]
    public void Bytes_that_are_no_text_are_refused_naming_the_row(string descr, byte[] data) =>
        Refusal.OfLabels(Write(NpyBytes.WithHeader(NpyBytes.Header(descr, [1]), data)), "row 0", "not text");

    [Fact]
    public void A_label_that_is_missing_is_empty()
    {
        Assert.Equal(["a", "", "b"], LabelReader.Read(Write(NpyBytes.Text("<U3", "a", " ", "b"))));
        Assert.Equal(["1", ""], LabelReader.Read(Write(NpyBytes.Array("<f8", [2], [1.0, double.NaN]))));
        Assert.Equal([""], LabelReader.Read(Write(NpyBytes.Array("<f2", [1], [Half.PositiveInfinity]))));
    }

    [Fact]
    public void One_hot_labels_are_refused_with_the_way_to_make_labels_of_them() =>
        Refusal.OfLabels(Write(NpyBytes.Doubles(2, 3, 0, 1, 0, 1, 0, 0)), "(2, 3)", "one-hot", "y.argmax(axis=1)");

    [Fact]
    public void Labels_in_a_column_of_two_dimensions_are_labels() =>
        Assert.Equal(["1", "2"], LabelReader.Read(Write(NpyBytes.Doubles(2, 1, 1, 2))));

    [Fact]
    public void Labels_in_a_row_of_two_dimensions_are_refused_with_advice() =>
        Refusal.OfLabels(Write(NpyBytes.Doubles(1, 2, 1, 2)), "(1, 2)", "ravel");

    [Fact]
    public void No_labels_at_all_are_refused() =>
        Refusal.OfLabels(Write(NpyBytes.Array("<i8", [0], [])), "empty");

    [Fact]
    public void Python_objects_are_refused_with_advice() =>
        Refusal.OfLabels(Write(NpyBytes.WithHeader(NpyBytes.Header("|O", [1]), [1, 2, 3])), "Python objects", "astype(str)");

    private string Write(byte[] content) => _folder.Write("y.npy", content);

    private IReadOnlyList<string> Read(byte[] content) => LabelReader.Read(Write(content));
}
