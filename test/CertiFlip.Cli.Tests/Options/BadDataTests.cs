using System.Text;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

/// <summary>Whatever is wrong with the data: exit code 1, one line that says where, and no output file.</summary>
public sealed class BadDataTests
{
    private const string Header = "a,b,label\n";

    public static TheoryData<string, string, string> BadTrainingFiles => new()
    {
        { "empty.csv", "", "empty" },
        { "header.csv", Header, "row" },
        { "ragged.csv", Header + "1,2,x\n3,4\n", "line 3" },
        { "text.csv", Header + "1,2,x\n3,four,y\n", "line 3, column 'b'" },
        { "comma.csv", Header + "1,\"2,5\",x\n3,4,y\n", "column 'b'" },
        { "nan.csv", Header + "1,2,x\nnan,4,y\n", "line 3, column 'a'" },
        { "infinite.csv", Header + "1,2,x\n3,Infinity,y\n", "line 3, column 'b'" },
        { "missing.csv", Header + "1,,x\n3,4,y\n", "line 2, column 'b'" },
        { "unlabelled.csv", "a,b\n1,2\n3,4\n", "no column is named 'label', so there are no labels; name their column with --label" },
        { "one-class.csv", Header + "1,2,x\n3,4,x\n", "at least two classes" },
        { "data.parquet", "PAR1", "Parquet" },
        { "broken.npy", "\u0093NUMPY", "broken.npy" },
        { "broken.csv.gz", "\u001f\u008b\u0008", "broken.csv.gz" },
        { "broken.npz", "PK\u0003\u0004", "broken.npz" },
        { "broken-idx", "\0\0\u0008\u0003\0\0", "broken-idx" },
    };

    [Theory]
    [MemberData(nameof(BadTrainingFiles))]
    public async Task Bad_training_data_are_refused_in_one_line_and_nothing_is_written(string name, string content, string named)
    {
        using var folder = new TestFolder();
        folder.Write(name, Encoding.Latin1.GetBytes(content));
        folder.Write("test.csv", SmallData.Csv(4));
        Invocation invocation = await Invocation.Of(
            "certify", "--train", folder[name], "--test", folder["test.csv"], "--out", folder["out.csv"], "--report", folder["report.html"],
            "--preprocess", "none", "--quiet");
        Assert.Equal(1, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {folder[name]}", invocation.Error, StringComparison.Ordinal);
        Assert.Contains(named, invocation.Error, StringComparison.Ordinal);
        Assert.Single(invocation.Error.TrimEnd('\n').Split('\n'));
        Assert.Empty(invocation.Output);
        Assert.Equal([.. new[] { name, "test.csv" }.Order(StringComparer.Ordinal)], folder.Names);
    }

    [Theory]
    [InlineData("a,c,label\n1,2,ham\n", "'b'")]
    [InlineData("a,label\n1,ham\n", "'b'")]
    [InlineData("a,b,label\n1,2,ham\n1,2,eggs\n", "'eggs'")]
    public async Task Test_data_that_do_not_fit_the_training_data_are_refused(string test, string named)
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);
        folder.Write("test.csv", test);
        Invocation invocation = await Invocation.Of([.. arguments, "--out", folder["out.csv"], "--quiet"]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {folder["test.csv"]}", invocation.Error, StringComparison.Ordinal);
        Assert.Contains(named, invocation.Error, StringComparison.Ordinal);
        Assert.Equal(["test.csv", "train.csv"], folder.Names);
    }

    [Fact]
    public async Task A_label_column_that_is_not_there_is_hinted_at_where_its_text_stands_in_the_way()
    {
        using var folder = new TestFolder();
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(folder), "--label", "verdict", "--quiet"]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.Contains("no column is named 'verdict'", invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_separate_label_file_is_the_one_that_is_named()
    {
        using var folder = new TestFolder();
        folder.Write("x.tsv", "a\n1\n2\n");
        folder.Write("y.csv", "label\nham\nspam\n");
        folder.Write("z.csv", "label\nham\neggs\n");
        Invocation invocation = await Invocation.Of(
            "certify", "--train", folder["x.tsv"], "--train-labels", folder["y.csv"], "--test", folder["x.tsv"], "--test-labels",
            folder["z.csv"], "--quiet");
        Assert.StartsWith($"certiflip: {folder["z.csv"]}: 'eggs' is not among the classes of {folder["y.csv"]}",
            invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        Invocation invocation = await Invocation.Of("certify", "--train", "nowhere.csv", "--test", "nowhere.csv", "--quiet");
        Assert.Equal(1, invocation.ExitCode);
        Assert.StartsWith("certiflip: nowhere.csv: ", invocation.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_that_determine_no_head_are_refused_with_the_column_and_a_way_out()
    {
        using var folder = new TestFolder();
        folder.Write("train.csv", "a,b,label\n1,2,x\n2,4,y\n3,6,x\n5,10,y\n");
        Invocation invocation = await Invocation.Of(
            "certify", "--train", folder["train.csv"], "--test", folder["train.csv"], "--ridge", "fixed:0", "--quiet");
        Assert.Equal(1, invocation.ExitCode);
        Assert.Contains("train.csv: ", invocation.Error, StringComparison.Ordinal);
        Assert.Contains("column 1", invocation.Error, StringComparison.Ordinal);
        Assert.Contains("larger λ", invocation.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train.csv", "report.html")]
    [InlineData("nowhere/out.csv", "report.html")]
    [InlineData(".", "report.html")]
    [InlineData("same", "same")]
    public async Task An_output_that_cannot_be_written_is_refused_before_any_work(string output, string report)
    {
        using var folder = new TestFolder();
        string[] arguments = SmallData.WriteTo(folder);
        string before = File.ReadAllText(folder["train.csv"]);
        Invocation invocation = await Invocation.Of([.. arguments, "--out", folder[output], "--report", folder[report]]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.DoesNotContain("reading", invocation.Error, StringComparison.Ordinal);
        Assert.Equal(["test.csv", "train.csv"], folder.Names);
        Assert.Equal(before, File.ReadAllText(folder["train.csv"]));
    }
}
