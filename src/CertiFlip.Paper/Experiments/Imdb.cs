using System.Formats.Tar;
using CertiFlip.Data;
using SharpCompress.Common;
using SharpCompress.Compressors.Xz;

namespace CertiFlip.Paper.Sources;

/// <summary>25,000 + 25,000 reviews of films, half of each negative (class 0), half positive (class 1).</summary>
internal static class Imdb
{
    private const string LineBreak = "<br />";

    private static readonly DataFile Archive = new(
        "imdb/aclImdb_labelled.tar.xz",
        "the Large Movie Review Dataset (Maas et al. 2011, https://ai.stanford.edu/~amaas/data/sentiment/) without its unlabelled reviews, packed with tar and xz",
        "c6fc6ccdc7dd765c2712b05a35e48324bbd807b7b47d7272bab73c29befeab72");

    private static readonly string[] Classes = ["neg", "pos"];

    public static UsedFile Find(DataFolder folder) => folder.Find(Archive);

    public static Reviews Read(UsedFile archive, CancellationToken cancellation)
    {
        List<(string Name, string Text)> training = [], test = [];
        try
        {
            using var stream = new XZStream(File.OpenRead(archive.Path));
            using var tar = new TarReader(stream);
            while (tar.GetNextEntry() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                string[] parts = entry.Name.Split('/');
                if (entry.DataStream is null || parts is not [.., ("train" or "test") and var split, var kind, var file] || !Classes.Contains(kind) || !file.EndsWith(".txt", StringComparison.Ordinal))
                    continue;
                using var reader = new StreamReader(entry.DataStream);
                (split == "train" ? training : test).Add(($"{kind}/{file}", reader.ReadToEnd().Replace(LineBreak, "\n", StringComparison.Ordinal)));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or SharpCompressException or FormatException)
        {
            throw new DataException($"{archive.Path}: the archive cannot be read: {e.Message} {Archive.Advice}", e);
        }

        if (training.Count == 0 || test.Count == 0)
            throw new DataException($"{archive.Path}: there are no reviews in train/neg, train/pos, test/neg and test/pos. {Archive.Advice}");

        // In whatever order they were packed.
        (string Name, string Text)[] sortedTraining = [.. training.OrderBy(review => review.Name, StringComparer.Ordinal)], sortedTest = [.. test.OrderBy(review => review.Name, StringComparer.Ordinal)];
        return new Reviews(Texts(sortedTraining), ClassesOf(sortedTraining), Texts(sortedTest), ClassesOf(sortedTest));
    }

    private static string[] Texts((string Name, string Text)[] reviews) => [.. reviews.Select(review => review.Text)];

    private static int[] ClassesOf((string Name, string Text)[] reviews) => [.. reviews.Select(review => Array.IndexOf(Classes, review.Name[..3]))];
}
