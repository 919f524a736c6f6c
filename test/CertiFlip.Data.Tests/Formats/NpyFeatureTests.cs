using CertiFlip.Data.Formats;
using CertiFlip.Data.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Data.Tests.Formats;

public sealed class NpyFeatureTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Of the same length, but another type: its numbers are not those that the header told of.</summary>
    [Fact]
    public void A_file_that_has_taken_the_name_of_another_is_refused()
    {
        string path = _folder.Write("x.npy", NpyBytes.Array("<f8", [2, 3], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
        string message = Assert.Throws<DataException>(() => InputFile.Read(path, file =>
        {
            using (file.OpenHandle())
                File.Delete(path);
            _folder.Write("x.npy", NpyBytes.Array("<f4", [4, 3], [.. Enumerable.Range(0, 12).Select(i => (object)(float)i)]));
            Assert.Equal(file.Length, new FileInfo(path).Length);
            return file.OpenHandle();
        })).Message;
        Assert.Contains("the file was changed while it was read", message, StringComparison.Ordinal);
    }

    public static TheoryData<string> NumberTypes =>
        ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"];

    [Theory]
    [MemberData(nameof(NumberTypes))]
    public void Every_number_type_order_and_version_reads_back_what_was_written(string type)
    {
        var examples =
            from rows in Gen.Choose(1, 6)
            from columns in Gen.Choose(1, 5)
            from bits in Gen.ArrayOf(Bits(), rows * columns)
            from bigEndian in Gen.Elements(true, false)
            from fortran in Gen.Elements(true, false)
            from version in Gen.Choose(1, 3)
            select (rows, columns, bits, bigEndian, fortran, version);

        Claim.HoldsFor(examples, 60, example =>
        {
            (int rows, int columns, long[] bits, bool bigEndian, bool fortran, int version) = example;
            object[] elements = [.. bits.Select(b => ElementOf(type, b))];
            IEnumerable<object> stored = fortran
                ? from column in Enumerable.Range(0, columns)
                  from row in Enumerable.Range(0, rows)
                  select elements[(row * columns) + column]
                : elements;
            string path = _folder.Write("x.npy", NpyBytes.Array((bigEndian ? ">" : "<") + type, [rows, columns], stored, fortran, version));

            FeatureMatrix features = DatasetReader.Read(path).Features;

            Assert.Equal((rows, columns), (features.Rows, features.Columns));
            Assert.Equal(elements.Select(ToDouble), features.Values.ToArray());
        });
    }

    [Fact]
    public void An_array_longer_than_one_batch_reads_back_in_both_orders()
    {
        const int rows = 3001, columns = 7;
        double[] values = [.. Enumerable.Range(0, rows * columns).Select(i => i + 0.25)];
        IEnumerable<object> columnMajor =
            from column in Enumerable.Range(0, columns)
            from row in Enumerable.Range(0, rows)
            select (object)values[(row * columns) + column];
        string c = _folder.Write("c.npy", NpyBytes.Doubles(rows, columns, values));
        string f = _folder.Write("f.npy", NpyBytes.Array("<f8", [rows, columns], columnMajor, fortran: true));

        Assert.Equal(values, DatasetReader.Read(c).Features.Values.ToArray());
        Assert.Equal(values, DatasetReader.Read(f).Features.Values.ToArray());
    }

    [Theory]
    [InlineData("<f4", 4)]
    [InlineData(">f4", 4)]
    [InlineData("<f2", 4)]
    [InlineData("<u2", 4)]
    [InlineData("|u1", 4)]
    [InlineData("<f8", 8)]
    [InlineData("<i4", 8)]
    public void Numbers_that_float32_holds_exactly_take_four_bytes(string descr, int bytesEach)
    {
        const int rows = 4000, columns = 250;
        int size = int.Parse(descr[2..], System.Globalization.CultureInfo.InvariantCulture);
        byte[] zeros = new byte[rows * columns * size];
        string path = _folder.Write("x.npy", NpyBytes.WithHeader(NpyBytes.Header(descr, [rows, columns]), zeros));

        // Once before, so that what is allocated once does not count.
        DatasetReader.Read(path);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Dataset data = DatasetReader.Read(path);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(rows, data.Features.Rows);
        Assert.InRange(allocated, (long)rows * columns * bytesEach, (long)rows * columns * bytesEach * 5 / 4);
    }

    [Fact]
    public void A_dataset_from_an_array_has_neither_names_nor_labels_but_says_where_it_came_from()
    {
        string path = _folder.Write("x.npy", NpyBytes.Doubles(1, 2, 1e-150, -1e150));
        Dataset data = DatasetReader.Read(path);
        Assert.Empty(data.FeatureNames);
        Assert.False(data.HasLabels);
        Assert.Equal(path, data.Source);
        Assert.Equal([1e-150, -1e150], data.Features.Row(0).ToArray());
    }

    [Fact]
    public void Integers_too_long_for_a_double_become_the_nearest_one()
    {
        string path = _folder.Write("x.npy", NpyBytes.Array("<i8", [1, 1], [long.MaxValue]));
        Assert.Equal(9223372036854775808.0, DatasetReader.Read(path).Features.Values[0]);
    }

    [Fact]
    public void One_dimension_is_refused_with_advice_to_reshape() =>
        Refusal.OfDataset(_folder.Write("x.npy", NpyBytes.Array("<f8", [2], [1.0, 2.0])), "(2,)", "n×1");

    [Theory]
    [InlineData()]
    [InlineData(1, 2, 1, 2, 1)]
    public void Other_numbers_of_dimensions_are_refused(params int[] shape) =>
        Refusal.OfDataset(
            _folder.Write("x.npy", NpyBytes.Array("<f8", shape, Enumerable.Repeat<object>(1.0, shape.Aggregate(1, (a, b) => a * b)))),
            "two dimensions");

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    public void No_rows_or_no_columns_is_refused(int rows, int columns) =>
        Refusal.OfDataset(_folder.Write("x.npy", NpyBytes.Doubles(rows, columns)), $"({rows}, {columns})", "at least one");

    [Fact]
    public void Text_is_refused_as_features() =>
        Refusal.OfDataset(_folder.Write("x.npy", NpyBytes.Array("<U2", [1, 1], ["ab"])), "text", "numbers");

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "infinity")]
    [InlineData(double.NegativeInfinity, "infinity")]
    public void What_is_not_finite_is_refused_naming_row_and_column(double bad, string named) =>
        Refusal.OfDataset(_folder.Write("x.npy", NpyBytes.Doubles(2, 3, 0, 0, 0, 0, 0, bad)), "row 1", "column 2", named);

    [Theory]
    [InlineData("<f8")]
    [InlineData("<f4")]
    public void Many_numbers_are_read_as_they_are_and_the_first_bad_one_is_named(string descr)
    {
        // More than one thread reads at a time.
        const int rows = 3000, columns = 101;
        object Stored(double number) => descr == "<f4" ? (object)(float)number : number;
        object[] numbers = [.. Enumerable.Range(0, rows * columns).Select(i => Stored(i * 0.5))];
        Dataset data = DatasetReader.Read(_folder.Write("x.npy", NpyBytes.Array(descr, [rows, columns], numbers)));
        double[] row = new double[columns];
        for (int i = 0; i < rows; i++)
        {
            data.Features.CopyRow(i, row);
            Assert.Equal(Enumerable.Range(i * columns, columns).Select(number => number * 0.5), row);
        }

        numbers[2999 * columns] = Stored(double.NegativeInfinity);
        numbers[1500 * columns + 7] = Stored(double.NaN);
        numbers[1500 * columns + 9] = Stored(double.NaN);
        Refusal.OfDataset(_folder.Write("x.npy", NpyBytes.Array(descr, [rows, columns], numbers)), "row 1500", "column 7", "NaN");
    }

    [Fact]
    public void The_row_and_column_of_what_is_not_finite_are_right_in_Fortran_order() =>
        Refusal.OfDataset(
            _folder.Write("x.npy", NpyBytes.Array("<f4", [2, 3], [0f, float.NaN, 0f, 0f, 0f, 0f], fortran: true)), "row 1", "column 0");

    [Theory]
    [InlineData(1, "truncated")]
    [InlineData(-1, "too long")]
    public void A_file_that_is_too_short_or_too_long_is_refused(int missing, string named)
    {
        byte[] whole = [.. NpyBytes.Doubles(2, 2, 1, 2, 3, 4), 0];
        Refusal.OfDataset(_folder.Write("x.npy", whole[..(whole.Length - 1 - missing)]), named);
    }

    private static Gen<long> Bits() =>
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        select ((long)high << 32) ^ (uint)low;

    // 53 bits at most, so that every integer has a double of its own.
    private static object ElementOf(string type, long bits) => type switch
    {
        "b1" => (bits & 1) == 1,
        "i1" => (sbyte)bits,
        "i2" => (short)bits,
        "i4" => (int)bits,
        "i8" => bits >> 11,
        "u1" => (byte)bits,
        "u2" => (ushort)bits,
        "u4" => (uint)bits,
        "u8" => (ulong)bits >> 11,
        "f2" => BitConverter.Int16BitsToHalf((short)(bits & 0x3FFF)),
        "f4" => BitConverter.Int32BitsToSingle((int)bits & unchecked((int)0xBFFFFFFF)),
        _ => BitConverter.Int64BitsToDouble(bits & unchecked((long)0xBFFFFFFFFFFFFFFF)),
    };

    private static double ToDouble(object element) => element switch
    {
        bool b => b ? 1 : 0,
        Half h => (double)h,
        _ => Convert.ToDouble(element, System.Globalization.CultureInfo.InvariantCulture),
    };
}
