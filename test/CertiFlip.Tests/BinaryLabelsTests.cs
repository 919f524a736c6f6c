namespace CertiFlip.Tests;

public class BinaryLabelsTests
{
    [Fact]
    public void Labels_read_back_as_they_were()
    {
        var labels = new BinaryLabels([1, 0, 1]);
        Assert.Equal([1, 0, 1], Enumerable.Range(0, labels.Count).Select(row => labels[row]));
        Assert.Equal(2, labels.Ones);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void Label_of_a_third_class_is_named(int label) =>
        Assert.Contains("Label 1", Assert.Throws<ArgumentException>(() => new BinaryLabels([0, label])).Message);

    [Fact]
    public void There_must_be_labels() => Assert.Throws<ArgumentException>(() => new BinaryLabels([]));
}
