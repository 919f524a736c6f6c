using System.Formats.Tar;
using System.IO.Compression;
using CertiFlip.Data;
using CertiFlip.Onnx.Tests.Support;

namespace CertiFlip.Onnx.Tests;

/// <summary>Folders, archives and lists of images as tables.</summary>
public sealed class ImageFolderTests : IDisposable
{
    private static readonly string[] Paths = ["cat/10.png", "cat/9.png", "dog/a b.png", "dog/deep.PNG"];
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Kinds => ["images", "images.zip", "images.tar", "images.tar.gz", "images.tgz"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Subfolders_are_classes_and_rows_are_in_the_order_of_paths(string kind)
    {
        string path = Write(kind, Paths);
        Assert.True(ImageFolder.Recognises(path));
        Table table = ImageFolder.Read(path);
        Assert.Equal(Paths, Texts(table, "path"));
        Assert.Equal(["cat", "cat", "dog", "dog"], Texts(table, "label"));
        AssertPictures(table, Paths);
        Assert.Equal($"{path}/cat/10.png", ((ImageColumn)table.Find("image")!).Values[0].Name);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_folder_around_all_is_no_class_and_hidden_files_are_passed_over(string kind)
    {
        string[] paths = [.. Paths.Select(path => $"pets/{path}")];
        Table table = ImageFolder.Read(
            Write(kind, [.. paths, "pets/.DS_Store", "__MACOSX/pets/cat/._9.png", "pets/Thumbs.db", "pets/README.md"]));
        Assert.Equal(paths, Texts(table, "path"));
        Assert.Equal(["cat", "cat", "dog", "dog"], Texts(table, "label"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Images_without_subfolders_have_no_labels(string kind)
    {
        Table table = ImageFolder.Read(Write(kind, "b.png", "a.png"));
        Assert.Equal(["path", "image"], table.Columns.Select(column => column.Name));
        Assert.Equal(["a.png", "b.png"], Texts(table, "path"));
    }

    [Theory]
    [InlineData("images.zip")]
    [InlineData("images.tar")]
    [InlineData("images.tar.gz")]
    public void One_folder_of_an_archive_is_taken_by_its_name(string kind)
    {
        string[] train = [.. Paths.Select(path => $"pets/train/{path}")];
        string path = Write(kind, [.. train, "pets/test/cat/1.png", "pets/test/dog/1.png"]);
        foreach (string part in new[] { "#train", "#pets/train", "#train/" })
        {
            Table table = ImageFolder.Read(path + part);
            Assert.Equal(train, Texts(table, "path"));
            Assert.Equal(["cat", "cat", "dog", "dog"], Texts(table, "label"));
        }

        Assert.False(ImageFolder.Recognises(path + "#validation"));
        Assert.Contains("there are folders test and train in it; name one of them at a time: ",
            Assert.Throws<DataException>(() => ImageFolder.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_that_is_no_image_is_refused_by_name(string kind)
    {
        string path = Write(kind, [.. Paths, "dog/notes.docx"]);
        Assert.Contains("'dog/notes.docx' is not named like an image",
            Assert.Throws<DataException>(() => ImageFolder.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_outside_of_the_subfolders_is_refused() =>
        Assert.Contains("'loose.png' is in no subfolder and others are",
            Assert.Throws<DataException>(() => ImageFolder.Read(Write("images", [.. Paths, "loose.png"]))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_archive_packed_by_xz_is_read()
    {
        string path = Repository.File("test", "Support", "reviews.tar.xz");
        Assert.Contains(".txt' is not named like an image", Assert.Throws<DataException>(() => ImageFolder.Read(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_paths_is_read_from_its_own_folder()
    {
        Write("images", Paths);
        string list = _folder.Write("list.txt", "images/dog/a b.png\r\nimages/cat/9.png\n\n");
        Assert.True(ImageFolder.Recognises(list));
        Table table = ImageFolder.Read(list);
        Assert.Equal(["images/dog/a b.png", "images/cat/9.png"], Texts(table, "path"));
        AssertPictures(table, ["dog/a b.png", "cat/9.png"]);
        _folder.Write("list.txt", "images/cat/9.png\nimages/none.png\n");
        Assert.Contains("row 1 (from 0) names 'images/none.png', and there is no such file",
            Assert.Throws<DataException>(() => ImageFolder.Read(list)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_refused_and_not_recognised()
    {
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Contains("there are no images", Refusal(_folder["empty"]), StringComparison.Ordinal);
        Assert.Contains("there is no such file or folder", Refusal(_folder["none"]), StringComparison.Ordinal);
        foreach (string name in new[] { "a.zip", "a.tar.gz", "a.tar.xz", "a.tar" })
        {
            string path = _folder.Write(name, "this is no archive, whatever its name may say to those who read it");
            Assert.StartsWith(path, Refusal(path), StringComparison.Ordinal);
            Assert.False(ImageFolder.Recognises(path));
        }

        Assert.False(ImageFolder.Recognises(_folder.Write("words.txt", "a text\n")));
    }

    private static string Refusal(string path) => Assert.Throws<DataException>(() => ImageFolder.Read(path)).Message;

    private static IReadOnlyList<string?> Texts(Table table, string name) => ((TextColumn)table.Find(name)!).Values;

    /// <summary>Each picture is the one that was written under its path.</summary>
    private static void AssertPictures(Table table, string[] paths)
    {
        IReadOnlyList<StoredImage> images = ((ImageColumn)table.Find("image")!).Values;
        for (int row = 0; row < paths.Length; row++)
        {
            using Stream stream = images[row].Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            Assert.Equal(Content(paths[row]), content.ToArray());
        }
    }

    private static byte[] Content(string path) => Pictures.Make(3, 3, path.Length + path[^5]);

    private string Write(string kind, params string[] paths)
    {
        string target = _folder[kind];
        if (kind.EndsWith(".zip", StringComparison.Ordinal))
        {
            using ZipArchive zip = ZipFile.Open(target, ZipArchiveMode.Create);
            foreach (string path in paths)
            {
                using Stream entry = zip.CreateEntry(path).Open();
                entry.Write(Content(path));
            }
        }
        else if (kind.Contains(".t", StringComparison.Ordinal))
        {
            using FileStream file = File.Create(target);
            using Stream packed = kind.EndsWith("gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
            using var tar = new TarWriter(packed);
            foreach (string path in paths)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Content(path)) });
        }
        else
        {
            foreach (string path in paths)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(target, path))!);
                File.WriteAllBytes(Path.Combine(target, path), Content(path));
            }
        }

        return target;
    }
}
