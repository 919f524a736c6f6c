using System.Text;
using System.Text.RegularExpressions;

namespace CertiFlip.Data.Formats;

/// <summary>What a file is that no reader reads, found from its content, and what to do with it.</summary>
/// <param name="What">What it is, with its article.</param>
/// <param name="Advice">What to do.</param>
internal sealed partial record ForeignFormat(string What, string Advice)
{
    private const string SaveArrays = "save its arrays in Python with np.savez('data.npz', X=X, y=y)";
    private const string SaveTable = "save it as a table: in pandas, frame.to_csv('data.csv', index=False)";
    private const string SaveSheet = "save the sheet as CSV UTF-8";
    private const string OneImage = "a data set is an array of images: in NumPy, np.save('images.npy', images), n×height×width";

    // What unpickling may do, no reader should.
    private static readonly ForeignFormat Pickle = new(
        "a Python pickle (joblib's files are such, too)",
        $"only Python can open it, and that runs code in it: where you trust it, {SaveArrays}");

    private static readonly ForeignFormat Torch = new(
        "a PyTorch file", $"only Python can open it: where you trust it, load it with torch.load and {SaveArrays} of tensors as .numpy()");

    private static readonly ForeignFormat Hdf5 = new("an HDF5 file", $"open it with h5py and {SaveArrays}");
    private static readonly ForeignFormat Matlab = new(
        "a MATLAB file", $"open it with scipy.io.loadmat, or h5py from version 7.3, and {SaveArrays}");
    private static readonly ForeignFormat Office = new("a document of an office program", SaveSheet);
    private static readonly ForeignFormat Arrow = new("an Arrow or Feather file", $"open it with pandas.read_feather and {SaveTable}");

