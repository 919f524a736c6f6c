using System.Globalization;
using CertiFlip.Data.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Data.Tests.Formats;

public sealed class DelimitedFeatureTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_but_the_label_are_features_with_names()
    {
        Dataset data = Read("a,label,b\n1,spam,-2.5\n3e2,ham,.5\n");
        Assert.Equal(["a", "b"], data.FeatureNames);
        Assert.Equal([1, -2.5, 300, 0.5], data.Features.Values.ToArray());
        Assert.Equal(["spam", "ham"], data.Labels);
        Assert.Equal(_folder["x.csv"], data.Source);
    }

    [Fact]
    public void Tabs_separate_in_tsv_and_commas_do_not()
    {
        Dataset data = DatasetReader.Read(_folder.Write("x.tsv", "a\tlabel\n1\tspam, or not\n"));
        Assert.Equal(["spam, or not"], data.Labels);
    }

    [Fact]
    public void The_label_column_can_have_any_name() =>
        Assert.Equal(["x"], DatasetReader.Read(_folder.Write("x.csv", "class,a\nx,1\n"), "class").Labels);

    [Fact]
    public void Without_a_label_column_the_data_are_unlabelled() =>
        Assert.False(Read("a,b\n1,2\n").HasLabels);

    [Theory]
    [InlineData("a,b\n1,2")]
    [InlineData("a,b\n1,2\n\n")]
    [InlineData("a,b\n1,2\n\n  \n")]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a,b\r\n1,2\r\n\r\n")]
    [InlineData("\uFEFFa,b\n1,2\n")]
    [InlineData("\"a\",\"b\"\n\"1\",\"2\"\n")]
    [InlineData("a, b\n 1 , 2\n")]
    public void Line_ends_byte_order_marks_quotes_and_blanks_make_no_difference(string text)
    {
        Dataset data = Read(text);
        Assert.Equal(["a", "b"], data.FeatureNames);
        Assert.Equal([1, 2], data.Features.Values.ToArray());
    }

    [Fact]
    public void Quoted_cells_may_hold_separators_quotes_and_line_ends() =>
        Assert.Equal(["a,b", "say \"x\"", "two\nlines"], Read("label,a\n\"a,b\",1\n\"say \"\"x\"\"\",2\n\"two\nlines\",3\n").Labels);

    [Fact]
    public void Every_double_reads_back_exactly()
    {
        Gen<double> doubles =
            from high in Gen.Choose(int.MinValue, int.MaxValue)
            from low in Gen.Choose(int.MinValue, int.MaxValue)
            select BitConverter.Int64BitsToDouble((((long)high << 32) ^ (uint)low) & unchecked((long)0xBFFFFFFFFFFFFFFF));
        Claim.HoldsFor(Gen.ArrayOf(doubles, 50), 20, values =>
        {
            string text = "a\n" + string.Join('\n', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
            Assert.Equal(values, Read(text).Features.Values.ToArray());
        });
        Assert.Equal(
            [1e150, -1e-150, double.Epsilon, double.MaxValue],
            Read("a\n1e150\n-1E-150\n4.9406564584124654e-324\n1.7976931348623157e308\n").Features.Values.ToArray());
    }

    [Fact]
    public void A_culture_with_decimal_commas_changes_nothing()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo decimalComma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        decimalComma.NumberFormat.NumberDecimalSeparator = ",";
        decimalComma.NumberFormat.NumberGroupSeparator = ".";
        try
        {
            CultureInfo.CurrentCulture = decimalComma;
            Assert.Equal("3,5", 3.5.ToString(CultureInfo.CurrentCulture));
            Assert.Equal([3.5], Read("a\n3.5\n").Features.Values.ToArray());
            Refusal.OfDataset(_folder.Write("x.csv", "a\n\"3,14\"\n"), "line 2", "'a'", "'3,14'");
            Assert.Equal(["0.5"], LabelReader.Read(_folder.Write("y.npy", NpyBytes.Array("<f8", [1], [0.5]))));
            Assert.Equal(["0.5", "1.5"], LabelEncoding.FromTrainingLabels(["1.5", "0.5"], "y").Classes);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("3,14")]
    [InlineData("1,000")]
    [InlineData("0x1F")]
    [InlineData("1 2")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("Infinity")]
    [InlineData("-inf")]
    [InlineData("1e999")]
    public void What_is_not_a_finite_number_is_refused_naming_line_and_column(string cell) =>
        Refusal.OfDataset(_folder.Write("x.csv", $"a,b\n1,2\n3,\"{cell}\"\n"), "line 3", "column 'b'", $"'{cell}'");

    [Theory]
    [InlineData("a,b\n1,2\n,4\n")]
    [InlineData("a,b\n1,2\n\"\",4\n")]
    public void An_empty_cell_is_refused_naming_line_and_column(string text) =>
        Refusal.OfDataset(_folder.Write("x.csv", text), "line 3", "column 'a'", "empty");

    [Fact]
    public void The_line_is_right_after_cells_with_line_ends_in_them() =>
        Refusal.OfDataset(_folder.Write("x.csv", "label,a\n\"two\nlines\",1\nx,y\n"), "line 4", "'y'");

    [Theory]
    [InlineData("a,b\n1,2\n3\n", 1)]
    [InlineData("a,b\n1,2\n3,4,5\n", 3)]
    [InlineData("a,b\n1,2\n3,4,\n", 3)]
    public void A_ragged_row_is_refused_with_both_counts(string text, int found) =>
        Refusal.OfDataset(_folder.Write("x.csv", text), "line 3", "2 cells are expected", $"there are {found}");

    [Theory]
    [InlineData("x.csv", "a;b;label\n1;2;x\n", "commas")]
    [InlineData("x.csv", "a\tb\n1\t2\n", "commas")]
    [InlineData("x.tsv", "a,b\n1,2\n", "tabs")]
    [InlineData("x.csv", "a b\n1 2\n", "commas")]
    [InlineData("x.csv", "1,2,ham\n3,4,spam\n", "names of the columns")]
    [InlineData("x.csv", "a,b,class\n1,2,ham\n", "No column is named 'label'")]
    public void Text_among_features_is_refused_with_what_may_have_gone_wrong(string name, string text, string reason) =>
        Refusal.OfDataset(_folder.Write(name, text), "line 2", "is not a finite number", reason);

    [Fact]
    public void Semicolons_with_decimal_commas_are_refused_with_what_went_wrong() =>
        Refusal.OfDataset(
            _folder.Write("x.csv", "a;b;label\n1,5;2,5;x\n"),
            "line 2", "1 cell is expected", "there are 3", "separated by commas", "decimal points");

    [Fact]
    public void A_blank_line_between_rows_is_refused() =>
        Refusal.OfDataset(_folder.Write("x.csv", "a,b\n1,2\n\n3,4\n"), "line 3", "blank");

    [Theory]
    [InlineData("a\n1\n\"2\n3\n4\n")]
    [InlineData("a\n1\n2\"\n")]
    [InlineData("a\n1\n\"2\"3\n")]
    public void Quotes_that_do_not_match_are_refused(string text) =>
        Refusal.OfDataset(_folder.Write("x.csv", text), "line 3");

    [Fact]
    public void Text_that_is_not_UTF_8_is_refused_naming_the_line() =>
        Refusal.OfDataset(_folder.Write("x.csv", [.. "label,a\nx,1\n"u8, 0xE9, .. ",2\n"u8]), "line 3", "UTF-8");

    [Fact]
    public void A_label_that_is_missing_is_empty_and_its_line_is_known()
    {
        Dataset data = Read("a,label\n1,x\n2,\n3,\"y\nz\"\n4,x\n");
        Assert.Equal(["x", "", "y\nz", "x"], data.Labels);
        Assert.Equal(3, data.LinesOfRows[1]);
        Assert.Equal(6, data.LinesOfRows[3]);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("")]
    public void Ignored_columns_are_passed_over_whatever_they_hold(string name)
    {
        Dataset data = DatasetReader.Read(_folder.Write("x.csv", $"{name},a,label\nfirst,1,x\n,2,y\n"), ignoredColumns: [name, "absent"]);
        Assert.Equal(["a"], data.FeatureNames);
        Assert.Equal([1, 2], data.Features.Values.ToArray());
        Assert.Equal([name], data.IgnoredColumns);
    }

    [Theory]
    [InlineData("a,b,\n1,2,\n3,4,\n")]
    [InlineData("a,b,\n1,2\n3,4,\n")]
    [InlineData("a,b, \r\n1,2,  \r\n3,4,\r\n")]
    public void A_separator_at_the_end_of_every_line_makes_no_column(string text) =>
        Assert.Equal([1, 2, 3, 4], Read(text).Features.Values.ToArray());

    [Fact]
    public void A_value_in_a_last_column_without_a_name_is_refused() =>
        Refusal.OfDataset(_folder.Write("x.csv", "a,b,\n1,2,\n3,4,5\n"), "line 3", "Cell 3 is not empty");

    [Fact]
    public void A_separator_at_the_end_of_rows_alone_is_refused_with_the_reason() =>
        Refusal.OfDataset(_folder.Write("x.csv", "a,b\n1,2,\n"), "line 2", "ends in a separator");

    [Theory]
    [InlineData("label\ttext\nham\the said \"hi\" to me\n", "he said \"hi\" to me")]
    [InlineData("label\ttext\nham\t\"Hi\" he said\n", "\"Hi\" he said")]
    [InlineData("label\ttext\nham\t5\" screen\n", "5\" screen")]
    [InlineData("label\ttext\nham\t\"never closed\n", "\"never closed")]
    [InlineData("label\ttext\nham\t\"tab\there\"\n", "tab\there")]
    [InlineData("label\ttext\nham\t\"two\nlines\"\n", "two\nlines")]
    [InlineData("label\ttext\nham\t\"say \"\"hi\"\"\"\n", "say \"hi\"")]
    public void Quotes_in_tab_separated_text_are_quotes_or_letters(string table, string text) =>
        Assert.Equal([text], TextListReader.Read(_folder.Write("x.tsv", table)));

    [Fact]
    public void A_plain_quote_in_tab_separated_text_swallows_no_row() =>
        Assert.Equal(
            ["\"first", "second\""], TextListReader.Read(_folder.Write("x.tsv", "text\tlabel\n\"first\tham\nsecond\"\tspam\n")));

    [Theory]
    [InlineData("State-gov", "categories", "pandas.get_dummies")]
    [InlineData("?", "missing")]
    [InlineData("NA", "missing")]
    [InlineData("#N/A", "missing")]
    [InlineData("2024-03-01", "date")]
    [InlineData("01/03/2024", "date")]
    [InlineData("2024-03-01T10:00:00Z", "date")]
    [InlineData("12:30", "date")]
    [InlineData("[0.1, 0.2]", "numbers in one cell", ".npy")]
    [InlineData("1.234,5", "commas")]
    [InlineData("12%", "units")]
    [InlineData("$3.50", "units")]
    [InlineData("3 km", "units")]
    [InlineData("True", "1 for true")]
    [InlineData("thanks for the nice notes", "feature map for texts")]
    public void What_stands_for_a_number_is_named_with_its_column_and_what_to_do(string cell, params string[] words) =>
        Refusal.OfDataset(
            _folder.Write("x.csv", $"age,work,label\n26,1,no\n72,\"{cell}\",yes\n"), ["line 3", "column 'work'", $"'{cell}'", .. words]);

    [Fact]
    public void Other_cells_of_the_line_that_are_no_numbers_are_named_too() =>
        Refusal.OfDataset(
            _folder.Write("x.csv", "text,label,embedding\nhello,ham,\"[0.1, 0.2]\"\n"),
            "column 'text'", "Nor is '[0.1, 0.2]' in column 'embedding'; numbers in one cell");

    [Theory]
    [InlineData("x.csv", "a;b;label\n1;2;x\n", "semicolons")]
    [InlineData("x.csv", "a\tb\n1\t2\n", "tabs")]
    [InlineData("x.tsv", "a,b\n1,2\n", "commas")]
    [InlineData("x.csv", "a|b\n1|2\n", "bars")]
    public void Another_separator_is_named(string name, string text, string separator) =>
        Refusal.OfDataset(_folder.Write(name, text), $"has {separator} in it");

    [Fact]
    public void A_header_that_is_missing_is_named()
    {
        Refusal.OfDataset(_folder.Write("x.csv", "5.1,0.2,setosa\n4.9,0.2,setosa\n"), "line 2", "names of the columns; are they missing");
        Refusal.OfDataset(_folder.Write("x.csv", "0.2,0.2,setosa\n4.9,0.2,setosa\n"), "line 1", "names of the columns missing");
        Refusal.OfLabels(_folder.Write("y.csv", "spam\nham\nspam\n"), "line 1", "'spam'", "also a label below");
    }

    private Dataset Read(string text) => DatasetReader.Read(_folder.Write("x.csv", text));
}
