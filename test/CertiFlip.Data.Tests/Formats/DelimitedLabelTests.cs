using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

public sealed class DelimitedLabelTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_only_column_holds_the_labels_whatever_its_name() =>
        Assert.Equal(["x", "01"], LabelReader.Read(_folder.Write("y.csv", "class\nx\n01\n")));

    [Fact]
    public void Of_several_columns_the_named_one_holds_the_labels() =>
        Assert.Equal(["x"], LabelReader.Read(_folder.Write("y.tsv", "text\tclass\nrow one\tx\n"), "class"));

    [Fact]
    public void Without_the_named_column_the_file_is_refused() =>
        Refusal.OfLabels(_folder.Write("y.csv", "id,class\n1,x\n"), "'label'");

    [Fact]
    public void A_label_that_is_missing_is_empty() =>
        Assert.Equal(["x", "", "y"], LabelReader.Read(_folder.Write("y.csv", "class\nx\n\"\"\ny\n")));

    [Fact]
    public void A_blank_line_is_refused() => Refusal.OfLabels(_folder.Write("y.csv", "class\nx\n\ny\n"), "line 3", "blank");

    [Fact]
    public void Labels_without_a_header_are_refused_where_they_are_numbers() =>
        Refusal.OfLabels(_folder.Write("y.csv", "1\n7\n"), "header");
}
