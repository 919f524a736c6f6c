using System.CommandLine;
using System.Globalization;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Options;

/// <summary>The options that name what is learnt from.</summary>
/// <param name="required">Whether there is no other way to say it.</param>
internal sealed class TrainingOptions(bool required)
{
    public Option<string> Train { get; } = CommandOptions.File(
        "--train", "Training data: a table (.csv, .tsv, JSON Lines, Parquet, libsvm and others), arrays (.npz, .npy, IDX), or a folder or "
            + "archive of images. docs/inputs.md has every shape.", required);

    public Option<string> TrainLabels { get; } = CommandOptions.File(
        "--train-labels", "Training labels, if --train holds features only: .npy, IDX, .csv, .tsv, or any of these with .gz.");

    public Option<string> Label { get; } = CommandOptions.LabelColumn();

    private readonly Option<string> _classes = new("--classes")
    {
        Description = "The list of classes: names separated by commas, or a file with one name in each line. Labels outside the list are "
            + "refused. [default: the classes that occur in the training labels]",
        HelpName = "LIST",
        CompletionSources = { Choices.Perhaps() },
    };

    private readonly Option<string> _prior = new("--class-prior")
    {
        Description = "A=P,B=P, or a file with A=P in each line: what part of all rows each class is expected to have. The head "
            + "predicts the class whose score exceeds its part most. It must not come from the training labels. It states the list of "
            + "classes, too. [default: none; the largest score wins]",
        HelpName = "PRIOR",
    };

    private readonly Option<string> _shares = new("--class-shares")
    {
        Description = "A=P,B=P, or a file with A=P in each line: what part of the training rows each class is expected to have. "
            + $"{string.Join(", ", HeadChoice.All.Where(head => head.Lifts).Select(head => head.Name))} lift scores by them, so that "
            + "classes of different size are as ridge has them, while weights stay as they are. They must not come from the training "
            + "labels. It states the list of classes, too. [default: none]",
        HelpName = "SHARES",
    };

    // Understood, so that it can be refused with the reason.
    private readonly Option<string> _weight = new("--class-weight") { Hidden = true };

    /// <summary>The options that say which classes there are, and what scores are compared with.</summary>
    public IEnumerable<Option> Classes => [.. ClassNames, _prior, _shares];

    /// <summary>The options that say which classes there are, where nothing compares scores.</summary>
    public IEnumerable<Option> ClassNames => [_classes, _weight];

    /// <summary>How files are read, and what makes features of them.</summary>
    public InputOptions Input { get; } = new();

    /// <summary>How the data are checked.</summary>
    public CheckOptions Check { get; } = new();

    /// <summary>Votes that labels come from.</summary>
    public VoteOptions Votes { get; } = new();

    /// <summary>Labels that were checked.</summary>
    public CorrectionOptions Corrections { get; } = new();

    public IEnumerable<string> Files(ParseResult parsed) =>
        [.. ((Option<string>[])[Train, TrainLabels]).Select(parsed.GetValue).OfType<string>(), .. Input.Files(parsed),
            .. Votes.Files(parsed), .. Corrections.Files(parsed),
            .. ((Option<string>[])[_classes, _prior, _shares]).Select(parsed.GetValue).OfType<string>().Where(File.Exists)];

    /// <summary>The list of classes, with their prior or shares if there are any; null where none is stated.</summary>
    /// <exception cref="UsageException">
    /// It is not a list of at least two different names, the prior or the shares are not of these classes, or both or
    /// weights of classes were asked for.
    /// </exception>
    /// <exception cref="DataException">It is a file that cannot be read.</exception>
    public ClassList? StatedClasses(ParseResult parsed)
    {
        if (parsed.GetValue(_weight) is { } weight)
            throw new UsageException(
                $"--class-weight '{weight}': weights of classes are counted in the training labels. One flipped label would change all of "
                    + "them, and no radius covers that. State what you expect instead, from elsewhere than these labels: "
                    + "--class-prior \"A=0.95,B=0.05\".");
        ClassList? classes = parsed.GetValue(_classes) is { } list
            ? Stated(
                File.Exists(list) ? TextListReader.Read(list) : list.Split(',', StringSplitOptions.TrimEntries),
                $"--classes '{list}': expected at least two different names, separated by commas, or a file of them.")
            : null;
        if (parsed.GetValue(_shares) is { } shares)
        {
            CommandOptions.RefuseGiven(parsed, [_prior], _shares.Name);
            return WithNumbers(classes, _shares.Name, shares, (list, numbers) => list.WithShares(numbers));
        }

        return parsed.GetValue(_prior) is { } prior
            ? WithNumbers(classes, _prior.Name, prior, (list, numbers) => list.WithPrior(numbers))
            : classes;
    }

