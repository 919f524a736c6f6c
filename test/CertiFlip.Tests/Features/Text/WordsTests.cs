using CertiFlip.Features.Text;

namespace CertiFlip.Tests.Features.Text;

public class WordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a I", "")]
    [InlineData("It's 8/10: naïve, snake_case!", "It|8|10|naïve|snake_case")]
    [InlineData("end", "end")]
    [InlineData("日本 x", "日本")]
    public void Words_are_runs_of_two_letters_or_a_digit(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Words.Of(text).Select(range => text[range])));

    [Theory]
    [InlineData(1, "one|two|three")]
    [InlineData(2, "one|one two|two|two three|three")]
    [InlineData(3, "one|one two|two|one two three|two three|three")]
    [InlineData(9, "one|one two|two|one two three|two three|three")]
    public void Terms_are_words_and_their_neighbours(int longest, string expected)
    {
        List<string> terms = [];
        Terms.ForEach("One, TWO - three", longest, term => terms.Add(term.ToString()));
        Assert.Equal(expected, string.Join('|', terms));
    }
}
