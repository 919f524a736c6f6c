using System.IO.Compression;
using CertiFlip.Data;
using SharpCompress.Common;
using SharpCompress.Compressors.Xz;

namespace CertiFlip.Onnx;

/// <summary>
/// Images in a folder, an archive or a list, as a table: columns <c>path</c> and <c>image</c>, and <c>label</c> where
/// images are in subfolders.
/// </summary>
/// <remarks>
/// In a folder or an archive (<c>.zip</c>, <c>.tar</c>, <c>.tar.gz</c>, <c>.tar.xz</c>), the images of each subfolder
/// are a class of its name, and rows are in the order of their paths. <c>ARCHIVE#FOLDER</c> is one folder of an
/// archive, such as <c>images.tar#train</c>. A folder around all others is passed over, and so are hidden files; a file
/// that is no image is refused. A list has a path on each line (<c>.txt</c>); the paths are from the list's own folder.
/// </remarks>
public static class ImageFolder
{
    private const string Label = "label", PathName = "path", Image = "image";

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".ico",
    };

    private static readonly HashSet<string> Splits =
        new(StringComparer.OrdinalIgnoreCase) { "train", "test", "val", "valid", "validation" };
    private static readonly string[] Tars = [".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz"];

    // Written by systems and by those who collect images, and nobody's picture.
    private static readonly HashSet<string> Notes = new(StringComparer.OrdinalIgnoreCase)
    {
        "Thumbs.db", "desktop.ini", "manifest.csv", "labels.csv", "LICENSE", "LICENSE.txt", "README", "README.md", "README.txt",
    };

    /// <summary>Whether a name is that of an image, by its extension.</summary>
    /// <param name="path">The name.</param>
    public static bool IsImage(string path) => Extensions.Contains(Path.GetExtension(path));

    /// <summary>Whether a path is a folder of images, an archive of images, or a list of paths of images.</summary>
    /// <param name="path">The path.</param>
    /// <returns>False also where the path cannot be read: who reads it then says why.</returns>
    public static bool Recognises(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            (string file, string? part) = Parted(path);
            if (Directory.Exists(file))
                return Directory.EnumerateFiles(file, "*", SearchOption.AllDirectories).Any(IsImage);
            if (IsArchive(file))
                return In(Archived(file), part).Any(image => IsImage(image.Path));
            return path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)
                && File.ReadLines(path).FirstOrDefault(line => line.Length > 0) is { } first && IsImage(first.Trim());
        }
        catch (Exception e) when (e is DataException || IsFault(e))
        {
            return false;
        }
    }

    /// <summary>Reads the names of images; the images themselves are read when they are needed.</summary>
    /// <param name="path">A folder, an archive, or a list of paths.</param>
    /// <param name="hasClasses">Whether subfolders are classes; where not, images may be in any folder.</param>
    /// <returns>At least one row.</returns>
    /// <exception cref="DataException">
    /// It cannot be read, there are no images in it, a file is no image, or some images are in subfolders and others
    /// are not.
    /// </exception>
    public static Table Read(string path, bool hasClasses = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            (string file, string? part) = Parted(path);
            if (Directory.Exists(file))
                return TableOf(path, Files(file), hasClasses, isWhole: false);
            return IsArchive(file)
                ? TableOf(path, In(Archived(file), part), hasClasses, isWhole: part is null)
                : OfPaths(path, File.ReadAllLines(path));
        }
        catch (Exception e) when (IsFault(e))
        {
            throw new DataException(e is FileNotFoundException or DirectoryNotFoundException
                ? $"{path}: there is no such file or folder; expected a folder of images, an archive of images or a list of paths."
                : $"{path}: the images cannot be listed: {e.Message}", e);
        }
    }

    /// <summary>Images by their paths, such as those of a table's column.</summary>
    /// <param name="list">The file that the paths are in, as messages name it; paths are from its folder.</param>
    /// <param name="paths">n paths.</param>
    /// <returns>n images.</returns>
    /// <exception cref="DataException">There is no such image; the message names the row.</exception>
    public static IReadOnlyList<StoredImage> OfColumn(string list, IReadOnlyList<string?> paths)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(paths);
        string folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        var images = new StoredImage[paths.Count];
        for (int row = 0; row < images.Length; row++)
        {
            if (paths[row] is not { Length: > 0 } written)
                throw new DataException($"{list}: row {row} (from 0) has no path of an image.");
            string file = Path.Combine(folder, written.Replace('\\', '/'));
            if (!File.Exists(file))
                throw new DataException(
                    $"{list}: row {row} (from 0) names {DataException.Quote(written)}, and there is no such file in {folder}.");
            images[row] = new StoredImage(file, () => File.OpenRead(file));
        }

        return images;
    }

    private static Table OfPaths(string path, string[] lines)
    {
        string[] paths = [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0)];
        if (paths.Length == 0)
            throw new DataException($"{path}: there are no paths in this list; expected one on each line.");
        return new Table(path, [new TextColumn(PathName, paths), new ImageColumn(Image, OfColumn(path, paths))]);
    }

    /// <param name="source">What messages call it.</param>
    /// <param name="all">The files.</param>
    /// <param name="hasClasses">Whether subfolders are classes.</param>
    /// <param name="isWhole">
    /// Whether these are all files of an archive, where one folder around all is no class.
    /// </param>
    private static Table TableOf(
        string source, IEnumerable<(string Path, Func<Stream> Open)> all, bool hasClasses, bool isWhole)
    {
        (string Path, Func<Stream> Open)[] files =
            [.. all.Where(file => !IsHidden(file.Path)).OrderBy(file => file.Path, StringComparer.Ordinal)];
        string? stranger = files.Select(file => file.Path)
            .FirstOrDefault(path => !IsImage(path) && !Notes.Contains(Path.GetFileName(path)));
        if (stranger is not null)
        {
            throw new DataException($"{source}: {DataException.Quote(stranger)} is not named like an image; images are "
                + $"{string.Join(", ", Extensions)}. Convert it, or move it out of the images.");
        }

        files = [.. files.Where(file => IsImage(file.Path))];
        if (files.Length == 0)
            throw new DataException($"{source}: there are no images; expected files such as cat/1.jpg, whose folder is their class.");

        List<TableColumn> columns = [new TextColumn(PathName, [.. files.Select(file => file.Path)])];
        if (hasClasses && LabelsOf(source, [.. files.Select(file => file.Path)], isWhole) is { } labels)
            columns.Add(new TextColumn(Label, labels));
        columns.Add(new ImageColumn(Image, [.. files.Select(file => new StoredImage($"{source}/{file.Path}", file.Open))]));
        return new Table(source, columns);
    }

    /// <summary>The folders of images below what all are in; null where there are none.</summary>
    private static string[]? LabelsOf(string source, string[] paths, bool isWhole)
    {
        int depth = 0;
        string[][] parts = [.. paths.Select(path => path.Split('/'))];
        while (parts.All(part => part.Length > depth + 2 && part[depth] == parts[0][depth]))
            depth++;
        string[] labels = [.. parts.Select(part => part.Length > depth + 1 ? string.Join('/', part[depth..^1]) : "")];
        if (labels.Any(label => label.Length == 0) && labels.Any(label => label.Length > 0))
        {
            int loose = Array.FindIndex(labels, label => label.Length == 0);
            throw new DataException($"{source}: {DataException.Quote(paths[loose])} is in no subfolder and others are; the class "
                + "of an image is the name of its subfolder. Move it into one.");
        }

        string[] tops = [.. labels.Select(label => label.Split('/')[0]).Distinct()];
        if (tops.Length > 1 && tops.All(Splits.Contains) && labels.Any(label => label.Contains('/', StringComparison.Ordinal)))
        {
            throw new DataException($"{source}: there are folders {string.Join(" and ", tops)} in it; name one of them at a time: "
                + $"{source}{(isWhole ? '#' : '/')}{string.Join('/', [.. parts[0][..depth], tops[^1]])}.");
        }

        return labels[0].Length == 0 || isWhole && labels.All(label => label == labels[0]) ? null : labels;
    }

    /// <summary>A path, and the folder of an archive that stands after it.</summary>
    private static (string File, string? Part) Parted(string path) =>
        !Path.Exists(path) && path.LastIndexOf('#') is > 0 and var at && IsArchive(path[..at])
            ? (path[..at], path[(at + 1)..].Trim('/'))
            : (path, null);

    /// <summary>
    /// The files in a folder of an archive, where one that is around all may be left out of its path.
    /// </summary>
    private static IEnumerable<(string Path, Func<Stream> Open)> In(List<(string Path, Func<Stream> Open)> files, string? part) =>
        part is null ? files : files.Where(file => file.Path.StartsWith($"{part}/", StringComparison.Ordinal)
            || file.Path.IndexOf('/') is > 0 and var top && file.Path[(top + 1)..].StartsWith($"{part}/", StringComparison.Ordinal));

    private static bool IsFault(Exception e) =>
        e is IOException or UnauthorizedAccessException or InvalidDataException or SharpCompressException or FormatException
            or OverflowException or ArgumentException or NotSupportedException;

    private static bool IsHidden(string path) =>
        path.Split('/').Any(part => part.StartsWith('.') || part is "__MACOSX" or "@eaDir");

    private static IEnumerable<(string Path, Func<Stream> Open)> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(folder, file).Replace('\\', '/'), (Func<Stream>)(() => File.OpenRead(file))));

    private static bool IsArchive(string path)
    {
        string name = path.ToLowerInvariant();
        return File.Exists(path) && (name.EndsWith(".zip", StringComparison.Ordinal) || IsTar(name));
    }

    private static bool IsTar(string name) => Array.Exists(Tars, end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    private static List<(string Path, Func<Stream> Open)> Archived(string path) => IsTar(path) ? InTar(path) : InZip(path);

    private static List<(string Path, Func<Stream> Open)> InZip(string path)
    {
        List<(string, Func<Stream>)> files = [];
        using ZipArchive archive = ZipFile.OpenRead(path);
        long size = new FileInfo(path).Length;
        foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => !entry.FullName.EndsWith('/')))
        {
            string name = entry.FullName;
            long length = entry.Length;
            files.Add((name, () =>
            {
                ReaderOptions.Current.ThrowIfTooLarge($"{path}/{name}", size, length);
                using ZipArchive again = ZipFile.OpenRead(path);
                return Copied(again.GetEntry(name)!.Open(), length);
            }
            ));
        }

        return files;
    }

    /// <summary>
    /// The files of a tar archive: in their place where it is not compressed, and in memory where it is, because there
    /// is no way to a file but through all before it.
    /// </summary>
    private static List<(string Path, Func<Stream> Open)> InTar(string path)
    {
        List<(string, Func<Stream>)> files = [];
        bool isPlain = path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);
        using FileStream file = File.OpenRead(path);
        using Stream content = isPlain ? file
            : path.EndsWith("gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress)
            : new XZStream(file);
        using var archive = new System.Formats.Tar.TarReader(content);
        long unpacked = 0;
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || entry.EntryType is not (System.Formats.Tar.TarEntryType.RegularFile
                or System.Formats.Tar.TarEntryType.V7RegularFile))
            {
                continue;
            }

            string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (isPlain)
            {
                (long at, long length) = (entry.DataOffset, entry.Length);
                files.Add((name, () => Piece(path, at, length)));
            }
            else
            {
                unpacked += entry.Length;
                ReaderOptions.Current.ThrowIfTooLarge(path, file.Length, unpacked);
                byte[] bytes = new byte[entry.Length];
                entry.DataStream.ReadExactly(bytes);
                files.Add((name, () => new MemoryStream(bytes, writable: false)));
            }
        }

        return files;
    }

    private static MemoryStream Piece(string path, long at, long length)
    {
        using FileStream file = File.OpenRead(path);
        file.Position = at;
        byte[] bytes = new byte[length];
        file.ReadExactly(bytes);
        return new MemoryStream(bytes, writable: false);
    }

    private static MemoryStream Copied(Stream stream, long length)
    {
        using (stream)
        {
            byte[] bytes = new byte[length];
            stream.ReadExactly(bytes);
            return new MemoryStream(bytes, writable: false);
        }
    }
}
