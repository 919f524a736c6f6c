using System.Diagnostics;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Data.Models;
using CertiFlip.Features;
using CertiFlip.Features.Images;

namespace CertiFlip.Cli.Commands.Features;

/// <summary>A map that was fitted to a file.</summary>
/// <param name="Model">The map, to be saved.</param>
/// <param name="Features">How many features it makes.</param>
/// <param name="Notes">What the user must know of labels in it: sentences, each for a line of its own.</param>
internal sealed record MapFit(StoredModel Model, int Features, IReadOnlyList<string> Notes)
{
    /// <summary>Fits a map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="input">What to fit to: inputs, or a file of word vectors.</param>
    /// <param name="labels">A file of labels, where they are not with the inputs.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <param name="parallel">How many threads may work, and when to stop.</param>
    /// <exception cref="DataException">The map cannot be fitted to these data.</exception>
    public static MapFit Of(FeatureMapChoice map, MapInput input, string? labels, IWorkProgress progress, ParallelOptions parallel)
    {
        progress.Report($"reading {input.Path}");
        return input.Named(() => map switch
        {
            NumberMapChoice numbers => OfNumbers(numbers, input, labels, progress, parallel),
            TextMapChoice texts => OfTexts(texts, input, progress, parallel),
            WordVectorMapChoice vectors => OfVectors(vectors, input),
            _ => throw new UnreachableException(map.Name),
        });
    }

    private static MapFit OfNumbers(
        NumberMapChoice map, MapInput input, string? labels, IWorkProgress progress, ParallelOptions parallel)
    {
        Dataset data = input.ReadFeatures();
        List<string> notes = [];
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
                data = data.WithLabels(LabelReader.Read(labels, input.LabelName), labels);
            var encoding = LabelEncoding.FromTrainingLabels(data);
            map = map with { Labels = new ClassLabels(encoding.Encode(data), encoding.Classes.Count) };
        }

        FeatureMatrix rows = data.Features;
        if (map is { TakesImages: true, Image: null })
            map = (NumberMapChoice)map.WithImage(Square(rows.Columns))!;
        int steps = map.Steps(rows.Rows);
        IProgress<int>? done = steps > 0 ? progress.ReportCount($"{map.Work}:", steps, "rows") : null;
        if (steps == 0)
            progress.Report($"{map.Work}: {Wording.Count(rows.Rows, "row")} of {Wording.Count(rows.Columns, "number")}");
        IFeatureMap fitted = map.Fit(rows, done, parallel);
        return Stored(map, arrays => map.Store(arrays, fitted), fitted.Features, notes);
    }

    private static MapFit OfTexts(TextMapChoice map, MapInput input, IWorkProgress progress, ParallelOptions parallel)
    {
        IReadOnlyList<string> texts = input.ReadTexts();
        progress.Report($"{map.Work}: {Wording.Count(texts.Count, "text")}");
        ITextFeatureMap fitted = map.Fit(texts, parallel);
        return Stored(map, arrays => map.Store(arrays, fitted), fitted.Features, []);
    }

    private static MapFit OfVectors(WordVectorMapChoice map, MapInput input)
    {
        ITextFeatureMap made = map.Fit(WordVectorReader.Read(input.Path));
        return Stored(map, arrays => map.Store(arrays, made), made.Features, []);
    }

    private static MapFit Stored(FeatureMapChoice map, Action<ModelArrays> store, int features, IReadOnlyList<string> notes)
    {
        var model = new StoredModel(map.Name);
        store(model.Arrays);
        return new MapFit(model, features, notes);
    }

    private static ImageShape Square(int numbers)
    {
        int side = (int)Math.Sqrt(numbers);
        return side * side == numbers
            ? new ImageShape(side, side)
            : throw new ArgumentException($"{numbers:N0} numbers a row are no square image in grey; give the shape with --image.");
    }
}
