using System.Xml.Linq;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Report;

public sealed class HtmlReportTests
{
    [Fact]
    public async Task The_report_is_one_file_that_asks_for_nothing_else()
    {
        string html = await ReportOf();
        Assert.DoesNotMatch("src=\"(?!data:)", html);
        Assert.DoesNotMatch("href=\"(?!data:|#)", html);
        Assert.Contains("Content-Security-Policy\" content=\"default-src 'none'", html, StringComparison.Ordinal);
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
        IEnumerable<string> curves =
            svg.Descendants().Where(element => element.Name.LocalName == "path").Select(path => path.Attribute("class")!.Value);
        Assert.Equal(["curve kl", "curve tight", "curve structured", "curve exact"], curves);
    }

    [Fact]
    public async Task Names_of_classes_cannot_become_markup()
    {
        string html = await ReportOf(class1: "</script><script>alert(1)</script><img src=x onerror=alert(1)>");
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bytes_do_not_depend_on_the_number_of_threads() =>
        Assert.Equal(await ReportOf(options: ["--threads", "1"]), await ReportOf(options: ["--threads", "3"]));

    [Fact]
    public async Task Fragile_rows_come_with_the_labels_that_would_change_them()
    {
        string html = await ReportOf();
        Assert.Contains("flips would change the prediction to", html, StringComparison.Ordinal);
        Assert.Matches("training row [0-9]+: <span>(ham → spam|spam → ham)", html);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_whose_columns_are_pixels_are_shown_as_images()
    {
        using var folder = new TestFolder();
        await Invocation.Of("demo", "--report", folder["demo.html"]);
        string html = File.ReadAllText(folder["demo.html"]);
        Assert.Contains(
            "<img class=\"pixels\" alt=\"Test row 502\" width=\"8\" height=\"8\" src=\"data:image/png;base64,iVBOR", html,
            StringComparison.Ordinal);
        Assert.Contains("<img class=\"pixels\" alt=\"Training row 975\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_of_idx_files_are_shown()
    {
        using var folder = new TestFolder();
        RawData.WriteTo(folder);
        string[] FilesOf(string split) =>
        [
            folder[Path.Combine("mnist", $"{split}-images-idx3-ubyte.gz")], folder[Path.Combine("mnist", $"{split}-labels-idx1-ubyte.gz")],
        ];
        (string[] train, string[] test) = (FilesOf("train"), FilesOf("t10k"));
        Invocation invocation = await Invocation.Of(
            "certify", "--train", train[0], "--train-labels", train[1], "--test", test[0], "--test-labels", test[1], "--test-rows", "20",
            "--report", folder["report.html"], "--quiet");
        Assert.Equal(0, invocation.ExitCode);
        Assert.Contains(
            "width=\"28\" height=\"28\" src=\"data:image/png", File.ReadAllText(folder["report.html"]), StringComparison.Ordinal);
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
        await Invocation.Of(
            "certify", "--train", folder["train.csv"], "--test", folder["test.csv"], "--noise", "0.49", "--report", folder["report.html"],
            "--quiet");
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
            [
                "certify", "--train", folder["train.csv"], "--test", folder["test.csv"], "--report", folder["report.html"], "--quiet",
                .. options,
            ]);
        Assert.Equal(0, invocation.ExitCode);
        return File.ReadAllText(folder["report.html"]);
    }
}
