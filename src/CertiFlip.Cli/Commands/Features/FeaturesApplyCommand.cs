using System.CommandLine;
using System.Diagnostics;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Features;
using CertiFlip.Onnx;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Features;

/// <summary><c>certiflip features apply</c>: maps inputs with a map that was fitted before.</summary>
internal sealed class FeaturesApplyCommand : Command
{
    private readonly Option<string> _model = CommandOptions.File(
        "--model", "The file that features fit saved, or an ONNX model of images or texts.", required: true);
    private readonly Option<string> _in =
        CommandOptions.File("--in", "Inputs of the kind that the map was fitted to: numbers, images or texts. For an ONNX model of "
            + "images: a folder or an archive of them, or a table of their paths.", required: true);
    private readonly Option<string> _label = CommandOptions.LabelColumn();
    private readonly Option<string> _text = CommandOptions.TextColumn();
    private readonly Option<IReadOnlyList<string>?> _ignore = CheckOptions.Ignore();
    private readonly Option<string> _out =
        CommandOptions.OutFile(
            "--out", "The .npy file to write: a row of features for each input.", "an array of NumPy", [".npy"], required: true);
    private readonly Option<IReadOnlyList<string>?> _mapOptions = OnnxOptions.Settings();
    private readonly Option<string> _cache = OnnxOptions.Cache();
    private readonly Option<int?> _threads = CommandOptions.Threads();
    private readonly Option<bool> _quiet = CommandOptions.Quiet();
    private readonly IAnsiConsole _output;
    private readonly IAnsiConsole _status;

    public FeaturesApplyCommand(IAnsiConsole output, IAnsiConsole status)
        : base("apply", "Map inputs with a saved feature map.")
    {
        (_output, _status) = (output, status);
        this.AddOptions([_model, _in, _label, _text, _ignore, _out, _mapOptions, _cache, _threads, _quiet]);
        SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        string model = parsed.GetRequiredValue(_model), path = parsed.GetRequiredValue(_out);
        var input = new MapInput(
            parsed.GetRequiredValue(_in),
            CommandOptions.IsGiven(parsed, _label) ? parsed.GetValue(_label) : null,
            CommandOptions.IsGiven(parsed, _text) ? parsed.GetValue(_text) : null)
        {
            Ignored = parsed.GetValue(_ignore) ?? [],
        };
        RowWork work = RowWork.Current;
        work.Read([model, input.Path]);
        using OutputFiles files = CommandOptions.Files([model, input.Path]);
        if (work.HasAllRows)
            files.Add(path);
        bool isOnnx = OnnxRowMaps.MayBeModel(model);
        if (!isOnnx)
            CommandOptions.RefuseWithout(parsed, [_mapOptions, _cache], "an ONNX model as --model");
        OnnxInput? onnx = isOnnx ? OnnxInput.Read(input) : null;
        string paths = Path.ChangeExtension(path, ".paths.csv");
        if (onnx?.Images is not null && work.HasAllRows)
            files.Add(paths);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = work.Threads ?? parsed.GetValue(_threads) ?? Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        bool isQuiet = parsed.GetValue(_quiet) || work.IsQuiet;
        ProgressDisplay.Detail detail = isQuiet ? ProgressDisplay.Detail.None : ProgressDisplay.Detail.Full;
        IReadOnlyList<string> settings = parsed.GetValue(_mapOptions) ?? [];
        (FittedMap map, (FeatureMatrix features, DataRemark? remark)) = ProgressDisplay.Run(_status, detail, progress =>
        {
            progress.Report($"reading {model}");
            FittedMap map = onnx?.MapOf(model, settings, OnnxOptions.CacheOf(parsed.GetValue(_cache)), progress) ?? FittedMap.Read(model);
            progress.Report($"mapping {input.Path} to {map.Features:N0} features");
            return (map, map.Apply(input, parallel));
        });
        work.End();
        files.WriteBytes(path, stream => NpyWriter.Write(stream, features));
        if (onnx?.Images is { } images)
        {
            files.Write(paths, writer => new Csv(writer).Write(
                ["row", "path"], images.Index().Select(image => (string[])[Csv.Text(image.Index), image.Item.Path])));
        }

        cancellation.ThrowIfCancellationRequested();
        files.Commit();
        if (!isQuiet)
        {
            CommandOptions.Beside(path, _output, _status).Tell(
                $"{path}: {features.Rows:N0} rows of {features.Columns:N0} features by {map.Name}, in {Format.Seconds(watch.Elapsed)}.");
            if (map.Approximation is { } approximation)
                CommandOptions.Beside(path, _output, _status).Tell($"{model}: {approximation}");
        }

        if (remark is not null)
            _status.Complain(remark.Line);
        if (map.DependsOnLabels)
        {
            _status.Complain("the map was trained on labels; certificates on these features hold against flips of other labels only.");
        }

        return ExitCode.Done;
    }
}

