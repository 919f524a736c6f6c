using CertiFlip.Cli.Report;

namespace CertiFlip.Cli.Tests.Report;

public sealed class TextViewTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \t\n ", "")]
    [InlineData("  two\r\n\r\n\tlines ", "two lines")]
    [InlineData("ten chars!", "ten chars!")]
    [InlineData("eleven char", "eleven cha…")]
    [InlineData("a word and more", "a word and…")]
    [InlineData("nine char more", "nine char…")]
    [InlineData("123456789👍🏽", "123456789…")]
    [InlineData("123456789e\u0301", "123456789…")]
    [InlineData("\u0000\u001B[31m\u0085", @"\u0000\u001b[31m")]
    [InlineData("a\u202Eb\u2066c\u200Fd", @"a\u202eb\u2066c\u200fd")]
    public void A_text_is_cut_between_letters_and_shows_what_does_not_print(string text, string shown) =>
        Assert.Equal(shown, TextView.Cut(text, 10));

    [Fact]
    public void A_letter_with_marks_without_end_is_cut_too() => Assert.Equal("…", TextView.Cut("a" + new string('\u0301', 1_000_000), 100));

    [Fact]
    public void Texts_are_text()
    {
        var view = new TextView(["</p><script>alert(1)</script>", "שלום <b>", ""]);
        Assert.Equal(
            "<p class=\"text\" dir=\"auto\">&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
            view.Show(0, "", ViewSize.Small).ToString());
        Assert.Equal("<p class=\"text\" dir=\"auto\">שלום &lt;b&gt;</p>\n", view.Show(1, "", ViewSize.Small).ToString());
        Assert.Contains("an empty text", view.Show(2, "", ViewSize.Small).ToString(), StringComparison.Ordinal);
    }
}
