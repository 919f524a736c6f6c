using CertiFlip.Cli.Report;
using OpenQA.Selenium;

namespace CertiFlip.Browser.Tests;

/// <summary>A report without a mouse.</summary>
public sealed class KeyboardTests(Reports reports)
{
    [Fact]
    public void The_first_stop_leads_past_the_list_of_contents()
    {
        using Browser browser = Browser.Open(reports.PathOf("certify.html"));
        Press(browser, Keys.Tab);
        Assert.Equal("Skip to content", browser.Page.SwitchTo().ActiveElement().Text);
        Assert.True(
            browser.Ask<bool>(
                "const r = document.activeElement.getBoundingClientRect(); return r.left >= 0 && r.top >= 0 && r.width > 50"));
        Press(browser, Keys.Enter);
        Press(browser, Keys.Tab);
        Assert.Equal("chart-number", browser.Page.SwitchTo().ActiveElement().GetDomAttribute("id"));
    }

    [Theory]
    [MemberData(nameof(Reports.Pages), MemberType = typeof(Reports))]
    public void Every_stop_is_seen_and_named(string page)
    {
        using Browser browser = Browser.Open(reports.PathOf(page), width: 500, height: 700);
        List<string> stops = [];
        Press(browser, Keys.Tab);
        for (; browser.Ask<string>("return document.activeElement.tagName") is var tag and not "BODY"; Press(browser, Keys.Tab))
        {
            string stop = $"{tag} {browser.Ask<string>("return document.activeElement.outerHTML.slice(0, 120)")}";
            stops.Add(stop);
            Assert.True(
                browser.Ask<bool>(
                    "const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) "
                        + ">= 2"), $"No outline: {stop}");
            Assert.True(
                browser.Ask<bool>("const r = document.activeElement.getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight"),
                $"Out of sight: {stop}");
            Assert.True(
                browser.Ask<bool>("const e = document.activeElement; return !!(e.textContent.trim() || e.labels?.length || e.ariaLabel)"),
                $"No name: {stop}");
        }

        Assert.Equal(
            browser.Ask<long>(
                "return [...document.querySelectorAll('a[href], input, summary, [tabindex=\"0\"]')].filter(e => "
                    + "e.checkVisibility()).length"), stops.Count);
    }

    [Fact]
    public void Keys_move_the_slider()
    {
        using Browser browser = Browser.Open(reports.PathOf("certify.html"));
        IWebElement slider = browser.Page.FindElement(By.CssSelector("input[type=range]"));
        slider.SendKeys(Keys.End);
        Assert.Equal(slider.GetDomAttribute("max"), browser.Text(".at"));
        slider.SendKeys(Keys.Home);
        Assert.Equal("0", browser.Text(".at"));
        slider.SendKeys(Keys.PageUp);
        int far = int.Parse(browser.Text(".at"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(far > 1);
        slider.SendKeys(Keys.ArrowLeft);
        Assert.Equal($"{far - 1}", browser.Text(".at"));
    }

    [Fact]
    public void A_number_can_be_typed_instead()
    {
        using Browser browser = Browser.Open(reports.PathOf("certify.html"));
        IWebElement number = browser.Page.FindElement(By.CssSelector("input[type=number]"));
        number.SendKeys(Keys.Control + "a");
        number.SendKeys("7");
        Assert.Equal("7", browser.Text(".at"));
        Assert.StartsWith("At r = 7, correct and certified: kl ", browser.Text("output"), StringComparison.Ordinal);
        number.SendKeys("000000");
        Assert.Equal(number.GetDomAttribute("max"), browser.Text(".at"));
    }

    [Fact]
    public void A_table_wider_than_the_window_is_scrolled_by_arrows()
    {
        using Browser browser = Browser.Open(reports.PathOf("compare.html"), width: 360, height: 740);
        browser.Page.ExecuteScript("document.querySelector('.scroll').focus()");
        Press(browser, Keys.ArrowRight);
        Assert.True(
            browser.Ask<bool>(
                "const r = document.querySelector('.scroll'); return new Promise(done => setTimeout(() => done(r.scrollLeft > 0), 300))"));
    }

    private static void Press(Browser browser, string key) =>
        new OpenQA.Selenium.Interactions.Actions(browser.Page).SendKeys(key).Perform();
}
