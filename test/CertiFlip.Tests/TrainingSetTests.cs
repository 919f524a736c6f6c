namespace CertiFlip.Tests;

public class TrainingSetTests
{
    private static readonly FeatureMatrix Features = new(3, 1, [1, 2, 3]);

    [Fact]
    public void Labels_are_texts_or_whole_numbers()
    {
        Assert.Equal(["ham", "spam"], new TrainingSet(Features, ["spam", "ham", "spam"]).Classes);
        var numbered = new TrainingSet(Features, [10, 9, 10]);
        Assert.Equal(["9", "10"], numbered.Classes);
        Assert.Equal(1, numbered.Labels[0]);
    }

    [Fact]
    public void Classes_that_do_not_occur_are_there_if_they_are_stated()
    {
        var training = new TrainingSet(Features, ["a", "a", "a"], ClassList.Of("a", "b"));
        Assert.Equal((2, 0), (training.Labels.ClassCount, training.Labels.CountOf(1)));
    }

    [Fact]
    public void Labels_are_as_many_as_rows_and_of_the_list()
    {
        Assert.Throws<ArgumentException>(() => new TrainingSet(Features, ["a", "b"]));
        Assert.Throws<ArgumentException>(() => new TrainingSet(Features, ["a", "b", "z"], ClassList.Of("a", "b")));
        Assert.Throws<ArgumentException>(() => new TrainingSet(Features, ["a", "a", "a"]));
    }
}
