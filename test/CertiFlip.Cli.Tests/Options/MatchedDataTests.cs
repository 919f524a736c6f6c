using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Options;

/// <summary>Wherever two files meet, a column and a row of one mean what they mean in the other.</summary>
public sealed class MatchedDataTests : IDisposable
{
    private const int Train = 40, Test = 10;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Commands =>
    [
        "certify --certificates exact --train {0} --test {1}",
        "certify --method partition --partitions 4 --train {0} --test {1}",
        "certify --certificates exact --model {2} --test {1}",
        "compare --methods exact --train {0} --test {1}",
        "frontier --heads knn:3 --components 2 --train {0} --validation {1}",
        "attack --train {0} --test {1}",
        "audit --train {0} --test {1}",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Columns_and_lines_in_another_order_change_nothing(string command)
    {
        string train = _folder.Write("train.csv", SmallData.Csv(Train)), test = _folder.Write("test.csv", SmallData.Csv(Test, seed: 2)),
            reordered = _folder.Write("reordered.csv", Reordered(test)), model = await Model("--train", train);
        string expected = await Out(command, train, test, model), found = await Out(command, train, reordered, model);
        Assert.Equal(expected, found);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Other_columns_are_refused_by_name(string command)
    {
        string train = _folder.Write("train.csv", SmallData.Csv(Train)), model = await Model("--train", train),
            test = _folder.Write("test.csv", SmallData.Csv(Test).Replace("a,b,", "a,c,", StringComparison.Ordinal));
        Invocation invocation = await Run(command, train, test, model);
        string source = command.Contains("{2}", StringComparison.Ordinal) ? model : train;
        Assert.Equal(
            (1, $"certiflip: {test}: lacks column 'b' and has column 'c' too many, compared with {source}; both need the same columns."),
            (invocation.ExitCode, invocation.LastError));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Images_of_another_shape_are_refused(string command)
    {
        string train = _folder.Write("train.idx", Images(Train, 4, 4)),
            model = await Model("--train", train, "--train-labels", Labels(Train));
        string labels = command.Contains("--validation", StringComparison.Ordinal) ? "--validation-labels" : "--test-labels";
        foreach ((byte[] images, string shape) in ((byte[], string)[])[
            (Images(Test, 2, 8), "n × 2 × 8"),
            (Images(Test, 16), "n × 16"),
            (Images(Test, 1, 4, 4), "n × 1 × 4 × 4"),
            (Images(Test, 4, 5), "n × 4 × 5"),
            (NpyBytes.Doubles(Test, 16, new double[Test * 16]), "n × 16")])
        {
            string test = _folder.Write("test.idx", images);
            string[] given = command.Contains("{0}", StringComparison.Ordinal) ? ["--train-labels", Labels(Train)] : [];
            Invocation invocation = await Run(command, train, test, model, [.. given, labels, Labels(Test)]);
            string source = command.Contains("{2}", StringComparison.Ordinal) ? model : train;
            Assert.Equal(
                (1, $"certiflip: {test}: the shape is {shape}, but that of {source} is n × 4 × 4; both need the same."),
                (invocation.ExitCode, invocation.LastError));
        }
    }

    [Fact]
    public async Task Where_one_side_has_no_names_columns_are_taken_by_position()
    {
        string train = _folder.Write("train.csv", SmallData.Csv(Train)), test = _folder.Write("test.csv", SmallData.Csv(Test, seed: 2));
        double[] numbers =
        [
            .. File.ReadLines(test).Skip(1).SelectMany(line => line.Split(',').Take(2)).Select(cell => double.Parse(cell, null)),
        ];
        string array = _folder.Write("test.npy", NpyBytes.Doubles(Test, 2, numbers)),
            wide = _folder.Write("wide.npy", NpyBytes.Doubles(Test, 3, new double[3 * Test]));
        const string Command = "certify --certificates exact --train {0} --test {1}";
        string expected = await Out(Command, train, test, "");
        Invocation taken = await Run(Command, train, array, "", "--test-labels", Labels(Test), "--out", _folder["out.csv"]);
        Assert.Equal(expected, File.ReadAllText(_folder["out.csv"]));
        Assert.Contains(
            $"{array}: columns are taken by position, because only {train} has names for them; make sure that they have its order.",
            taken.Error, StringComparison.Ordinal);
        Invocation strict = await Run(Command, train, array, "", "--test-labels", Labels(Test), "--strict");
        Assert.Equal(1, strict.ExitCode);
        Invocation invocation = await Run(Command, train, wide, "");
        Assert.Equal(
            (1, $"certiflip: {wide}: has 3 features, but {train} has 2; both need the same."), (invocation.ExitCode, invocation.LastError));
    }

    /// <summary>What a command writes about data.</summary>
    private async Task<string> Out(string command, string train, string test, string model, params string[] more)
    {
        Invocation invocation = await Run(command, train, test, model, [.. more, "--out", _folder["out.csv"]]);
        Assert.Equal((0, ""), (invocation.ExitCode, invocation.Error));
        return File.ReadAllText(_folder["out.csv"]);
    }

    private static Task<Invocation> Run(string command, string train, string test, string model, params string[] more) =>
        Invocation.Of([.. command.Split(' ').Select(word => string.Format(null, word, train, test, model)), .. more, "--quiet"]);

    private async Task<string> Model(params string[] data)
    {
        Assert.Equal(0, (await Invocation.Of(["train", .. data, "--out", _folder["model"], "--quiet"])).ExitCode);
        return _folder["model"];
    }

    /// <summary>The same table, columns and lines from last to first, with the numbers of its rows.</summary>
    private static string Reordered(string table)
    {
        string[] lines = [.. File.ReadLines(table).Select((line, i) => $"{(i == 0 ? "row" : $"{i - 1}")},{line}")];
        IEnumerable<string> reordered = [lines[0], .. lines.Skip(1).Reverse()];
        return string.Concat(reordered.Select(line => $"{string.Join(',', line.Split(',').Reverse())}\n"));
    }

    private string Labels(int rows) =>
        _folder.Write($"labels{rows}.csv", $"label\n{string.Concat(Enumerable.Repeat("ham\nspam\n", rows / 2))}");

    private static byte[] Images(int rows, params int[] shape)
    {
        byte[] pixels = new byte[rows * shape.Aggregate((product, length) => product * length)];
        new Random(1).NextBytes(pixels);
        IEnumerable<byte> lengths = ((int[])[rows, .. shape]).SelectMany(length => BitConverter.GetBytes(length).Reverse());
        return [0, 0, 8, (byte)(shape.Length + 1), .. lengths, .. pixels];
    }
}
