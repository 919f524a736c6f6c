using System.Xml.Linq;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Report;

public sealed class HtmlReportTests
{
    [Fact]
    public async Task The_report_is_one_file_that_asks_for_nothing_else()
    {
        string html = await ReportOf();
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chart_is_well_formed_and_has_a_line_for_each_certificate()
    {
        string html = await ReportOf();
        int start = html.IndexOf("<svg", StringComparison.Ordinal);
        int end = html.IndexOf("</svg>", StringComparison.Ordinal) + "</svg>".Length;
        XElement svg = XElement.Parse(html[start..end]);
        IEnumerable<string> curves = svg.Descendants().Where(element => element.Name.LocalName == "path").Select(path => path.Attribute("class")!.Value);
        Assert.Equal(["curve kl", "curve tight", "curve structured", "curve exact"], curves);
    }

    [Fact]
    public async Task Names_of_classes_cannot_become_markup()
    {
        string html = await ReportOf(class1: "<script>alert(1)</script>");
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ridge_chosen_from_the_labels_is_marked_as_a_condition()
    {
        Assert.Contains("Conditional on λ", await ReportOf(options: ["--ridge", "paper"]), StringComparison.Ordinal);
        Assert.DoesNotContain("Conditional on λ", await ReportOf(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_right_the_headline_does_not_claim_half()
    {
        using var folder = new TestFolder();
        folder.Write("train.csv", "a,b,label\n1,2,x\n3,4,y\n5,6,x\n2,9,y\n");
        folder.Write("test.csv", "a,b,label\n1,2,y\n3,4,y\n5,6,y\n");
        await Invocation.Of("certify", "--train", folder["train.csv"], "--test", folder["test.csv"], "--noise", "0.49", "--report", folder["report.html"], "--quiet");
        string html = File.ReadAllText(folder["report.html"]);
        Assert.DoesNotContain("At least half", html, StringComparison.Ordinal);
        Assert.Contains("Of the 3 test predictions, ", html, StringComparison.Ordinal);
    }

    private static async Task<string> ReportOf(string class1 = "spam", params string[] options)
    {
        using var folder = new TestFolder();
        folder.Write("train.csv", SmallData.Csv(40, class1: class1));
        folder.Write("test.csv", SmallData.Csv(10, class1: class1, seed: 2));
        Invocation invocation = await Invocation.Of(
            ["certify", "--train", folder["train.csv"], "--test", folder["test.csv"], "--report", folder["report.html"], "--quiet", .. options]);
        Assert.Equal(0, invocation.ExitCode);
        return File.ReadAllText(folder["report.html"]);
    }
}
