using CertiFlip.Features.Text;

namespace CertiFlip.Tests.Features.Text;

public class AveragedWordVectorsTests
{
    private static readonly WordVectors Vectors = new(["good", "Bad", "good"], 2, [1, 2, 5, -4, 9, 9]);

    [Theory]
    [InlineData("Good, good; unknown GOOD", 1, 2)]
    [InlineData("good Bad", 3, -1)]
    [InlineData("bad", 0, 0)]
    [InlineData("", 0, 0)]
    public void A_text_is_the_mean_of_the_words_that_are_known(string text, double first, double second) =>
        Assert.Equal([first, second], new AveragedWordVectors(Vectors).Transform([text]).Row(0));

    [Fact]
    public void Vectors_that_do_not_fit_are_refused()
    {
        Assert.Contains("need 4, but there are 3",
            Assert.Throws<ArgumentException>(() => new WordVectors(["aa", "bb"], 2, [1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("'bb'", Assert.Throws<ArgumentException>(() => new WordVectors(["aa", "bb"], 1, [1, float.NaN])).Message,
            StringComparison.Ordinal);
    }
}
