using System.CommandLine;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Columnar;
using CertiFlip.Data;
using CertiFlip.Onnx;
using Spectre.Console;
using Table = Spectre.Console.Table;
using TableColumn = Spectre.Console.TableColumn;

namespace CertiFlip.Cli.Commands.Look;

/// <summary><c>certiflip PATH</c>: what a file or a folder holds, and which command comes next.</summary>
internal sealed class LookCommand : Command
{
    /// <summary>What it is called where the path alone would be taken for a command.</summary>
    public const string LookName = "look";

    private const int MostColumns = 12, MostClasses = 6, MostFiles = 12;

    private static readonly string[] Splits = ["test", "val", "valid", "validation"];

    private readonly Argument<string> _path = new("PATH")
    {
        Description = "A file or a folder.",
        CompletionSources = { Choices.PathOr(Choices.Path.File) },
    };
    private readonly IAnsiConsole _output;

    public LookCommand(IAnsiConsole output)
        : base(LookName, "Say what a file or a folder holds and which command comes next; certiflip PATH does the same.")
    {
        _output = output;
        Arguments.Add(_path);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed.GetRequiredValue(_path)), cancellation));
    }

    private int Run(string path)
    {
        if (!Directory.Exists(path) || ImageFolder.Recognises(path))
            Look(path);
        else
            LookInto(path);
        return ExitCode.Done;
    }

    private void Look(string path)
    {
        (string train, string? test) = SplitOf(Path.TrimEndingDirectorySeparator(path));
        var found = FoundTable.Read(train);
        Describe(found, test);
        string? model = found.Columns.Any(column => column.IsImages) ? ModelNear(path) : null;
        if (model is null && found.Columns.Any(column => column.IsImages))
            _output.WriteSentence("Images need a model that makes features of them: an ONNX file. Put its name for MODEL.onnx below.");
        IReadOnlyList<string> words = found.Command(test, model);
        if (found.OnlyClass is { } only)
        {
            _output.WriteSentence(
                $"All labels in column {only.Name} are {Wording.Name(only.Levels.Keys.First())}. With one class there is nothing to "
                    + "certify.");
            return;
        }

        if (found.Label is null)
        {
            _output.WriteSentence(
                $"No column looks like labels. Name the one that holds them: certiflip certify --train {Quoted(path)} --label NAME. "
                    + "Or name a file of labels with --train-labels.");
            return;
        }

        if (!found.HasFeatures)
        {
            _output.WriteSentence(
                "No column is left that features can be made of: numbers, categories, texts of several words, vectors or images.");
            return;
        }

        _output.WriteLine();
        if (found.IsRegression)
        {
            _output.WriteSentence(
                "Next, to certify predictions of these numbers. Put in what is true of yours: how far a prediction may move and count as "
                    + "the same (--tolerance, here a tenth of the standard deviation), and what labels may really be (--label-range, here "
                    + "what is there).");
            _output.WriteLine();
            Tell("certify", [.. words, "--report", "report.html"]);
            return;
        }

        _output.WriteSentence("Next, to certify predictions and to see which labels to check:");
        _output.WriteLine();
        Tell("certify", [.. words, "--report", "report.html"]);
        Tell("audit", [.. Without(words, "--holdout", "--test"), "--corrections", "check.csv"]);
    }

    /// <summary>What is in a folder that is not one of images.</summary>
    private void LookInto(string folder)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) is [not '.', ..]).Order(StringComparer.Ordinal),
        ];
        if (files.Length == 0)
            throw new DataException($"{folder}: there are no files in the folder.");
        _output.WriteSentence($"{folder}: {Wording.Count(files.Length, "file")}.");
        _output.WriteLine();
        if (files.FirstOrDefault(file => IsSplit(file, "train")) is { } train && files.Any(file => TestOf(train) == file))
        {
            Look(train);
            return;
        }

        string? next = null;
        foreach (string file in files.Take(MostFiles))
        {
            try
            {
                var found = FoundTable.Read(file);
                next ??= file;
                string label = found.Voters is { Count: > 0 } voters
                    ? $"; labels by several people are likely to be {string.Join(", ", voters.Select(voter => voter.Name))}"
                    : found.Label is { } column ? $"; labels are likely to be {column.Name}" : "";
                _output.WriteSentence(
                    $"{Path.GetFileName(file)}: {Wording.Count(found.Table.Rows, "row")}, "
                        + $"{Wording.Count(found.Columns.Count, "column")}{label}.");
            }
            catch (DataException)
            {
                _output.WriteSentence($"{Path.GetFileName(file)}: not read as data.");
            }
        }

        if (files.Length > MostFiles)
            _output.WriteSentence($"And {files.Length - MostFiles:N0} more.");
        if (next is null)
            return;
        _output.WriteLine();
        _output.WriteSentence("Next, look at one of them:");
        _output.WriteLine();
        _output.Tell($"  certiflip {Quoted(next)}");
    }

    private void Describe(FoundTable found, string? test)
    {
        _output.WriteSentence(
            $"{found.Path}: {Wording.Count(found.Table.Rows, "row")}, {Wording.Count(found.Columns.Count, "column")}"
                + $"{(found.Table.HasNames ? "" : ", which the file does not name")}.");
        if (test is not null)
            _output.WriteSentence($"Rows to test on: {test}.");
        _output.WriteLine();
        Table table = new Table().Border(TableBorder.Simple).AddColumn("column").AddColumn("kind")
            .AddColumn(new TableColumn("gaps").RightAligned()).AddColumn("contents");
        foreach (FoundColumn column in found.Columns.Take(MostColumns))
        {
            table.AddRow(
                ConsoleText.Cell(column.Name), ConsoleText.Whole(column.Kind), column.Gaps, ConsoleText.Cell(column.Contents));
        }

        if (found.Columns.Count > MostColumns)
            table.AddRow($"and {found.Columns.Count - MostColumns:N0} more", "", "", "");
        _output.Write(table);
        foreach (FoundColumn column in found.Ignored.Where(column => column.Unplain is not null))
        {
            _output.WriteSentence(
                $"Column {column.Name} is passed over: {Wording.Name(column.Unplain!)} is not plainly a number, as 12.5 or -1 is. Correct "
                    + $"that, or say --category {column.Name} if these are names.");
        }

        if (found.Voters is { Count: > 0 } voters)
        {
            string[] names = [.. voters.Select(column => column.Name)], others = [.. names.Where(name => name != found.Label!.Name)];
            _output.WriteSentence(
                $"Columns {string.Join(", ", names)} hold the same names and mostly agree: they are likely to be labels by several people. "
                    + $"If only {found.Label!.Name} holds labels, write --label {found.Label.Name} instead of --votes, and --ignore "
                    + $"{string.Join(',', others)} if these are copies of it.");
        }
        else if (found.Label is { } number && found.IsRegression)
        {
            _output.WriteSentence($"Labels are likely to be column {number.Name}, numbers from {number.Contents}.");
        }
        else if (found.Label is { } label)
        {
            string counts = string.Join(", ", label.Counts(MostClasses).Select(level => $"{Wording.Name(level.Key)} {level.Value:N0}"));
            string more = label.Levels.Count > MostClasses ? $" and {label.Levels.Count - MostClasses:N0} more" : "";
            string empty = label.HasGaps ? $"; {label.Gaps} rows have none" : "";
            _output.WriteSentence($"Labels are likely to be column {label.Name}: {counts}{more}{empty}.");
        }

        if (found.Id is { } id)
            _output.WriteSentence($"Column {id.Name} says what rows are called.");
    }

    /// <summary>The rows to learn from and those to test on, where a folder or a file has both.</summary>
    private static (string Train, string? Test) SplitOf(string path)
    {
        if (Directory.Exists(path))
        {
            string? train = Directory.EnumerateDirectories(path).FirstOrDefault(folder => IsSplit(folder, "train"));
            return train is not null && TestOf(train) is { } other ? (train, other) : (path, TestOf(path));
        }

        if (TestOf(path) is { } beside)
            return (path, beside);
        string[] parts = path.Contains('#', StringComparison.Ordinal) || ImageFolder.Recognises(path)
            ? []
            : [.. new TableReader(ColumnarFormats.All).PartsOf(path)];
        return parts.Contains("train") ? ($"{path}#train", parts.FirstOrDefault(Splits.Contains) is { } test ? $"{path}#{test}" : null)
            : (path, null);
    }

    private static bool IsSplit(string path, string split) =>
        Path.GetFileNameWithoutExtension(path).Equals(split, StringComparison.OrdinalIgnoreCase);

    /// <summary>What stands beside rows to learn from and has the name of rows to test on.</summary>
    private static string? TestOf(string train)
    {
        if (!IsSplit(train, "train"))
            return null;
        string folder = Path.GetDirectoryName(train) ?? "", extension = Path.GetExtension(train);
        return Splits.Select(split => Path.Combine(folder, split + extension)).FirstOrDefault(Path.Exists);
    }

    /// <summary>A model in the folder of some images, beside it, or here.</summary>
    private static string? ModelNear(string path)
    {
        string[] folders = [path, Path.GetDirectoryName(Path.GetFullPath(path)) ?? "", "."];
        return folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.onnx").Order(StringComparer.Ordinal)).FirstOrDefault();
    }

    /// <summary>Words without some options and their values.</summary>
    private static IEnumerable<string> Without(IReadOnlyList<string> words, params string[] options) =>
        words.Where((word, i) => !options.Contains(word) && (i == 0 || !options.Contains(words[i - 1])));

    private void Tell(string command, IEnumerable<string> words) =>
        _output.Tell($"  certiflip {command} {string.Join(' ', words.Select(Quoted))}");

    /// <summary>A word as a shell reads it.</summary>
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-./:=,@%+".Contains(letter, StringComparison.Ordinal))
            ? word
            : OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
