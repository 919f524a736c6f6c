using System.Diagnostics;
using System.Globalization;
using CertiFlip.Columnar;
using CertiFlip.Data;
using ParquetSharp;

namespace CertiFlip.Benchmarks;

/// <summary>
/// How fast a Parquet file of embeddings is read, and how much memory that takes. Arrow's own library writes the file,
/// in another process: <c>parquet write FILE ROWS COLUMNS [ROWS-IN-A-GROUP]</c>, then <c>parquet read FILE</c>.
/// </summary>
internal static class ParquetSpeed
{
    private const double Megabyte = 1e6;

    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["write", var path, var rows, var columns, .. var group]:
                Write(path, Number(rows), Number(columns), group is [var size] ? Number(size) : Number(rows));
                return 0;
            case ["read", var path]:
                Read(path);
                return 0;
            default:
                Console.Error.WriteLine("Expected: parquet write FILE ROWS COLUMNS [ROWS-IN-A-GROUP], or parquet read FILE.");
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Write(string path, int rows, int columns, int rowsInGroup)
    {
        var random = new Random(1);
        Column[] schema = [new Column<int>("label"), new Column<float[]>("embedding")];
        using var file = new ParquetFileWriter(path, schema, Compression.Snappy);
        for (int done = 0; done < rows; done += rowsInGroup)
        {
            int count = Math.Min(rowsInGroup, rows - done);
            using RowGroupWriter group = file.AppendRowGroup();
            using (LogicalColumnWriter<int> labels = group.NextColumn().LogicalWriter<int>())
                labels.WriteBatch([.. Enumerable.Range(done, count).Select(row => row % 2)]);
            using LogicalColumnWriter<float[]> vectors = group.NextColumn().LogicalWriter<float[]>();
            float[][] batch = [.. Enumerable.Range(0, 1000).Select(_ => new float[columns])];
            for (int row = 0; row < count; row += batch.Length)
            {
                foreach (float[] vector in batch)
                {
                    for (int i = 0; i < columns; i++)
                        vector[i] = random.NextSingle() - 0.5f;
                }

                vectors.WriteBatch(batch, 0, Math.Min(batch.Length, count - row));
            }
        }

        file.Close();
    }

    private static void Read(string path)
    {
        long before = Process.GetCurrentProcess().WorkingSet64;
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        Table table = new TableReader(ColumnarFormats.All).Read(path);
        double seconds = clock.Elapsed.TotalSeconds, busy = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        FeatureMatrix features = table.Columns.OfType<VectorColumn>().First().Values;
        double size = sizeof(float) * (double)features.Rows * features.Columns / Megabyte;
        using var process = Process.GetCurrentProcess();
        double peak = process.PeakWorkingSet64 / Megabyte, more = (process.PeakWorkingSet64 - before) / Megabyte / size;
        string speed = string.Create(
            CultureInfo.InvariantCulture,
            $"{features.Rows} x {features.Columns} float32 of {size:0} MB in {seconds:0.00} s: {size / seconds:0} MB/s; {busy:0.00} s of "
            + $"processor time: {size / busy:0} MB/s");
        string memory = string.Create(
            CultureInfo.InvariantCulture,
            $"peak working set {peak:0} MB, {more:0.00} times the features beyond what the program had before");
        Console.WriteLine($"{speed}; {memory}");
    }
}
