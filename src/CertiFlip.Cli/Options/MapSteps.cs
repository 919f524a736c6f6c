using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Data.Pipelines;
using CertiFlip.Features;
using CertiFlip.Onnx;

namespace CertiFlip.Cli.Options;

/// <summary>What <c>--map</c> names: maps of the library, saved maps and pre-trained models.</summary>
/// <param name="table">The rows that the first map reads.</param>
/// <param name="candidates">Their columns that can be features.</param>
/// <param name="textColumn">The column of texts for a map that takes texts, which is named.</param>
/// <param name="settings">How ONNX models are used, where they do not say it.</param>
/// <param name="cache">Where rows are kept that ONNX models computed; null keeps none.</param>
internal sealed class MapSteps(
    Table table, IReadOnlyList<TableColumn> candidates, Func<string, string> textColumn, IReadOnlyList<string> settings,
    FeatureCache? cache)
{
    private int _read;

    /// <summary>The maps that can be fitted inside a run: those that need nothing but rows without labels.</summary>
    public static IEnumerable<string> Names => FeatureMapChoice.All.Where(IsFitted).Select(map => map.Name);

    /// <summary>Whether a map is named by a file.</summary>
    public static bool IsFile(string map) => Chosen(map) is null;

    /// <summary>What the user wrote, where it can be a map; null where it cannot.</summary>
    public static string? Checked(string map) => Named(map.Split(':')[0]) is not null || Path.Exists(map) ? map : null;

    /// <summary>Reads the maps.</summary>
    /// <param name="maps">What the user wrote.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <exception cref="DataException">A file is no map.</exception>
    public IEnumerable<MapStep> Read(IReadOnlyList<string> maps, IWorkProgress progress)
    {
        if (settings.Count > 0 && maps.All(map => Chosen(map) is not null || !OnnxRowMaps.MayBeModel(map)))
            throw new UsageException("--map-options has no effect without an ONNX model: leave it out, or name one with --map.");
        foreach ((int index, string map) in maps.Index())
        {
            _read = index;
            if (Chosen(map) is { } choice)
            {
                // A map of numbers takes the pixels of images.
                if (index == 0 && choice is NumberMapChoice && candidates.OfType<ImageColumn>().FirstOrDefault() is { } images)
                    yield return new RowStep(OnnxRowMaps.PixelsOf(images));
                yield return new FitStep(choice);
                continue;
            }

            progress.Report($"reading {map}");
            yield return OnnxRowMaps.MayBeModel(map) ? Onnx(map) : Saved(map);
        }
    }

    /// <summary>A model of images where the rows are images, otherwise one of texts.</summary>
    private RowStep Onnx(string path)
    {
        if (candidates.FirstOrDefault(IsImages) is { } images)
        {
            var map = OnnxImageMap.Load(path, OnnxOptions.Read(settings, OnnxImageOptions.Parse));
            map.Cache = cache;
            return new RowStep(OnnxRowMaps.Of(images.Name, map));
        }

        string column = textColumn(path);
        var texts = OnnxTextMap.Load(path, OnnxOptions.Read(settings, OnnxTextOptions.Parse));
        texts.Cache = cache;
        return new RowStep(OnnxRowMaps.Of(column, texts));

        bool IsImages(TableColumn column) => column is ImageColumn
            || (column is VectorColumn { RowShape.Count: > 1 } && !table.Columns.OfType<ImageColumn>().Any());
    }

    /// <summary>The names of the columns that the first map was fitted to; none where it has none.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    private NumberStep SavedNumbers(StoredModel model, NumberMapChoice choice, string path)
    {
        IFeatureMap map = model.Restore(choice.Restore);
        if (_read == 0)
            Columns = model.Restore(arrays => DataColumns.Restore(arrays, map.Inputs, path)).Names;
        return new NumberStep(new FittedNumberMap(choice, map));
    }

    private MapStep Saved(string path)
    {
        var model = StoredModel.Read(path);
        return FeatureMapChoice.TryParse(model.Kind) switch
        {
            NumberMapChoice choice => SavedNumbers(model, choice, path),
            { } choice when TextMapKind.Of(choice) is { } kind =>
                new RowStep(new TextRowMap(textColumn(path), model.Restore(kind.Restore), kind)),
            _ => throw new DataException(
                $"{path}: a model of kind '{model.Kind}' is no feature map; expected one that features fit saved, or an ONNX model."),
        };
    }

    /// <summary>The map that is to be fitted, with its options; null for a file.</summary>
    /// <exception cref="UsageException">The map has no such option, or the option no such value.</exception>
    private static FeatureMapChoice? Chosen(string map)
    {
        string[] parts = map.Split(':');
        if (Named(parts[0]) is not { } chosen || (parts.Length > 1 && Path.Exists(map)))
            return null;
        foreach ((int index, string part) in parts.Skip(1).Index())
        {
            chosen = part.Split('=') switch
            {
                [var count] when index == 0 => chosen.WithOption("components", count),
                [var name, var value] => chosen.WithOption(name, value),
                _ => null,
            } ?? throw new UsageException(
                $"--map '{map}': {parts[0]} cannot have '{part}'. Its options are those of features fit.");
        }

        return chosen;
    }

    private static FeatureMapChoice? Named(string name) =>
        FeatureMapChoice.TryParse(name) is { } choice && IsFitted(choice) ? choice : null;

    private static bool IsFitted(FeatureMapChoice map) => !map.DependsOnLabels && map is not WordVectorMapChoice;
}
