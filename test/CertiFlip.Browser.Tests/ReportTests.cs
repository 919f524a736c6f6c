using System.Globalization;
using CertiFlip.Cli.Report;
using Deque.AxeCore.Commons;
using OpenQA.Selenium;

namespace CertiFlip.Browser.Tests;

/// <summary>What people meet who open a report.</summary>
public sealed class ReportTests(Reports reports)
{
    private static readonly (string, string) Dark = ("prefers-color-scheme", "dark");

    [Fact]
    public void The_slider_shows_what_the_csv_says()
    {
        using Browser browser = Browser.Open(reports.PathOf("certify.html"));
        string[][] rows = [.. File.ReadLines(reports.PathOf("certify.csv")).Select(line => line.Split(','))];
        int label = Array.IndexOf(rows[0], "label"), prediction = Array.IndexOf(rows[0], "exact_prediction"),
            radius = Array.IndexOf(rows[0], "exact_radius");
        IWebElement slider = browser.Page.FindElement(By.CssSelector("input[type=range]"));
        slider.SendKeys(Keys.Home);
        for (int r = 0; r <= 12; r++)
        {
            int right =
                rows.Skip(1).Count(row => row[prediction] == row[label] && int.Parse(row[radius], CultureInfo.InvariantCulture) >= r);
            Assert.Equal($"{right} of {rows.Length - 1}", browser.Text(".shares tr:last-child .share-rows"));
            Assert.Equal(
                string.Create(CultureInfo.InvariantCulture, $"{100.0 * right / (rows.Length - 1):F1} %"),
                browser.Text(".shares tr:last-child .share-text"));
            slider.SendKeys(Keys.ArrowRight);
        }

        Assert.Equal("13 wrong labels", slider.GetDomAttribute("aria-valuetext"));
        Assert.StartsWith("At r = 13, correct and certified: kl ", browser.Text("output"), StringComparison.Ordinal);
        double marker =
            double.Parse(browser.Page.FindElement(By.CssSelector(".marker")).GetDomAttribute("x1")!, CultureInfo.InvariantCulture);
        Assert.InRange(marker, 64, 736);
    }

    [Fact]
    public void Where_labels_differ_in_cost_the_slider_chooses_a_cost()
    {
        using Browser browser = Browser.Open(reports.PathOf("costs.html"));
        IWebElement slider = browser.Page.FindElement(By.CssSelector("input[type=range]"));
        slider.SendKeys(Keys.Home);
        slider.SendKeys(Keys.ArrowRight);
        Assert.Equal("a cost of 1", slider.GetDomAttribute("aria-valuetext"));
        Assert.Equal("Cost of wrong training labels, r", browser.Text(".choice label"));
        Assert.EndsWith("at a cost of 1", browser.Text(".shares caption"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Reports.Pages), MemberType = typeof(Reports))]
    public void A_page_complains_of_nothing_and_asks_for_nothing(string page)
    {
        using Browser browser = Browser.Open(reports.PathOf(page));
        Assert.Empty(browser.Complaints);
        Assert.Equal([new Uri(reports.PathOf(page)).AbsoluteUri], browser.Requests);
        browser.Keep(page, "light");
    }

    [Theory]
    [MemberData(nameof(Reports.Pages), MemberType = typeof(Reports))]
    public void A_phone_need_not_scroll_sideways(string page)
    {
        using Browser browser = Browser.Open(reports.PathOf(page), width: 360, height: 2400);
        Assert.Equal(360L, browser.Ask<long>("return document.documentElement.scrollWidth"));
        browser.Keep(page, "phone");
    }

    [Fact]
    public void A_window_zoomed_to_twice_the_size_need_not_scroll_sideways()
    {
        using Browser browser = Browser.Open(reports.PathOf("compare.html"), width: 500, height: 700);
        Assert.Equal(500L, browser.Ask<long>("return document.documentElement.scrollWidth"));
    }

    [Fact]
    public void Texts_of_strangers_are_only_shown()
    {
        using Browser browser = Browser.Open(reports.PathOf("texts.html"));
        Assert.Empty(browser.Complaints);
        Assert.StartsWith("Certified predictions", browser.Page.Title, StringComparison.Ordinal);
        string[] texts = [.. browser.Page.FindElements(By.CssSelector("#fragile .text")).Select(text => text.Text).Distinct()];
        Assert.Contains(texts, text => text.StartsWith("</p><script>document.title", StringComparison.Ordinal));
        Assert.Contains(@"\u202eesrever\u0000\u0007", texts);
        Assert.Contains("שלום עולם", texts);
        Assert.Contains(texts, text => text.EndsWith("WWW…", StringComparison.Ordinal));
        Assert.Contains("(an empty text)", texts);
        Assert.Equal(
            "rtl",
            browser.Ask<string>(
                "return getComputedStyle([...document.querySelectorAll('.text')].find(t => t.textContent.startsWith('ש'))).direction"));
    }

    [Theory]
    [MemberData(nameof(Reports.Pages), MemberType = typeof(Reports))]
    public void Dark_mode_is_dark(string page)
    {
        using Browser browser = Browser.Open(reports.PathOf(page), preferences: Dark);
        Assert.Equal("rgb(20, 24, 29)", browser.Ask<string>("return getComputedStyle(document.body).backgroundColor"));
        browser.Keep(page, "dark");
    }

    [Theory]
    [InlineData("certify.html", false)]
    [InlineData("certify.html", true)]
    [InlineData("texts.html", false)]
    [InlineData("texts.html", true)]
    [InlineData("costs.html", false)]
    [InlineData("compare.html", false)]
    [InlineData("compare.html", true)]
    [InlineData("frontier.html", false)]
    [InlineData("frontier.html", true)]
    [InlineData("audit.html", false)]
    [InlineData("audit.html", true)]
    [InlineData("bounds.html", false)]
    [InlineData("dogfish.html", false)]
    public void Axe_finds_nothing_to_improve(string page, bool dark)
    {
        using Browser browser = Browser.Open(reports.PathOf(page), preferences: dark ? [Dark] : []);
        browser.Page.ExecuteScript(new BundledAxeScriptProvider().GetScript());
        string found = (string)browser.Page.ExecuteAsyncScript(
            "const done = arguments[arguments.length - 1]; axe.run().then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.slice(0, "
                + "3).map(n => n.html).join(' ')).join('\\n')))")!;
        Assert.Equal("", found);
    }
}