    // Binary files by the bytes that they begin with.
    private static readonly (int At, byte[] Magic, ForeignFormat Kind)[] Magics =
    [
        (0, [0x1F, 0x8B], new("a gzip file inside a compressed file", "unpack it once")),
        (0, [0x04, 0x22, 0x4D, 0x18], Packed("lz4", "unlz4")),
        (0, [.. "LZIP"u8], Packed("lzip", "lzip -d")),
        (0, [0x5D, 0, 0], Packed("lzma", "unlzma")),
        (0, [0x1F, 0x9D], Packed("compress", "uncompress")),
        (0, [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], Packed("7-Zip", "7z x")),
        (0, [.. "Rar!"u8, 0x1A, 0x07], Packed("RAR", "unrar x")),
        (0, [0xFF, 0x06, 0, 0, .. "sNaPpY"u8], Packed("snappy", "snzip -d")),
        (257, [.. "ustar"u8], new("a tar archive", "unpack it with tar -xf and name one of the files in it")),
        (0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], new("an Excel workbook (.xls) or another old Office document", SaveSheet)),
        (0, [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19], Torch),
        (0, [0x80, 2], Pickle),
        (0, [0x80, 3], Pickle),
        (0, [0x80, 4], Pickle),
        (0, [0x80, 5], Pickle),
        (0, [.. "ccopy_reg\n"u8], Pickle),
        (0, [.. "cnumpy"u8], Pickle),
        (0, [.. "(dp0\n"u8], Pickle),
        (0, [.. "(lp0\n"u8], Pickle),
        (0, [0x78, 0x01], Zlib),
        (0, [0x78, 0x9C], Zlib),
        (0, [0x78, 0xDA], Zlib),
        (0, [0x89, .. "HDF\r\n"u8, 0x1A, (byte)'\n'], Hdf5),
        (0, [.. "MATLAB 5"u8], Matlab),
        (0, [.. "MATLAB 7"u8], Matlab),
        (0, [.. "PAR1"u8], new("a Parquet file", $"open it with pandas.read_parquet and {SaveTable}")),
        (0, [.. "ARROW1"u8], Arrow),
        (0, [.. "FEA1"u8], Arrow),
        (0, [0xFF, 0xFF, 0xFF, 0xFF], new("a stream of Arrow's", $"open it with pyarrow.ipc and {SaveTable}")),
        (0, [.. "ORC"u8], new("an ORC file", $"open it with pandas.read_orc and {SaveTable}")),
        (0, [.. "Obj"u8, 1], new("an Avro file", $"open it with fastavro and {SaveTable}")),
        (0, [.. "SQLite format 3\0"u8], new("an SQLite database", "write the table with sqlite3 -header -csv FILE 'select …'")),
        (0, [.. "CDF"u8, 1], new("a netCDF file", $"open it with xarray and {SaveArrays}")),
        (0, [.. "CDF"u8, 2], new("a netCDF file", $"open it with xarray and {SaveArrays}")),
        (0, [.. "SIMPLE  ="u8], new("a FITS file", $"open it with astropy and {SaveArrays}")),
        (0, [.. "RDX"u8], RData),
        (0, [.. "RDA"u8], RData),
        (0, [.. "X\n\0\0"u8], RData),
        (0, [.. "<stata_dta>"u8], new("a Stata file", $"open it with pandas.read_stata and {SaveTable}")),
        (0, [.. "$FL2@"u8], new("an SPSS file", $"open it with pandas.read_spss and {SaveTable}")),
        (3, [0, 0, 0, 0, 0, .. "{\""u8], new("a file of safetensors", $"open it with safetensors.numpy.load_file and {SaveArrays}")),
        (0, [.. "GGUF"u8], new("a GGUF model", "name a file of data")),
        (0, [.. "CFMODEL\n"u8], new("a model that certiflip train or features fit wrote", "name it with --model or --map")),
        (0, [.. "%PDF-"u8], new("a PDF document", "save the table in it as CSV UTF-8")),
        (0, [.. "{\\rtf"u8], Office),
        (0, [0x89, .. "PNG"u8], new("a PNG image", OneImage)),
        (0, [0xFF, 0xD8, 0xFF], new("a JPEG image", OneImage)),
        (0, [.. "GIF8"u8], new("a GIF image", OneImage)),
        (0, [.. "II*\0"u8], new("a TIFF image", OneImage)),
        (0, [.. "MM\0*"u8], new("a TIFF image", OneImage)),
        (0, [.. "RIFF"u8], new("a single image or sound (RIFF)", OneImage)),
        (0, [.. "version https://git-lfs"u8], new("a pointer of Git LFS, not the data", "fetch the data with git lfs pull")),
    ];

    private static ForeignFormat Zlib => new("data compressed by zlib, such as a joblib file", Pickle.Advice);

    private static ForeignFormat RData => new("a file of R", "write the table in R with write.csv(data, 'data.csv', row.names = FALSE)");

    /// <summary>What the file is, if it is none that a reader reads.</summary>
    public static ForeignFormat? Of(InputFile file) => OfBinary(file) ?? OfText(file.Start);

    /// <summary>
    /// What the file is, if it is neither text nor anything that a reader reads. Texts and words may begin like a file
    /// of another format.
    /// </summary>
    public static ForeignFormat? OfBinary(InputFile file)
    {
        ReadOnlySpan<byte> start = file.Start;
        foreach ((int at, byte[] magic, ForeignFormat kind) in Magics)
        {
            if (start.Length > at && start[at..].StartsWith(magic) && (!IsWord(magic) || !LooksLikeText(file)))
                return kind;
        }

        return ZipDirectory.IsZip(start) ? OfZip(file) : null;
    }

    /// <summary>What an archive is.</summary>
    public static ForeignFormat? OfArchive(ZipDirectory zip)
    {
        bool Has(string name) => zip.Entries.Any(entry => entry.Name == name);
        bool HasUnder(string folder) => zip.Entries.Any(entry => entry.Name.StartsWith(folder, StringComparison.Ordinal));
        bool Ends(string end) => zip.Entries.Any(entry => entry.Name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

        if (HasUnder("xl/"))
            return new("an Excel workbook (.xlsx)", SaveSheet);
        if (Has("[Content_Types].xml") || HasUnder("word/") || HasUnder("ppt/") || Has("mimetype"))
            return Office;
        if (Ends("data.pkl") || HasUnder("archive/"))
            return Torch;
        if (Has("indices.npy") && Has("indptr.npy") || Has("row.npy") && Has("col.npy") || Has("offsets.npy") && Has("data.npy"))
        {
            return new(
                "a sparse matrix of SciPy's",
                "save it dense: np.savez('data.npz', X=scipy.sparse.load_npz(file).toarray(), y=y)");
        }

        if (Ends(".h5") || Has("config.json"))
            return new("a Keras model", "name a file of data");
        if (Ends(".npy"))
            return null;
        ZipEntry? data = zip.Entries.FirstOrDefault(entry => InputFile.ExtensionOf(entry.Name) is ".csv" or ".tsv" or ".txt" or ".npz");
        if (data is null && zip.Entries.Count == 0)
            return null;
        return new("a zip archive without NumPy arrays in it", data is null
            ? "unpack it and name a file of data"
            : $"unpack it with unzip and name {DataException.Quote(data.Name)}");
    }

    /// <summary>Whether a text begins as JSON does: an array, or an object with a name in it.</summary>
    public static bool IsJson(ReadOnlySpan<byte> start) =>
        TextStart(start) is var text && (JsonList().IsMatch(text) || JsonObject().IsMatch(text));

    /// <summary>Whether a text begins as a JSON array does.</summary>
    public static bool IsJsonArray(ReadOnlySpan<byte> start) => JsonList().IsMatch(TextStart(start));

    /// <summary>Whether a text begins as a file of libsvm's does.</summary>
    public static bool IsSparse(ReadOnlySpan<byte> start) => LibSvm().IsMatch(TextStart(start));

    /// <summary>The refusal of a file.</summary>
    /// <param name="path">The file.</param>
    public DataException Refusal(string path) => new($"{path}: this is {What}, which is not read; {Advice}.");

    /// <summary>Whether the first column of a table could be named like this.</summary>
    private static bool IsWord(byte[] magic) => magic.Length < 8 && Array.TrueForAll(magic, b => char.IsAsciiLetterOrDigit((char)b));

    private static bool LooksLikeText(InputFile file) =>
        file.Extension is ".csv" or ".tsv" or ".txt" && !file.Start.ContainsAnyInRange((byte)0, (byte)8);

    private static ForeignFormat? OfZip(InputFile file)
    {
        using Stream content = file.OpenAnywhere();
        return OfArchive(ZipDirectory.Read(content)) ?? new("an archive of NumPy arrays (.npz)", "name a file of text");
    }

    /// <summary>Text in another format than a table, and what is no text.</summary>
    private static ForeignFormat? OfText(ReadOnlySpan<byte> start)
    {
        Encoding? encoding = TextEncoding.OfMark(start);
        if (encoding is null && TextEncoding.OfZeros(start) is { } wide)
        {
            string name = wide.WebName.ToUpperInvariant();
            if (!name.EndsWith("BE", StringComparison.Ordinal))
                name += "LE";
            return new($"text in {name} without a byte order mark",
                $"save it in UTF-8: iconv -f {name} -t UTF-8 FILE; of a raw table, --encoding {name} names it");
        }

        if (encoding is null && start.Contains((byte)0))
        {
            return new(
                "a binary file of an unknown kind", "files that are read are .npz, .npy, IDX, .csv and .tsv, and .gz of these");
        }

        string text = TextStart(start);
        if (text.StartsWith('<'))
        {
            return Html().IsMatch(text)
                ? new("a web page (HTML)", "the address was probably that of a page about the data; fetch the data themselves")
                : Xml().IsMatch(text) ? new("an XML file", SaveTable) : null;
        }

        if (JsonList().IsMatch(text))
            return new("a JSON file", $"open it with pandas.read_json and {SaveTable}");
        if (JsonObject().IsMatch(text))
        {
            return new(
                "a file of JSON (one object in each line is JSON Lines)",
                $"open it with pandas.read_json(file, lines=True) and {SaveTable}");
        }

        if (Arff().IsMatch(text))
            return new("an ARFF file", $"open it with scipy.io.arff.loadarff and {SaveTable}");
        return LibSvm().IsMatch(text)
            ? new(
                "a file of libsvm's",
                "save it dense: X, y = sklearn.datasets.load_svmlight_file(file); np.savez('data.npz', X=X.toarray(), y=y)")
            : null;
    }

    /// <summary>How a text begins, without blanks. Not strict: it may end within a character.</summary>
    private static string TextStart(ReadOnlySpan<byte> start) =>
        Encoding.GetEncoding((TextEncoding.OfMark(start) ?? Encoding.Latin1).CodePage).GetString(start)
            .TrimStart('\uFEFF', ' ', '\t', '\r', '\n');

    private static ForeignFormat Packed(string by, string command) =>
        new($"a file compressed by {by}",
            $"unpack it with {command}; of compressed files .gz, .bz2, .xz, .zst, .zip of one file and .npz are read");

    [GeneratedRegex(@"^<(!doctype html|html|head|body)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Html();

    [GeneratedRegex(@"^<(\?xml|!--|!doctype|[a-z][a-z0-9:_-]*[ >/])", RegexOptions.IgnoreCase)]
    private static partial Regex Xml();

    [GeneratedRegex(@"^\[\s*([\[{\]]|""[^""]*""\s*[,\]]|-?[0-9.eE+-]+\s*[,\]])")]
    private static partial Regex JsonList();

    [GeneratedRegex(@"^\{\s*(""[^""]*""\s*:|\})")]
    private static partial Regex JsonObject();

    [GeneratedRegex(@"^(%[^\n]*\n\s*)*@relation\b", RegexOptions.IgnoreCase)]
    private static partial Regex Arff();

    [GeneratedRegex(@"^(#[^\n]*\n\s*)*[+-]?[0-9.]+([eE][+-]?[0-9]+)?(,[0-9]+)*([ \t]+qid:[0-9]+)?[ \t]+[0-9]+:[-+0-9.eE]+([ \t\r\n]|$)")]
    private static partial Regex LibSvm();
}
