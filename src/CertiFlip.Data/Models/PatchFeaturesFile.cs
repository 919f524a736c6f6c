using CertiFlip.Features.Images;

namespace CertiFlip.Data.Models;

/// <summary><see cref="PatchFeatures"/> as a file holds them.</summary>
public static class PatchFeaturesFile
{
    /// <summary>The kind of model.</summary>
    public const string Kind = "patches";

    /// <summary>Puts a map into a model.</summary>
    /// <param name="map">The map.</param>
    public static StoredModel Store(PatchFeatures map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var model = new StoredModel(Kind);
        model.Add("image", [map.Image.Height, map.Image.Width, map.Image.Channels]);
        model.Add("patch size and regions", [map.PatchSize, map.Regions]);
        model.Add("mean", [.. map.Mean]);
        model.Add("filters", [.. map.Filters]);
        return model;
    }

    /// <summary>Takes a map out of a model: it maps to the same bits as the one that was put in.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="DataException">It is of another kind, or does not fit together.</exception>
    public static PatchFeatures Restore(StoredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Expect(Kind);
        return model.Restore(() => model.Integers("image") is [var height, var width, var channels] && model.Integers("patch size and regions") is [var size, var regions]
            ? new PatchFeatures(new ImageShape(height, width, channels), size, regions, model.Doubles("mean"), model.Doubles("filters"))
            : throw new ArgumentException("The shape of images, patches and regions is not there."));
    }
}
