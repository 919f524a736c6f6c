using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

public sealed class AdversaryOptionsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("row\n3\n40\n", ", line 3: '40' is not the number of a row; they are numbered from 0 to 39.")]
    [InlineData("row\nham\n", ", line 2: 'ham' is not the number of a row; they are numbered from 0 to 39.")]
    [InlineData("row\n-1\n", ", line 2: '-1' is not the number of a row; they are numbered from 0 to 39.")]
    [InlineData("row\n1.5\n", ", line 2: '1.5' is not the number of a row; they are numbered from 0 to 39.")]
    [InlineData("row\n3\n4\n03\n", ", line 4: row 3 is there twice, first in {0}, line 2; expected it once.")]
    [InlineData("row\n", ": there is a header but no row after it.")]
    [InlineData("", ": the file is empty.")]
    [InlineData("line,label\n1,spam\n", ": none of the 2 columns is named 'row'; expected a column of that name, or a single one.")]
    public Task A_trusted_row_that_is_none_is_bad_data_and_named(string content, string expected) =>
        AssertBadData("--trusted", content, expected);

    [Theory]
    [InlineData("0", ", line 5: '0' is not a cost; expected a whole number from 1.")]
    [InlineData("-2", ", line 5: '-2' is not a cost; expected a whole number from 1.")]
    [InlineData("NaN", ", line 5: 'NaN' is not a cost; expected a whole number from 1.")]
    [InlineData("1.5", ", line 5: '1.5' is not a cost; expected a whole number from 1.")]
    [InlineData("2147483648", ", line 5: '2147483648' is not a cost; expected a whole number from 1.")]
    [InlineData("2147483608", ": the costs add up to 2147483647; expected less than 2147483647: use a larger unit.")]
    public Task A_cost_that_is_none_is_bad_data_and_named(string fourth, string expected) =>
        AssertBadData("--costs", $"cost\n1\n1\n1\n{fourth}\n{string.Join('\n', Enumerable.Repeat("1", 36))}\n", expected);

    [Theory]
    [InlineData("cost\n1\n2\n", ": there are 2 costs for 40 training rows; one for each is expected.")]
    [InlineData("cost\n", ": there is a header but no row after it.")]
    [InlineData("", ": the file is empty.")]
    public Task Costs_that_are_not_one_for_each_row_are_bad_data(string content, string expected) =>
        AssertBadData("--costs", content, expected);

    [Fact]
    public async Task Costs_belong_to_the_rows_that_they_name()
    {
        // Row 7 is dear: at the end of the file, in its place, and in an array.
        string[] arguments = SmallData.WriteTo(_folder);
        int[] costs = [.. Enumerable.Range(0, 40).Select(row => row == 7 ? 1000 : 1)];
        IEnumerable<string> lines = costs.Select((cost, row) => $"{row},{cost}");
        string[] files =
        [
            _folder.Write("plain.csv", $"cost\n{string.Join('\n', costs)}\n"),
            _folder.Write("ordered.csv", $"row,cost\n{string.Join('\n', lines)}\n"),
            _folder.Write("reversed.csv", $"row,cost\n{string.Join('\n', lines.Reverse())}\n"),
            _folder.Write("costs.npy", NpyBytes.Array("<i4", [40], costs.Cast<object>())),
        ];
        foreach (string file in files)
        {
            Invocation invocation = await Invocation.Of([.. arguments, "--costs", file, "--out", file + ".out.csv", "--quiet"]);
            Assert.Equal((0, ""), (invocation.ExitCode, invocation.Error));
            Assert.Equal(File.ReadAllText(files[0] + ".out.csv"), File.ReadAllText(file + ".out.csv"));
        }
    }

    [Theory]
    [InlineData(
        "id,cost\n1,1\n0,1\n",
        ": column 'id' seems to say which row a line belongs to. Name it 'row' if it numbers the rows from 0; "
            + "otherwise drop it, and lines are taken in their order.")]
    [InlineData("row,cost\n0,1\n0,1\n", ", line 3: row 0 is there twice, first in line 2; expected it once.")]
    [InlineData("row,cost\n0,1\n40,1\n", ", line 3, column 'row': there is no row 40; they are numbered from 0 to 39. "
        + "If these are no numbers of rows, give the column another name.")]
    [InlineData("row,cost\n0,1\n1,1\n", ": rows 2, 3, 4, 5, 6 and 33 more are missing from column 'row'; expected each from 0 to 39 once.")]
    [InlineData("row\n0\n1\n", ": the only column is named 'row', not 'cost'; expected a column of that name, or a single one.")]
    public Task Costs_of_other_rows_are_bad_data(string content, string expected) => AssertBadData("--costs", content, expected);

    [Fact]
    public async Task What_an_audit_suggests_can_be_trusted()
    {
        string[] arguments = SmallData.WriteTo(_folder);
        await Invocation.Of("audit", "--train", _folder["train.csv"], "--budget", "4", "--out", _folder["audit.csv"], "--quiet");
        Invocation invocation = await Invocation.Of([.. arguments, "--trusted", _folder["audit.csv"], "--json"]);
        Assert.Equal(0, invocation.ExitCode);
        Assert.Contains("\"trusted_rows\": 4", invocation.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certify", "log_failure")]
    [InlineData("certify --certificates exact", "exact_radius")]
    [InlineData("certify --method partition --partitions 4", "log_failure")]
    [InlineData("attack", "flipped_rows")]
    public async Task Certificates_of_test_rows_name_no_trusted_rows(string command, string shown)
    {
        string[] data = [.. SmallData.WriteTo(_folder).Skip(1)];
        await Invocation.Of([.. command.Split(' '), .. data, "--out", _folder["out.csv"], "--quiet"]);
        Invocation invocation = await Invocation.Of(["certify", .. data, "--trusted", _folder["out.csv"], "--quiet"]);
        string expected =
            $"certiflip: {_folder["out.csv"]}: column 'row' numbers test rows, as column '{shown}' shows; expected training rows.";
        Assert.Equal((1, expected), (invocation.ExitCode, invocation.LastError));
    }

    [Theory]
    [InlineData("--train-labels", 40)]
    [InlineData("--test-labels", 10)]
    public async Task Labels_belong_to_the_rows_that_they_name(string option, int rows)
    {
        string train = _folder.Write("train.csv", Unlabelled(SmallData.Csv(40))),
            test = _folder.Write("test.csv", Unlabelled(SmallData.Csv(10, seed: 2)));
        IEnumerable<string> lines = Enumerable.Range(0, rows).Select(row => $"{row},{(row % 2 == 0 ? "ham" : "spam")}");
        string labels = _folder.Write("labels.csv", $"label\n{string.Concat(Enumerable.Repeat("ham\nspam\n", 20))}"),
            reversed = _folder.Write("reversed.csv", $"row,label\n{string.Join('\n', lines.Reverse())}\n"),
            few = _folder.Write("few.csv", $"row,label\n{string.Join('\n', lines.Skip(1))}\n");
        string[] given = option == "--train-labels" ? [] : ["--train-labels", labels];
        string[] arguments = ["certify", "--train", train, "--test", test, .. given, "--certificates", "exact", "--quiet"];
        Invocation good = await Invocation.Of([.. arguments, option, reversed, "--out", _folder["out.csv"]]);
        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        Assert.Equal(
            Enumerable.Range(0, 10).Select(row => row % 2 == 0 ? "ham" : "spam"),
            File.ReadLines(_folder["out.csv"]).Skip(1).Select(line => line.Split(',')[2]));
        Invocation bad = await Invocation.Of([.. arguments, option, few]);
        Assert.Equal(
            (1, $"certiflip: {few}: row 0 is missing from column 'row'; expected each from 0 to {rows - 1} once."),
            (bad.ExitCode, bad.LastError));
    }

    [Fact]
    public async Task An_array_of_two_dimensions_names_no_trusted_rows_and_is_not_called_labels()
    {
        _folder.Write("rows.npy", NpyBytes.Doubles(1, 2, 3, 4));
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(_folder), "--trusted", _folder["rows.npy"], "--quiet"]);
        string expected =
            $"certiflip: {_folder["rows.npy"]}: one dimension is expected, but the shape is (1, 2); in NumPy, y.ravel() makes n of it.";
        Assert.Equal((1, expected), (invocation.ExitCode, invocation.LastError));
    }

    [Theory]
    [InlineData("--trusted")]
    [InlineData("--costs")]
    public async Task A_file_that_is_missing_is_named(string option)
    {
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(_folder), option, _folder["none.csv"], "--quiet"]);
        Assert.Equal(1, invocation.ExitCode);
        Assert.StartsWith($"certiflip: {_folder["none.csv"]}: ", invocation.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ham>eggs", "expected two labels of {0} with > between them, and 'eggs' is none; its classes are 'ham', 'spam'.")]
    [InlineData("eggs>ham", "expected two labels of {0} with > between them, and 'eggs' is none; its classes are 'ham', 'spam'.")]
    [InlineData("ham>spam>eggs", "expected two labels of {0} with > between them; its classes are 'ham', 'spam'.")]
    [InlineData("ham>ham", "expected two different labels.")]
    public async Task A_direction_that_does_not_lead_from_one_label_to_another_is_wrong_usage(string direction, string expected)
    {
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(_folder), "--direction", direction, "--quiet"]);
        Assert.Equal(
            (2, $"certiflip: --direction '{direction}': {string.Format(null, expected, _folder["train.csv"])}"),
            (invocation.ExitCode, invocation.LastError));
    }

    [Theory]
    [InlineData("ham")]
    [InlineData(">")]
    [InlineData(">ham")]
    [InlineData("spam>")]
    [InlineData("")]
    public async Task A_direction_that_is_none_is_wrong_usage(string direction)
    {
        Invocation invocation =
            await Invocation.Of("certify", "--train", "a.csv", "--test", "b.csv", "--direction", "ham>spam", "--direction", direction);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith(
            $"certiflip: --direction '{direction}': expected two labels with > between them.", invocation.Error, StringComparison.Ordinal);
        Assert.Equal("certiflip: See 'certiflip certify --help'.", invocation.LastError);
    }

    [Theory]
    [InlineData("a>b", "c", "a>b>c", "only a>b to c")]
    [InlineData(">", "c", "c>>", "only c to >")]
    [InlineData("1", "2.0", "01>2", "only 1 to 2.0")]
    public async Task Labels_may_have_the_sign_in_them_and_any_spelling_of_a_number(
        string class0, string class1, string direction, string expected)
    {
        _folder.Write("train.csv", SmallData.Csv(40, class0, class1));
        _folder.Write("test.csv", SmallData.Csv(10, class0, class1, seed: 2));
        Invocation invocation =
            await Invocation.Of("certify", "--train", _folder["train.csv"], "--test", _folder["test.csv"], "--direction", direction);
        Assert.Equal(0, invocation.ExitCode);
        Assert.Contains($"The adversary can change 20 of 40 training labels: {expected}.\n", invocation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_direction_with_two_readings_is_wrong_usage()
    {
        string train = _folder.Write("train.csv", "a,label\n1,a\n2,a>b\n3,b>c\n4,c\n");
        Invocation invocation = await Invocation.Of("certify", "--train", train, "--test", train, "--direction", "a>b>c", "--quiet");
        Assert.Equal(
            (2, "certiflip: --direction 'a>b>c': could be from 'a' to 'b>c' or from 'a>b' to 'c'; rename one of these labels."),
            (invocation.ExitCode, invocation.LastError));
    }

    private static string Unlabelled(string csv) =>
        string.Concat(csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..line.LastIndexOf(',')] + "\n"));

    private async Task AssertBadData(string option, string content, string expected)
    {
        string[] arguments = SmallData.WriteTo(_folder);
        string path = _folder.Write("limits.csv", content);
        Invocation invocation = await Invocation.Of([.. arguments, option, path, "--out", _folder["out.csv"], "--quiet"]);
        Assert.Equal((1, $"certiflip: {path}{string.Format(null, expected, path)}"), (invocation.ExitCode, invocation.LastError));
        Assert.False(File.Exists(_folder["out.csv"]));
    }
}
