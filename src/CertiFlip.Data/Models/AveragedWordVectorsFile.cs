using CertiFlip.Features.Text;

namespace CertiFlip.Data.Models;

/// <summary><see cref="AveragedWordVectors"/> as a file holds them.</summary>
public static class AveragedWordVectorsFile
{
    /// <summary>The kind of model.</summary>
    public const string Kind = "averaged-word-vectors";

    /// <summary>Puts a map into a model.</summary>
    /// <param name="map">The map.</param>
    public static StoredModel Store(AveragedWordVectors map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var model = new StoredModel(Kind);
        model.Add("words", [.. map.Vectors.Words]);
        model.Add("dimensions", [map.Vectors.Dimensions]);
        model.Add("numbers", map.Vectors.Numbers.ToArray());
        return model;
    }

    /// <summary>Takes a map out of a model: it maps to the same bits as the one that was put in.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="DataException">It is of another kind, or does not fit together.</exception>
    public static AveragedWordVectors Restore(StoredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Expect(Kind);
        return model.Restore(() => new AveragedWordVectors(new WordVectors(model.Texts("words"), model.Integers("dimensions").Single(), model.Singles("numbers"))));
    }
}
