using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Checks;

/// <summary>What is said of labels, and what is not.</summary>
public sealed class LabelCheckTests
{
    [Theory]
    [InlineData("nan")]
    [InlineData("NaN")]
    [InlineData("NA")]
    [InlineData("N/A")]
    [InlineData("n/a")]
    [InlineData("<NA>")]
    [InlineData("#N/A")]
    [InlineData("None")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("NaT")]
    [InlineData("?")]
    [InlineData("-")]
    [InlineData(" na ")]
    [InlineData("\\N")]
    [InlineData("")]
    [InlineData("  ")]
    public void A_missing_label_is_refused_with_its_row(string missing)
    {
        var check = DataCheck.Of(CheckedTable.Labelled(["x", "y", "x", missing, "y", "x", missing, "y"]));
        DataRemark remark = Assert.Single(check.Remarks);
        Assert.Equal((RemarkKind.MissingLabels, RemarkSeverity.Refusal, 2), (remark.Kind, remark.Severity, remark.RowCount));
        Assert.Equal([3, 6], remark.Rows);
        Assert.Contains("2 labels are missing", remark.Line, StringComparison.Ordinal);
        Assert.Contains("rows 3, 6 (from 0)", remark.Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-", "+")]
    [InlineData(".", ",")]
    [InlineData("nano", "y")]
    [InlineData("Nancy", "y")]
    [InlineData("no", "y")]
    [InlineData("nonexistent", "y")]
    [InlineData("0", "1")]
    public void A_class_is_not_missing(string label, string other) =>
        Assert.Equal("", DataCheck.Of(CheckedTable.Labelled([label, other, label, other, label, other])).Codes());

    [Fact]
    public void A_stated_class_is_not_missing_whatever_its_name()
    {
        var options = new DataCheckOptions { Classes = ClassList.Of("NA", "EU") };
        Assert.Equal("", DataCheck.Of(CheckedTable.Labelled(["NA", "EU", "NA", "EU"]), options: options).Codes());
    }

    [Fact]
    public void Accepted_words_are_classes_but_empty_labels_are_none()
    {
        var options = new DataCheckOptions { Accepted = [RemarkKind.MissingLabels] };
        Assert.False(DataCheck.Of(CheckedTable.Labelled(["NA", "EU", "NA", "EU"]), options: options).IsRefused);
        Refusal.Of(() => CheckedTable.Labelled(["", "EU", "x", "EU"]).ToTrainingSet(), "row 0", "empty");
    }

    [Fact]
    public void A_row_without_a_label_is_left_out_and_the_others_keep_their_numbers()
    {
        Dataset data = CheckedTable.Labelled(["x", "?", "y", "x", "nan", "y"]);
        Dataset kept = DataCheck.WithoutMissingLabels(data);
        Assert.Equal(["x", "y", "x", "y"], kept.Labels);
        Assert.Equal([0, 2, 3, 5], Enumerable.Range(0, 4).Select(kept.NumberOf));
        Assert.Equal(data.Features.Row(5), kept.Features.Row(3));
        var check = DataCheck.Of(data, options: new DataCheckOptions { LeavesOutMissingLabels = true, Strict = true });
        Assert.Equal("missing-labels", check.Codes());
        Assert.Contains("rows 1, 4 (from 0); these rows are left out.", check.Remarks[0].Line, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_named_where_a_table_has_them()
    {
        Dataset data = CheckedTable.Labelled(["x", "?", "y", "x"]) with { LinesOfRows = [2, 4, 5, 6] };
        Assert.Contains("row 1 (from 0), line 4", DataCheck.Of(data).Remarks[0].Line, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_test_labels_are_refused_too()
    {
        Dataset test = CheckedTable.Labelled(["x", "nan"], "test.csv", from: 100);
        var check = DataCheck.Of(CheckedTable.OfRows(8), [test]);
        Assert.Equal("missing-labels!", check.Codes());
        Assert.Equal("test.csv", check.Remarks[0].Source);
    }

    [Theory]
    [InlineData("spam", "Spam")]
    [InlineData("spam", "spam ")]
    [InlineData("spam", "\u00a0spam")]
    [InlineData("spam", "spam\u200b")]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("spam", "\uff53\uff50\uff41\uff4d")]
    [InlineData("not spam", "not  spam")]
    [InlineData("stra\u00dfe", "STRA\u00dfE")]
    public void Labels_that_look_alike_are_pointed_out(string one, string other)
    {
        var check = DataCheck.Of(CheckedTable.Labelled([one, "ham", other, "ham", one, other, one, "ham"]));
        DataRemark remark = Assert.Single(check.Remarks);
        Assert.Equal((RemarkKind.LabelSpelling, RemarkSeverity.Remark), (remark.Kind, remark.Severity));
        Assert.Equal([2, 5], remark.Rows);
    }

    [Theory]
    [InlineData("spam", "spams")]
    [InlineData("a b", "ab")]
    [InlineData("e", "\u00e9")]
    [InlineData("a-b", "a_b")]
    public void Labels_that_differ_are_not_pointed_out(string one, string other) =>
        Assert.Equal("", DataCheck.Of(CheckedTable.Labelled([one, other, one, other, one, other])).Codes());

    [Fact]
    public void Code_points_are_shown_where_letters_look_the_same()
    {
        DataCheck check = DataCheck.Of(CheckedTable.Labelled(["caf\u00e9", "cafe\u0301", "caf\u00e9", "cafe\u0301"]));
        Assert.Contains("'cafe\\u0301', 'caf\u00e9'", check.Remarks[0].Line, StringComparison.Ordinal);
    }

    [Fact]
    public void Stated_classes_may_look_alike()
    {
        var options = new DataCheckOptions { Classes = ClassList.Of("a", "A") };
        Assert.Equal("", DataCheck.Of(CheckedTable.Labelled(["a", "A", "a", "A"]), options: options).Codes());
    }

    [Fact]
    public void Spellings_of_one_number_are_said_to_be_one_class()
    {
        DataRemark remark = Assert.Single(DataCheck.Of(CheckedTable.Labelled(["1", "1.0", "01", "2", "2", "1", "1", "2"])).Remarks);
        Assert.Equal(RemarkKind.LabelWriting, remark.Kind);
        Assert.Contains("'01', '1', '1.0'", remark.Line, StringComparison.Ordinal);
        Assert.Equal([1, 2], remark.Rows);
    }

    [Theory]
    [InlineData(true, "-1", "0", "1", "2")]
    [InlineData(true, "-1", "0", "1")]
    [InlineData(false, "-1", "1")]
    [InlineData(false, "-1", "0")]
    [InlineData(false, "-1", "-2", "0", "1")]
    [InlineData(false, "0", "1", "2")]
    public void Minus_one_beside_classes_from_zero_is_pointed_out(bool expected, params string[] labels)
    {
        var check = DataCheck.Of(CheckedTable.Labelled([.. labels, .. labels, .. labels]));
        Assert.Equal(expected ? "unlabelled-mark" : "", check.Codes());
    }

    [Theory]
    [InlineData(40, 40, "unique-labels!")]
    [InlineData(40, 21, "unique-labels!")]
    [InlineData(6, 6, "unique-labels!")]
    [InlineData(5, 5, "single-row-class")]
    [InlineData(40, 20, "")]
    [InlineData(40, 10, "")]
    [InlineData(2, 2, "single-row-class")]
    public void Labels_that_hardly_repeat_are_refused(int rows, int classes, string expected) =>
        Assert.Equal(expected,
            DataCheck.Of(CheckedTable.Labelled([.. Enumerable.Range(0, rows).Select(row => $"c{row % classes}")])).Codes());

    [Fact]
    public void A_single_class_is_refused_unless_others_are_stated()
    {
        Dataset data = CheckedTable.Labelled(["1", "1.0", "1"]);
        Assert.Equal("single-class!", DataCheck.Of(data).Codes());
        Assert.False(DataCheck.Of(data, options: new DataCheckOptions { Classes = ClassList.Of("0", "1") }).IsRefused);
    }

    [Theory]
    [InlineData(95, 5, "imbalanced-classes")]
    [InlineData(90, 10, "imbalanced-classes")]
    [InlineData(85, 15, "")]
    [InlineData(50, 50, "")]
    [InlineData(99, 1, "single-row-class imbalanced-classes")]
    public void One_class_with_most_of_the_rows_is_pointed_out(int common, int rare, string expected) =>
        Assert.Equal(
            expected,
            DataCheck.Of(CheckedTable.Labelled([.. Enumerable.Repeat("x", common), .. Enumerable.Repeat("y", rare)])).Codes());

    [Fact]
    public void A_test_label_that_is_no_class_is_refused_and_a_like_one_is_named()
    {
        var check = DataCheck.Of(CheckedTable.OfRows(8), [CheckedTable.Labelled(["x", "Y"], "test.csv", from: 100)]);
        Assert.Equal("unknown-label!", check.Codes());
        Assert.Contains("'Y' is not among the classes of train.csv, which are 'x', 'y'; row 1", check.Remarks[0].Line,
            StringComparison.Ordinal);
        Assert.Contains("they differ from 'y' in case", check.Remarks[0].Line, StringComparison.Ordinal);
    }

    [Fact]
    public void Strictness_refuses_what_is_not_accepted()
    {
        Dataset data = CheckedTable.Labelled(["spam", "Spam", "ham", "spam", "Spam", "ham"]);
        var strict = new DataCheckOptions { Strict = true };
        Refusal.Of(DataCheck.Of(data, options: strict).ThrowIfRefused, "train.csv", "'Spam', 'spam'");
        var accepted = DataCheck.Of(data, options: strict with { Accepted = [RemarkKind.LabelSpelling] });
        accepted.ThrowIfRefused();
        Assert.Equal(RemarkSeverity.Accepted, Assert.Single(accepted.Remarks).Severity);
    }

    [Fact]
    public void Every_reason_is_said_at_once() => Refusal.Of(
        DataCheck.Of(CheckedTable.With("id", [.. Enumerable.Range(0, 20).Select(i => (double)i)]) with
        {
            Labels = [.. Enumerable.Range(0, 20).Select(i => i == 3 ? "?" : i % 2 == 0 ? "x" : "y")],
        }).ThrowIfRefused,
        "'id'", "one label is missing");

    [Fact]
    public void Codes_differ() => Assert.Equal(RemarkKind.All.Count, RemarkKind.All.Select(kind => kind.Code).Distinct().Count());
}
