using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Features;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Features;

/// <summary><c>certiflip features fit</c>: fits a map and saves it.</summary>
internal sealed class FeaturesFitCommand : Command
{
    private readonly Option<FeatureMapChoice> _map = Map();
    private readonly Option<string> _train = CommandOptions.File(
        "--train",
        "What to fit to: numbers or images (.npz, .npy, .csv, .tsv, IDX), texts (a column of .csv or .tsv, or the lines of .txt), "
        + "or word vectors (word2vec's text or binary, GloVe's text); or .gz of these.",
        required: true);
    private readonly Option<string> _trainLabels = CommandOptions.File(
        "--train-labels",
        $"For {MapsWith(map => map.DependsOnLabels)}: trusted labels, where --train holds images only.");
    private readonly Option<string> _label = CommandOptions.LabelColumn();
    private readonly Option<string> _text = CommandOptions.TextColumn();
    private readonly MapOption[] _mapOptions;
    private readonly CheckOptions _check = new();
    private readonly Option<string> _out = CommandOptions.GuardedFile("--out", "The file to save the map in.", required: true);
    private readonly Option<int?> _threads = CommandOptions.Threads();
    private readonly Option<bool> _quiet = CommandOptions.Quiet();
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public FeaturesFitCommand(IAnsiConsole output, IAnsiConsole status)
        : base("fit", "Fit a feature map and save it.")
    {
        (_output, _status) = (output, status);
        _mapOptions =
        [
            Of(CommandOptions.Count("--components", ComponentsDescription()), (map, components) => map.WithComponents(components!.Value)),
            Of(
                CommandOptions.Count(
                    "--neighbours",
                    $"For {MapsWith(map => map.WithNeighbours(1) is not null)}: nearest rows that a row is linked to. [default: 10]"),
                (map, neighbours) => map.WithNeighbours(neighbours!.Value)),
            Of(RecallOption(), (map, recall) => map.WithNeighbourRecall(recall!.Value)),
            Written(
                "--edges", "WHAT", "either", "either, mutual or scaled",
                "what an edge weighs: either, half where only one row is among the other's "
                + "nearest; mutual, a twentieth there; scaled, less the farther rows are by their own standards. [default: either]"),
            Written(
                "--power", "P", "0.5", "a number strictly between 0 and 1",
                "a number's size becomes its power P, between 0 and 1. [default: 0.5, the square root]"),
            Written(
                "--whitening", "W", "0.5", "a number from 0 to 1",
                "how far components are whitened, from 0 to 1: each is divided by its standard deviation to the power W, for "
                + "spectral before neighbours are sought. [default: 0, spectral 0.5]"),
            Written(
                "--gamma", "G", "1", "a number above 0",
                "similarity is e to −G times the squared distance. [default: 1 over the mean squared distance of two rows]"),
            Written(
                "--diffusion", "T", "auto", "auto, or a number of steps, at least 0",
                "steps of the walk: features of clusters that it leaves often fade, so that it matters less how many features there "
                + "are; auto lets the later two thirds fade. [default: 0]"),
            Of(
                CommandOptions.Count(
                    "--patch-size",
                    $"For {MapsWith(map => map.WithPatchSize(2) is not null)}: pixels of a patch's side, at least 2. [default: 7]"),
                (map, pixels) => map.WithPatchSize(pixels!.Value)),
            Written(
                "--flat-variance", "V", "0.01", "a number from 0.000001 on",
                "added to a patch's variance before it is divided by its deviation, where white is 1: a large number listens to strong "
                + "edges alone, a small one to texture, too. [default: 0.01]"),
            Written(
                "--term-weights", "WHAT", "root", "logarithm, root or presence",
                "what a term weighs that few texts hold: logarithm, of one over its share of texts; root, the square root of that; "
                + "presence, 1, as every term does, however often a text holds it. [default: logarithm]"),
            Of(ImageOption(), (map, image) => map.WithImage(image!)),
            Of(
                CommandOptions.Count(
                    "--epochs",
                    $"For {MapsWith(map => map.WithEpochs(1) is not null)}: passes over the images or texts. "
                    + "[default: 8, document-vectors 12]"),
                (map, epochs) => map.WithEpochs(epochs!.Value)),
            Of(
                CommandOptions.Seed("What everything random follows from: the same seed, the same map. [default: 1]"),
                (map, seed) => map.WithSeed(seed!.Value)),
        ];
        IEnumerable<Option> options =
        [
            _map, _train, _trainLabels, _label, _text, .. _mapOptions.Select(option => option.Option), .. _check.All,
            _out, _threads, _quiet,
        ];
        foreach (Option option in options)
            Options.Add(option);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        FeatureMapChoice map = MapFrom(parsed);
        string path = parsed.GetRequiredValue(_out);
        var input = new MapInput(
            parsed.GetRequiredValue(_train),
            CommandOptions.IsGiven(parsed, _label) ? parsed.GetValue(_label) : null,
            CommandOptions.IsGiven(parsed, _text) ? parsed.GetValue(_text) : null)
        {
            Ignored = _check.Ignored(parsed),
        };
        string? labels = parsed.GetValue(_trainLabels);
        RowWork work = RowWork.Current;
        string[] inputs = [.. ((string?[])[input.Path, labels]).OfType<string>()];
        work.Read(inputs);
        using OutputFiles files = CommandOptions.Files(inputs);
        if (work.HasAllRows)
            files.Add(path);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = work.Threads ?? parsed.GetValue(_threads) ?? Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        bool isQuiet = parsed.GetValue(_quiet) || work.IsQuiet;
        ProgressDisplay.Detail detail = isQuiet ? ProgressDisplay.Detail.None : ProgressDisplay.Detail.Full;
        CheckedData Check(Dataset data)
        {
            _check.RefuseAbsent(parsed, data);
            return _check.Apply(
                parsed, data, [], classes: null, meant: map.Name == StandardScaler.Kind ? RemarkKind.DominantColumn : null);
        }

        MapFit fit = ProgressDisplay.Run(_status, detail, progress => MapFit.Of(map, input, labels, Check, progress, parallel));
        files.WriteBytes(path, fit.Model.Write);
        cancellation.ThrowIfCancellationRequested();
        files.Commit();
        if (!isQuiet)
        {
            CommandOptions.Beside(path, _output, _status).Tell(
                $"{path}: {Wording.Count(fit.Features, "feature")} by {map.Name}, fitted in {Format.Seconds(watch.Elapsed)}.");
            if (fit.Approximation is { } approximation)
                CommandOptions.Beside(path, _output, _status).Tell($"{path}: {approximation}");
        }

        foreach (string note in fit.Notes)
            _status.Complain(note);
        return ExitCode.Done;
    }

