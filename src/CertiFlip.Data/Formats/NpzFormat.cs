using System.IO.Hashing;

namespace CertiFlip.Data.Formats;

/// <summary>Named NumPy arrays in a zip archive: X holds the features, y the labels.</summary>
internal sealed class NpzFormat : IArrayFormat
{
    private const string Features = "X";
    private const string Labels = "y";
    private const string Extension = ".npy";
    private const int MostNames = 10;

    /// <summary>Whether a file begins as a zip archive does, one with entries or one without.</summary>
    public static bool IsNpz(ReadOnlySpan<byte> start) => ZipDirectory.IsZip(start);

    public Dataset ReadDataset(InputFile file)
    {
        using Stream content = file.OpenAnywhere();
        ZipDirectory zip = Open(file, content);
        Dataset dataset = new(Read(file, zip, Features, NpyFormat.ReadFeatures), file.Path);
        if (Find(zip, Labels) is null)
            return dataset;
        IReadOnlyList<string> labels = Read(file, zip, Labels, array => array.ReadLabels());
        return dataset.WithLabels(labels, NameOf(file, Labels)) with { LabelSource = file.Path };
    }

    public RowValues ReadLabels(InputFile file, int? rows)
    {
        using Stream content = file.OpenAnywhere();
        ZipDirectory zip = Open(file, content);
        return new RowValues(file.Path, Read(file, zip, Labels, array => array.ReadLabels()));
    }

    public ImageList ReadImages(InputFile file)
    {
        using Stream content = file.OpenAnywhere();
        ZipDirectory zip = Open(file, content);

        // In an archive of images alone the array may have any name.
        string name = Find(zip, Features) is null && zip.Entries is [var only] ? ArrayName(only) : Features;
        return Read(file, zip, name, array => ImageList.Read(array, file.Path));
    }

    private static string NameOf(InputFile file, string array) => $"{file.Path}, array {array}";

    private static ZipDirectory Open(InputFile file, Stream content)
    {
        var zip = ZipDirectory.Read(content);
        HashSet<string> seen = [];
        foreach (ZipEntry entry in zip.Entries)
        {
            // NumPy reads the last of them, others read the first.
            if (!seen.Add(ArrayName(entry)))
                throw new DataException(
                    $"{file.Path}: two arrays in it are named {DataException.Quote(ArrayName(entry))}; save it again, each name once.");
        }

        return zip;
    }

    private static string ArrayName(ZipEntry entry) =>
        entry.Name.EndsWith(Extension, StringComparison.Ordinal) ? entry.Name[..^Extension.Length] : entry.Name;

    private static ZipEntry? Find(ZipDirectory zip, string name) => zip.Entries.FirstOrDefault(entry => entry.Name == name + Extension);

    private static T Read<T>(InputFile file, ZipDirectory zip, string name, Func<StoredArray, T> read)
    {
        if (Find(zip, name) is not { } entry)
        {
            if (ForeignFormat.OfArchive(zip) is { } kind)
                throw kind.Refusal(file.Path);
            throw new DataException(
                $"{file.Path}: there is no array {name}; {DescribeEntries(zip)}. Save it as np.savez(file, X=features, y=labels).");
        }

        if (entry.IsEncrypted)
            throw new DataException($"{file.Path}: array {name} is encrypted with a password; save it again without one.");
        if (!entry.CanBeOpened)
        {
            throw new DataException(
                $"{file.Path}: array {name} is compressed by {entry.MethodInWords}, which is not read; save it again with "
                + "np.savez_compressed or np.savez.");
        }

        if (!IsIntact(zip, entry, file.Budget))
            throw new DataException($"{file.Path}: array {name} is truncated or corrupt; make or fetch the file again.");
        using Stream stream = zip.Open(entry);
        return read(NpyFormat.Open(stream, entry.Length, NameOf(file, name), file.Budget));
    }

    private static string DescribeEntries(ZipDirectory zip)
    {
        if (zip.Entries.Count == 0)
            return "the archive is empty";
        string names = string.Join(", ", zip.Entries.Take(MostNames).Select(entry => DataException.Quote(entry.Name)));
        return $"there is {names}{(zip.Entries.Count > MostNames ? $" and {zip.Entries.Count - MostNames} more" : "")}";
    }

    // The archive gives for each entry its length and checksum, which no reader of archives holds it to.
    private static bool IsIntact(ZipDirectory zip, ZipEntry entry, ReadBudget budget)
    {
        using var stream = new CountedStream(zip.Open(entry), budget);
        byte[] buffer = new byte[1 << 16];
        Crc32 checksum = new();
        long length = 0;
        for (int read; length <= entry.Length && (read = stream.Read(buffer)) > 0; length += read)
            checksum.Append(buffer.AsSpan(0, read));
        return length == entry.Length && checksum.GetCurrentHashAsUInt32() == entry.Checksum;
    }
}
