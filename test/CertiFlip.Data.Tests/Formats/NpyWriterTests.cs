namespace CertiFlip.Data.Tests.Formats;

public sealed class NpyWriterTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(1000, 7)]
    public void What_is_written_is_read_to_the_bit(int rows, int columns)
    {
        var random = new Random(rows);
        var features = new FeatureMatrix(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble() - 0.5)]);
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, features);
        FeatureMatrix read = DatasetReader.Read(_folder.Write("x.npy", stream.ToArray())).Features;
        Assert.Equal(features.Values, read.Values);
        Assert.Equal((rows, columns), (read.Rows, read.Columns));
    }

    [Fact]
    public void Numbers_begin_at_a_multiple_of_64()
    {
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, new FeatureMatrix(2, 3, [1, 2, 3, 4, 5, 6]));
        Assert.Equal(0, (stream.Length - 6 * sizeof(double)) % 64);
    }
}