    /// <summary>The map with the options that the user wrote.</summary>
    /// <exception cref="UsageException">One of them has no effect on this map.</exception>
    private FeatureMapChoice MapFrom(ParseResult parsed)
    {
        FeatureMapChoice map = parsed.GetRequiredValue(_map);
        IEnumerable<Option> unused =
        [
            .. map.DependsOnLabels ? [] : (Option[])[_trainLabels],
            .. map is NumberMapChoice ? [] : (Option[])[_label, .. _check.All],
            .. map.DependsOnLabels ? [] : (Option[])[_check.MissingLabels],
            .. map is TextMapChoice ? [] : (Option[])[_text],
        ];
        CommandOptions.RefuseGiven(parsed, unused, map.Name);
        FeatureMapChoice chosen = map;
        foreach ((Option option, Func<FeatureMapChoice, ParseResult, FeatureMapChoice?> with) in _mapOptions)
        {
            if (CommandOptions.IsGiven(parsed, option))
            {
                chosen = with(chosen, parsed) ?? throw new UsageException(map.Components is not null && option.Name == "--components"
                    ? $"{map.Name} makes at most {map.MostComponents} features: give --components no more."
                    : $"{option.Name} has no effect with {map.Name}: leave it out.");
            }
        }

        return chosen;
    }

    private static Option<FeatureMapChoice> Map()
    {
        IEnumerable<string> names = FeatureMapChoice.All.Select(map => map.Name);
        return new ListingOption<FeatureMapChoice>(
            "--map", () => $"{string.Join("; ", FeatureMapChoice.All.Select(map => $"{map.Name}: {map.Description}"))}.")
        {
            HelpName = "NAME",
            CompletionSources = { Choices.Exactly([.. names]) },
            Required = true,
            CustomParser = result => OptionValue.Parse(result, $"one of {string.Join(", ", names)}", FeatureMapChoice.TryParse),
        };
    }

    private static string ComponentsDescription()
    {
        FeatureMapChoice[] maps = [.. FeatureMapChoice.All.Where(map => map.Components is not null)];
        int usual = maps.Select(map => map.Components!.Value).CountBy(count => count).MaxBy(entry => entry.Value).Key;
        string others = string.Concat(maps.Where(map => map.Components != usual).Select(map => $", {map.Name} {map.Components}"));
        return "How many features; for patches, how many kinds of patch, each of which is counted in nine regions. "
            + $"[default: {usual}{others}]";
    }

