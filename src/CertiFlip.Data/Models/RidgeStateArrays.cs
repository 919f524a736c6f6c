using CertiFlip.Heads;

namespace CertiFlip.Data.Models;

/// <summary>A <see cref="RidgeHeadState"/> among the arrays of a model file. Its intercept is chosen and stands with the choice.</summary>
internal static class RidgeStateArrays
{
    public static void Add(StoredModel stored, RidgeHeadState state)
    {
        stored.Add("lambda", [state.Lambda]);
        stored.Add("scales", [.. state.Scales]);
        stored.Add("means", [.. state.Means]);
        stored.Add("factor", [.. state.Factor]);
        stored.Add("multiplied rows", [.. state.Multiplied]);
    }

    public static RidgeHeadState Read(StoredModel stored, Intercept intercept) => new()
    {
        Lambda = stored.Doubles("lambda").Single(),
        Intercept = intercept,
        Scales = stored.Doubles("scales"),
        Means = stored.Doubles("means"),
        Factor = stored.Doubles("factor"),
        Multiplied = stored.Doubles("multiplied rows"),
    };
}
