namespace CertiFlip.Data.Tests.Output;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData("spam", "spam")]
    [InlineData("größe — 日本 \U0001F600", "größe — 日本 \U0001F600")]
    [InlineData("\u001b[2J", @"\u001b[2J")]
    [InlineData("a\tb\r\nc\0", @"a\u0009b\u000d\u000ac\u0000")]
    [InlineData("\u007f\u0085\u009b2J", @"\u007f\u0085\u009b2J")]
    [InlineData("\u2028\u2029", @"\u2028\u2029")]
    [InlineData("a\u202eb\u2066c\u2069", @"a\u202eb\u2066c\u2069")]
    [InlineData("\u200e\u200f\u061c", @"\u200e\u200f\u061c")]
    [InlineData("sp\u200bam\u2060\ufeff\u00ad", @"sp\u200bam\u2060\ufeff\u00ad")]
    [InlineData("ham\u200d \u200cspam", @"ham\u200d \u200cspam")]
    [InlineData("\U000E0041x", @"\udb40\udc41x")]
    [InlineData("\u3164\u034f", @"\u3164\u034f")]
    public void What_a_terminal_would_obey_or_nobody_would_see_is_shown_as_an_escape(string text, string expected) =>
        Assert.Equal(expected, ShownText.Escape(text));

    [Fact]
    public void Halves_of_surrogate_pairs_are_escaped_and_whole_ones_are_not()
    {
        Assert.Equal(@"a\ud800", ShownText.Escape("a" + '\ud800'));
        Assert.Equal(@"\udc00b", ShownText.Escape('\udc00' + "b"));
        Assert.Equal(@"\ud83d" + "\U0001F600", ShownText.Escape('\ud83d' + "\U0001F600"));
    }

    [Theory]
    [InlineData("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645")] // Persian: they want.
    [InlineData("\u0915\u094D\u200D\u0937")] // Hindi: a conjunct that is not joined.
    [InlineData("\U0001F469\u200D\U0001F469\u200D\U0001F467")] // A family.
    [InlineData("\u0661\u0600\u0662")] // Arabic: the sign of a number can be seen.
    public void Joiners_that_belong_to_spelling_stay(string text) => Assert.Equal(text, ShownText.Escape(text));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("abcd fg", 6, "abcd…")]
    [InlineData("a\u0301b\u0301c\u0301", 3, "a\u0301b\u0301c\u0301")]
    [InlineData("a\u0301b\u0301c\u0301d", 3, "a\u0301b\u0301…")]
    [InlineData("\U0001F600\U0001F600\U0001F600", 2, "\U0001F600…")]
    [InlineData("a\u001bcdef", 8, @"a\u001b…")]
    [InlineData("a\u001bcdef", 7, "a…")]
    [InlineData(@"a\bcdef", 4, @"a\b…")]
    public void A_long_text_is_cut_after_whole_letters(string text, int most, string expected) =>
        Assert.Equal(expected, ShownText.Cut(text, most));

    [Fact]
    public void A_letter_with_endless_marks_is_not_one_letter() =>
        Assert.Equal("a…", ShownText.Cut($"ab{new string('\u0301', 5000)}c", 20));
}
