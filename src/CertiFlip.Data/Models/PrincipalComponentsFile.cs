using CertiFlip.Features;

namespace CertiFlip.Data.Models;

/// <summary><see cref="PrincipalComponents"/> as a file holds them.</summary>
public static class PrincipalComponentsFile
{
    /// <summary>The kind of model.</summary>
    public const string Kind = "principal-components";

    /// <summary>Puts components into a model.</summary>
    /// <param name="map">The components.</param>
    public static StoredModel Store(PrincipalComponents map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var model = new StoredModel(Kind);
        model.Add("means", [.. map.Means]);
        model.Add("directions", [.. map.Directions]);
        model.Add("variances", [.. map.Variances]);
        model.Add("total variance", [map.TotalVariance]);
        return model;
    }

    /// <summary>Takes components out of a model: they map to the same bits as those that were put in.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="DataException">It is of another kind, or does not fit together.</exception>
    public static PrincipalComponents Restore(StoredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Expect(Kind);
        return model.Restore(() => new PrincipalComponents(
            model.Doubles("means"), model.Doubles("directions"), model.Doubles("variances"), model.Doubles("total variance").Single()));
    }
}
