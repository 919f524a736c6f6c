namespace CertiFlip.Heads;

/// <summary>
/// What fitting a <see cref="RidgeHead"/> or a <see cref="SaturatedRidgeHead"/> computes. With the training features it
/// makes the same head again to the bit, without a fit: neither the sums over all rows nor the factorisation, which
/// take nearly all of a fit's time, are repeated, nor is a λ that came from labels computed anew.
/// </summary>
internal sealed class RidgeHeadState
{
    /// <summary>λ ≥ 0, in the units of the features squared.</summary>
    public required double Lambda { get; init; }

    /// <summary>Whether the head has an intercept.</summary>
    public required Intercept Intercept { get; init; }

    /// <summary>What each of the k columns is multiplied by: a power of two.</summary>
    public required IReadOnlyList<double> Scales { get; init; }

    /// <summary>What is then subtracted from each of the k columns: its mean, or 0 without an intercept.</summary>
    public required IReadOnlyList<double> Means { get; init; }

    /// <summary>
    /// U of XᵀX + λI = UᵀU in scaled units: its upper triangle row by row, k(k+1)/2 numbers. Empty where there are
    /// <see cref="Multiplied"/> rows.
    /// </summary>
    public required IReadOnlyList<double> Factor { get; init; }

    /// <summary>
    /// M = X(XᵀX + λI)⁻¹ (6) in scaled units, n × k row by row, where there are fewer rows than features; else empty.
    /// </summary>
    public required IReadOnlyList<double> Multiplied { get; init; }

    /// <summary>Reads what <see cref="Store"/> made. The intercept is a choice, and stored with the choice.</summary>
    /// <exception cref="ArgumentException">Something is missing.</exception>
    public static RidgeHeadState Restore(ModelArrays arrays, Intercept intercept) => new()
    {
        Lambda = arrays.Doubles("lambda").Single(),
        Intercept = intercept,
        Scales = arrays.Doubles("scales"),
        Means = arrays.Doubles("means"),
        Factor = arrays.Doubles("factor"),
        Multiplied = arrays.Doubles("multiplied rows"),
    };

    /// <summary>Stores all but the intercept.</summary>
    public void Store(ModelArrays arrays)
    {
        arrays.Add("lambda", [Lambda]);
        arrays.Add("scales", [.. Scales]);
        arrays.Add("means", [.. Means]);
        arrays.Add("factor", [.. Factor]);
        arrays.Add("multiplied rows", [.. Multiplied]);
    }

    /// <summary>Refuses what cannot be the state of a head on n rows of k features.</summary>
    /// <exception cref="ArgumentException">A length does not fit, or a number cannot be what it stands for.</exception>
    public void Check(int n, int k)
    {
        if (n == 0)
            throw new ArgumentException("There are no training rows.");
        if (Scales.Count != k || Means.Count != k)
            throw new ArgumentException($"There are {Scales.Count} scales and {Means.Count} means for {k} features.");
        bool isDual = Multiplied.Count > 0;
        if (Factor.Count != (isDual ? 0 : k * (k + 1L) / 2) || (isDual && Multiplied.Count != (long)n * k))
        {
            throw new ArgumentException(
                $"There are {Factor.Count} numbers of a factor and {Multiplied.Count} of multiplied rows for {n} rows of {k} features.");
        }

        if (!(Lambda >= 0 && double.IsFinite(Lambda)))
            throw new ArgumentException($"λ is {Lambda}.");
        if (!Enum.IsDefined(Intercept))
            throw new ArgumentException($"There is no intercept number {(int)Intercept}.");
        if (!Scales.All(scale => scale > 0 && double.IsPow2(scale)))
            throw new ArgumentException("A scale is no power of two.");
        if (!Means.All(double.IsFinite) || !Factor.All(double.IsFinite) || !Multiplied.All(double.IsFinite))
            throw new ArgumentException("A number is not finite.");
    }
}
