using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

/// <summary>The column <c>row</c> says which row a line belongs to, in every table that has it.</summary>
public sealed class RowNumberTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_may_have_any_order()
    {
        string labels = _folder.Write("labels.csv", "row,label\n2,c\n0,a\n1,b\n"),
            tabs = _folder.Write("labels.tsv", "label\trow\nb\t1\na\t0\n");
        Assert.Equal(["a", "b", "c"], LabelReader.Read(labels));
        Assert.Equal(["a", "b", "c"], LabelReader.Read(labels, "label", 3));
        Assert.Equal(["a", "b"], LabelReader.Read(tabs));
    }

    [Fact]
    public void Values_keep_the_lines_that_they_are_in()
    {
        RowValues values = LabelReader.ReadValues(_folder.Write("costs.csv", "row,cost\n1,20\n0,10\n"), "cost", 2);
        Assert.Equal(["10", "20"], values.Texts);
        Assert.Equal($"{_folder["costs.csv"]}, line 3", values.PlaceOf(0));
        RowValues array = LabelReader.ReadValues(_folder.Write("costs.npy", NpyBytes.Array("<i4", [2], [10, 20])), "cost", 2);
        Assert.Equal($"{_folder["costs.npy"]}, element 1 (from 0)", array.PlaceOf(1));
    }

    [Fact]
    public void Features_labels_and_texts_of_one_table_stay_together()
    {
        string table = _folder.Write("data.csv", "text,row,a,label\n\"two\",2,2.5,z\n\"zero\",0,0.5,x\n\"one\",1,1.5,y\n"),
            numbers = _folder.Write("numbers.csv", "row,a,label\n2,2.5,z\n0,0.5,x\n1,1.5,y\n");
        Assert.Equal(["zero", "one", "two"], TextListReader.Read(table));
        Assert.Equal(["x", "y", "z"], LabelReader.Read(table));
        Dataset data = DatasetReader.Read(numbers);
        Assert.Equal(["a"], data.FeatureNames);
        Assert.Equal([0.5, 1.5, 2.5], data.Features.Values.ToArray());
        Assert.Equal(["x", "y", "z"], data.Labels);
    }

    [Theory]
    [InlineData("row,label\n0,a\n2,b\n", "row 1 is missing from column 'row'; expected each from 0 to 2 once")]
    [InlineData("row,label\n2,b\n", "rows 0, 1 are missing from column 'row'; expected each from 0 to 2 once")]
    [InlineData("row,label\n0,a\n1,b\n1,c\n", "line 4: row 1 is there twice, first in line 3; expected it once")]
    [InlineData("row,label\n0,a\n1,b\n3,c\n", "line 4, column 'row': there is no row 3; they are numbered from 0 to 2")]
    [InlineData("row,label\n0,a\n1,b\n2,c\n3,d\n", "line 5, column 'row': there is no row 3")]
    [InlineData("row,label\n1,a\n2,b\n3,c\n", "column 'row' counts from 1 to 3; expected 0 to 2: rows count from 0")]
    [InlineData("row,label\n-1,a\n", "line 2, column 'row': '-1' is not the number of a row; they are counted from 0")]
    [InlineData("row,label\n0,a\n1.5,a\n", "line 3, column 'row': '1.5' is not the number of a row")]
    [InlineData("row,label\n0,a\n,a\n", "line 3, column 'row': '' is not the number of a row")]
    [InlineData("row,label\n99999999999,a\n", "line 2, column 'row': '99999999999' is not the number of a row")]
    [InlineData("Row,label\n0,a\n1,b\n2,c\n", "column 'Row' is spelled like 'row'")]
    public void Rows_that_are_missing_repeated_or_none_are_refused(string content, string expected)
    {
        string path = _folder.Write("labels.csv", content);
        Refusal.Of(() => LabelReader.Read(path, "label", 3), path, expected);
    }

    [Theory]
    [InlineData(
        "row,a,label\n5,1,x\n7,2,y\n",
        "line 2, column 'row': there is no row 5; there are 2 lines, so they are numbered from 0 to 1")]
    [InlineData("row,a,label\n1,1,x\n2,2,y\n", "column 'row' counts from 1 to 2; expected 0 to 1")]
    [InlineData("ROW,a,label\n0,1,x\n1,2,y\n", "column 'ROW' is spelled like 'row'")]
    [InlineData("row,label\n0,x\n1,y\n", "there is no column but 'row' and 'label'")]
    public void Numbers_of_rows_are_never_a_feature(string content, string expected) =>
        Refusal.OfDataset(_folder.Write("data.csv", content), expected);

    [Fact]
    public void The_column_that_is_asked_for_is_no_number_of_rows()
    {
        Dataset data = DatasetReader.Read(_folder.Write("data.csv", "a,row\n1,7\n2,8\n"), "row");
        Assert.Equal(["7", "8"], data.Labels);
        Assert.Equal(["Row1", "Row2"], LabelReader.Read(_folder.Write("labels.csv", "Row\nRow1\nRow2\n"), "Row"));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("ID")]
    [InlineData("Unnamed: 0")]
    [InlineData("index")]
    [InlineData("row_number")]
    [InlineData("rowId")]
    [InlineData("sample_id")]
    [InlineData("customerId")]
    [InlineData("line")]
    [InlineData("#")]
    public void Another_column_that_tells_rows_apart_is_refused(string name)
    {
        string path = _folder.Write("labels.csv", $"{name},label\n0,a\n1,b\n");
        Refusal.Of(() => LabelReader.Read(path), path, $"column '{name}' seems to say which row a line belongs to. Name it 'row'");
    }

    [Theory]
    [InlineData("2,0,1")]
    [InlineData("3,1,2")]
    public void A_column_that_numbers_the_lines_in_another_order_is_refused_whatever_its_name(string numbers)
    {
        IEnumerable<string> lines = numbers.Split(',').Select(number => $"x,{number},1.5,5");
        string path = _folder.Write("labels.csv", $"label,sample,a,b\n{string.Join('\n', lines)}\n");
        Refusal.Of(() => LabelReader.Read(path), path, "column 'sample' numbers the lines in another order than they are in");
    }

    [Fact]
    public void Other_columns_do_not_matter()
    {
        string path = _folder.Write(
            "labels.csv", "text,label,rooms,idea,order,valid,order2\nsome,x,4,1,1,1,0\nother,y,2,1,2,0,7\nthird,x,3,0,3,1,1\n");
        Assert.Equal(["x", "y", "x"], LabelReader.Read(path));
        Assert.Equal(["x", "y"], LabelReader.Read(_folder.Write("single.csv", "verdict\nx\ny\n")));
    }

    [Theory]
    [InlineData("row\n0\n1\n")]
    [InlineData("cost\n1\n1\n")]
    [InlineData("text\na\nb\n")]
    public void A_single_column_of_something_else_holds_no_labels(string content) =>
        Refusal.OfLabels(_folder.Write("other.csv", content), "the only column is named '");

    [Fact]
    public void Some_rows_are_named_in_any_order_by_a_column_or_an_array()
    {
        string audit = _folder.Write("audit.csv", "rank,row,label\n1,5,ham\n2,3,spam\n"),
            array = _folder.Write("rows.npy", NpyBytes.Array("<i8", [2], [5L, 3L]));
        Assert.Equal([5, 3], LabelReader.ReadRows(audit, 6));
        Assert.Equal([5, 3], LabelReader.ReadRows(array, 6));
        Refusal.Of(() => LabelReader.ReadRows(audit, 5), audit, "line 2: '5' is not the number of a row; they are numbered from 0 to 4");
        Refusal.Of(() => LabelReader.ReadRows(array, 5), array, "element 0 (from 0): '5' is not the number of a row");
        string twice = _folder.Write("twice.csv", "row\n3\n4\n03\n");
        Refusal.Of(() => LabelReader.ReadRows(twice, 9), "line 4: row 3 is there twice, first in", "line 2; expected it once");
        Refusal.Of(() => LabelReader.ReadRows(_folder.Write("cost.csv", "cost\n3\n"), 9), "the only column is named 'cost', not 'row'");
    }
}
