using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Report;

/// <summary>Texts and images from files of their own, for rows that are only numbers.</summary>
public sealed class ShownRowsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string[] _data;

    public ShownRowsTests()
    {
        _data = [.. SmallData.WriteTo(_folder).Skip(1), "--report", _folder["report.html"], "--quiet"];
        _folder.Write("train.txt", Lines(40, "training text <script>alert(1)</script>"));
        _folder.Write("test.tsv", "id\tbody\n" + string.Concat(Enumerable.Range(0, 10).Select(row => $"{row}\ttest text {row} & more\n")));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("certify")]
    [InlineData("compare")]
    public async Task Texts_of_fragile_rows_and_of_their_witnesses_are_shown(string command)
    {
        string html =
            await Report([command, .. _data, "--show-train", _folder["train.txt"], "--show-test", _folder["test.tsv"], "--text", "body"]);
        Assert.Contains("<p class=\"text\" dir=\"auto\">test text 3 &amp; more</p>", html, StringComparison.Ordinal);
        Assert.Matches(
            "training row ([0-9]+): <span>(ham → spam|spam → ham)</span></span><p class=\"text\" dir=\"auto\">training text "
                + "&lt;script&gt;alert\\(1\\)&lt;/script&gt; \\1</p>", html);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_may_be_shown_on_one_side_alone()
    {
        _folder.Write("images.npy", NpyBytes.Array("|u1", [10, 2, 2, 3], Enumerable.Range(0, 120).Select(pixel => (object)(byte)pixel)));
        string html = await Report(["certify", .. _data, "--show-test", _folder["images.npy"]]);
        Assert.Contains("<img class=\"pixels\" alt=\"Test row 3\" width=\"2\" height=\"2\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("alt=\"Training row", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_some_of_the_test_rows_the_file_still_belongs_to_all() =>
        Assert.Contains(
            "test text 3 &amp; more",
            await Report(["certify", .. _data, "--test-rows", "4", "--show-test", _folder["test.tsv"], "--text", "body"]),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    public async Task A_file_of_another_length_is_refused_before_any_work(int texts)
    {
        string path = _folder.Write("other.txt", Lines(texts, "text"));
        Invocation invocation = await Invocation.Of(["certify", .. _data, "--show-test", path]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.Equal(
            $"certiflip: {path}: holds {texts} texts, but {_folder["test.csv"]} holds 10 rows; there must be one for each, in the same "
                + $"order.", invocation.LastError);
        Assert.False(File.Exists(_folder["report.html"]));
    }

    [Fact]
    public async Task A_file_that_is_neither_is_refused()
    {
        string path = _folder.Write("photo.jpeg", "JFIF");
        Invocation invocation = await Invocation.Of(["certify", .. _data, "--show-train", path]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {path}: images are read from .npy, .npz and IDX", invocation.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_show_nothing_is_wrong_usage()
    {
        string[] withoutReport = ["certify", .. _data.Except(["--report", _folder["report.html"]])];
        foreach ((string[] arguments, string expected) in ((string[], string)[])[
            ([.. withoutReport, "--show-train", _folder["train.txt"]], "--show-train has no effect without --report"),
            (["certify", .. _data, "--text", "body"], "there is no column 'body' of texts")])
        {
            Invocation invocation = await Invocation.Of(arguments);
            Assert.NotEqual(0, invocation.ExitCode);
            Assert.Contains(expected, invocation.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_shown_is_not_written_over()
    {
        Invocation invocation =
            await Invocation.Of(["certify", .. _data, "--show-train", _folder["train.txt"], "--out", _folder["train.txt"]]);
        Assert.NotEqual(0, invocation.ExitCode);
        Assert.StartsWith("training text", File.ReadAllText(_folder["train.txt"]), StringComparison.Ordinal);
    }

    private async Task<string> Report(string[] arguments)
    {
        Invocation invocation = await Invocation.Of(arguments);
        Assert.True(invocation.ExitCode == 0, invocation.Error);
        return File.ReadAllText(_folder["report.html"]);
    }

    private static string Lines(int count, string text) => string.Concat(Enumerable.Range(0, count).Select(row => $"{text} {row}\n"));
}