    private static Option<double?> RecallOption() => new("--neighbour-recall")
    {
        Description = $"For {MapsWith(map => map.WithNeighbourRecall(0.5) is not null)}: the part of the nearest rows that must be found, "
            + "for rows so many that comparing each with each takes too long. [default: all, exactly]",
        HelpName = "R",
        CustomParser = result =>
            OptionValue.Parse<double?>(result, "a number strictly between 0 and 1, such as 0.95", OptionValue.Probability),
    };

    private static Option<ImageShape?> ImageOption() => new("--image")
    {
        Description = $"For {MapsWith(map => map.TakesImages)}: the shape of images, HxW, or HxWxC where a row holds C channels "
            + "one after the other. [default: square, grey]",
        HelpName = "HxW",
        CustomParser = result => OptionValue.Parse(result, "HxW or HxWxC, such as 28x28", text =>
        {
            int[] sizes = [.. text.Split('x').Select(Pixels)];
            return sizes is [> 0, > 0] or [> 0, > 0, > 0] ? new ImageShape(sizes[0], sizes[1], sizes.Length == 3 ? sizes[2] : 1) : null;
        }),
    };

    /// <summary>Pixels as written, or 0.</summary>
    private static int Pixels(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size is >= 1 and <= 10_000 ? size : 0;

    private static string MapsWith(Func<FeatureMapChoice, bool> property) =>
        string.Join(" and ", FeatureMapChoice.All.Where(property).Select(map => map.Name));

    /// <summary>An option as <see cref="FeatureMapChoice.WithOption"/> reads it.</summary>
    private static MapOption Written(string name, string helpName, string example, string expected, string description)
    {
        string own = name.TrimStart('-');
        string maps = MapsWith(map => map.WithOption(own, example) is not null);
        var option = new Option<string?>(name)
        {
            Description = $"For {maps}: {description}",
            HelpName = helpName,
            CustomParser = result => OptionValue.Parse(
                result, expected, text => FeatureMapChoice.All.Any(map => map.WithOption(own, text) is not null) ? text : null),
        };
        return Of(option, (map, text) => map.WithOption(own, text!));
    }

    private static MapOption Of<T>(Option<T> option, Func<FeatureMapChoice, T, FeatureMapChoice?> with) =>
        new(option, (map, parsed) => with(map, parsed.GetValue(option)!));

    /// <summary>An option that some maps have.</summary>
    /// <param name="Option">The option.</param>
    /// <param name="With">The map with what the user wrote; null where it has no such option.</param>
    private sealed record MapOption(Option Option, Func<FeatureMapChoice, ParseResult, FeatureMapChoice?> With);
}

/// <summary>A map that was fitted to a file.</summary>
/// <param name="Model">The map, to be saved.</param>
/// <param name="Features">How many features it makes.</param>
/// <param name="Notes">What the user must know of labels in it: sentences, each for a line of its own.</param>
internal sealed record MapFit(StoredModel Model, int Features, IReadOnlyList<string> Notes)
{
    /// <inheritdoc cref="IFeatureMap.Approximation"/>
    public string? Approximation { get; private init; }

    /// <summary>Fits a map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="input">What to fit to: inputs, or a file of word vectors.</param>
    /// <param name="labels">A file of labels, where they are not with the inputs.</param>
    /// <param name="check">Checks numbers.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <param name="parallel">How many threads may work, and when to stop.</param>
    /// <exception cref="DataException">The map cannot be fitted to these data.</exception>
    public static MapFit Of(
        FeatureMapChoice map, MapInput input, string? labels, Func<Dataset, CheckedData> check, IWorkProgress progress,
        ParallelOptions parallel)
    {
        progress.Report($"reading {input.Path}");
        return input.Named(() => map switch
        {
            NumberMapChoice numbers => OfNumbers(numbers, input, labels, check, progress, parallel),
            TextMapChoice texts => OfTexts(texts, input, progress, parallel),
            WordVectorMapChoice vectors => OfVectors(vectors, input),
            _ => throw new UnreachableException(map.Name),
        });
    }

