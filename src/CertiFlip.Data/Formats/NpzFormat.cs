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
        NumberRows rows = Read(file, zip, file.Part ?? Features, NpyFormat.ReadRows);
        Dataset dataset = new(rows.Features, file.Path) { RowShape = rows.RowShape };
        if (file.Part is not null || Find(zip, Labels) is null)
            return dataset;
        IReadOnlyList<string> labels = Read(file, zip, Labels, array => array.ReadLabels());
        return dataset.WithLabels(labels, NameOf(file, Labels)) with { LabelSource = file.Path };
    }

    public RowValues ReadLabels(InputFile file, int? rows)
    {
        using Stream content = file.OpenAnywhere();
        ZipDirectory zip = Open(file, content);
        return new RowValues(file.Path, Read(file, zip, file.Part ?? Labels, array => array.ReadLabels()));
    }

    public NumberRows ReadRows(InputFile file) => ReadRows(file, file.Part ?? Features);

    /// <summary>Reads an array as rows of numbers.</summary>
    public static NumberRows ReadRows(InputFile file, string name)
    {
        using Stream content = file.OpenAnywhere();
        return Read(file, Open(file, content), name, NpyFormat.ReadRows);
    }

    /// <summary>Reads an array as labels.</summary>
    public static IReadOnlyList<string> ReadLabels(InputFile file, string name)
    {
        using Stream content = file.OpenAnywhere();
        return Read(file, Open(file, content), name, array => array.ReadLabels());
    }

    /// <summary>The names of the arrays.</summary>
    /// <exception cref="DataException">There is none, or this is an archive of something else.</exception>
    public static IReadOnlyList<string> Names(InputFile file)
    {
        using Stream content = file.OpenAnywhere();
        ZipDirectory zip = Open(file, content);
        string[] names = [.. zip.Entries.Where(entry => entry.Name.EndsWith(Extension, StringComparison.Ordinal)).Select(ArrayName)];
        return names.Length == 0 || (ForeignFormat.OfArchive(zip) is not null && !IsSparse(names))
            ? throw (ForeignFormat.OfArchive(zip)?.Refusal(file.Path) ?? new DataException($"{file.Path}: {InWords(names)}."))
            : names;
    }

    /// <summary>Whether arrays of these names are a sparse matrix of SciPy's.</summary>
    public static bool IsSparse(IReadOnlyCollection<string> names) =>
        names.Contains("data") && names.Contains("shape")
        && (names.Contains("indices") && names.Contains("indptr") || names.Contains("row") && names.Contains("col"));

    /// <summary>
    /// Reads a sparse matrix as SciPy's save_npz writes it: by rows (CSR), by columns (CSC) or by places (COO).
    /// </summary>
    /// <exception cref="DataException">It is in another layout, damaged, or too large where it is dense.</exception>
    public static FeatureMatrix ReadSparse(InputFile file)
    {
        using Stream content = file.OpenAnywhere();
        ZipDirectory zip = Open(file, content);
        string layout = Read(file, zip, "format", array => array.ReadScalar());
        int[] shape = Integers("shape");
        double[] values = [.. Read(file, zip, "data", array => array.ReadNumbers())];
        DataException Damaged(string why) => new($"{file.Path}: the sparse matrix is damaged: {why}; save it again.");
        if (shape is not [> 0 and var rows, > 0 and var columns])
            throw Damaged("its shape is not that of rows and columns");
        (int[] rowOf, int[] columnOf) = layout switch
        {
            "csr" => (Spread(rows), Integers("indices")),
            "csc" => (Integers("indices"), Spread(columns)),
            "coo" => (Integers("row"), Integers("col")),
            _ => throw new DataException(
                $"{file.Path}: this is a sparse matrix in SciPy's layout {DataException.Quote(layout)}; csr, csc and coo are read: save "
                + "matrix.tocsr()."),
        };
        if (rowOf.Length != values.Length || columnOf.Length != values.Length)
            throw Damaged("there are more or fewer values than places");
        var dense = new SparseRows(file.Path, file.Budget);
        for (int i = 0; i < values.Length; i++)
        {
            if (rowOf[i] < 0 || rowOf[i] >= rows || columnOf[i] < 0 || columnOf[i] >= columns)
                throw Damaged($"value {i} is outside of {rows} × {columns}");
            dense.Add(rowOf[i], columnOf[i], values[i]);
        }

        return dense.ToMatrix(rows, columns, first: 0);

        int[] Integers(string name) =>
        [
            .. Read(file, zip, name, array => array.ReadNumbers()).Select(number => number is >= int.MinValue and <= int.MaxValue
                ? (int)number
                : throw Damaged($"{name} has {number}")),
        ];

        // For each value, which row or column it is in.
        int[] Spread(int lines)
        {
            int[] ends = Integers("indptr");
            if (ends.Length != lines + 1 || ends[0] != 0 || ends[^1] != values.Length)
                throw Damaged("indptr does not fit its shape and data");
            int[] all = new int[values.Length];
            for (int line = 0; line < lines; line++)
            {
                if (ends[line + 1] < ends[line] || ends[line + 1] > all.Length)
                    throw Damaged("indptr does not rise");
                all.AsSpan(ends[line]..ends[line + 1]).Fill(line);
            }

            return all;
        }
    }

    /// <summary>Which arrays there are, as messages name them.</summary>
    public static string InWords(IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
            return "the archive is empty";
        string some = string.Join(", ", names.Take(MostNames).Select(DataException.Quote));
        return $"there is {some}{(names.Count > MostNames ? $" and {names.Count - MostNames} more" : "")}";
    }

    public ImageList ReadImages(InputFile file)
    {
        using Stream content = file.OpenAnywhere();
        ZipDirectory zip = Open(file, content);

        // In an archive of images alone the array may have any name.
        string name = file.Part ?? (Find(zip, Features) is null && zip.Entries is [var only] ? ArrayName(only) : Features);
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
                $"{file.Path}: there is no array {name}; {InWords([.. zip.Entries.Select(entry => entry.Name)])}. Save "
                + $"it as np.savez(file, X=features, y=labels).");
        }

        if (entry.IsEncrypted)
            throw new DataException($"{file.Path}: array {name} is encrypted with a password; save it again without one.");
        if (!entry.CanBeOpened)
        {
            throw new DataException(
                $"{file.Path}: array {name} is compressed by {entry.MethodInWords}, which is not read; save it again with "
                + "np.savez_compressed or np.savez.");
        }

        if (!zip.IsIntact(entry, file.Budget))
            throw new DataException($"{file.Path}: array {name} is truncated or corrupt; make or fetch the file again.");
        using Stream stream = zip.Open(entry);
        return read(NpyFormat.Open(stream, entry.Length, NameOf(file, name), file.Budget));
    }
}
