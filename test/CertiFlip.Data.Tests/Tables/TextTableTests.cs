using System.Text;
using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Tables;

/// <summary>Text as people have it: without a header, with other separators, encodings and decimal marks.</summary>
public sealed class TextTableTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x.csv", "5.1,3.5,0\n4.9,3.0,1\n")]
    [InlineData("x.data", "5.1,3.5,0\n4.9,3.0,1\n")]
    [InlineData("x.data", "5.1 3.5 0\n4.9 3.0 1\n")]
    [InlineData("x.txt", "  5.1   3.5 0  \n  4.9\t3.0     1\n\n")]
    [InlineData("x", "5.1\t3.5\t0\r\n4.9\t3.0\t1\r\n")]
    [InlineData("x.dat", "5.1;3.5;0\n4.9;3.0;1")]
    [InlineData("x.data", "5.1|3.5|0\n4.9|3.0|1")]
    public void A_first_line_of_numbers_is_a_row(string name, string content)
    {
        Table table = Read(name, content);
        Assert.False(table.HasNames);
        Assert.Equal(["c1", "c2", "c3"], table.Columns.Select(column => column.Name));
        Assert.Equal([5.1, 4.9], Numbers(table, "c1"));
        Assert.Equal([0, 1], Numbers(table, "c3"));
        Assert.Equal([1, 2], table.LinesOfRows);
    }

    [Theory]
    [InlineData("0,1,2\n5,6,7\n")]
    [InlineData("1,2,3\n5,6,7\n")]
    public void Numbers_that_count_the_columns_name_them(string content)
    {
        Table table = Read("x.csv", content);
        Assert.True(table.HasNames);
        Assert.Equal(1, table.Rows);
        Assert.False(Read("x.csv", content, new TableOptions { HasHeader = false }).HasNames);
    }

    [Fact]
    public void A_header_may_be_numbers_where_that_is_said() =>
        Assert.Equal(["2019", "2020"],
            Read("x.csv", "2019,2020\n1,2\n", new TableOptions { HasHeader = true }).Columns.Select(column => column.Name));

    [Theory]
    [InlineData("ham\tGo until jurong\nham\tOk \"lar\nspam\tFree, entry\nham\tOk\n", "SMSSpamCollection")]
    [InlineData("5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa\n4.7,3.2,Iris-setosa\n", "iris.data")]
    public void A_name_that_is_also_a_value_is_refused_with_the_option_to_write(string content, string name) =>
        Refused(name, content, "line 1", "--header none");

    [Fact]
    public void A_text_that_happens_to_be_the_name_of_its_column_is_read() =>
        Assert.Equal(["text", "other"], Texts(Read("x.csv", "text,label\ntext,a\nother,b\n"), "text"));

    [Fact]
    public void Quotes_are_letters_where_tabs_separate_texts()
    {
        Table table = Read(
            "SMSSpamCollection", "ham\tOk \"lar... Joking\nspam\tFree entry, \"win\" \nham\tU dun say so; early\n",
            new TableOptions { HasHeader = false });
        Assert.Equal(["ham", "spam", "ham"], Texts(table, "c1"));
        Assert.Equal(["Ok \"lar... Joking", "Free entry, \"win\"", "U dun say so; early"], Texts(table, "c2"));
    }

    [Theory]
    [InlineData("latin-1")]
    [InlineData("windows-1252")]
    [InlineData("utf-16")]
    [InlineData("UTF-16BE")]
    public void Text_is_read_in_the_encoding_that_is_named(string name)
    {
        Encoding encoding = TableOptions.EncodingNamed(name);
        byte[] bytes = encoding.GetBytes("v1,v2,,,\nham,Café £5,,,\nspam,\"Über, x\",,,\n");
        string path = _folder.Write("spam.csv", bytes);
        Table table = new TableReader().Read(path, new TableOptions { Encoding = encoding });
        Assert.Equal(["v1", "v2"], table.Columns.Select(column => column.Name));
        Assert.Equal(["Café £5", "Über, x"], Texts(table, "v2"));
    }

    [Fact]
    public void Another_encoding_is_refused_with_the_option_to_write()
    {
        string path = _folder.Write("spam.csv", Encoding.Latin1.GetBytes("v1,v2\nham,Café\n"));
        Refusal.Of(() => new TableReader().Read(path), path, "line 2", "UTF-8", "0xE9", "--encoding windows-1252");
        Assert.Equal("windows-1252", TableOptions.EncodingNamed("cp1252").WebName);
        Refusal.Of(() => TableOptions.EncodingNamed("klingon"), "klingon", "latin-1");
        Refusal.Of(() => new TableReader().Read(path, new TableOptions { Encoding = Encoding.BigEndianUnicode }), path);
    }

    [Fact]
    public void A_byte_order_mark_says_more_than_an_option()
    {
        string path = _folder.Write("x.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("a,b\n1,é\n")]);
        Assert.Equal(["é"], Texts(new TableReader().Read(path, new TableOptions { Encoding = Encoding.Latin1 }), "b"));
    }

    [Theory]
    [InlineData("x.csv", "a;b;label\n1,5;-2;x\n0,25;1e-3;y\n")]
    [InlineData("x.txt", "a\tb\tlabel\n1,5\t-2\tx\n0,25\t1e-3\ty\n")]
    [InlineData("x.csv", "a,b,label\n\"1,5\",-2,x\n\"0,25\",1e-3,y\n")]
    public void Decimal_commas_are_read_where_that_is_said(string name, string content)
    {
        Refused(name, content, "column 'a'", "'1,5'", "--decimal comma");
        Table table = Read(name, content, new TableOptions { DecimalComma = true });
        Assert.Equal([1.5, 0.25], Numbers(table, "a"));
        Assert.Equal([-2, 0.001], Numbers(table, "b"));
    }

    [Fact]
    public void Thousands_are_read_with_a_decimal_comma_and_refused_otherwise()
    {
        Assert.Equal([1234567.5, 1000], Numbers(
            Read("x.csv", "a;label\n1.234.567,5;x\n1.000;y\n", new TableOptions { DecimalComma = true }), "a"));
        Refused("x.csv", "a;label\n\"1,234.5\";x\n\"2,000\";y\n", "thousands");
        Refusal.Of(
            () => Read("x.csv", "a;label\n1.5;x\n2.25;y\n", new TableOptions { DecimalComma = true }), "decimal point",
            "leave out --decimal comma");
    }

    [Theory]
    [InlineData("0.429", "0.500", "'0.429'")]
    [InlineData("1.500", "2.750", "'1.500'")]
    [InlineData("500", "0.500", "'0.500'")]
    [InlineData("1234.567", "8", "'1234.567'")]
    [InlineData("2,5", "0.500", "'0.500'")]
    [InlineData("-0.500", "1", "'-0.500'")]
    [InlineData("\"1,234.5\"", "0.5", "'1,234.5'", "'0.5'")]
    public void Points_are_not_taken_for_marks_between_thousands(string first, string second, params string[] either)
    {
        var comma = new TableOptions { DecimalComma = true };
        DataException refusal = Refusal.Of(
            () => Read("x.csv", $"a;b;label\n{first};1,5;x\n{second};2,5;y\n", comma), "column 'a'", "decimal point",
            "leave out --decimal comma");
        Assert.Contains(either, text => refusal.Message.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.500", "1.234.567", 1500, 1234567)]
    [InlineData("-1.500", "2,5", -1500, 2.5)]
    [InlineData("1.500,25", "7", 1500.25, 7)]
    public void Points_between_thousands_are_read_where_another_number_shows_it(string first, string second, double one, double two) =>
        Assert.Equal([one, two], Numbers(
            Read("x.csv", $"a;label\n{first};x\n{second};y\n", new TableOptions { DecimalComma = true }), "a"));

    [Fact]
    public void A_fraction_below_1_is_not_said_to_have_marks_between_thousands()
    {
        Refused("x.csv", "a;label\n0,131;x\n0,250;y\n", "decimal comma", "--decimal comma");
        Refused("x.csv", "a;b;label\n1,131;0,5;x\n2,250;1,25;y\n", "column 'b'", "decimal comma");
    }

    [Fact]
    public void Rows_that_a_column_puts_in_another_order_are_said()
    {
        Assert.Equal("rows are in the order of column 'row'", Assert.Single(Read("x.csv", "row,a\n1,5\n0,6\n").Notes));
        Assert.Empty(Read("x.csv", "row,a\n0,5\n1,6\n").Notes);
    }

    [Fact]
    public void Cells_that_could_be_separated_in_two_ways_are_refused_with_the_options()
    {
        const string Content = "1,5;2,5\n3,5;4,5\n";
        Refused("x.csv", Content, "--delimiter ';'", "--delimiter ','");
        Assert.Equal([1.5, 3.5], Numbers(Read("x.csv", Content, new TableOptions { DecimalComma = true }), "c1"));
        Assert.Equal(3, Read("x.csv", Content, new TableOptions { Delimiter = ',' }).Columns.Count);
    }

    [Fact]
    public void Columns_without_a_name_and_a_value_are_passed_over_and_others_get_their_place()
    {
        Table table = Read("spam.csv", "v1,v2,,,\nham,a,,,\nspam,b,\"x, y\",,\n");
        Assert.Equal(["v1", "v2", "c3"], table.Columns.Select(column => column.Name));
        Assert.Equal([null, "x, y"], Texts(table, "c3"));
        Assert.Contains("c4, c5", Assert.Single(table.Notes), StringComparison.Ordinal);
        Assert.Equal(["v1", "v2"], Read(
            "x.csv", ",v1,v2\n0,ham,a\n1,spam,b\n", new TableOptions { Ignored = [""] }).Columns.Select(column => column.Name));
        Assert.Equal("c1", Read("x.csv", ",v1\n0,a\n").Columns[0].Name);
    }

    [Fact]
    public void The_census_data_are_read_as_they_are()
    {
        Table train = Read(
            "adult.data", "39, State-gov, 77516, <=50K\n50, ?, 83311, <=50K\n38, Private, 215646, >50K\n\n",
            new TableOptions { HasHeader = false });
        Assert.Equal([39, 50, 38], Numbers(train, "c1"));
        Assert.Equal(["State-gov", null, "Private"], Texts(train, "c2"));
        Assert.Equal(["<=50K", "<=50K", ">50K"], Texts(train, "c4"));

        Table test = Read(
            "adult.test", "|1x3 Cross validator\n25, Private, 226802, <=50K.\n38, Private, 89814, >50K.\n",
            new TableOptions { HasHeader = false });
        Assert.Equal(["<=50K", ">50K"], Texts(test, "c4"));
        Assert.Equal([2, 3], test.LinesOfRows);
        Assert.Contains("full stop", Assert.Single(test.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"[0.5, -1, 2e-1]\"", "\"[1, 2, 3]\"")]
    [InlineData("[0.5 -1.  0.2]", "[1. 2. 3.]")]
    [InlineData("\"[0.5\n -1 0.2]\"", "[  1 2 3 ]")]
    [InlineData("0.5 -1 0.2", "1 2 3")]
    [InlineData("\"0.5,-1,0.2\"", "\"1, 2, 3\"")]
    public void A_list_of_numbers_in_a_cell_is_a_vector(string first, string second)
    {
        Table table = Read("x.csv", $"id,embedding,label\na,{first},x\nb,{second},y\n");
        VectorColumn vectors = Assert.IsType<VectorColumn>(table.Find("embedding"));
        Assert.Equal([0.5, -1, 0.2, 1, 2, 3], vectors.Values.Values.ToArray());
        Assert.IsType<TextColumn>(Read("x.csv", $"a,b\n{first},x\n{second},y\n", new TableOptions { AsText = ["a"] }).Find("a"));
    }

    [Theory]
    [InlineData("\"[1, 2]\"", "\"[1, 2, 3]\"", "3 numbers", "have 2")]
    [InlineData("\"[1, 2]\"", "", "missing")]
    [InlineData("", "\"[1, 2]\"", "missing")]
    [InlineData("[1 2 ... 3]", "[1 2 3]", "left out")]
    public void Lists_that_do_not_fit_each_other_are_refused(string first, string second, params string[] words) =>
        Refused("x.csv", $"embedding,label\n{first},x\n{second},y\n", words);

    [Theory]
    [InlineData("2020-01-01 10:00:00")]
    [InlineData("[a, b]")]
    [InlineData("[]")]
    [InlineData("1 2")]
    [InlineData("1,,2,3")]
    [InlineData("1, 2, 3,")]
    public void Other_texts_with_numbers_are_texts(string text) =>
        Assert.Equal([text], Texts(Read("x.csv", $"a,label\n\"{text}\",x\n"), "a"));

    [Fact]
    public void Numbers_before_a_text_are_kept_as_they_are_written() =>
        Assert.Equal(["007", null, "1.50", "x"], Texts(Read("x.csv", "a,b\n007,1\nNA,2\n1.50,3\nx,4\n"), "a"));

    [Fact]
    public void A_line_with_other_cells_is_refused_by_its_number()
    {
        string rows = string.Concat(Enumerable.Range(0, 30).Select(row => $"{row} 2 3\n"));
        Refused("x.data", rows + "1 2\n", "line 31", "3 cells", "there are 2");
        Refused("x.csv", "a;b\n1;2\n3;4;5\n", "line 3");
    }

    [Fact]
    public void Lines_of_text_are_one_column() =>
        Assert.Equal(["one, two", "three", "\"four\" five; six"],
            Texts(Read("x.txt", "one, two\nthree\n\"four\" five; six\n", new TableOptions { HasHeader = false }), "c1"));

    private Table Read(string name, string content, TableOptions? options = null) =>
        new TableReader().Read(_folder.Write(name, content), options);

    private void Refused(string name, string content, params string[] words) => Refusal.Of(() => Read(name, content), [name, .. words]);

    private static double[] Numbers(Table table, string column) => Assert.IsType<NumberColumn>(table.Find(column)).Values.ToArray();

    private static IReadOnlyList<string?> Texts(Table table, string column) => Assert.IsType<TextColumn>(table.Find(column)).Values;
}
