using CertiFlip.Data;

namespace CertiFlip.Paper;

/// <summary>One line of a figure: accuracy against label flips.</summary>
/// <param name="Name"><c>undefended</c>, or the name of a certificate.</param>
/// <param name="Noise">q, or null where the line does not depend on it.</param>
/// <param name="Curve">The numbers.</param>
public sealed record Series(string Name, double? Noise, AccuracyCurve Curve)
{
    internal const string UndefendedName = "undefended";

    /// <summary>The name with its noise, as tables and legends show it.</summary>
    public string Title => Noise is { } q ? $"{Name}, q = {q}" : Name;

    /// <summary>Whether it is of a classifier without a guarantee, under attack.</summary>
    public bool IsUndefended => Name == UndefendedName;

    /// <summary>The fewest flips under which less than half of the rows are left.</summary>
    public int BrokenAt =>
        Enumerable.Range(0, Curve.LargestBudget + 2).First(flips => Curve.At(flips) < 0.5 || flips > Curve.LargestBudget);

    internal static Series Restore(StoredModel stored, string prefix) => new(
        stored.Texts($"{prefix} name").Single(),
        stored.Doubles($"{prefix} noise") is [var q] ? q : null,
        new AccuracyCurve(
            stored.Integers($"{prefix} rows").Single(),
            stored.Doubles($"{prefix} accuracy").Single(),
            [.. stored.Integers($"{prefix} radii").Select(RadiusOf)]));

    /// <summary>A radius as a number in a file: −1 for any.</summary>
    internal static int Stored(Radius radius) => radius.IsAny ? -1 : radius.Budget;

    /// <summary>The radius that <see cref="Stored"/> made a number.</summary>
    internal static Radius RadiusOf(int stored) => stored < 0 ? Radius.Any : Radius.Of(stored);

    internal void Store(StoredModel stored, string prefix)
    {
        stored.Add($"{prefix} name", [Name]);
        stored.Add($"{prefix} noise", Noise is { } q ? [q] : Array.Empty<double>());
        stored.Add($"{prefix} rows", [Curve.Rows]);
        stored.Add($"{prefix} accuracy", [Curve.Accuracy]);
        stored.Add($"{prefix} radii", [.. Curve.Radii.Select(Stored)]);
    }
}
