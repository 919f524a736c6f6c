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
    public void A_name_that_looks_like_a_number_written_in_another_way_stays_itself()
    {
        string digits = new('1', 400); // The longest number.
        Assert.Equal(4, ClassList.Of(digits, $"{digits}e0", $"#{digits}e0", $"##{digits}e0").Count);
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

    [Fact]
    public void Numbers_are_sorted_exactly_whatever_their_exponents()
    {
        string[] inOrder =
        [
            "-1e999", "-2.5e3", "-2499.9", "-1e-999", "0", "3e-999", "1e-998", "1.25e-1", "0.1250001", "9e0", "10",
            "1.0000000000000000001e1", "123456e-3", "1e998", "9.99e998", "1e999",
        ];
        Assert.Equal(inOrder, ClassList.FromLabels([.. inOrder.Reverse()]));
        Assert.Equal([0, 4, 10, 15], ClassList.FromLabels(inOrder).Encode(["-10e998", "-0.0", "+1.0e1", "10e998"]));
    }

    [Fact]
    public void Many_numbers_with_large_exponents_are_sorted_in_no_time()
    {
        string[] labels = [.. Enumerable.Range(1, 100_000).Select(i => $"{i}e{(i % 2 == 0 ? "" : "-")}999")];
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(100_000, ClassList.FromLabels(labels).Count);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15);
    }
}
