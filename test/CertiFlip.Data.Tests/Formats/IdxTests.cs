using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

public sealed class IdxTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_are_flattened_and_scaled_to_one()
    {
        Dataset data = DatasetReader.Read(Write(IdxBytes.Array(0x08, [2, 1, 3], 0, 51, 255, 102, 1, 2)));
        Assert.Equal((2, 3), (data.Features.Rows, data.Features.Columns));
        Assert.Equal([0, 51 / 255.0, 1, 102 / 255.0, 1 / 255.0, 2 / 255.0], data.Features.Values.ToArray());
        Assert.False(data.HasLabels);
    }

    [Fact]
    public void Other_element_types_are_plain_numbers()
    {
        Assert.Equal([-1, 5], Features(0x09, [0xFF, 5]));
        Assert.Equal([-2, 300], Features(0x0B, [.. IdxBytes.BigEndian((short)-2), .. IdxBytes.BigEndian((short)300)]));
        Assert.Equal([-2, 70000], Features(0x0C, [.. IdxBytes.BigEndian(-2), .. IdxBytes.BigEndian(70000)]));
        Assert.Equal([0.5, -3], Features(0x0D, [.. IdxBytes.BigEndian(0.5f), .. IdxBytes.BigEndian(-3f)]));
        Assert.Equal([1e-150, 1e150], Features(0x0E, [.. IdxBytes.BigEndian(1e-150), .. IdxBytes.BigEndian(1e150)]));
    }

    [Fact]
    public void Labels_are_numbers_as_text()
    {
        Assert.Equal(["7", "0", "255"], LabelReader.Read(Write(IdxBytes.Array(0x08, [3], 7, 0, 255))));
        Assert.Equal(["-1"], LabelReader.Read(Write(IdxBytes.Array(0x0C, [1], IdxBytes.BigEndian(-1)))));
    }

    [Fact]
    public void Labels_given_as_features_are_recognised() =>
        Refusal.OfDataset(Write(IdxBytes.Array(0x08, [3], 7, 0, 255)), "(3,)", "looks like a file of labels");

    [Fact]
    public void Images_given_as_labels_are_recognised() =>
        Refusal.OfLabels(Write(IdxBytes.Array(0x08, [1, 2], 7, 0)), "(1, 2)", "looks like a file of images");

    [Theory]
    [InlineData(5)]
    [InlineData(11)]
    public void A_truncated_header_is_refused(int length) =>
        Refusal.OfDataset(Write(IdxBytes.Array(0x08, [1, 2], 7, 0)[..length]), "truncated inside its header");

    [Fact]
    public void A_file_that_is_too_short_or_too_long_is_refused()
    {
        Refusal.OfDataset(Write(IdxBytes.Array(0x08, [2, 2], 1, 2, 3)), "truncated");
        Refusal.OfDataset(Write(IdxBytes.Array(0x08, [2, 2], 1, 2, 3, 4, 5)), "too long");
        Refusal.OfLabels(Write(IdxBytes.Array(0x08, [2], 1)), "truncated");
    }

    [Fact]
    public void A_shape_far_beyond_the_file_is_refused_before_memory_is_asked_for() =>
        Refusal.OfDataset(Write(IdxBytes.Array(0x0E, [-1, -1, -1, -1, -1, -1], 1, 2, 3)), "truncated");

    [Fact]
    public void NaN_is_refused_naming_row_and_column() =>
        Refusal.OfDataset(
            Write(IdxBytes.Array(0x0D, [2, 1], [.. IdxBytes.BigEndian(0f), .. IdxBytes.BigEndian(float.NaN)])), "row 1", "column 0", "NaN");

    private string Write(byte[] content) => _folder.Write("data-idx-ubyte", content);

    private double[] Features(byte type, byte[] twoElements) =>
        DatasetReader.Read(Write(IdxBytes.Array(type, [1, 2], twoElements))).Features.Values.ToArray();
}
