using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Onnx;

namespace CertiFlip.Cli.Commands.Features;

/// <summary>A file of inputs.</summary>
/// <param name="Path">The file.</param>
/// <param name="LabelColumn">Its column of labels, which maps do not see, where the user named one.</param>
/// <param name="TextColumn">Its column of texts, where the user named one.</param>
internal sealed record MapInput(string Path, string? LabelColumn, string? TextColumn)
{
    /// <summary>What a map's file calls the names of the columns that it was fitted with.</summary>
    public const string StoredLabelColumn = "label column", StoredTextColumn = "text column";

    /// <summary>The column of labels that the map was fitted with, if any.</summary>
    public string? UsualLabelColumn { get; init; }

    /// <summary>The column of texts that the map was fitted with, if any.</summary>
    public string? UsualTextColumn { get; init; }

    /// <summary>Columns that are passed over.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>The column of labels, named or usual.</summary>
    public string LabelName => LabelColumn ?? UsualLabelColumn ?? "label";

    /// <summary>The column of texts, named or usual.</summary>
    public string TextName => TextColumn ?? UsualTextColumn ?? "text";

    /// <summary>The shape of images as messages show it.</summary>
    public static string InWords(ImageShape image) =>
        $"{image.Height} × {image.Width}{(image.Channels == 1 ? "" : $" × {image.Channels}")}";

    /// <summary>Reads numbers.</summary>
    /// <exception cref="DataException">
    /// The column that the user named is not there: its labels would be read as inputs under another name.
    /// </exception>
    public Dataset ReadFeatures()
    {
        Dataset data = DatasetReader.Read(Path, LabelName, Ignored);
        return LabelColumn is null || !MayHoldLabels(data)
            ? data
            : throw new DataException(
                $"{Path}: no column is named '{LabelColumn}'; name the column that holds the labels, or it is read as an input.");
    }

    public IReadOnlyList<string> ReadTexts() => TextListReader.Read(Path, TextName);

    /// <summary>
    /// Whether the data are a table none of whose columns is known to hold labels: one of them still may.
    /// </summary>
    public static bool MayHoldLabels(Dataset data) => data.FeatureNames.Count > 0 && !data.HasLabels;

    /// <summary>
    /// Works on the inputs. What the library says of them names the file, and no parameter of the library.
    /// </summary>
    /// <exception cref="DataException">
    /// There are too few rows, sizes do not fit, or numbers leave the range of doubles.
    /// </exception>
    public T Named<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is ArgumentException or ArithmeticException)
        {
            string parameter = exception is ArgumentException { ParamName: { } name } ? $" (Parameter '{name}')" : "";
            string message = parameter.Length == 0 ? exception.Message : exception.Message.Replace(parameter, "", StringComparison.Ordinal);
            throw new DataException($"{Path}: {message}", exception);
        }
    }
}

/// <summary>Images or texts for an ONNX model.</summary>
/// <param name="Images">The images, with their paths; null where there are texts.</param>
/// <param name="Texts">The texts; null where there are images.</param>
internal sealed record OnnxInput(IReadOnlyList<(string Path, StoredImage Image)>? Images, IReadOnlyList<string>? Texts)
{
    /// <summary>Reads what a model is to map.</summary>
    /// <exception cref="DataException">It cannot be read.</exception>
    public static OnnxInput Read(MapInput input)
    {
        var reading = new TableOptions { Ignored = input.Ignored, AsText = [input.TextName] };
        Table? table = ImageFolder.Recognises(input.Path) ? ImageFolder.Read(input.Path, hasClasses: false)
            : input.TextColumn is null ? InputTables.Read(input.Path, reading)
            : null;
        if (table?.Columns.OfType<ImageColumn>().FirstOrDefault() is not { } images)
            return new OnnxInput(null, input.ReadTexts());
        TextColumn paths = table.Find("path") as TextColumn
            ?? table.Columns.OfType<TextColumn>().First(column => column.Values.All(path => path is not null && ImageFolder.IsImage(path)));
        return new OnnxInput([.. paths.Values.Zip(images.Values, (path, image) => (path!, image))], null);
    }

    /// <summary>The map of these inputs by a model.</summary>
    /// <exception cref="DataException">It is no model of such inputs.</exception>
    /// <exception cref="UsageException">A setting is not known.</exception>
    public FittedMap MapOf(string path, IReadOnlyList<string> settings, FeatureCache? cache, IWorkProgress progress)
    {
        string name = $"the ONNX model {Path.GetFileName(path)}";
        if (Images is { } images)
        {
            var map = OnnxImageMap.Load(path, OnnxOptions.Read(settings, OnnxImageOptions.Parse));
            map.Cache = cache;
            StoredImage[] stored = [.. images.Select(image => image.Image)];
            return new FittedMap(name, map.Features, false, (_, parallel) => (RowWork.Current.Matrix(
                "features", stored.Length, map.Features,
                (first, count) => map.Transform(
                    stored[first..(first + count)], progress.ReportCount("mapping images:", count, "images"), parallel)), null));
        }

        var sentences = OnnxTextMap.Load(path, OnnxOptions.Read(settings, OnnxTextOptions.Parse));
        sentences.Cache = cache;
        return new FittedMap(name, sentences.Features, false, (_, parallel) => (RowWork.Current.Matrix(
            "features", Texts!.Count, sentences.Features,
            (first, count) => sentences.Transform(
                [.. Texts.Skip(first).Take(count)], progress.ReportCount("mapping texts:", count, "texts"), parallel)), null));
    }
}
