using CertiFlip.Data;
using Parquet;
using Parquet.Schema;
using ParquetSharp;
using ParquetWriter = Parquet.ParquetWriter;
using RowGroupWriter = ParquetSharp.RowGroupWriter;

namespace CertiFlip.Columnar.Tests;

/// <summary>
/// Parquet as two other programs write it: the library that reads it here, and Arrow's own (ParquetSharp).
/// </summary>
public sealed class ParquetTests : IDisposable
{
    private const string ImdbFeatures = """
        {"info": {"features": {"text": {"dtype": "string", "_type": "Value"}, "label": {"names": ["neg", "pos"], "_type": "ClassLabel"}}}}
        """;

    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 1];
    private static readonly int[] LabelsOfImages = [1, 2];
    private static readonly long[] PandasIndex = [5, 6];
    private readonly TestFolder _folder = new();

    public static TheoryData<ParquetSharp.Compression> Codecs =>
    [
        ParquetSharp.Compression.Uncompressed, ParquetSharp.Compression.Snappy, ParquetSharp.Compression.Gzip,
        ParquetSharp.Compression.Brotli, ParquetSharp.Compression.Zstd,
    ];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_data_set_of_texts_with_named_labels_is_read_as_it_is()
    {
        string path = Write(
            [new Column<string>("text"), new Column<long?>("label")], ImdbFeatures,
            group => Values(group, "a film", null, "another"), group => Values<long?>(group, 0, -1, 1));
        Table table = Read(path);
        Assert.Equal(["a film", null, "another"], Texts(table, "text"));
        Assert.Equal(["neg", null, "pos"], Texts(table, "label"));
        Refused(Write([new Column<long>("label")], ImdbFeatures, group => Values<long>(group, 2)), "label", "no class 2", "2");
    }

    [Fact]
    public void Columns_of_every_kind_are_numbers_or_texts()
    {
        string path = Write(
            [
                new Column<int?>("int"), new Column<float>("float"), new Column<double?>("double"), new Column<bool>("bool"),
                new Column<Date>("day"), new Column<DateTime>("time", LogicalType.Timestamp(true, TimeUnit.Micros)),
                new Column<decimal>("money", LogicalType.Decimal(29, 2)), new Column<sbyte>("small"), new Column<ulong>("large"),
            ],
            null,
            group => Values<int?>(group, 1, null), group => Values(group, 0.5f, float.NaN), group => Values<double?>(group, null, -2),
            group => Values(group, true, false), group => Values(group, new Date(2024, 2, 29), new Date(1969, 12, 31)),
            group => Values(group, new DateTime(2024, 2, 29, 13, 5, 6), new DateTime(2024, 3, 1)), group => Values(group, 12.50m, -1m),
            group => Values<sbyte>(group, -1, 1), group => Values<ulong>(group, ulong.MaxValue, 2));
        Table table = Read(path, new TableOptions { AsText = ["large"] });
        Assert.Equal([1, double.NaN], Numbers(table, "int"));
        Assert.Equal([0.5, double.NaN], Numbers(table, "float"));
        Assert.Equal([double.NaN, -2], Numbers(table, "double"));
        Assert.Equal([1, 0], Numbers(table, "bool"));
        Assert.Equal(["2024-02-29", "1969-12-31"], Texts(table, "day"));
        Assert.Equal(["2024-02-29T13:05:06", "2024-03-01"], Texts(table, "time"));
        Assert.Equal([12.5, -1], Numbers(table, "money"));
        Assert.Equal([-1, 1], Numbers(table, "small"));
        Assert.Equal(["18446744073709551615", "2"], Texts(table, "large"));
        Assert.Equal(["true", "false"], Texts(Read(path, new TableOptions { AsText = ["bool"] }), "bool"));
        Table few = Read(path, new TableOptions { Ignored = ["day", "time", "none"] });
        Assert.Equal(["day", "time"], few.IgnoredColumns);
        Assert.Equal(7, few.Columns.Count);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Embeddings_are_vectors_in_float32_over_pages_and_row_groups(ParquetSharp.Compression codec)
    {
        // More values than are read at once, of which the first are in a dictionary, in row groups of 4,000 rows.
        const int Rows = 6000, Columns = 384;
        var random = new Random(1);
        float[][] vectors = [.. Enumerable.Range(0, Rows).Select(row => Enumerable.Range(0, Columns)
            .Select(column => row < 50 ? column % 7 : random.NextSingle()).ToArray())];
        string path = _folder["x.parquet"];
        using (var file = new ParquetFileWriter(path, [new Column<float[]>("embedding")], codec))
        {
            foreach (float[][] some in vectors.Chunk(4000))
            {
                using RowGroupWriter group = file.AppendRowGroup();
                Values(group, some);
            }

            file.Close();
        }

        VectorColumn column = Assert.IsType<VectorColumn>(Read(path).Find("embedding"));
        Assert.Equal(Columns, column.Values.Columns);
        for (int row = 0; row < Rows; row++)
            Assert.Equal(vectors[row], Array.ConvertAll(column.Values.Row(row).ToArray(), value => (float)value));
    }

    [Fact]
    public void Small_pages_are_read_and_those_of_version_2_are_refused_with_what_to_do()
    {
        double[][] vectors = [.. Enumerable.Range(0, 3000).Select(row => new double[] { row, 0.1 * row, -row })];
        Table table = Read(WriteWith(ParquetDataPageVersion.V1));
        Assert.Equal(vectors.SelectMany(vector => vector), ((VectorColumn)table.Find("v")!).Values.Values.ToArray());
        Assert.Equal(Enumerable.Range(0, 3000).Select(row => row % 3 == 0 ? double.NaN : row), Numbers(table, "n"));
        Refused(WriteWith(ParquetDataPageVersion.V2), "pandas.read_parquet(file).to_parquet(other)");

        string WriteWith(ParquetDataPageVersion version)
        {
            string path = _folder["v.parquet"];
            using WriterProperties properties = new WriterPropertiesBuilder().DataPageVersion(version).DataPagesize(2000).Build();
            using var file = new ParquetFileWriter(path, [new Column<double[]>("v"), new Column<int?>("n")], properties);
            using (RowGroupWriter group = file.AppendRowGroup())
            {
                Values(group, vectors);
                Values(group, [.. Enumerable.Range(0, 3000).Select(row => row % 3 == 0 ? (int?)null : row)]);
            }

            file.Close();
            return path;
        }
    }

    [Fact]
    public void Lists_of_whole_numbers_are_vectors_too()
    {
        Table table = Read(Write(
            [new Column<sbyte[]>("bytes"), new Column<long[]>("longs")], null,
            group => Values<sbyte[]>(group, [1, -2], [3, 4]), group => Values<long[]>(group, [1L << 40], [2])));
        Assert.Equal([1, -2, 3, 4], ((VectorColumn)table.Find("bytes")!).Values.Values.ToArray());
        Assert.Equal([1L << 40, 2], ((VectorColumn)table.Find("longs")!).Values.Values.ToArray());
    }

    [Fact]
    public void Lists_that_do_not_fit_each_other_are_refused_with_their_row()
    {
        Lists("differ in length", [1, 2], [3]);
        Lists("row 0", [1], [2, 3], [4, 5, 6]);
        Lists("row 1", [1, 2], [3], [4, 5, 6]);
        Lists("differ in length", [1, 2], []);
        Lists("row 1", [1], null);
        Lists("Row 1, column 0 is NaN", [1], [float.NaN]);
        string nulls = Write([new Column<float?[]>("v")], null, group => Values<float?[]>(group, [1, 2], [null, 3]));
        Refused(nulls, "column 'v'", "row 1", "--ignore");

        void Lists(string word, params float[]?[] lists) =>
            Refused(Write([new Column<float[]>("v")], null, group => Values(group, lists!)), "column 'v'", word);
    }

    [Fact]
    public void What_makes_no_column_is_refused_with_what_to_write()
    {
        string path = Write(
            [new Column<float[][]>("nested"), new Column<string[]>("tags"), new Column<int>("n")], null,
            group => Values<float[][]>(group, [[1]]), group => Values<string[]>(group, ["a"]), group => Values(group, 1));
        Refused(path, "'nested'", "--ignore nested");
        Refusal.Of(() => Read(path, new TableOptions { Ignored = ["nested"] }), "'tags'", "--ignore tags");
        Assert.Equal([1], Numbers(Read(path, new TableOptions { Ignored = ["nested", "tags"] }), "n"));
        Refusal.Of(() => Read(path, new TableOptions { Ignored = ["nested", "tags", "n"] }), "no column");
        Refused(Write([new Column<int>("n")], null, group => Values<int>(group)), "0 rows");
        Refused(Write([new Column<double>("n")], null, group => Values(group, double.PositiveInfinity)), "'n'", "row 0", "infinite");
    }

    [Fact]
    public async Task Structures_and_images_are_read_under_their_names()
    {
        string path = _folder["cifar.parquet"];
        var bytes = new DataField<byte[]>("bytes");
        var schema = new ParquetSchema(
            new StructField("image", bytes, new DataField<string>("path")), new DataField<int>("label"),
            new DataField<long>("__index_level_0__"));
        DataField[] fields = schema.GetDataFields();
        await using (FileStream stream = File.Create(path))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(
            schema, stream, cancellationToken: TestContext.Current.CancellationToken))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(fields[0], new byte[][] { Png, [.. Png, 2] });
            await group.WriteAsync(fields[1], ["a.png", "b.png"]);
            await group.WriteAsync<int>(fields[2], LabelsOfImages, cancellationToken: TestContext.Current.CancellationToken);
            await group.WriteAsync<long>(fields[3], PandasIndex, cancellationToken: TestContext.Current.CancellationToken);
        }

        Table table = Read(path);
        Assert.Equal(["image", "label"], table.Columns.Select(column => column.Name));
        using Stream second = Assert.IsType<ImageColumn>(table.Find("image")).Values[1].Open();
        Assert.Equal(6, second.Length);
        Assert.Contains("__index_level_0__", Assert.Single(table.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_without_a_mark_are_texts_or_refused()
    {
        string path = Write([new Column<byte[]>("b")], null, group => Values<byte[]>(group, [.. "é"u8], [.. "x"u8]));
        Assert.Equal(["é", "x"], Texts(Read(path), "b"));
        Refused(Write([new Column<byte[]>("b")], null, group => Values<byte[]>(group, [0xFF, 0xFE, 1])), "'b'", "--ignore b");
    }

    [Fact]
    public void A_file_is_found_by_its_content_and_may_be_packed()
    {
        byte[] bytes = File.ReadAllBytes(Write([new Column<int>("n")], null, group => Values(group, 7)));
        foreach (string name in (string[])["x.csv", "x.npy", "x"])
            Assert.Equal([7], Numbers(Read(_folder.Write(name, bytes)), "n"));
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress))
            gzip.Write(bytes);
        Assert.Equal([7], Numbers(Read(_folder.Write("x.parquet.gz", packed.ToArray())), "n"));
        Assert.Equal(1, Read(_folder.Write("x.csv", "PAR1,b\n1,2\n")).Rows);
    }

    [Fact]
    public void Damaged_files_are_refused()
    {
        byte[] whole = File.ReadAllBytes(Write(
            [new Column<float[]>("v"), new Column<string>("t"), new Column<int?>("n")], ImdbFeatures,
            group => Values<float[]>(group, [1, 2], [3, 4]), group => Values(group, "a", null), group => Values<int?>(group, 1, null)));
        var random = new Random(1);
        for (int trial = 0; trial < 1500; trial++)
        {
            byte[] damaged = [.. whole];
            for (int change = random.Next(1, 4); change > 0; change--)
                damaged[random.Next(4, damaged.Length - 4)] = (byte)random.Next(256);
            MayBeRefused(damaged);
        }

        for (int length = 8; length < whole.Length; length += 5)
            MayBeRefused([.. whole[..length], .. "PAR1"u8]);

        void MayBeRefused(byte[] bytes)
        {
            string path = _folder.Write("d.parquet", bytes);
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

    [Fact]
    public void A_small_file_that_becomes_a_large_one_is_refused()
    {
        string path = Write([new Column<float[]>("v")], null,
            group => Values<float[]>(group, [.. Enumerable.Range(0, 1000).Select(_ => new float[1000])]));
        using (new ReaderOptions { MaxUnpacked = 3_000_000 }.Use())
            Refused(path, "--max-unpacked");
        Assert.Equal(1000, Read(path).Rows);
    }

    private string Write(Column[] columns, string? description, params Action<RowGroupWriter>[] writes)
    {
        string path = _folder[$"{Guid.NewGuid():N}.parquet"];
        Dictionary<string, string>? metadata = description is null ? null : new() { ["huggingface"] = description };
        using var file = new ParquetFileWriter(path, columns, ParquetSharp.Compression.Snappy, metadata);
        using (RowGroupWriter group = file.AppendRowGroup())
        {
            foreach (Action<RowGroupWriter> write in writes)
                write(group);
        }

        file.Close();
        return path;
    }

    private static void Values<T>(RowGroupWriter group, params T[] values)
    {
        using LogicalColumnWriter<T> column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch(values);
    }

    private static Table Read(string path, TableOptions? options = null) => new TableReader(ColumnarFormats.All).Read(path, options);

    private static void Refused(string path, params string[] words) => Refusal.Of(() => Read(path), [path, .. words]);

    private static double[] Numbers(Table table, string column) => Assert.IsType<NumberColumn>(table.Find(column)).Values.ToArray();

    private static IReadOnlyList<string?> Texts(Table table, string column) => Assert.IsType<TextColumn>(table.Find(column)).Values;
}

internal static class Refusal
{
    public static void Of(Func<object> read, params string[] words)
    {
        DataException refusal = Assert.Throws<DataException>(() => read());
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
    }
}
