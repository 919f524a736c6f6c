using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Features.Images;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Features;

/// <summary><c>certiflip features fit</c>: fits a map and keeps it in a file.</summary>
internal sealed class FeaturesFitCommand : Command
{
    private readonly Option<string> _map = MapOption();
    private readonly Option<string> _train = CommandOptions.File("--train", "What to fit to: numbers or images (.npz, .npy, .csv, .tsv, IDX), texts (a column of .csv or .tsv, or the lines of .txt), or word vectors (word2vec's text or binary, GloVe's text); or .gz of these.", required: true);
    private readonly Option<string> _trainLabels = CommandOptions.File("--train-labels", "For convolutional-network: trusted labels, where --train holds images only.");
    private readonly Option<string> _label = CommandOptions.LabelColumn();
    private readonly Option<string> _text = CommandOptions.TextColumn();
    private readonly Option<int?> _components = CommandOptions.Count("--components", "How many features; for patches, how many kinds of patch, each of which is counted in nine regions. [default: 50, patches 100, spectral 10, latent-semantics 300]");
    private readonly Option<int?> _neighbours = CommandOptions.Count("--neighbours", "For spectral: nearest rows that a row is linked to. [default: 10]");
    private readonly Option<int?> _patchSize = CommandOptions.Count("--patch-size", "For patches: pixels of a patch's side, at least 2. [default: 8]");
    private readonly Option<ImageShape?> _image = ImageOption();
    private readonly Option<int?> _epochs = CommandOptions.Count("--epochs", "For convolutional-network: passes over the images. [default: 8]");
    private readonly Option<ulong?> _seed = CommandOptions.Seed("What everything random follows from: the same seed, the same map. [default: 1]");
    private readonly Option<string> _out = CommandOptions.File("--out", "The file to keep the map in.", required: true);
    private readonly Option<int?> _threads = CommandOptions.Threads();
    private readonly Option<bool> _quiet = CommandOptions.Quiet();
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public FeaturesFitCommand(IAnsiConsole output, IAnsiConsole status)
        : base("fit", "Fit a feature map and keep it in a file.")
    {
        (_output, _status) = (output, status);
        foreach (Option option in (IEnumerable<Option>)[_map, _train, _trainLabels, _label, _text, _components, _neighbours, _patchSize, _image, _epochs, _seed, _out, _threads, _quiet])
            Options.Add(option);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        string map = parsed.GetRequiredValue(_map), path = parsed.GetRequiredValue(_out);
        RefuseUnused(parsed, map);
        var fit = new MapFit(map, new MapInput(parsed.GetRequiredValue(_train), CommandOptions.IsGiven(parsed, _label) ? parsed.GetValue(_label) : null, parsed.GetRequiredValue(_text)))
        {
            LabelPath = parsed.GetValue(_trainLabels),
            Components = parsed.GetValue(_components),
            Neighbours = parsed.GetValue(_neighbours),
            PatchSize = parsed.GetValue(_patchSize),
            Image = parsed.GetValue(_image),
            Epochs = parsed.GetValue(_epochs),
            Seed = parsed.GetValue(_seed) ?? 1,
        };
        using var files = new OutputFiles(((string?[])[fit.Input.Path, fit.LabelPath]).OfType<string>());
        files.Add(path);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = parsed.GetValue(_threads) ?? Environment.ProcessorCount, CancellationToken = cancellation };
        bool isQuiet = parsed.GetValue(_quiet);
        FitResult fitted = ProgressDisplay.Run(_status, isQuiet ? ProgressDisplay.Detail.None : ProgressDisplay.Detail.Full, progress => fit.Run(progress, parallel));
        files.WriteBytes(path, fitted.Model.Write);
        cancellation.ThrowIfCancellationRequested();
        files.Commit();
        if (!isQuiet)
            _output.Profile.Out.Writer.WriteLine($"{path}: {Wording.Count(FittedMap.Of(fitted.Model, path).Features, "feature")} by {map}, fitted in {Format.Seconds(watch.Elapsed)}.");
        foreach (string note in fitted.Notes)
            _status.Profile.Out.Writer.WriteLine($"certiflip: {note}");
        return ExitCode.Done;
    }

    private void RefuseUnused(ParseResult parsed, string map)
    {
        bool isNetwork = map == MapNames.ConvolutionalNetwork, isText = map == MapNames.LatentSemantics, isVectors = map == MapNames.AveragedWordVectors, isPatches = map == MapNames.Patches, isScaler = map == MapNames.StandardScaler;
        IEnumerable<Option> unused =
        [
            .. isNetwork ? [] : (Option[])[_trainLabels, _epochs],
            .. isNetwork || isPatches ? [] : (Option[])[_image],
            .. isPatches ? [] : (Option[])[_patchSize],
            .. map == MapNames.Spectral ? [] : (Option[])[_neighbours],
            .. isNetwork || isText || isPatches ? [] : (Option[])[_seed],
            .. isText || isVectors ? (Option[])[_label] : [],
            .. isText ? [] : (Option[])[_text],
            .. isVectors || isScaler ? (Option[])[_components] : [],
        ];
        if (unused.FirstOrDefault(option => CommandOptions.IsGiven(parsed, option)) is { } first)
            throw new UsageException($"{first.Name} has no effect with {map}: leave it out.");
    }

    private static Option<string> MapOption() => new("--map")
    {
        Description = "standard-scaler, numbers of all columns in one unit; principal-components of numbers; patches of images, learned without labels; spectral, clusters of numbers by their nearest neighbours; latent-semantics of texts; averaged-word-vectors, from vectors made elsewhere; convolutional-network, trained on labelled images of other classes than those to defend.",
        HelpName = "NAME",
        Required = true,
        CustomParser = result => OptionValue.Parse(result, $"one of {string.Join(", ", MapNames.All)}", text => MapNames.All.Contains(text) ? text : null),
    };

    private static Option<ImageShape?> ImageOption() => new("--image")
    {
        Description = "For patches and convolutional-network: the shape of images, HxW, or HxWxC where a row holds C channels one after the other. [default: square, grey]",
        HelpName = "HxW",
        CustomParser = result => OptionValue.Parse(result, "HxW or HxWxC, such as 28x28", text =>
        {
            int[] sizes = [.. text.Split('x').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size is >= 1 and <= 10_000 ? size : 0)];
            return sizes is [> 0, > 0] or [> 0, > 0, > 0] ? new ImageShape(sizes[0], sizes[1], sizes.Length == 3 ? sizes[2] : 1) : null;
        }),
    };
}