    private static MapFit OfNumbers(
        NumberMapChoice map, MapInput input, string? labels, Func<Dataset, CheckedData> check, IWorkProgress progress,
        ParallelOptions parallel)
    {
        RowWork work = RowWork.Current;
        List<string> notes = [];
        if (!work.HasAllRows && !map.TakesImages && !map.DependsOnLabels && RowsInFiles.TryFeatures(input.Path) is { } own)
        {
            // A shard looks at its own blocks alone. The plan has checked all rows, and the merge will again.
            work.Fit(() => map.FitInStages(own.Features, parallel), progress);
        }

        Dataset data = input.ReadFeatures();
        if (MapInput.MayHoldLabels(data))
        {
            notes.Add(
                $"{input.Path} has no column '{input.LabelName}', so every column is an input; "
                + "if one of them holds labels, name it with --label.");
        }

        if (map.DependsOnLabels)
        {
            notes.Add(
                $"this map was trained on labels of {labels ?? input.Path}; "
                + "certificates on its features hold against flips of other labels only.");
            if (labels is not null)
                data = data.WithLabels(LabelReader.Read(labels, input.LabelName, data.Features.Rows), labels);
        }

        // Other maps see no labels, and neither does the check.
        CheckedData checkedData = check(map.DependsOnLabels ? data : data with { Labels = [] });
        notes.AddRange(Remarks.Said(checkedData.Remarks).Select(remark => $"remark: {remark.Line}"));
        if (map.DependsOnLabels)
        {
            data = checkedData.Training;
            var encoding = LabelEncoding.FromTrainingLabels(data);
            map = map with { Labels = new ClassLabels(encoding.Encode(data), encoding.Classes.Count) };
        }

        FeatureMatrix rows = data.Features;
        var columns = DataColumns.Of(data);
        if (map.TakesImages)
            map = (NumberMapChoice)map.WithImage(ShapeOf(columns, map.Image))!;
        int steps = map.Steps(rows.Rows);
        IProgress<int>? done = steps > 0 ? progress.ReportCount($"{map.Work}:", steps, "rows") : null;
        if (steps == 0)
            progress.Report($"{map.Work}: {Wording.Count(rows.Rows, "row")} of {Wording.Count(rows.Columns, "number")}");
        IFeatureMap fitted = RowWork.Current.IsPlanned
            ? RowWork.Current.Fit(() => map.FitInStages(rows, parallel), progress)
            : map.Fit(rows, done, parallel);
        return Stored(
            map,
            arrays =>
            {
                map.Store(arrays, fitted);
                columns.Store(arrays);
                if (data.HasLabels && columns.Names.Count > 0)
                    arrays.Add(MapInput.StoredLabelColumn, [input.LabelName]);
            },
            fitted.Features,
            notes) with
        { Approximation = fitted.Approximation };
    }

    private static MapFit OfTexts(TextMapChoice map, MapInput input, IWorkProgress progress, ParallelOptions parallel)
    {
        IReadOnlyList<string> texts = input.ReadTexts();
        int steps = map.Steps(texts.Count);
        IProgress<int>? done = steps > 0 ? progress.ReportCount($"{map.Work}:", steps, "texts") : null;
        if (steps == 0)
            progress.Report($"{map.Work}: {Wording.Count(texts.Count, "text")}");
        ITextFeatureMap fitted = RowWork.Current.IsPlanned
            ? RowWork.Current.Fit(() => map.FitInStages(texts, parallel), progress)
            : map.Fit(texts, done, parallel);
        return Stored(
            map,
            arrays =>
            {
                map.Store(arrays, fitted);
                arrays.Add(MapInput.StoredTextColumn, [input.TextName]);
            },
            fitted.Features,
            []);
    }

    private static MapFit OfVectors(WordVectorMapChoice map, MapInput input)
    {
        RowWork.Current.End(); // Nothing is fitted that could be shared out.
        ITextFeatureMap made = map.Fit(WordVectorReader.Read(input.Path));
        return Stored(map, arrays => map.Store(arrays, made), made.Features, []);
    }

    private static MapFit Stored(FeatureMapChoice map, Action<ModelArrays> store, int features, IReadOnlyList<string> notes)
    {
        var model = new StoredModel(map.Name);
        store(model.Arrays);
        return new MapFit(model, features, notes);
    }

    /// <summary>The shape of images that was given or that the file says, and if neither, a square.</summary>
    /// <exception cref="DataException">The file says another than the one given, or one that no image has.</exception>
    private static ImageShape ShapeOf(DataColumns columns, ImageShape? given)
    {
        if (columns.Image is { } own)
        {
            return given is null || given == own
                ? own
                : throw new DataException(
                    $"{columns.Source}: holds images of {MapInput.InWords(own)}, but --image says {MapInput.InWords(given)}.");
        }

        return columns.RowShape.Count > 1
            ? throw new DataException(
                $"{columns.Source}: the shape is n × {string.Join(" × ", columns.RowShape)}; expected images of n × height × width, "
                + "or with 1 or 3 channels of n × channels × height × width.")
            : given ?? Square(columns.Count);
    }

    private static ImageShape Square(int numbers)
    {
        int side = (int)Math.Sqrt(numbers);
        return side * side == numbers
            ? new ImageShape(side, side)
            : throw new ArgumentException($"{numbers:N0} numbers a row are no square image in grey; give the shape with --image.");
    }
}
