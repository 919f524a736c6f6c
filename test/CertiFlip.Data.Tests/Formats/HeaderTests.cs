using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

public sealed class HeaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_without_a_header_is_refused() =>
        Refusal.OfDataset(Write("1,2.5,-3e4\n4,5,6\n"), "line 1", "header");

    [Fact]
    public void A_header_without_rows_is_refused()
    {
        Refusal.OfDataset(Write("a,b\n"), "no row");
        Refusal.OfDataset(Write("a,b\n\n"), "no row");
        Refusal.OfLabels(Write("label"), "no row");
    }

    [Fact]
    public void Columns_of_the_same_name_are_refused_naming_both() =>
        Refusal.OfDataset(Write("a,b,a\n1,2,3\n"), "columns 1 and 3", "'a'");

    [Fact]
    public void A_column_without_a_name_is_refused() =>
        Refusal.OfDataset(Write(",a\n0,1\n"), "column 1", "no name");

    [Fact]
    public void A_label_column_with_no_features_beside_it_is_refused() =>
        Refusal.OfDataset(Write("label\nx\n"), "no column but 'label'");

    [Fact]
    public void A_column_that_is_the_label_but_for_case_is_refused() =>
        Refusal.OfDataset(Write("a,Label\n1,0\n"), "'Label'", "'label'");

    [Fact]
    public void Nothing_but_blank_lines_is_refused() =>
        Refusal.OfDataset(Write("\n\n"), "column 1", "no name");

    private string Write(string text) => _folder.Write("x.csv", text);
}
