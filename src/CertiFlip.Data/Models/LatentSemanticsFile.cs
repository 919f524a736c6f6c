using CertiFlip.Features.Text;

namespace CertiFlip.Data.Models;

/// <summary><see cref="LatentSemantics"/> as a file holds them.</summary>
public static class LatentSemanticsFile
{
    /// <summary>The kind of model.</summary>
    public const string Kind = "latent-semantics";

    /// <summary>Puts a map into a model.</summary>
    /// <param name="map">The map.</param>
    public static StoredModel Store(LatentSemantics map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var model = new StoredModel(Kind);
        model.Add("terms", [.. map.Terms]);
        model.Add("weights", [.. map.Weights]);
        model.Add("longest term", [map.LongestTerm]);
        model.Add("directions", [.. map.Directions]);
        model.Add("singular values", [.. map.SingularValues]);
        return model;
    }

    /// <summary>Takes a map out of a model: it maps to the same bits as the one that was put in.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="DataException">It is of another kind, or does not fit together.</exception>
    public static LatentSemantics Restore(StoredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Expect(Kind);
        return model.Restore(() => new LatentSemantics(
            model.Texts("terms"), model.Doubles("weights"), model.Integers("longest term").Single(), model.Singles("directions"), model.Doubles("singular values")));
    }
}
