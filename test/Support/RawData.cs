using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CertiFlip.Testing;

/// <summary>
/// A data folder as the paper's experiments expect it, small and made up: the layout is the real one, the checksums are
/// not.
/// </summary>
internal static class RawData
{
    private const int Pixels = 28;

    /// <summary>Writes all of it into a folder.</summary>
    public static string WriteTo(TestFolder folder)
    {
        WriteDigits(folder, "train", 400, seed: 1);
        WriteDigits(folder, "t10k", 150, seed: 2);
        WriteDogfish(folder);
        WriteCifar(folder);
        Directory.CreateDirectory(folder["imdb"]);
        File.Copy(Repository.File("test", "Support", "reviews.tar.xz"), folder[Path.Combine("imdb", "aclImdb_labelled.tar.xz")]);
        Directory.CreateDirectory(folder["wordvec"]);
        folder.Write(
            Path.Combine("wordvec", "googlenews.300d.top1000.txt"),
            "wonderful 1 0 0.5\nloved 1 0.2 0\nbest 0.9 0 0\ndreadful -1 0 0.5\nhated -1 0.2 0\nworst -0.9 0 0\n");
        return folder.Path;
    }

    /// <summary>Digits as bars: each has a length, a slope and a place of its own.</summary>
    private static void WriteDigits(TestFolder folder, string name, int count, int seed)
    {
        Directory.CreateDirectory(folder["mnist"]);
        var random = new Random(seed);
        byte[] images = new byte[count * Pixels * Pixels], labels = new byte[count];
        for (int image = 0; image < count; image++)
        {
            int digit = labels[image] = (byte)(image % 10);
            int row = 4 + digit % 3 + random.Next(4), column = 4 + digit / 3 + random.Next(4);
            for (int i = 0; i < 8 + digit; i++)
            {
                (int y, int x) = (row + i * (digit % 4) / 3, column + i * ((digit + 2) % 5) / 4);
                if (y < Pixels && x < Pixels)
                    images[(image * Pixels + y) * Pixels + x] = (byte)random.Next(150, 256);
            }
        }

        Compress(folder, $"{name}-images-idx3-ubyte.gz", [0, 0, 8, 3, .. Big(count), .. Big(Pixels), .. Big(Pixels), .. images]);
        Compress(folder, $"{name}-labels-idx1-ubyte.gz", [0, 0, 8, 1, .. Big(count), .. labels]);
    }

    private static void WriteDogfish(TestFolder folder)
    {
        Directory.CreateDirectory(folder["dogfish"]);
        const int Images = 100, Features = 12;
        var random = new Random(3);
        var manifest = new StringBuilder("split,label,wnid,path,sha256\n");
        double[] values = new double[Images * Features];
        for (int image = 0; image < Images; image++)
        {
            int label = image % 2;
            manifest.Append(
                System.Globalization.CultureInfo.InvariantCulture, $"{(image < 60 ? "train" : "test")},{label},n0,{image}.jpg,00\n");
            for (int i = 0; i < Features; i++)
                values[image * Features + i] = Math.Max(0, random.NextDouble() - 0.2 + (i % 3 == label ? 0.3 : 0));
        }

        folder.Write(Path.Combine("dogfish", "manifest.csv"), manifest.ToString());
        folder.Write(Path.Combine("dogfish", "features_mnv2_inatbird_1280.f32.npy"), NpyBytes.Doubles(Images, Features, values));
    }

    private static void WriteCifar(TestFolder folder)
    {
        Directory.CreateDirectory(folder["cifar10"]);
        const int Images = 240, Features = 12;
        string[] classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
        var random = new Random(4);
        var paths = new StringBuilder("row,path\n");
        double[] values = new double[Images * Features];
        for (int image = 0; image < Images; image++)
        {
            paths.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{image},{(image < 200 ? "train" : "test")}/{classes[image % 10]}/{image}.jpg\n");
            for (int i = 0; i < Features; i++)
                values[image * Features + i] = random.NextDouble() + (i == image % 10 ? 3 : 0);
        }

        folder.Write(Path.Combine("cifar10", "features.paths.csv"), paths.ToString());
        folder.Write(Path.Combine("cifar10", "features.npy"), NpyBytes.Doubles(Images, Features, values));
    }

    /// <summary>What one of MNIST's files holds.</summary>
    public static byte[] Unpacked(TestFolder folder, string name)
    {
        using FileStream file = File.OpenRead(folder[Path.Combine("mnist", name)]);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>Replaces it.</summary>
    public static void Pack(TestFolder folder, string name, byte[] content) => Compress(folder, name, content);

    private static void Compress(TestFolder folder, string name, byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(content);
        folder.Write(Path.Combine("mnist", name), bytes.ToArray());
    }

    private static byte[] Big(int number)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
