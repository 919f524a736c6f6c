using CertiFlip.Features;

namespace CertiFlip.Data.Models;

/// <summary>A <see cref="StandardScaler"/> as a file holds it.</summary>
public static class StandardScalerFile
{
    /// <summary>The kind of model.</summary>
    public const string Kind = "standard-scaler";

    /// <summary>Puts a scaler into a model.</summary>
    /// <param name="map">The scaler.</param>
    public static StoredModel Store(StandardScaler map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var model = new StoredModel(Kind);
        model.Add("means", [.. map.Means]);
        model.Add("scales", [.. map.Scales]);
        return model;
    }

    /// <summary>Takes a scaler out of a model: it maps to the same bits as the one that was put in.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="DataException">It is of another kind, or does not fit together.</exception>
    public static StandardScaler Restore(StoredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Expect(Kind);
        return model.Restore(() => new StandardScaler(model.Doubles("means"), model.Doubles("scales")));
    }
}