    private static ClassList WithNumbers(ClassList? classes, string option, string text, Func<ClassList, double[], ClassList> with)
    {
        string expected = $"{option} '{text}': expected a number between 0 and 1 for every class, such as A=0.95,B=0.05, or a file of "
            + "them, one in each line.";
        IReadOnlyList<string> entries = File.Exists(text) ? TextListReader.Read(text) : text.Split(',');
        int[] ends = [.. entries.Select(entry => entry.LastIndexOf('='))];
        if (Array.FindIndex(ends, end => end < 0) is var wrong and >= 0)
            throw new UsageException($"{expected} '{entries[wrong]}' has no '='.");
        string[] names = [.. entries.Zip(ends, (entry, end) => entry[..end].Trim())];
        ClassList named = Stated(names, expected);
        classes ??= named;
        if (classes.FirstOrDefault(name => !named.TryFind(name, out _)) is { } missing)
            throw new UsageException($"{expected} There is none for the class '{missing}'.");
        double[] numbers = new double[classes.Count];
        for (int i = 0; i < names.Length; i++)
        {
            if (!classes.TryFind(names[i], out int c))
                throw new UsageException($"{expected} '{names[i]}' is not one of the classes that --classes states.");
            if (!double.TryParse(entries[i].AsSpan(ends[i] + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[c]))
                throw new UsageException($"{expected} '{entries[i]}' has no number.");
        }

        return Named(expected, () => with(classes, numbers));
    }

    private static ClassList Stated(IReadOnlyList<string> names, string expected) => Named(expected, () => ClassList.Of(names));

    /// <summary>The library knows no options: here a failure learns which one it is about.</summary>
    private static ClassList Named(string expected, Func<ClassList> classes)
    {
        try
        {
            return classes();
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"{expected} {exception.Message.Split(" (Parameter")[0]}");
        }
    }

    /// <summary>
    /// The list of classes that labels may become: the stated one, or that of the votes; null elsewhere.
    /// </summary>
    public ClassList? ClassesOf(ParseResult parsed, Dataset training) => StatedClasses(parsed) ?? training.Votes?.Votes.Classes;

    /// <summary>Reads labelled data, and fits to them what makes features of them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <param name="fittedTo">The rows that it is fitted to, from 0; null for all.</param>
    /// <exception cref="DataException">They cannot be read, or have no labels.</exception>
    public Dataset Read(ParseResult parsed, IWorkProgress progress, Func<Table, IReadOnlyList<int>?>? fittedTo = null)
    {
        Dataset data = Input.ReadTraining(
            parsed,
            new LabelledSource(
                parsed.GetRequiredValue(Train), parsed.GetValue(TrainLabels), parsed.GetValue(Label)!,
                CommandOptions.IsGiven(parsed, Label), Check.Ignored(parsed))
            {
                VoteColumns = Votes.Columns(parsed),
                Votes = (table, ids) => Votes.Read(parsed, table, ids, StatedClasses(parsed), progress),
            },
            fittedTo ?? (_ => null), progress);
        Check.RefuseAbsent(parsed, data);
        return Corrections.Read(parsed, data, StatedClasses(parsed), progress);
    }

    /// <summary>
    /// The training features left in their file, where they are a plain .npy and nothing is made of them; else null.
    /// </summary>
    public FeatureMatrix? RowsInFile(ParseResult parsed)
    {
        Option[] harmless = [Train, TrainLabels, .. Classes, Votes.Votes, Corrections.Apply];
        IEnumerable<Option> others = ((Option[])[Label, .. Input.All, .. Check.All]).Except(harmless);
        return others.Any(option => CommandOptions.IsGiven(parsed, option))
            ? null
            : RowsInFiles.TryFeatures(parsed.GetRequiredValue(Train))?.Features;
    }

    /// <summary>Reads other data, whose features are made like those of training data.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="training">The training data.</param>
    /// <param name="path">The file.</param>
    /// <param name="labelPath">A file of labels, where they are apart.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <param name="labelColumn">The column of labels, where the user names none.</param>
    /// <exception cref="DataException">They cannot be read, or lack a column.</exception>
    public Dataset ReadOther(
        ParseResult parsed, Dataset training, string path, string? labelPath, IWorkProgress progress, string? labelColumn = null)
    {
        bool isGiven = CommandOptions.IsGiven(parsed, Label);
        string column = isGiven ? parsed.GetValue(Label)! : labelColumn ?? parsed.GetValue(Label)!;
        return Input.ReadOther(
            parsed, training,
            new LabelledSource(path, labelPath, column, isGiven, [.. Check.Ignored(parsed), .. Votes.Columns(parsed)]), progress);
    }
}
