using System.Security.Cryptography;
using System.Text;

namespace CertiFlip.Data.Tests.Models;

/// <summary>
/// Whatever a model's file says, with a checksum that fits: it is a model that certifies, or it is refused by name.
/// </summary>
public sealed class ForgedModelTests : IDisposable
{
    private const int AfterVersion = 12;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(TrainedModels.Names), MemberType = typeof(TrainedModels))]
    public void Forged_numbers_are_refused_or_do_no_harm(string head)
    {
        byte[][] bodies = [Body(Model(head, 5, 7)), Body(Model(head, 9, 3))];
        var random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 600; round++)
        {
            byte[] body = [.. bodies[round % 2]];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                int at = random.Next(AfterVersion, body.Length - 8);
                switch (random.Next(3))
                {
                    case 0:
                        body[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        BitConverter.TryWriteBytes(body.AsSpan(at), random.Next(2) == 0 ? int.MaxValue : -1);
                        break;
                    default:
                        BitConverter.TryWriteBytes(body.AsSpan(at), random.Next(2) == 0 ? double.NaN : 0);
                        break;
                }
            }

            refused += IsRefused(body) ? 1 : 0;
        }

        Assert.InRange(refused, 200, 599);
    }

    [Theory]
    [MemberData(nameof(TrainedModels.Names), MemberType = typeof(TrainedModels))]
    public void Sizes_that_the_file_cannot_hold_take_no_memory(string head)
    {
        byte[] good = Body(Model(head, 5, 3));
        IsRefused(good); // Compiles.
        for (int i = AfterVersion; i < good.Length - sizeof(int); i++)
        {
            byte[] body = [.. good];
            BitConverter.TryWriteBytes(body.AsSpan(i), int.MaxValue - 8);
            long before = GC.GetAllocatedBytesForCurrentThread();
            IsRefused(body);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Theory]
    [InlineData("nearest neighbours", "knn:3", "knn:9", "9 neighbours cannot vote")]
    [InlineData("nearest neighbours", "knn:3", "knn:0", "There is no head 'knn:0'.")]
    [InlineData("kernel, bandwidth", "kernel:0.5", "kernel:0.6", "The bandwidth of kernel:0.6 is 0.5.")]
    [InlineData("kernel", "kernel", "kernal", "There is no head 'kernal'.")]
    [InlineData("saturated ridge", "relative:1", "relative:0", "There is no such ridge rule.")]
    public void Names_that_do_not_fit_are_named(string head, string written, string forged, string expected)
    {
        string body = Encoding.Latin1.GetString(Body(Model(head, 5, 7)));
        int at = body.LastIndexOf(written, StringComparison.Ordinal);
        string path = Write(Encoding.Latin1.GetBytes(string.Concat(body.AsSpan(0, at), forged, body.AsSpan(at + forged.Length))));
        Assert.Contains(expected, Assert.Throws<DataException>(() => TrainedModelFile.Restore(StoredModel.Read(path))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ridge, λ from the labels", new double[0])]
    [InlineData("saturated ridge, offset", new[] { 0.1, 0.2 })]
    [InlineData("ridge", new[] { 0.1 })]
    public void Only_a_λ_that_came_from_labels_has_a_noise(string head, double[] noise)
    {
        // The last array of the file: how many numbers, and they.
        TrainedModel model = Model(head, 9, 3);
        byte[] body = Body(model)[..^(sizeof(int) + (model.Noise is null ? 0 : sizeof(double)))];
        string path = Write([.. body, .. BitConverter.GetBytes(noise.Length), .. noise.SelectMany(BitConverter.GetBytes)]);
        Assert.Contains("The noise does not fit the head",
            Assert.Throws<DataException>(() => TrainedModelFile.Restore(StoredModel.Read(path))).Message, StringComparison.Ordinal);
    }

    /// <summary>The paper's λ needs more rows than features.</summary>
    private static TrainedModel Model(string head, int n, int k) =>
        TrainedModels.Fit(head, TrainedModels.Choices[head].DependsOnLabels ? n + k : n, k);

    private static byte[] Body(TrainedModel model)
    {
        using var stream = new MemoryStream();
        TrainedModelFile.Store(model).Write(stream);
        return stream.ToArray()[..^SHA256.HashSizeInBytes];
    }

    private string Write(byte[] body) => _folder.Write("forged", [.. body, .. SHA256.HashData(body)]);

    /// <summary>Whether it is; where it is not, it certifies.</summary>
    private bool IsRefused(byte[] body)
    {
        string path = Write(body);
        try
        {
            TrainedModels.Certificates(
                TrainedModelFile.Restore(StoredModel.Read(path), new ParallelOptions { MaxDegreeOfParallelism = 1 }));
            return false;
        }
        catch (DataException exception)
        {
            Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
            return true;
        }
        catch (HeadException)
        {
            return false; // Numbers so large that no row can be weighed.
        }
    }
}
