using CertiFlip.Data;
using CertiFlip.Data.Models;

namespace CertiFlip.Cli.Commands.Features;

/// <summary>A feature map that a model file holds.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Features">k.</param>
/// <param name="KnowsLabels">Whether it was trained on labels.</param>
/// <param name="Apply">Maps the inputs of a file.</param>
internal sealed record FittedMap(string Kind, int Features, bool KnowsLabels, Func<MapInput, ParallelOptions, FeatureMatrix> Apply)
{
    public static FittedMap Read(string path) => Of(StoredModel.Read(path), path);

    /// <param name="model">The map.</param>
    /// <param name="path">The file that holds it.</param>
    public static FittedMap Of(StoredModel model, string path) => model.Kind switch
    {
        StandardScalerFile.Kind => Of(model.Kind, StandardScalerFile.Restore(model), knowsLabels: false),
        PrincipalComponentsFile.Kind => Of(model.Kind, PrincipalComponentsFile.Restore(model), knowsLabels: false),
        PatchFeaturesFile.Kind => Of(model.Kind, PatchFeaturesFile.Restore(model), knowsLabels: false),
        SpectralFeaturesFile.Kind => Of(model.Kind, SpectralFeaturesFile.Restore(model), knowsLabels: false),
        ConvolutionalNetworkFile.Kind => Of(model.Kind, ConvolutionalNetworkFile.Restore(model), knowsLabels: true),
        LatentSemanticsFile.Kind => Of(model.Kind, LatentSemanticsFile.Restore(model)),
        AveragedWordVectorsFile.Kind => Of(model.Kind, AveragedWordVectorsFile.Restore(model)),
        _ => throw new DataException($"{path}: a model of kind '{model.Kind}' is no feature map; expected one of {string.Join(", ", MapNames.All)}."),
    };

    private static FittedMap Of(string kind, IFeatureMap map, bool knowsLabels) => new(kind, map.Features, knowsLabels, (input, parallel) =>
    {
        FeatureMatrix inputs = input.ReadFeatures().Features;
        if (inputs.Columns != map.Inputs)
            throw new DataException($"{input.Path}: there are {inputs.Columns:N0} columns besides the label's; this map was fitted to {map.Inputs:N0}.");
        try
        {
            return map.Transform(inputs, parallel);
        }
        catch (Exception exception) when (MapFailure.IsOfData(exception))
        {
            throw MapFailure.In(input.Path, exception);
        }
    });

    private static FittedMap Of(string kind, ITextFeatureMap map) => new(kind, map.Features, false, (input, parallel) => map.Transform(input.ReadTexts(), parallel));
}
