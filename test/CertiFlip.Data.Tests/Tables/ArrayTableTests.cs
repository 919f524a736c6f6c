using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Tables;

/// <summary>NumPy's arrays, named ones, images, sparse ones of SciPy's and of libsvm's.</summary>
public sealed class ArrayTableTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_matrix_is_features_and_labels_where_they_are_with_it()
    {
        Table table = Read(Npz(("X.npy", NpyBytes.Doubles(2, 2, 1, 2, 3, 4)), ("y.npy", NpyBytes.Text("<U1", "a", "b"))));
        Assert.Equal(["features", "label"], table.Columns.Select(column => column.Name));
        Assert.Equal(["a", "b"], Assert.IsType<TextColumn>(table.Find("label")).Values);
        Assert.Equal([1, 2, 3, 4], Features(table).Values.Values.ToArray());
        Assert.Equal(2, Features(Read(_folder.Write("x.csv", NpyBytes.Doubles(1, 2, 1, 2)))).Values.Columns);
    }

    [Theory]
    [InlineData("x_train", "y_train", "x_test", "y_test")]
    [InlineData("X_train", "y_train", "X_test", "y_test")]
    [InlineData("train_images", "train_labels", "test_images", "test_labels")]
    public void Train_and_test_are_taken_from_one_file(string x, string y, string testX, string testY)
    {
        string path = Npz(
            (testX + ".npy", NpyBytes.Doubles(1, 2, 5, 6)), (testY + ".npy", NpyBytes.Array("|u1", [1, 1], [7])),
            (x + ".npy", NpyBytes.Doubles(2, 2, 1, 2, 3, 4)), (y + ".npy", NpyBytes.Array("<i8", [2, 1], [3, 4])));
        Assert.Equal(["train", "test"], new TableReader().PartsOf(path));
        Assert.Contains("train, test", Assert.Single(Read(path).Notes), StringComparison.Ordinal);
        Table train = Read(path), test = Read(path + "#test"), alone = Read(path + "#" + testX);
        Assert.Equal(["3", "4"], ((TextColumn)train.Find("label")!).Values);
        Assert.Equal([5, 6], Features(test).Values.Values.ToArray());
        Assert.Equal(["7"], ((TextColumn)test.Find("label")!).Values);
        Assert.Single(alone.Columns);
        Assert.Equal(["3", "4"], LabelReader.Read(path + "#" + y));
        Assert.Equal([5, 6], DatasetReader.Read(path + "#" + testX).Features.Values.ToArray());
    }

    [Fact]
    public void What_is_not_in_the_file_is_refused_with_what_is()
    {
        string path = Npz(("a.npy", NpyBytes.Doubles(1, 2, 1, 2)), ("b.npy", NpyBytes.Doubles(1, 2, 1, 2)));
        Refusal.Of(() => Read(path), path, "'a', 'b'", "#a");
        Refusal.Of(() => Read(path + "#c"), "'c'", "'a', 'b'");
        Refusal.Of(() => LabelReader.Read(path + "#c"), "c", "'a.npy', 'b.npy'");
        Assert.Equal(["a", "b"], new TableReader().PartsOf(path));
        Assert.Empty(new TableReader().PartsOf(_folder.Write("x.csv", "a,b\n1,2\n")));
        Refusal.Of(() => Read(_folder.Write("x.csv", "a,b\n1,2\n") + "#c"), "#");
        Refusal.Of(() => DatasetReader.Read(_folder.Write("x.csv", "a,b\n1,2\n") + "#c"), "#");
        Refusal.Of(() => Read(_folder.Write("x.npy", NpyBytes.Doubles(1, 1, 1)) + "#c"), "one array");
        Refusal.Of(() => Read(Npz(("X.npy", NpyBytes.Doubles(2, 1, 1, 2)), ("y.npy", NpyBytes.Text("<U1", "a")))), "1 labels", "2 rows");
    }

    [Fact]
    public void A_file_may_have_the_mark_of_a_part_in_its_name() =>
        Assert.Equal(1, Read(_folder.Write("x#y.csv", "a,b\n1,2\n")).Rows);

    [Fact]
    public void Arrays_of_three_dimensions_are_images_and_bytes_are_divided_by_255()
    {
        byte[] bytes = NpyBytes.Array("|u1", [2, 1, 3], [0, 51, 255, 102, 153, 204]);
        Table table = Read(Npz(("train_images.npy", bytes), ("train_labels.npy", NpyBytes.Array("|u1", [2, 1], [0, 1]))));
        Assert.Equal([1, 3], Features(table).RowShape);
        Assert.Equal([0, 0.2, 1, 0.4, 0.6, 0.8], Features(table).Values.Values.ToArray());
        Assert.Contains("255", table.Notes[0], StringComparison.Ordinal);
        Assert.Equal(new ImageShape(1, 3), DataColumns.Of(DatasetReader.Read(_folder.Write("x.npy", bytes))).Image);
        Assert.Empty(Read(_folder.Write("x.npy", NpyBytes.Array("<f4", [1, 1, 2], [0.5f, 1f]))).Notes);
    }

    [Fact]
    public void Channels_come_first_whether_they_are_stored_first_or_last()
    {
        // Two pixels of three channels: 1 2 3 and 4 5 6.
        double[] channels = [1, 4, 2, 5, 3, 6];
        VectorColumn last = Features(Read(_folder.Write(
            "x.npy", NpyBytes.Array("<f8", [1, 1, 2, 3], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))));
        VectorColumn first = Features(Read(_folder.Write(
            "x.npy", NpyBytes.Array("<f8", [1, 3, 1, 2], channels.Cast<object>()))));
        Assert.All([last, first], column => Assert.Equal(channels, column.Values.Values.ToArray()));
        Assert.All([last, first], column => Assert.Equal([3, 1, 2], column.RowShape));
        Assert.Equal([1, 2], Features(Read(_folder.Write("x.npy", NpyBytes.Array("<f8", [1, 1, 2, 1], [1.0, 2.0])))).RowShape);
        Refusal.Of(() => Read(_folder.Write("x.npy", NpyBytes.Array("<f8", [1, 1, 2], [1.0, 2.0], fortran: true))), "ascontiguousarray");
    }

    [Theory]
    [InlineData("pixel0", "pixel1", "pixel2", "pixel3")]
    [InlineData("pixel1", "pixel2", "pixel3", "pixel4")]
    [InlineData("1x1", "1x2", "2x1", "2x2")]
    [InlineData("0x0", "0x1", "1x0", "1x1")]
    [InlineData("pixel_0_0", "pixel_0_1", "pixel_1_0", "pixel_1_1")]
    public void Columns_named_by_pixels_are_images(params string[] names) => Assert.Equal(
        new ImageShape(2, 2),
        DataColumns.Of(DatasetReader.Read(_folder.Write("x.csv", string.Join(',', names) + ",label\n1,2,3,4,a\n"))).Image);

    [Theory]
    [InlineData("pixel0", "pixel1", "pixel2")]
    [InlineData("pixel0", "pixel2", "pixel1", "pixel3")]
    [InlineData("pixel2", "pixel3", "pixel4", "pixel5")]
    [InlineData("1x1", "1x2", "2x2", "2x1")]
    public void Other_columns_are_none(params string[] names) => Assert.Null(
        DataColumns.Of(DatasetReader.Read(_folder.Write(
            "x.csv", string.Join(',', names) + "\n" + string.Join(',', names.Select(_ => "1")) + "\n"))).Image);

    [Fact]
    public void Columns_are_counted_from_one_in_libsvm_files_and_what_is_not_there_is_0()
    {
        Table table = Read(_folder.Write("a9a", "-1 3:1 5:0.5 # comment\n+1 qid:7 1:1 \n\n# nothing\n-1\n"));
        Assert.Equal(["-1", "+1", "-1"], ((TextColumn)table.Find("label")!).Values);
        Assert.Equal([0, 0, 1, 0, 0.5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], Features(table).Values.Values.ToArray());
        Assert.Equal(1, Features(table).FirstIndex);
        Assert.Equal([1, 2, 5], table.LinesOfRows);
        Table zero = Read(_folder.Write("x.txt", "1 0:2 1:3\n0 1:4\n"));
        Assert.Equal([2, 3, 0, 4], Features(zero).Values.Values.ToArray());
        Assert.Equal(0, Features(zero).FirstIndex);
    }

    [Fact]
    public void Test_rows_have_the_columns_of_training_rows()
    {
        string path = _folder.Write("a9a.t", "-1 2:1 5:7\n");
        Assert.Equal([0, 1, 0, 0, 7, 0], Features(Read(path, new TableOptions { SparseColumns = 6 })).Values.Values.ToArray());
        Assert.Equal([0, 0, 1, 0], Features(Read(path, new TableOptions { SparseColumns = 4, FirstIndex = 0 })).Values.Values.ToArray());
        Table narrow = Read(path, new TableOptions { SparseColumns = 3 });
        Assert.Equal([0, 1, 0], Features(narrow).Values.Values.ToArray());
        Assert.Contains("after 3", Assert.Single(narrow.Notes), StringComparison.Ordinal);
        Assert.Empty(Read(path).Notes);
        Refusal.Of(() => Read(_folder.Write("x", "1 0:1\n"), new TableOptions { FirstIndex = 1 }), "column 0");
    }

    [Theory]
    [InlineData("1 1:1 x\n", "line 1", "'x'")]
    [InlineData("1 1:1\n2 2:1 1:1\n", "line 2", "rising order")]
    [InlineData("1 1:1\n2 1:1 1:2\n", "line 2", "rising order")]
    [InlineData("1 1:1\n2 1:nan\n", "line 2", "'1:nan'")]
    [InlineData("1 1:1\n2 -1:1\n", "line 2", "'-1:1'")]
    [InlineData("1 1:1\n2 2147483647:1\n", "line 2")]
    [InlineData("1 1:1\n2 400000000:1\n", "--max-unpacked")]
    public void Damaged_or_huge_sparse_files_are_refused(string content, params string[] words)
    {
        string path = _folder.Write("x.libsvm", content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal.Of(() => Read(path), [path, .. words]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    // 3 × 4: [[0, 1, 0, 2], [0, 0, 0, 0], [3, 0, 0, 0]].
    private static readonly double[] Dense = [0, 1, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0];

    [Fact]
    public void Sparse_matrices_of_scipy_are_read_by_rows_by_columns_and_by_places()
    {
        Assert.Equal(
            Dense, Features(Read(Sparse("csr", [1, 2, 3], ("indices", [1, 3, 0]), ("indptr", [0, 2, 2, 3])))).Values.Values.ToArray());
        Assert.Equal(
            Dense, Features(Read(Sparse("csc", [3, 1, 2], ("indices", [2, 0, 0]), ("indptr", [0, 1, 2, 2, 3])))).Values.Values.ToArray());
        Assert.Equal(Dense, Features(Read(Sparse(
            "coo", [3, 1, 1.5, 0.5], ("row", [2, 0, 0, 0]), ("col", [0, 1, 3, 3])))).Values.Values.ToArray());
    }

    [Fact]
    public void Damaged_sparse_matrices_are_refused()
    {
        Refused("dia", [1], ("indices", [0]), ("indptr", [0, 1, 1, 1]));
        Refused("csr", [1], ("indices", [4]), ("indptr", [0, 1, 1, 1]));
        Refused("csr", [1], ("indices", [-1]), ("indptr", [0, 1, 1, 1]));
        Refused("csr", [1], ("indices", [0]), ("indptr", [0, 1]));
        Refused("csr", [1], ("indices", [0]), ("indptr", [0, 2, 0, 1]));
        Refused("csr", [1, 2], ("indices", [0]), ("indptr", [0, 1, 1, 2]));
        Refused("coo", [1], ("row", [3]), ("col", [0]));
        Refused("coo", [1], ("row", [0, 1]), ("col", [0]));
        Refused("coo", [double.NaN], ("row", [0]), ("col", [0]));

        void Refused(string layout, double[] data, params (string, int[])[] places)
        {
            string path = Sparse(layout, data, places);
            Refusal.Of(() => Read(path), path);
        }
    }

    private string Sparse(string layout, double[] data, params (string Name, int[] Values)[] places) => Npz(
    [
        .. places.Select(place => (place.Name + ".npy", NpyBytes.Array("<i4", [place.Values.Length], place.Values.Cast<object>()))),
        ("format.npy", NpyBytes.WithHeader(NpyBytes.Header("|S3", []), System.Text.Encoding.ASCII.GetBytes(layout))),
        ("shape.npy", NpyBytes.Array("<i8", [2], [3, 4])),
        ("data.npy", NpyBytes.Array("<f8", [data.Length], data.Cast<object>())),
    ]);

    private string Npz(params (string Name, byte[] Content)[] entries) => _folder.Write("x.npz", Archive.Zip(entries));

    private static Table Read(string path, TableOptions? options = null) => new TableReader().Read(path, options);

    private static VectorColumn Features(Table table) => Assert.IsType<VectorColumn>(table.Find("features"));
}
