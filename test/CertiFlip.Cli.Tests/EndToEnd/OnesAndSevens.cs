namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>
/// MNIST's ones (class 0) and sevens (class 1), each image averaged down to 7×7: features that no label touches.
/// </summary>
internal sealed record OnesAndSevens(double[][] Features, int[] Labels)
{
    private const int Side = 28, Block = 4, Small = Side / Block;

    private static readonly Lazy<OnesAndSevens> LazyTraining = new(() => Read("train"));
    private static readonly Lazy<OnesAndSevens> LazyTest = new(() => Read("t10k"));

    public static OnesAndSevens Training => LazyTraining.Value;

    public static OnesAndSevens Test => LazyTest.Value;

    private static OnesAndSevens Read(string part)
    {
        byte[] images = Decompress($"{part}-images-idx3-ubyte.gz")[16..], digits = Decompress($"{part}-labels-idx1-ubyte.gz")[8..];
        int[] rows = [.. Enumerable.Range(0, digits.Length).Where(row => digits[row] is 1 or 7)];
        return new OnesAndSevens(
            [.. rows.Select(row => Average(images.AsSpan(row * Side * Side, Side * Side)))],
            [.. rows.Select(row => digits[row] == 7 ? 1 : 0)]);
    }

    private static double[] Average(ReadOnlySpan<byte> image)
    {
        double[] average = new double[Small * Small];
        for (int pixel = 0; pixel < image.Length; pixel++)
            average[pixel / Side / Block * Small + pixel % Side / Block] += image[pixel] / 255.0 / (Block * Block);
        return average;
    }

    private static byte[] Decompress(string name)
    {
        using FileStream file = File.OpenRead(Repository.SharedData("mnist", name));
        using var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }
}
