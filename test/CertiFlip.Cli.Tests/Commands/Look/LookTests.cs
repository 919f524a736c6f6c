using System.Globalization;
using System.IO.Compression;
using System.Text;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Look;

/// <summary>A path alone: what it holds, and commands that work when they are copied.</summary>
public sealed class LookTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_whose_name_has_a_hash_is_looked_at()
    {
        Invocation run = await Invocation.Of(_folder.Write("a#b.csv", SmallData.Csv(20)));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("label", run.Output, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Shapes => new()
    {
        { "spambase.data", "Labels are likely to be column c4: 0 60, 1 60." },
        { "SMSSpamCollection", "Labels are likely to be column c1" },
        { "spam.csv", "--encoding latin-1" },
        { "a9a", "label category 2 names: +1, -1" },
        { "Iris.csv", "--label Species --id Id" },
        { "adult.csv", "workclass category 40 2 names" },
        { "reviews.jsonl", "--text text --map latent-semantics:30" },
        { "votes.csv", "--votes ann,bob,cy" },
        { "churn.csv", "--label Churn" },
        { "medmnist.npz", "Rows to test on:" },
        { "it's two words", "Rows to test on:" },
        { "comma.csv", "--decimal comma" },
        { "both.csv", "--delimiter semicolon" },
        { "empty-labels.csv", "--missing-labels drop" },
        { "names.csv", "--label class --id name --ignore day" },
        { "rows.csv", "row name 120 names" },
        { "marked.csv", "Column share is passed over: 0% is not plainly a number" },
        { "titles.csv", "--text title --map latent-semantics:30" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task The_printed_commands_work(string name, string expected)
    {
        Write(name);
        Invocation look = await Invocation.Of(_folder[name]);
        Assert.True(look.ExitCode == 0, look.Error);
        Assert.Contains(
            expected, string.Join(' ', look.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        string[] commands = Commands(look);
        Assert.Equal(2, commands.Length);
        await Run(commands);
    }

    [Fact]
    public async Task Many_different_numbers_are_labels_of_regression()
    {
        Write("houses.csv");
        Invocation look = await Invocation.Of(_folder["houses.csv"]);
        Assert.Contains("Labels are likely to be column price, numbers from", look.Output, StringComparison.Ordinal);
        string command = Assert.Single(Commands(look));
        Assert.Contains("--task regression --label price --tolerance 3 --label-range ", command, StringComparison.Ordinal);
        await Run(command);
    }

    [Theory]
    [InlineData("one-class.csv", "All labels in column label are ham. With one class there is nothing to certify.")]
    [InlineData("no-label.csv", "No column looks like labels.", "--label NAME")]
    [InlineData("no-feature.csv", "No column is left that features can be made of")]
    public async Task No_command_is_printed_where_none_would_run(string name, params string[] expected)
    {
        Write(name);
        Invocation look = await Invocation.Of(_folder[name]);
        Assert.True(look.ExitCode == 0, look.Error);
        Assert.Empty(Commands(look));
        string words = string.Join(' ', look.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(expected, text => Assert.Contains(text, words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_needs_an_option_which_is_not_known_says_whose_options_they_are()
    {
        _folder.Write("thousands.csv", "a;label\n1,234;x\n2,345;y\n");
        Invocation look = await Invocation.Of(_folder["thousands.csv"]);
        Assert.Equal(1, look.ExitCode);
        Assert.Contains("look has none", look.Error, StringComparison.Ordinal);
    }

    private static string[] Commands(Invocation look) =>
        [.. look.Output.Split('\n').Where(line => line.StartsWith("  certiflip ", StringComparison.Ordinal))];

    private async Task Run(params string[] commands)
    {
        foreach (string command in commands)
        {
            string[] words = [.. Words(command)[1..].Select(word => word is "report.html" or "check.csv" ? _folder[word] : word)];
            Invocation invocation = await Invocation.Of([.. words, "--quiet"]);
            Assert.True(invocation.ExitCode == 0, $"{command}\n{invocation.Error}");
            Assert.True(File.Exists(words[^1]));
        }
    }

    [Fact]
    public async Task A_folder_of_images_is_counted_by_class_and_takes_a_model_that_is_near()
    {
        foreach (string split in (string[])["train", "test"])
        {
            foreach (string image in (string[])["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"])
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_folder[$"images/{split}/{image}"])!);
                File.WriteAllText(_folder[$"images/{split}/{image}"], "");
            }
        }

        Invocation look = await Invocation.Of(_folder["images"]);
        Assert.Contains("Labels are likely to be column label: cat 2, dog 2.", look.Output, StringComparison.Ordinal);
        Assert.Contains("--map MODEL.onnx", look.Output, StringComparison.Ordinal);
        _folder.Write("images/some.onnx", "");
        look = await Invocation.Of(_folder["images/train"]);
        string expected = $"certify --train {_folder["images/train"]} --test {_folder["images/test"]}";
        Assert.Contains(expected, look.Output, StringComparison.Ordinal);
        Assert.Contains($"--map {_folder["images/some.onnx"]}", look.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_several_files_says_what_each_is()
    {
        Write("Iris.csv");
        Write("reviews.jsonl");
        _folder.Write("notes", "");
        Invocation look = await Invocation.Of(_folder.Path);
        Assert.Equal(0, look.ExitCode);
        Assert.Contains("Iris.csv: 150 rows, 6 columns; labels are likely to be Species.", look.Output, StringComparison.Ordinal);
        Assert.Contains("notes: not read as data.", look.Output, StringComparison.Ordinal);
        Assert.Contains($"  certiflip {_folder["Iris.csv"]}", look.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_as_approved_and_fits_a_terminal()
    {
        Write("adult.csv");
        Invocation look = await Invocation.Of(_folder["adult.csv"]);
        Assert.All(
            look.Output.Split('\n').Where(line => !line.StartsWith("  certiflip", StringComparison.Ordinal)),
            line => Assert.InRange(line.Length, 0, 80));
        string shown = look.Output.Replace(_folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        Golden.Matches(
            string.Join('\n', shown.Split('\n').Where(line => !line.Contains("200 rows", StringComparison.Ordinal))), "test",
            "CertiFlip.Cli.Tests", "Golden", "look-table.txt");
    }

    [Theory]
    [InlineData("nothing.csv", 2, "'nothing.csv' is not a command of certiflip, and there is no file or folder of that name.")]
    [InlineData("empty.csv", 1, "empty.csv: the file is empty.")]
    [InlineData("empty", 1, "there are no files in the folder")]
    public async Task What_holds_nothing_is_refused_in_one_line(string name, int exitCode, string expected)
    {
        _folder.Write("empty.csv", "");
        Directory.CreateDirectory(_folder["empty"]);
        Invocation look = await Invocation.Of(name == "nothing.csv" ? name : _folder[name]);
        Assert.Equal(exitCode, look.ExitCode);
        Assert.Contains(expected, look.Error, StringComparison.Ordinal);
    }

    /// <summary>Words as a shell reads them.</summary>
    private static string[] Words(string line)
    {
        List<string> words = [];
        var word = new StringBuilder();
        bool isQuoted = false;
        foreach ((int at, char letter) in line.Trim().Append(' ').Index())
        {
            if (letter == '\'')
                isQuoted = !isQuoted;
            else if (letter == '\\' && !isQuoted)
                continue;
            else if (letter == ' ' && !isQuoted)
                words.Add(word.ToString());
            if (letter == ' ' && !isQuoted)
                word.Clear();
            else if (letter != '\'' || (at > 0 && line.Trim()[at - 1] == '\\'))
                word.Append(letter);
            if (letter == '\'' && at > 0 && line.Trim()[at - 1] == '\\')
                isQuoted = !isQuoted;
        }

        return [.. words];
    }

    private void Write(string name)
    {
        var random = new Random(5);
        string[] ham = ["hello", "meeting", "lunch", "friend", "home"], spam = ["free", "prize", "£100", "claim", "now"];
        string Number(double centre) => (centre + random.NextDouble() * 2).ToString("F2", CultureInfo.InvariantCulture);
        string Text(int k) => string.Join(' ', Enumerable.Range(0, 9).Select(_ =>
            (random.NextDouble() < 0.7 ? k == 0 ? ham : spam : [.. ham, .. spam])[random.Next(5)]));
        string Lines(int rows, Func<int, string> line) => string.Join('\n', Enumerable.Range(0, rows).Select(line)) + "\n";
        string Iris(IEnumerable<int> rows) => "Id,SepalLengthCm,SepalWidthCm,PetalLengthCm,PetalWidthCm,Species\n"
            + string.Join('\n', rows.Select(row =>
                $"{row + 1},{Number(5 + row / 50)},{Number(3)},{Number(1 + row / 50)},{Number(0)},Iris-{(row / 50) switch
                {
                    0 => "setosa",
                    1 => "versicolor",
                    _ => "virginica",
                }}")) + "\n";
        switch (name)
        {
            case "spambase.data":
                _folder.Write(name, Lines(120, row => $"{Number(row % 2)},{Number(0)},{Number(row % 2)},{row % 2}"));
                break;
            case "SMSSpamCollection":
                _folder.Write(name, Lines(120, row => $"{(row % 3 == 0 ? "spam" : "ham")}\t{Text(row % 3 == 0 ? 1 : 0)}"));
                break;
            case "spam.csv":
                _folder.Write(name, Encoding.Latin1.GetBytes(
                    "v1,v2,,,\n" + Lines(120, row => $"{(row % 3 == 0 ? "spam" : "ham")},\"{Text(row % 3 == 0 ? 1 : 0)}\",,,")));
                break;
            case "a9a":
                _folder.Write(name, Lines(120, row => $"{(row % 2 == 0 ? "-1" : "+1")} "
                    + string.Join(' ', Enumerable.Range(1, 30).Where(_ => random.Next(4) == 0).Append(31 + row % 2)
                        .Select(at => $"{at}:1"))));
                break;
            case "Iris.csv":
                _folder.Write(name, Iris(Enumerable.Range(0, 150)));
                break;
            case "it's two words":
                Directory.CreateDirectory(_folder[name]);
                _folder.Write($"{name}/train.csv", Iris(Enumerable.Range(0, 150).Where(row => row % 2 == 0)));
                _folder.Write($"{name}/test.csv", Iris(Enumerable.Range(0, 150).Where(row => row % 2 == 1)));
                break;
            case "adult.csv":
                _folder.Write(name, "age,workclass,education,hours,income\n" + Lines(200, row =>
                    $"{20 + random.Next(40)},{(row % 5 == 0 ? "?" : row % 2 == 0 ? "Private" : "Gov")},"
                        + $"{(row % 3 == 0 ? "HS" : "BA")},{20 + random.Next(40)},{(random.Next(3) == 0 ? ">50K" : "<=50K")}"));
                break;
            case "votes.csv":
                _folder.Write(name, "a,b,ann,bob,cy\n" + Lines(120, row => $"{Number(row % 2)},{Number(0)},"
                    + string.Join(',', Enumerable.Range(0, 3).Select(person =>
                        person > 0 && random.Next(5) == 0 ? "" : row % 2 == 0 != (random.Next(8) == 0) ? "ham" : "spam"))));
                break;
            case "churn.csv":
                _folder.Write(name, "a,Partner,Paper,Churn\n" + Lines(120, row => $"{Number(row % 2)},"
                    + $"{(row % 3 == 0 ? "Yes" : "No")},{(row % 5 < 2 ? "Yes" : "No")},{(row % 2 == 0 ? "Yes" : "No")}"));
                break;
            case "reviews.jsonl":
                _folder.Write(name, Lines(120, row =>
                    $$"""{"text": "{{Text(row % 2)}} {{row}}", "label": "{{(row % 2 == 0 ? "ham" : "spam")}}"}"""));
                break;
            case "comma.csv":
                _folder.Write(name, "zuerst;dann;Klasse\n" + Lines(60, row =>
                    $"{Number(row % 2)};0,{131 + (row * 7 % 800)};{(row % 2 == 0 ? "ja" : "nein")}".Replace('.', ',')));
                break;
            case "both.csv":
                _folder.Write(name, Lines(60, row => $"{Number(row % 2)};{Number(0)};{row % 2},0".Replace('.', ',')));
                break;
            case "empty-labels.csv":
                _folder.Write(name, "a,b,label\n" + Lines(60, row =>
                    $"{Number(row % 2)},{Number(0)},{(row % 7 == 0 ? "" : row % 2 == 0 ? "yes" : "no")}"));
                break;
            case "names.csv":
                _folder.Write(name, "name,day,a,b,class\n" + Lines(40, row =>
                    $"n{row},{new DateTime(2024, 1, 1).AddDays(row):yyyy-MM-dd},{Number(row % 2)},{Number(0)},c{row % 2}"));
                break;
            case "rows.csv":
                _folder.Write(name, "row,a,b,label\n" + Lines(120, row => $"{119 - row},{Number(row % 2)},{Number(0)},c{row % 2}"));
                break;
            case "marked.csv":
                _folder.Write(name, "share,a,b,label\n" + Lines(60, row => $"{row % 10}%,{Number(row % 2)},{Number(0)},c{row % 2}"));
                break;
            case "titles.csv":
                _folder.Write(name, "code,title,label\n" + Lines(120, row => $"k{row},{Text(row % 2)},c{row % 2}"));
                break;
            case "houses.csv":
                _folder.Write(name, "id,rooms,area,river,price\n" + Lines(120, row =>
                    $"{row},{1 + row % 7},{Number(row)},{row % 2},{Number(row - 9)}"));
                break;
            case "one-class.csv":
                _folder.Write(name, "a,b,label\n" + Lines(60, row => $"{Number(row % 2)},{row % 3},ham"));
                break;
            case "no-label.csv":
                _folder.Write(name, "a,b\n" + Lines(60, row => $"{Number(row)},{Number(0)}"));
                break;
            case "no-feature.csv":
                _folder.Write(name, "name,label\n" + Lines(60, row => $"n{row},c{row % 2}"));
                break;
            default:
                using (var archive = new ZipArchive(File.Create(_folder[name]), ZipArchiveMode.Create))
                {
                    foreach ((string split, int rows) in ((string, int)[])[("train", 60), ("test", 12)])
                    {
                        Add(archive, $"{split}_images.npy", $"({rows}, 4, 4)", rows * 16, at => random.Next(100) + (at / 16 % 3 * 50));
                        Add(archive, $"{split}_labels.npy", $"({rows}, 1)", rows, row => row % 3);
                    }
                }

                break;
        }
    }

    private static void Add(ZipArchive archive, string name, string shape, int length, Func<int, int> value)
    {
        string header = $"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        using Stream stream = archive.CreateEntry(name).Open();
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header)]);
        stream.Write([.. Enumerable.Range(0, length).Select(at => (byte)value(at))]);
    }
}
