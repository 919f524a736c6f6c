using System.IO.Compression;

namespace CertiFlip.Data.Tests.Support;

public static class Archive
{
    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        MemoryStream file = new();
        using (ZipArchive zip = new(file, ZipArchiveMode.Create))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }
        return file.ToArray();
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] entries) => Zip(CompressionLevel.Optimal, entries);

    public static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        MemoryStream file = new();
        using (GZipStream gzip = new(file, level))
            gzip.Write(content);
        return file.ToArray();
    }
}
