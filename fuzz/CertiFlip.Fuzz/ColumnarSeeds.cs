using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using Parquet.Schema;

namespace CertiFlip.Fuzz;

/// <summary>Small tables with a text, a gap, numbers and a list in each row, by the libraries that write the formats.</summary>
internal static class ColumnarSeeds
{
    private static readonly float[] Values = [1, 2, 3, 4];
    private static readonly int[] Repetitions = [0, 1, 0, 1];

    public static byte[] Arrow(bool isFile)
    {
        var fixedSize = new FixedSizeListArray.Builder(FloatType.Default, 2);
        var lists = new ListArray.Builder(FloatType.Default);
        foreach (float[] list in Values.Chunk(2))
        {
            fixedSize.Append();
            ((FloatArray.Builder)fixedSize.ValueBuilder).Append(list);
            lists.Append();
            ((FloatArray.Builder)lists.ValueBuilder).Append(list);
        }

        RecordBatch batch = new RecordBatch.Builder()
            .Append("text", true, new StringArray.Builder().Append("é").AppendNull().Build())
            .Append("n", true, new Int64Array.Builder().AppendNull().Append(3).Build())
            .Append("kind", false, new DictionaryArray(
                new DictionaryType(Int32Type.Default, StringType.Default, false), new Int32Array.Builder().Append(1).Append(0).Build(),
                new StringArray.Builder().Append("red").Append("blue").Build()))
            .Append("fixed", false, fixedSize.Build()).Append("list", false, lists.Build()).Build();
        using var file = new MemoryStream();
        using (ArrowStreamWriter writer = isFile
            ? new ArrowFileWriter(file, batch.Schema, leaveOpen: true)
            : new ArrowStreamWriter(file, batch.Schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        return file.ToArray();
    }

    public static byte[] Parquet()
    {
        var schema = new ParquetSchema(
            new DataField<string>("text"), new DataField<int?>("n"), new ListField("list", new DataField<float>("element", false)));
        DataField[] fields = schema.GetDataFields();
        using var file = new MemoryStream();
        Write().GetAwaiter().GetResult();
        return file.ToArray();

        async Task Write()
        {
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file);
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(fields[0], new[] { "é", null! });
            await group.WriteAsync<int>(fields[1], new int?[] { null, 3 });
            int level = fields[2].MaxDefinitionLevel;
            await group.WriteAllPartsAsync<float>(
                fields[2], Values, Enumerable.Repeat(level, Values.Length).ToArray(), Repetitions, CancellationToken.None);
        }
    }
}
