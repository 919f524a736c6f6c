namespace CertiFlip.Tests;

public class ClassLabelsTests
{
    [Fact]
    public void Labels_read_back_as_they_were()
    {
        var labels = new ClassLabels([1, 0, 2, 1], 4);
        Assert.Equal([1, 0, 2, 1], Enumerable.Range(0, labels.Count).Select(row => labels[row]));
        Assert.Equal(4, labels.ClassCount);
    }

    [Fact]
    public void Every_class_counts_its_rows()
    {
        var labels = new ClassLabels([1, 0, 2, 1], 4);
        Assert.Equal([1, 2, 1, 0], Enumerable.Range(0, 4).Select(labels.CountOf));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(-1, 2)]
    [InlineData(3, 3)]
    [InlineData(int.MaxValue, 10)]
    public void Label_of_a_class_beyond_the_count_is_named(int label, int classCount) =>
        Assert.Contains("Label 1", Assert.Throws<ArgumentException>(() => new ClassLabels([0, label], classCount)).Message);

    [Fact]
    public void There_must_be_labels() => Assert.Throws<ArgumentException>(() => new ClassLabels([], 2));

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-1)]
    public void There_must_be_two_classes(int classCount) =>
        Assert.ThrowsAny<ArgumentException>(() => new ClassLabels([0, 0], classCount));

    [Fact]
    public void Labels_do_not_follow_the_list_they_were_made_from()
    {
        int[] classes = [1, 0, 2];
        var labels = new ClassLabels(classes, 3);
        classes[0] = 2;
        Assert.Equal(1, labels[0]);
    }
}
