using System.Globalization;
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

    [Fact]
    public async Task The_data_have_a_name_in_the_title_and_at_the_head()
    {
        string html = await ReportOf();
        Assert.Contains("<title>Certified predictions: classes ham and spam · train.csv and test.csv</title>", html,
            StringComparison.Ordinal);
        Assert.Contains("<p class=\"lead\"><strong>train.csv and test.csv.</strong> At least half", html, StringComparison.Ordinal);
        html = await ReportOf(options: ["--name", "Mail <2026>"]);
        Assert.Contains("ham and spam · Mail &lt;2026&gt;</title>", html, StringComparison.Ordinal);
        Assert.Contains("<p class=\"lead\"><strong>Mail &lt;2026&gt;.</strong> At least half", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nothing_shows_is_refused()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(folder), "--name", "Mail", "--quiet"]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith("certiflip: --name has no effect without --report or --json", invocation.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cards_of_tables_show_the_values_that_stand_out_in_the_unit_of_the_file()
    {
        using var folder = new TestFolder();
        string[] lines =
        [
            .. Enumerable.Range(0, 40).Select(row =>
                $"t{row},{1000 + (row % 7)},{(row % 2 == 0 ? -1 : 1)},{(row % 3 == 0 ? "Malta" : "France")},"
                + (row % 2 == 0 ? "ham" : "spam")),
        ];
        const string Header = "id,amount,score,country,label\n";
        folder.Write("train.csv", $"{Header}{string.Join('\n', lines)}\n");
        folder.Write("test.csv", $"{Header}mail-7,5000,-1,Malta,ham\nmail-8,1003,1,France,spam\n");
        Invocation invocation = await Invocation.Of(
            "certify", "--train", folder["train.csv"], "--test", folder["test.csv"], "--id", "id", "--report",
            folder["report.html"], "--quiet");
        Assert.Equal(0, invocation.ExitCode);
        string html = File.ReadAllText(folder["report.html"]);
        Assert.Contains("<strong>Test row mail-7</strong>", html, StringComparison.Ordinal);
        Assert.Matches("<ul class=\"values\">\n<li>amount <b>5,000</b> <span>\\+2[0-9]{3}\\.[0-9] sd</span></li>",
            html.Replace("&#x2B;", "+", StringComparison.Ordinal));
        Assert.Contains("<li>country <b>Malta</b> <span>35.0 % of rows</span></li>", html, StringComparison.Ordinal);
        Assert.Contains("No label has a say in which these are.", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 10, false)]
    [InlineData(120, 12, true)]
    public async Task Each_class_has_a_curve_and_of_many_the_least_robust(int classes, int drawn, bool hasSpread)
    {
        using var folder = new TestFolder();
        string[] data = ManyClasses(folder, classes, rows: 6 * classes, testRows: 3 * classes);
        Invocation invocation =
            await Invocation.Of(["certify", .. data, "--certificates", "exact", "--report", folder["report.html"], "--quiet"]);
        Assert.Equal(0, invocation.ExitCode);
        string html = File.ReadAllText(folder["report.html"]);
        Assert.Equal(drawn, html.Split("Certified accuracy of c").Length - 1);
        Assert.Equal(hasSpread, html.Contains("best class", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ten_thousand_rows_of_ten_classes_make_a_page_below_a_megabyte()
    {
        using var folder = new TestFolder();
        string[] data = ManyClasses(folder, classes: 10, rows: 600, testRows: 10_000);
        Invocation invocation = await Invocation.Of(["certify", .. data, "--report", folder["report.html"], "--json"]);
        Assert.Equal(0, invocation.ExitCode);
        Assert.InRange(new FileInfo(folder["report.html"]).Length, 50_000, 1_000_000);
        string json = folder.Write("run.json", invocation.Output);
        Assert.InRange(new FileInfo(json).Length, 50_000, 1_000_000);
        Invocation diff = await Invocation.Of("diff", json, json, "--report", folder["diff.html"], "--quiet");
        Assert.Equal(0, diff.ExitCode);
        Assert.InRange(new FileInfo(folder["diff.html"]).Length, 10_000, 1_000_000);
    }

    /// <summary>Classes about points of a few dimensions, some of which overlap.</summary>
    private static string[] ManyClasses(TestFolder folder, int classes, int rows, int testRows)
    {
        return ["--train", Rows("train.csv", rows, seed: 1), "--test", Rows("test.csv", testRows, seed: 2)];

        string Rows(string name, int count, int seed)
        {
            const int Columns = 12;
            var random = new Random(seed);
            return folder.Write(name, string.Join(',', Enumerable.Range(0, Columns).Select(i => $"x{i}")) + ",label\n" + string.Concat(
                Enumerable.Range(0, count).Select(row =>
                {
                    var centre = new Random(row % classes);
                    return string.Join(',', Enumerable.Range(0, Columns).Select(_ =>
                        (4 * centre.NextDouble() + random.NextDouble() * (1 + row % classes % 4))
                            .ToString("F2", CultureInfo.InvariantCulture)))
                        + $",c{row % classes}\n";
                })));
        }
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
