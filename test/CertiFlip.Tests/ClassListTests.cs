namespace CertiFlip.Tests;

public class ClassListTests
{
    [Fact]
    public void Numbers_are_sorted_as_numbers_and_spellings_of_one_number_are_one_class()
    {
        var classes = ClassList.FromLabels(["10", "2", "2.0", "-1"]);
        Assert.Equal(["-1", "2", "10"], classes);
        Assert.Equal([2, 1, 1, 0], classes.Encode(["1e1", "2", "02", "-1.0"]));
    }

    [Fact]
    public void Numbers_of_many_digits_or_far_apart_are_compared_in_no_time()
    {
        string[] labels = [.. Enumerable.Range(0, 40_000).Select(i => $"{i + 1}7e{(i % 2 == 0 ? "" : "-")}{900 + i % 100}")];
        TimeSpan started = Environment.CpuUsage.TotalTime;
        var classes = ClassList.FromLabels(labels);
        Assert.Equal(labels.Length, classes.Count);
        Assert.Equal([.. Enumerable.Range(0, labels.Length)], classes.Encode(classes));
        Assert.Equal("27e-901", classes.First(label => label.EndsWith("e-901", StringComparison.Ordinal)));
        Assert.InRange(Environment.CpuUsage.TotalTime - started, TimeSpan.Zero, TimeSpan.FromSeconds(20)); // Tests run beside it.
    }

    [Fact]
    public void Numbers_are_ordered_by_sign_size_and_digits() => Assert.Equal(
        ["-1e999", "-12", "-1.23", "-1.2", "-1e-999", "0", "1e-999", "0.12", "0.123", "0.13", "1", "12", "1e999"],
        ClassList.Of("0.13", "1e999", "-12", "0.123", "0", "12", "-1.2", "1", "0.12", "-1e-999", "1e-999", "-1.23", "-1e999"));

    [Fact]
    public void A_name_that_looks_like_a_number_written_in_another_way_stays_itself()
    {
        string digits = new('1', 400); // The longest number.
        Assert.Equal(4, ClassList.Of(digits, $"{digits}e0", $"#1.{digits}e400", $"1.{digits}e400").Count);
    }

    [Fact]
    public void Stated_classes_need_not_occur_and_have_the_order_that_labels_would_give()
    {
        var stated = ClassList.Of("spam", "ham", "scam");
        Assert.Equal(["ham", "scam", "spam"], stated);
        Assert.True(stated.IsStated);
        Assert.False(ClassList.FromLabels(["spam", "ham"]).IsStated);
    }

    [Fact]
    public void Label_outside_the_list_is_refused_with_its_row()
    {
        var exception = Assert.Throws<ArgumentException>(() => ClassList.Of("a", "b").Encode(["a", "z"]));
        Assert.Contains("Row 1", exception.Message);
        Assert.Contains("'z'", exception.Message);
    }

    [Fact]
    public void Lists_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ClassList.Of("a"));
        Assert.Throws<ArgumentException>(() => ClassList.Of("1", "1.0", "2"));
        Assert.Throws<ArgumentException>(() => ClassList.Of("a", " "));
        Assert.Throws<ArgumentException>(() => ClassList.FromLabels(["a", "a"]));
        Assert.Throws<ArgumentException>(() => ClassList.FromLabels([]));
        Assert.Throws<ArgumentException>(() => ClassList.Numbered(1));
    }
}
