using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

public sealed class AdversaryOptionsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("row\n3\n40\n", ", row 1: '40' is not a training row; they are numbered from 0 to 39.")]
    [InlineData("row\nham\n", ", row 0: 'ham' is not a training row; they are numbered from 0 to 39.")]
    [InlineData("row\n-1\n", ", row 0: '-1' is not a training row; they are numbered from 0 to 39.")]
    [InlineData("row\n1.5\n", ", row 0: '1.5' is not a training row; they are numbered from 0 to 39.")]
    [InlineData("row\n3\n4\n03\n", ", row 2: training row 3 is named twice; expected once.")]
    [InlineData("row\n", ": there is a header but no row after it.")]
    [InlineData("", ": the file is empty.")]
    [InlineData("line,label\n1,spam\n", ": none of the 2 columns is named 'row'; expected a column of that name, or a single one.")]
    public Task A_trusted_row_that_is_none_is_bad_data_and_named(string content, string expected) =>
        AssertBadData("--trusted", content, expected);

    [Theory]
    [InlineData("0", ", row 3: '0' is not a cost; expected a whole number from 1.")]
    [InlineData("-2", ", row 3: '-2' is not a cost; expected a whole number from 1.")]
    [InlineData("NaN", ", row 3: 'NaN' is not a cost; expected a whole number from 1.")]
    [InlineData("1.5", ", row 3: '1.5' is not a cost; expected a whole number from 1.")]
    [InlineData("2147483648", ", row 3: '2147483648' is not a cost; expected a whole number from 1.")]
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
    public async Task An_array_of_two_dimensions_names_no_trusted_rows_and_is_not_called_labels()
    {
        _folder.Write("rows.npy", NpyBytes.Doubles(1, 2, 3, 4));
        Invocation invocation = await Invocation.Of([.. SmallData.WriteTo(_folder), "--trusted", _folder["rows.npy"], "--quiet"]);
        string expected =
            $"certiflip: {_folder["rows.npy"]}: one dimension is expected, but the shape is (1, 2); in NumPy, y.ravel() makes n×1 into n.";
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

    private async Task AssertBadData(string option, string content, string expected)
    {
        string[] arguments = SmallData.WriteTo(_folder);
        string path = _folder.Write("limits.csv", content);
        Invocation invocation = await Invocation.Of([.. arguments, option, path, "--out", _folder["out.csv"], "--quiet"]);
        Assert.Equal((1, $"certiflip: {path}{expected}"), (invocation.ExitCode, invocation.LastError));
        Assert.False(File.Exists(_folder["out.csv"]));
    }
}
