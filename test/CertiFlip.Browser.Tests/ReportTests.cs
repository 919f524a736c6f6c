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

    [Theory]
    [MemberData(nameof(Reports.Pages), MemberType = typeof(Reports))]
    public void A_phone_has_a_key_to_the_lines_that_can_be_read(string page)
    {
        using Browser browser = Browser.Open(reports.PathOf(page), width: 390, height: 2400);
        Assert.Equal(0L, browser.Ask<long>(
            "return [...document.querySelectorAll('figure .legend text, figure .label')]"
                + ".filter(e => e.getBoundingClientRect().width > 0).length"));
        Assert.True(browser.Ask<bool>("""
            const keys = [...document.querySelectorAll('.key')];
            return keys.length > 0 && keys.every(key => key.checkVisibility() && parseFloat(getComputedStyle(key).fontSize) >= 13
              && [...key.children].every(name => name.textContent.trim() && name.getBoundingClientRect().right <= 390
                && name.querySelector('svg').getBoundingClientRect().width === 28));
            """));
        Assert.Equal(
            browser.Ask<long>("return document.querySelectorAll('figure:has(.drawing) .curve:not(.key *, .legend *)').length"),
            browser.Ask<long>("return document.querySelectorAll('.key .curve').length"));
    }

    [Theory]
    [InlineData("table.html", 0)]
    [InlineData("diff.html", 2)]
    [InlineData("audit.html", 1)]
    [InlineData("classes.html", 1)]
    public void On_a_screen_lines_are_named_in_the_drawing(string page, int labels)
    {
        using Browser browser = Browser.Open(reports.PathOf(page));
        Assert.Equal(0L, browser.Ask<long>("return [...document.querySelectorAll('.key')].filter(e => e.checkVisibility()).length"));
        Assert.Equal((long)labels,
            browser.Ask<long>("return document.querySelector('figure .drawing svg').querySelectorAll('.label').length"));
        Assert.Equal(labels == 0, browser.Ask<bool>("return !!document.querySelector('figure .drawing .legend line.curve')"));
    }

    [Theory]
    [InlineData("table.html", "#fragile")]
    [InlineData("suspects.html", "#suggestions")]
    public void Cards_of_a_table_show_ids_and_the_values_that_stand_out(string page, string section)
    {
        using Browser browser = Browser.Open(reports.PathOf(page));
        Assert.Matches("(Test|Training) row tx-", browser.Text($"{section} .cards strong"));
        Assert.InRange(
            browser.Page.FindElements(By.CssSelector($"{section} .cards > li > .values b"))
                .Count(value => value.Displayed && value.Text.Length > 0), 20, 200);
        Assert.Matches(
            "^(amount|age of the account in days|country|hour) ", browser.Text($"{section} .values li"));
    }

    [Fact]
    public void The_sliders_of_the_chart_and_of_the_classes_move_together()
    {
        using Browser browser = Browser.Open(reports.PathOf("certify.html"));
        string[][] rows = [.. File.ReadLines(reports.PathOf("certify.csv")).Select(line => line.Split(','))];
        int label = Array.IndexOf(rows[0], "label"), prediction = Array.IndexOf(rows[0], "exact_prediction"),
            radius = Array.IndexOf(rows[0], "exact_radius");
        IWebElement chart = browser.Page.FindElement(By.CssSelector("#chart-flips")), classes =
            browser.Page.FindElement(By.CssSelector("#classes-flips"));
        chart.SendKeys(Keys.Home);
        for (int r = 0; r <= 6; r++)
        {
            string[][] zeros = [.. rows.Skip(1).Where(row => row[label] == "0")];
            int right = zeros.Count(row => row[prediction] == "0" && int.Parse(row[radius], CultureInfo.InvariantCulture) >= r);
            Assert.Equal(
                string.Create(CultureInfo.InvariantCulture, $"r = {r}: {100.0 * right / zeros.Length:F1} %"),
                browser.Text("#classes .at-r"));
            Assert.Equal($"{r}", classes.GetDomProperty("value"));
            chart.SendKeys(Keys.ArrowRight);
        }

        classes.SendKeys(Keys.Home);
        Assert.Equal("0", browser.Text(".at"));
        Assert.StartsWith("At r = 0: 0 ", browser.Text("#classes output"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_curves_of_two_runs_are_those_of_their_rows()
    {
        using Browser browser = Browser.Open(reports.PathOf("diff.html"));
        string[][] rows = [.. File.ReadLines(reports.PathOf("diff.csv")).Skip(1).Select(line => line.Split(','))];
        IWebElement slider = browser.Page.FindElement(By.CssSelector("input[type=range]"));
        slider.SendKeys(Keys.Home);
        for (int r = 0; r <= 8; r++)
        {
            int Survive(int prediction) =>
                rows.Count(row => row[prediction] == row[1] && int.Parse(row[prediction + 1], CultureInfo.InvariantCulture) >= r);
            Assert.Equal($"{Survive(2)} of {rows.Length}", browser.Text(".shares tr:first-child .share-rows"));
            Assert.Equal($"{Survive(4)} of {rows.Length}", browser.Text(".shares tr:last-child .share-rows"));
            slider.SendKeys(Keys.ArrowRight);
        }

        Assert.Contains("Two runs compared", browser.Page.Title, StringComparison.Ordinal);
        Assert.Contains("Card payments, March", browser.Text(".lead"), StringComparison.Ordinal);
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
    [InlineData("table.html", false)]
    [InlineData("table.html", true)]
    [InlineData("classes.html", false)]
    [InlineData("suspects.html", false)]
    [InlineData("diff.html", false)]
    [InlineData("diff.html", true)]
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
