using System.Text;
using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

/// <summary>Files that are something else: the message says what, and what to do.</summary>
public sealed class ForeignFormatTests : IDisposable
{
    private static readonly byte[] Array = NpyBytes.Doubles(1, 1, 1);
    private readonly TestFolder _folder = new();

    public static TheoryData<string, string, string> Binaries => new()
    {
        { "\u0004\"M\u0018d", "compressed by lz4", "unlz4" },
        { "7z\u00BC\u00AF'\u001C\0", "compressed by 7-Zip", "7z x" },
        { "Rar!\u001A\u0007\u0001", "compressed by RAR", "unrar" },
        { "\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1", "Excel workbook (.xls)", "CSV UTF-8" },
        { "\u0080\u0004\u0095\u0010", "pickle", "np.savez" },
        { "\u0080\u0002\u008A\nl\u00FC\u009CF\u00F9 j\u00A8P\u0019.", "PyTorch", "torch.load" },
        { "x\u009C\u0001\u0002", "zlib", "np.savez" },
        { "\u0089HDF\r\n\u001A\n", "HDF5", "h5py" },
        { "MATLAB 5.0 MAT-file, Platform: GLNXA64", "MATLAB", "scipy.io.loadmat" },
        { "MATLAB 7.3 MAT-file, Platform: GLNXA64", "MATLAB", "h5py" },
        { "PAR1\u0015\u0004\0", "Parquet", "pandas.read_parquet" },
        { "ARROW1\0\0", "Arrow or Feather", "pandas.read_feather" },
        { "FEA1\0\0", "Arrow or Feather", "pandas.read_feather" },
        { "ORC\u0008\u0003", "ORC", "pandas.read_orc" },
        { "SQLite format 3\0", "SQLite", "sqlite3" },
        { "%PDF-1.7\n", "PDF", "CSV UTF-8" },
        { "\u0089PNG\r\n\u001A\n", "PNG image", "n×height×width" },
        { "\u00FF\u00D8\u00FF\u00E0", "JPEG image", "n×height×width" },
        { "\u0040\0\0\0\0\0\0\0{\"X\":{", "safetensors", "np.savez" },
        { "CFMODEL\n\u0001\0\0\0", "certiflip", "--model" },
        { "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS", "git lfs pull" },
    };

    public static TheoryData<string, string, string> Texts => new()
    {
        { "<!DOCTYPE html>\n<html lang=\"en\">", "web page", "fetch the data" },
        { "\n <html><body>404</body></html>", "web page", "fetch the data" },
        { "<?xml version=\"1.0\"?><rows/>", "XML", "to_csv" },
        { "{\"text\": \"hello\", \"label\": \"ham\"}\n{\"text\": \"win\"}\n", "JSON Lines", "pandas.read_json" },
        { "[{\"a\": 1}]", "JSON", "pandas.read_json" },
        { "[[1, 2], [3, 4]]", "JSON", "pandas.read_json" },
        { "% a comment\n@RELATION iris\n@ATTRIBUTE a NUMERIC\n", "ARFF", "loadarff" },
        { "+1 1:0.5 3:2e-3\n-1 2:1\n", "libsvm", "load_svmlight_file" },
        { "a\0,\0b\0\n\0" + "1\0,\0002\0\n\0", "UTF-16LE", "iconv -f UTF-16LE" },
        { "\0a\0,\0b\0\n\0" + "1\0,\0002\0\n", "UTF-16BE", "UTF-8" },
        { "a\0\0\0,\0\0\0b\0\0\0\n\0\0\0", "UTF-32LE", "UTF-8" },
        { "abc\u0001\0\u0002def", "binary file of an unknown kind", ".npz" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Binaries))]
    public void A_binary_file_is_named_by_every_reader_whatever_its_name(string content, string what, string advice)
    {
        foreach (string name in (string[])["x.bin", "x.csv", "x.tsv", "x.txt", "x.npy", "x.npz"])
        {
            string path = _folder.Write(name, Encoding.Latin1.GetBytes(content));
            Refusal.OfDataset(path, what, advice);
            Refusal.OfLabels(path, what, advice);
            Refusal.Of(() => TextListReader.Read(path), path, what, advice);
            Refusal.Of(() => ImageReader.Read(path), path, what, advice);
            Refusal.Of(() => WordVectorReader.Read(path), path, what, advice);
        }

        Refusal.OfDataset(_folder.Write("x.csv.gz", Archive.Gzip(Encoding.Latin1.GetBytes(content))), what, advice);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_of_another_format_is_named_by_readers_of_numbers(string content, string what, string advice)
    {
        foreach (string name in (string[])["x.bin", "x.csv", "x.json"])
        {
            string path = _folder.Write(name, Encoding.Latin1.GetBytes(content));
            Refusal.OfDataset(path, what, advice);
            Refusal.OfLabels(path, what, advice);
            Refusal.Of(() => ImageReader.Read(path), path, what, advice);
        }
    }

    [Theory]
    [InlineData("Excel workbook (.xlsx)", "[Content_Types].xml", "xl/workbook.xml")]
    [InlineData("office program", "[Content_Types].xml", "word/document.xml")]
    [InlineData("office program", "mimetype", "content.xml")]
    [InlineData("PyTorch", "model/data.pkl", "model/data/0")]
    [InlineData("SciPy", "data.npy", "indices.npy", "indptr.npy", "format.npy", "shape.npy")]
    [InlineData("SciPy", "data.npy", "row.npy", "col.npy", "format.npy", "shape.npy")]
    [InlineData("Keras", "config.json", "metadata.json", "model.weights.h5")]
    [InlineData("name 'train.csv'", "train.csv", "test.csv")]
    [InlineData("zip archive without NumPy arrays", "photo.jpg", "photo2.jpg")]
    public void An_archive_is_named_by_what_is_in_it(string what, params string[] entries)
    {
        byte[] zip = Archive.Zip([.. entries.Select(entry => (entry, Array))]);
        foreach (string name in (string[])["x.npz", "x.csv", "x.pt"])
        {
            string path = _folder.Write(name, zip);
            Refusal.OfDataset(path, what);
            Refusal.OfLabels(path, what);
            Refusal.Of(() => TextListReader.Read(path), path, what);
            Refusal.Of(() => WordVectorReader.Read(path), path, what);
        }
    }

    [Theory]
    [InlineData("PAR1,PAR2,label\n1,2,x\n")]
    [InlineData("FEA1,FEA2,label\n1,2,x\n")]
    [InlineData("ORC,HOBBIT,label\n1,2,x\n")]
    [InlineData("[a],{b},label\n1,2,x\n")]
    [InlineData("<5,>5,label\n1,2,x\n")]
    public void A_table_may_have_columns_named_like_formats(string text) =>
        Assert.Equal([1, 2], DatasetReader.Read(_folder.Write("x.csv", text)).Features.Values.ToArray());

    [Fact]
    public void Texts_may_begin_like_another_format() =>
        Assert.Equal(["{\"a\": 1}", "<html>"], TextListReader.Read(_folder.Write("x.txt", "{\"a\": 1}\n<html>\n")));
}
