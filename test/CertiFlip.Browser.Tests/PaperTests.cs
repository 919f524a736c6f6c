namespace CertiFlip.Browser.Tests;

/// <summary>A report on paper, and where the reader's system chooses the colours.</summary>
public sealed class PaperTests(Reports reports)
{
    // A4 between the margins of the style sheet, at 96 units to the inch.
    private const int Width = 688;

    [Theory]
    [MemberData(nameof(Reports.Pages), MemberType = typeof(Reports))]
    public void Nothing_is_cut_off_and_nothing_can_be_slid(string page)
    {
        using Browser browser = Browser.Open(reports.PathOf(page), Width, height: 3000, "print", ("prefers-color-scheme", "dark"));
        browser.Page.ExecuteScript("dispatchEvent(new Event('beforeprint'))");
        Assert.Equal(
            "",
            browser.Ask<string>(
                $"return [...document.querySelectorAll('table, figure, .cards')].filter(e => e.getBoundingClientRect().right > {Width} + "
                    + $"0.5).map(e => e.outerHTML.slice(0, 200)).join()"));
        Assert.Equal(
            0L, browser.Ask<long>("return [...document.querySelectorAll('input, nav, summary')].filter(e => e.checkVisibility()).length"));
        Assert.Equal(0L, browser.Ask<long>("return [...document.querySelectorAll('table')].filter(e => !e.checkVisibility()).length"));
        Assert.Equal("rgb(255, 255, 255)", browser.Ask<string>("return getComputedStyle(document.body).backgroundColor"));
        Assert.Equal("rgb(255, 255, 255)", browser.Ask<string>("return getComputedStyle(document.querySelector('.paper')).fill"));
        browser.Keep(page, "paper");
    }

    [Theory]
    [InlineData("certify.html")]
    [InlineData("texts.html")]
    public void In_forced_colours_panels_keep_an_edge_and_drawings_take_the_colours(string page)
    {
        using Browser browser =
            Browser.Open(reports.PathOf(page), preferences: [("forced-colors", "active"), ("prefers-color-scheme", "dark")]);
        Assert.Equal("solid", browser.Ask<string>("return getComputedStyle(document.querySelector('.slider')).borderTopStyle"));
        Assert.Equal(
            browser.Ask<string>("return getComputedStyle(document.body).backgroundColor"),
            browser.Ask<string>("return getComputedStyle(document.querySelector('.paper')).fill"));
        browser.Keep(page, "forced");
    }
}
