using CertiFlip.Features.Images;

namespace CertiFlip.Data.Models;

/// <summary>A <see cref="ConvolutionalNetwork"/> as a file holds it.</summary>
public static class ConvolutionalNetworkFile
{
    /// <summary>The kind of model.</summary>
    public const string Kind = "convolutional-network";

    /// <summary>Puts a network into a model.</summary>
    /// <param name="map">The network.</param>
    public static StoredModel Store(ConvolutionalNetwork map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var model = new StoredModel(Kind);
        model.Add("image", [map.Image.Height, map.Image.Width, map.Image.Channels]);
        model.Add("features and classes", [map.Features, map.Classes]);
        model.Add("weights", [.. map.Weights]);
        return model;
    }

    /// <summary>Takes a network out of a model: it maps to the same bits as the one that was put in.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="DataException">It is of another kind, or does not fit together.</exception>
    public static ConvolutionalNetwork Restore(StoredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Expect(Kind);
        return model.Restore(() => model.Integers("image") is [var height, var width, var channels] && model.Integers("features and classes") is [var features, var classes]
            ? new ConvolutionalNetwork(new ImageShape(height, width, channels), features, classes, model.Singles("weights"))
            : throw new ArgumentException("The sizes of the network are missing."));
    }
}