/// <summary>A feature map that a model file holds.</summary>
/// <param name="Name">Which map.</param>
/// <param name="Features">k.</param>
/// <param name="DependsOnLabels">Whether it was trained on labels.</param>
/// <param name="Apply">Maps the inputs of a file, and says what there is to say of its columns.</param>
internal sealed record FittedMap(
    string Name, int Features, bool DependsOnLabels, Func<MapInput, ParallelOptions, (FeatureMatrix Mapped, DataRemark? Remark)> Apply)
{
    /// <inheritdoc cref="IFeatureMap.Approximation"/>
    public string? Approximation { get; private init; }

    public static FittedMap Read(string path)
    {
        var model = StoredModel.Read(path);
        return FeatureMapChoice.TryParse(model.Kind) switch
        {
            NumberMapChoice choice => Of(model, choice.Name, model.Restore(choice.Restore), path),
            TextMapChoice choice => Of(model, choice.Name, model.Restore(choice.Restore)),
            WordVectorMapChoice choice => Of(model, choice.Name, model.Restore(choice.Restore)),
            null => throw new DataException(
                $"{path}: a model of kind '{model.Kind}' is no feature map; expected one of "
                + $"{string.Join(", ", FeatureMapChoice.All.Select(map => map.Name))}."),
            var other => throw new UnreachableException(other.Name),
        };
    }

    private static FittedMap Of(StoredModel model, string name, IFeatureMap map, string path)
    {
        DataColumns columns = model.Restore(arrays => DataColumns.Restore(arrays, map.Inputs, path));
        return new FittedMap(name, map.Features, map.DependsOnLabels, (input, parallel) =>
        {
            Dataset inputs = columns.Align((input with { UsualLabelColumn = Stored(model, MapInput.StoredLabelColumn) }).ReadFeatures());
            if (map.Image is { } image && DataColumns.Of(inputs).Image is { } found && found != image)
            {
                throw new DataException(
                    $"{input.Path}: holds images of {MapInput.InWords(found)}, but {path} is a map of images of "
                    + $"{MapInput.InWords(image)}.");
            }

            FeatureMatrix made = RowWork.Current.Matrix("features", inputs.Features.Rows, map.Features, (first, count) =>
                input.Named(() => map.Transform(inputs.Features.Part(first, count), parallel)));
            return (made, columns.RemarkOn(inputs));
        })
        {
            Approximation = map.Approximation,
        };
    }

    private static FittedMap Of(StoredModel model, string name, ITextFeatureMap map) =>
        new(name, map.Features, map.DependsOnLabels, (input, parallel) =>
        {
            IReadOnlyList<string> texts = (input with { UsualTextColumn = Stored(model, MapInput.StoredTextColumn) }).ReadTexts();
            return (RowWork.Current.Matrix(
                "features", texts.Count, map.Features,
                (first, count) => map.Transform([.. texts.Skip(first).Take(count)], parallel)), null);
        });

    /// <summary>A name that the map was fitted with; null in files that have none.</summary>
    private static string? Stored(StoredModel model, string array) =>
        model.Arrays.All.ContainsKey(array) ? model.Restore(arrays => arrays.Texts(array).Single()) : null;
}
