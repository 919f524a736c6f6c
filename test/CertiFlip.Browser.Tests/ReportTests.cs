using System.Globalization;
using Deque.AxeCore.Commons;
using OpenQA.Selenium;

namespace CertiFlip.Browser.Tests;

/// <summary>What people meet who open a report. Screenshots are kept where CERTIFLIP_SCREENSHOTS names a folder.</summary>
public sealed class ReportTests(Reports reports) : IClassFixture<Reports>
{
    public static TheoryData<string> Pages => ["demo.html", "certify.html", "compare.html", "frontier.html", "bounds.html"];

    [Fact]
    public void The_slider_shows_what_the_csv_says()
    {
        using Browser browser = Browser.Open(reports.PathOf("certify.html"));
        string[][] rows = [.. File.ReadLines(reports.PathOf("certify.csv")).Select(line => line.Split(','))];
        int label = Array.IndexOf(rows[0], "label"), prediction = Array.IndexOf(rows[0], "exact_prediction"), radius = Array.IndexOf(rows[0], "exact_radius");
        IWebElement slider = browser.Page.FindElement(By.CssSelector("input[type=range]"));
        slider.SendKeys(Keys.Home);
        for (int r = 0; r <= 12; r++)
        {
            int right = rows.Skip(1).Count(row => row[prediction] == row[label] && int.Parse(row[radius], CultureInfo.InvariantCulture) >= r);
            Assert.Equal($"{right} of {rows.Length - 1}", browser.Text(".shares tr:last-child .share-rows"));
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{100.0 * right / (rows.Length - 1):F1} %"), browser.Text(".shares tr:last-child .share-text"));
            slider.SendKeys(Keys.ArrowRight);
        }

        Assert.Equal("13 wrong labels", slider.GetDomAttribute("aria-valuetext"));
        Assert.StartsWith("At r = 13, right and certified: kl ", browser.Text("output"), StringComparison.Ordinal);
        double marker = double.Parse(browser.Page.FindElement(By.CssSelector(".marker")).GetDomAttribute("x1")!, CultureInfo.InvariantCulture);
        Assert.InRange(marker, 64, 736);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_complains_of_nothing_and_asks_for_nothing(string page)
    {
        using Browser browser = Browser.Open(reports.PathOf(page));
        Assert.Empty(browser.Complaints);
        Assert.Equal([new Uri(reports.PathOf(page)).AbsoluteUri], browser.Requests);
        Keep(browser, page, "light");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_phone_need_not_scroll_sideways(string page)
    {
        using Browser browser = Browser.Open(reports.PathOf(page), width: 360, height: 740);
        Assert.Equal(360L, browser.Ask<long>("return document.documentElement.scrollWidth"));
        Keep(browser, page, "phone");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Dark_mode_is_dark(string page)
    {
        using Browser browser = Browser.Open(reports.PathOf(page), dark: true);
        Assert.Equal("rgb(20, 24, 29)", browser.Ask<string>("return getComputedStyle(document.body).backgroundColor"));
        Keep(browser, page, "dark");
    }

    [Theory]
    [InlineData("certify.html", false)]
    [InlineData("certify.html", true)]
    [InlineData("compare.html", false)]
    [InlineData("compare.html", true)]
    [InlineData("frontier.html", false)]
    [InlineData("frontier.html", true)]
    [InlineData("bounds.html", false)]
    public void Axe_finds_nothing_to_improve(string page, bool dark)
    {
        using Browser browser = Browser.Open(reports.PathOf(page), dark: dark);
        browser.Page.ExecuteScript(new BundledAxeScriptProvider().GetScript());
        string found = (string)browser.Page.ExecuteAsyncScript(
            "const done = arguments[arguments.length - 1]; axe.run().then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' ')).join('\\n')))")!;
        Assert.Equal("", found);
    }

    private static void Keep(Browser browser, string page, string name)
    {
        if (Environment.GetEnvironmentVariable("CERTIFLIP_SCREENSHOTS") is { Length: > 0 } folder)
            browser.Page.GetScreenshot().SaveAsFile(Path.Combine(Directory.CreateDirectory(folder).FullName, $"{Path.GetFileNameWithoutExtension(page)}-{name}.png"));
    }
}
