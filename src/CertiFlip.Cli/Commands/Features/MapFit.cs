using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Data.Models;
using CertiFlip.Features;
using CertiFlip.Features.Images;
using CertiFlip.Features.Spectral;
using CertiFlip.Features.Text;

namespace CertiFlip.Cli.Commands.Features;

/// <summary>Fits a map as the user asked for it.</summary>
/// <param name="Map">The name of the map.</param>
/// <param name="Input">What to fit to: inputs, or a file of word vectors.</param>
internal sealed record MapFit(string Map, MapInput Input)
{
    /// <summary>A file of labels, where they are not with the images.</summary>
    public string? LabelPath { get; init; }

    /// <summary>How many features, or what is usual for the map.</summary>
    public int? Components { get; init; }

    /// <summary>The shape of images, or square ones in grey.</summary>
    public ImageShape? Image { get; init; }

    /// <summary>Passes over the images, or as many as usual.</summary>
    public int? Epochs { get; init; }

    /// <summary>Pixels of a patch's side, or as many as usual.</summary>
    public int? PatchSize { get; init; }

    /// <summary>Neighbours that rows are linked to, or as many as usual.</summary>
    public int? Neighbours { get; init; }

    /// <summary>What everything random follows from.</summary>
    public ulong Seed { get; init; } = 1;

    public FitResult Run(IWorkProgress progress, ParallelOptions parallel)
    {
        progress.Report($"reading {Input.Path}");
        try
        {
            return Map switch
            {
                MapNames.StandardScaler => StandardScalerFrom(progress),
                MapNames.PrincipalComponents => PrincipalComponentsFrom(progress, parallel),
                MapNames.Patches => PatchesFrom(progress, parallel),
                MapNames.Spectral => SpectralFrom(progress, parallel),
                MapNames.ConvolutionalNetwork => ConvolutionalNetworkFrom(progress, parallel),
                MapNames.LatentSemantics => LatentSemanticsFrom(progress, parallel),
                _ => new FitResult(AveragedWordVectorsFile.Store(new AveragedWordVectors(WordVectorReader.Read(Input.Path)))),
            };
        }
        catch (Exception exception) when (MapFailure.IsOfData(exception))
        {
            throw MapFailure.In(Input.Path, exception);
        }
    }

    private FitResult StandardScalerFrom(IWorkProgress progress)
    {
        Dataset data = Input.ReadFeatures();
        progress.Report($"taking means and deviations of {data.Features.Rows:N0} × {data.Features.Columns:N0} inputs");
        return new FitResult(StandardScalerFile.Store(StandardScaler.Fit(data.Features)), [.. NoteOnColumns(data)]);
    }

    private FitResult PrincipalComponentsFrom(IWorkProgress progress, ParallelOptions parallel)
    {
        Dataset data = Input.ReadFeatures();
        FeatureMatrix inputs = data.Features;
        var options = new PrincipalComponentsOptions();
        options = options with { Components = Components ?? options.Components };
        progress.Report($"finding {options.Components:N0} principal components of {inputs.Rows:N0} × {inputs.Columns:N0} inputs");
        return new FitResult(PrincipalComponentsFile.Store(PrincipalComponents.Fit(inputs, options, parallel)), [.. NoteOnColumns(data)]);
    }

    private FitResult PatchesFrom(IWorkProgress progress, ParallelOptions parallel)
    {
        Dataset images = Input.ReadFeatures();
        var options = new PatchFeaturesOptions { Seed = Seed };
        options = options with { Centres = Components ?? options.Centres, PatchSize = PatchSize ?? options.PatchSize };
        progress.Report($"finding {options.Centres:N0} kinds of patch in {images.Features.Rows:N0} images");
        return new FitResult(PatchFeaturesFile.Store(PatchFeatures.Fit(images.Features, Image ?? Square(images.Features.Columns), options, parallel)), [.. NoteOnColumns(images)]);
    }

    private FitResult SpectralFrom(IWorkProgress progress, ParallelOptions parallel)
    {
        Dataset data = Input.ReadFeatures();
        var options = new SpectralFeaturesOptions();
        options = options with { Components = Components ?? options.Components, Neighbours = Neighbours ?? options.Neighbours };
        progress.Report($"linking each of {data.Features.Rows:N0} rows to its {options.Neighbours:N0} nearest");
        return new FitResult(SpectralFeaturesFile.Store(SpectralFeatures.FitTransform(data.Features, options, parallel).Map), [.. NoteOnColumns(data)]);
    }

    private FitResult LatentSemanticsFrom(IWorkProgress progress, ParallelOptions parallel)
    {
        IReadOnlyList<string> texts = Input.ReadTexts();
        var options = new LatentSemanticsOptions { Seed = Seed };
        options = options with { Components = Components ?? options.Components };
        progress.Report($"finding {options.Components:N0} singular vectors of {texts.Count:N0} texts");
        return new FitResult(LatentSemanticsFile.Store(LatentSemantics.Fit(texts, options, parallel)));
    }

    private FitResult ConvolutionalNetworkFrom(IWorkProgress progress, ParallelOptions parallel)
    {
        Dataset images = Input.ReadFeatures();
        string[] notes = [.. NoteOnColumns(images), $"this map was trained on labels of {LabelPath ?? Input.Path}; certificates on its features hold against flips of other labels only."];
        if (LabelPath is not null)
            images = images.WithLabels(LabelReader.Read(LabelPath, Input.LabelName), LabelPath);
        var encoding = LabelEncoding.FromTrainingLabels(images);
        var labels = new ClassLabels(encoding.Encode(images), encoding.Classes.Count);
        var options = new ConvolutionalNetworkOptions { Seed = Seed };
        options = options with { Features = Components ?? options.Features, Epochs = Epochs ?? options.Epochs };
        IProgress<int> done = progress.ReportCount("training a convolutional network:", checked(labels.Count * options.Epochs), "images");
        return new FitResult(
            ConvolutionalNetworkFile.Store(ConvolutionalNetwork.Fit(images.Features, Image ?? Square(images.Features.Columns), labels, options, done, parallel)), notes);
    }

    private IEnumerable<string> NoteOnColumns(Dataset data) => MapInput.MayHoldLabels(data)
        ? [$"{Input.Path} has no column '{Input.LabelName}', so every column is an input; if one of them holds labels, name it with --label."]
        : [];

    private static ImageShape Square(int numbers)
    {
        int side = (int)Math.Sqrt(numbers);
        return side * side == numbers ? new ImageShape(side, side) : throw new ArgumentException($"{numbers:N0} numbers a row are no square image in grey; give the shape with --image.");
    }
}
