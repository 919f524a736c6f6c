using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using CertiFlip.Data;
using Table = CertiFlip.Data.Table;

namespace CertiFlip.Columnar.Tests;

/// <summary>Arrow's file and stream formats, and Feather.</summary>
public sealed class ArrowTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, CompressionCodecType.Lz4Frame)]
    [InlineData(true, CompressionCodecType.Zstd)]
    [InlineData(false, CompressionCodecType.Zstd)]
    public void A_table_is_read_from_files_and_streams(bool isFile, CompressionCodecType? codec)
    {
        RecordBatch batch = new RecordBatch.Builder()
            .Append("text", true, new StringArray.Builder().Append("a").AppendNull().Append("é").Build())
            .Append("n", true, new Int64Array.Builder().Append(1).AppendNull().Append(-3).Build())
            .Append("x", false, new DoubleArray.Builder().Append(0.5).Append(double.NaN).Append(2).Build())
            .Append("ok", false, new BooleanArray.Builder().Append(true).Append(false).Append(true).Build())
            .Append("day", false, new Date32Array.Builder().Append(new DateTime(2024, 2, 29)).Append(new DateTime(1970, 1, 1))
                .Append(new DateTime(1969, 12, 31)).Build())
            .Append("kind", true, new DictionaryArray(
                new DictionaryType(Int32Type.Default, StringType.Default, false),
                new Int32Array.Builder().Append(1).AppendNull().Append(0).Build(),
                new StringArray.Builder().Append("red").Append("blue").Build()))
            .Append("fixed", false, Fixed(3, [1, 2, 3, 4, 5, 6, 7, 8, 9]))
            .Append("list", false, Lists([1, 2], [3, 4], [5, 6]))
            .Build();
        Table table = Read(Write(isFile, codec, batch, batch.Slice(1, 2)));
        Assert.Equal(["a", null, "é", null, "é"], Texts(table, "text"));
        Assert.Equal([1, double.NaN, -3, double.NaN, -3], Numbers(table, "n"));
        Assert.Equal([0.5, double.NaN, 2, double.NaN, 2], Numbers(table, "x"));
        Assert.Equal([1, 0, 1, 0, 1], Numbers(table, "ok"));
        Assert.Equal(["2024-02-29", "1970-01-01", "1969-12-31", "1970-01-01", "1969-12-31"], Texts(table, "day"));
        Assert.Equal(["blue", null, "red", null, "red"], Texts(table, "kind"));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 4, 5, 6, 7, 8, 9], ((VectorColumn)table.Find("fixed")!).Values.Values.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6, 3, 4, 5, 6], ((VectorColumn)table.Find("list")!).Values.Values.ToArray());
    }

    [Fact]
    public void Labels_have_the_names_that_the_file_gives()
    {
        var schema = new Schema(
            [new Field("label", Int64Type.Default, true)],
            new Dictionary<string, string> { ["huggingface"] = """{"info": {"features": {"label": {"names": ["neg", "pos"]}}}}""" });
        var batch = new RecordBatch(schema, [new Int64Array.Builder().Append(1).Append(0).Build()], 2);
        Assert.Equal(["pos", "neg"], Texts(Read(Write(true, null, batch)), "label"));
    }

    [Fact]
    public void Lists_that_do_not_fit_each_other_are_refused()
    {
        Refused(new RecordBatch.Builder().Append("v", false, Lists([1, 2], [3], [4, 5, 6])).Build(), "'v'", "row 1", "--ignore");
        Refused(new RecordBatch.Builder().Append("v", false, Lists([1, 2], [3])).Build(), "'v'", "differ in length");
        Refused(new RecordBatch.Builder().Append("v", false, Lists([float.NaN], [3])).Build(), "'v'", "NaN");
        var texts = new ListArray.Builder(StringType.Default);
        texts.Append();
        ((StringArray.Builder)texts.ValueBuilder).Append("x");
        Refused(new RecordBatch.Builder().Append("v", false, texts.Build()).Build(), "'v'", "--ignore v");
    }

    [Fact]
    public void Files_are_found_by_their_content_and_Feather_1_is_refused()
    {
        RecordBatch batch = new RecordBatch.Builder().Append("n", false, new Int32Array.Builder().Append(7).Build()).Build();
        Assert.Equal([7], Numbers(Read(_folder.Write("x.csv", File.ReadAllBytes(Write(true, null, batch)))), "n"));
        Assert.Equal([7], Numbers(Read(_folder.Write("x.feather", File.ReadAllBytes(Write(false, null, batch)))), "n"));
        Refusal.Of(() => Read(_folder.Write("x.feather", [.. "FEA1"u8, 0, 0, 0, 1])), "Feather", "pandas.read_feather");
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        RecordBatch batch = new RecordBatch.Builder()
            .Append("text", true, new StringArray.Builder().Append("a").AppendNull().Append("é").Build())
            .Append("fixed", false, Fixed(3, [1, 2, 3, 4, 5, 6, 7, 8, 9])).Append("list", false, Lists([1, 2], [3, 4], [5, 6])).Build();
        var random = new Random(1);
        foreach (bool isFile in (bool[])[true, false])
        {
            byte[] whole = File.ReadAllBytes(Write(isFile, null, batch));
            for (int trial = 0; trial < 500; trial++)
            {
                byte[] damaged = [.. whole];
                for (int change = random.Next(1, 4); change > 0; change--)
                    damaged[random.Next(8, damaged.Length)] = (byte)random.Next(256);
                MayBeRefused(trial % 5 == 0 ? damaged[..random.Next(16, damaged.Length)] : damaged);
            }
        }

        void MayBeRefused(byte[] bytes)
        {
            string path = _folder.Write("d.arrow", bytes);
            try
            {
                Read(path);
            }
            catch (DataException refusal)
            {
                Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', refusal.Message);
            }
        }
    }

    private static FixedSizeListArray Fixed(int length, float[] values)
    {
        var builder = new FixedSizeListArray.Builder(FloatType.Default, length);
        foreach (float[] list in values.Chunk(length))
        {
            builder.Append();
            ((FloatArray.Builder)builder.ValueBuilder).Append(list);
        }

        return builder.Build();
    }

    private static ListArray Lists(params float[][] lists)
    {
        var builder = new ListArray.Builder(FloatType.Default);
        foreach (float[] list in lists)
        {
            builder.Append();
            ((FloatArray.Builder)builder.ValueBuilder).Append(list);
        }

        return builder.Build();
    }

    private string Write(bool isFile, CompressionCodecType? codec, params RecordBatch[] batches)
    {
        string path = _folder[$"{Guid.NewGuid():N}.arrow"];
        using FileStream stream = File.Create(path);
        var options =
            new IpcOptions { CompressionCodec = codec, CompressionCodecFactory = codec is null ? null : new CompressionCodecFactory() };
        using ArrowStreamWriter writer = isFile
            ? new ArrowFileWriter(stream, batches[0].Schema, leaveOpen: true, options)
            : new ArrowStreamWriter(stream, batches[0].Schema, leaveOpen: true, options);
        foreach (RecordBatch batch in batches)
            writer.WriteRecordBatch(batch);
        writer.WriteEnd();
        return path;
    }

    private void Refused(RecordBatch batch, params string[] words) => Refusal.Of(() => Read(Write(true, null, batch)), words);

    private static Table Read(string path) => new TableReader(ColumnarFormats.All).Read(path);

    private static double[] Numbers(Table table, string column) => Assert.IsType<NumberColumn>(table.Find(column)).Values.ToArray();

    private static IReadOnlyList<string?> Texts(Table table, string column) => Assert.IsType<TextColumn>(table.Find(column)).Values;
}
