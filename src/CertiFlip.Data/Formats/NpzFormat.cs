using System.IO.Compression;
using System.IO.Hashing;

namespace CertiFlip.Data.Formats;

/// <summary>Named NumPy arrays in a zip archive: X holds the features, y the labels.</summary>
internal sealed class NpzFormat : IArrayFormat
{
    private const string Features = "X";
    private const string Labels = "y";
    private const int MostNames = 10;

    /// <summary>Whether a file begins as a zip archive does, one with entries or one without.</summary>
    public static bool IsNpz(ReadOnlySpan<byte> start) => start is [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..];

    public Dataset ReadDataset(InputFile file)
    {
        using ZipArchive zip = new(file.Open());
        Dataset dataset = new(Read(file, zip, Features, NpyFormat.ReadFeatures), file.Path);
        if (Find(zip, Labels) is null)
            return dataset;
        IReadOnlyList<string> labels = Read(file, zip, Labels, array => array.ReadLabels());
        return dataset.WithLabels(labels, NameOf(file, Labels)) with { LabelSource = file.Path };
    }

    public RowValues ReadLabels(InputFile file, int? rows)
    {
        using ZipArchive zip = new(file.Open());
        return new RowValues(file.Path, Read(file, zip, Labels, array => array.ReadLabels()));
    }

    public ImageList ReadImages(InputFile file)
    {
        using ZipArchive zip = new(file.Open());

        // In an archive of images alone the array may have any name.
        string name = Find(zip, Features) is null && zip.Entries is [var only]
            ? Path.GetFileNameWithoutExtension(only.FullName)
            : Features;
        return Read(file, zip, name, array => ImageList.Read(array, file.Path));
    }

    private static string NameOf(InputFile file, string array) => $"{file.Path}, array {array}";

    private static ZipArchiveEntry? Find(ZipArchive zip, string name) => zip.GetEntry($"{name}.npy");

    private static T Read<T>(InputFile file, ZipArchive zip, string name, Func<StoredArray, T> read)
    {
        if (Find(zip, name) is not { } entry)
        {
            throw new DataException(
                $"{file.Path}: there is no array {name}; {DescribeEntries(zip)}. Save it as np.savez(file, X=features, y=labels).");
        }
        if (!IsIntact(entry))
            throw new DataException($"{file.Path}: array {name} is truncated or corrupt; make or fetch the file again.");
        using Stream stream = entry.Open();
        return read(NpyFormat.Open(stream, entry.Length, NameOf(file, name)));
    }

    private static string DescribeEntries(ZipArchive zip)
    {
        if (zip.Entries.Count == 0)
            return "the archive is empty";
        string names = string.Join(", ", zip.Entries.Take(MostNames).Select(entry => DataException.Quote(entry.FullName)));
        return $"there is {names}{(zip.Entries.Count > MostNames ? $" and {zip.Entries.Count - MostNames} more" : "")}";
    }

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
