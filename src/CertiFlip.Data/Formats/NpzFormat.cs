using System.IO.Compression;
using System.IO.Hashing;

namespace CertiFlip.Data.Formats;

/// <summary>Named NumPy arrays in a zip archive: X holds the features, y the labels.</summary>
internal sealed class NpzFormat : IArrayFormat
{
    private const string Features = "X";
    private const string Labels = "y";

    /// <summary>How such a file begins: a zip archive with entries, or one without.</summary>
    public static IReadOnlyList<byte[]> Magics { get; } = [[.. "PK"u8, 3, 4], [.. "PK"u8, 5, 6]];

    public Dataset ReadDataset(InputFile file)
    {
        using ZipArchive zip = new(file.Open());
        FeatureMatrix features = Read(file, zip, Features, NpyFormat.ReadFeatures);
        Dataset dataset = new(features, file.Path);
        return Find(zip, Labels) is null ? dataset : WithLabels(dataset, Read(file, zip, Labels, array => array.ReadLabels()));
    }

    public IReadOnlyList<string> ReadLabels(InputFile file)
    {
        using ZipArchive zip = new(file.Open());
        return Read(file, zip, Labels, array => array.ReadLabels());
    }

    public ImageList ReadImages(InputFile file)
    {
        using ZipArchive zip = new(file.Open());

        // Archives of nothing but images call them what they like.
        string name = Find(zip, Features) is null && zip.Entries is [var only] ? Path.GetFileNameWithoutExtension(only.FullName) : Features;
        return Read(file, zip, name, array => ImageArray.Read(array, file.Path));
    }

    private static Dataset WithLabels(Dataset dataset, IReadOnlyList<string> labels) =>
        labels.Count == dataset.Features.Rows
            ? dataset with { Labels = labels }
            : throw new DataException($"{dataset.Source}: array {Labels} holds {labels.Count} labels, but array {Features} has {dataset.Features.Rows} rows; there must be one label per row.");

    private static ZipArchiveEntry? Find(ZipArchive zip, string name) => zip.GetEntry($"{name}.npy");

    private static T Read<T>(InputFile file, ZipArchive zip, string name, Func<StoredArray, T> read)
    {
        if (Find(zip, name) is not { } entry)
            throw new DataException($"{file.Path}: there is no array {name}; {DescribeEntries(zip)}. Save it as np.savez(file, X=features, y=labels).");
        if (!IsIntact(entry))
            throw new DataException($"{file.Path}: array {name} is truncated or corrupt; make or fetch the file again.");
        using Stream stream = entry.Open();
        return read(NpyFormat.Open(stream, entry.Length, $"{file.Path}, array {name}"));
    }

    private static string DescribeEntries(ZipArchive zip) => zip.Entries.Count == 0
        ? "the archive is empty"
        : $"there is {string.Join(", ", zip.Entries.Take(10).Select(entry => DataException.Quote(entry.FullName)))}{(zip.Entries.Count > 10 ? $" and {zip.Entries.Count - 10} more" : "")}";

    // ZipArchive itself checks neither the length nor the checksum that the archive gives for an entry.
    private static bool IsIntact(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] buffer = new byte[1 << 16];
        Crc32 checksum = new();
        long length = 0;
        for (int read; length <= entry.Length && (read = stream.Read(buffer)) > 0; length += read)
            checksum.Append(buffer.AsSpan(0, read));
        return length == entry.Length && checksum.GetCurrentHashAsUInt32() == entry.Crc32;
    }
}
