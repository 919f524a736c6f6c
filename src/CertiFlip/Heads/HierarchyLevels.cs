using System.Collections;
using System.Globalization;

namespace CertiFlip.Heads;

/// <summary>
/// How many of the first features each level of a <see cref="HierarchyHead"/> has, from coarse to fine: at least one
/// level, at least 1 feature, each level more than the one before.
/// </summary>
public sealed class HierarchyLevels : IReadOnlyList<int>, IEquatable<HierarchyLevels>
{
    private readonly int[] _features;

    /// <summary>Levels as given.</summary>
    /// <param name="features">Numbers of features, rising from 1 on.</param>
    /// <exception cref="ArgumentException">They do not rise from 1 on, or there are none.</exception>
    public HierarchyLevels(params ReadOnlySpan<int> features)
        : this(features.ToArray())
    {
        if (!AreRising(_features))
            throw new ArgumentException("The levels of a hierarchy rise from 1 on, and there is at least one.", nameof(features));
    }

    private HierarchyLevels(int[] features) => _features = features;

    /// <inheritdoc/>
    public int Count => _features.Length;

    /// <inheritdoc/>
    public int this[int index] => _features[index];

    /// <summary>
    /// Levels that follow from K and k: K − 1 features, in which K clusters can be apart in any way, twice as many and
    /// so on, and all.
    /// </summary>
    /// <param name="classes">K, at least 2.</param>
    /// <param name="features">k, at least 1.</param>
    public static HierarchyLevels Doubling(int classes, int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        var levels = new List<int>();
        for (long level = classes - 1; level < features; level *= 2)
            levels.Add((int)level);
        return new HierarchyLevels([.. levels, features]);
    }

    /// <summary>Reads levels as <see cref="ToString"/> writes them: numbers, separated by commas.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <returns>The levels, or null where that is not what was written.</returns>
    public static HierarchyLevels? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int[] features = Array.ConvertAll(text.Split(','), part =>
            int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0);
        return AreRising(features) ? new HierarchyLevels(features) : null;
    }

    /// <inheritdoc/>
    public bool Equals(HierarchyLevels? other) => other is not null && _features.SequenceEqual(other._features);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HierarchyLevels);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_features.Length, _features[0], _features[^1]);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_features).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The levels, separated by commas.</summary>
    public override string ToString() =>
        string.Join(',', _features.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    private static bool AreRising(int[] features) =>
        features.Length > 0 && features[0] >= 1 && features.Zip(features.Skip(1)).All(pair => pair.First < pair.Second);
}
