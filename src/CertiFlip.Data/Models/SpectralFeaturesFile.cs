using CertiFlip.Features;
using CertiFlip.Features.Spectral;

namespace CertiFlip.Data.Models;

/// <summary><see cref="SpectralFeatures"/> as a file holds them.</summary>
public static class SpectralFeaturesFile
{
    /// <summary>The kind of model.</summary>
    public const string Kind = "spectral";

    /// <summary>Puts a map into a model.</summary>
    /// <param name="map">The map.</param>
    public static StoredModel Store(SpectralFeatures map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var model = new StoredModel(Kind);
        model.Add("means", [.. map.Directions.Means]);
        model.Add("directions", [.. map.Directions.Directions]);
        model.Add("variances", [.. map.Directions.Variances]);
        model.Add("total variance", [map.Directions.TotalVariance]);
        model.Add("places", map.Places.First(map.Places.Rows));
        model.Add("eigenvalues", [.. map.Eigenvalues]);
        model.Add("entries", [.. map.Entries]);
        model.Add("neighbours", [map.Neighbours]);
        return model;
    }

    /// <summary>Takes a map out of a model: it maps to the same bits as the one that was put in.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="DataException">It is of another kind, or does not fit together.</exception>
    public static SpectralFeatures Restore(StoredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Expect(Kind);
        return model.Restore(() =>
        {
            var directions = new PrincipalComponents(model.Doubles("means"), model.Doubles("directions"), model.Doubles("variances"), model.Doubles("total variance").Single());
            double[] places = model.Doubles("places");
            return new SpectralFeatures(
                directions, new FeatureMatrix(places.Length / directions.Features, directions.Features, places), model.Doubles("eigenvalues"), model.Doubles("entries"), model.Integers("neighbours").Single());
        });
    }
}
