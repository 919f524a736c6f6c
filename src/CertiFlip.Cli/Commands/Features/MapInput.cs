using CertiFlip.Data;

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
