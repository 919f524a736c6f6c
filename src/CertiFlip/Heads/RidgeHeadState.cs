using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>
/// What fitting a <see cref="RidgeHead"/> or a <see cref="SaturatedRidgeHead"/> computes. With the training features it
/// makes the same head again to the bit, without a fit: neither the sums over all rows nor the factorisation, which
/// take nearly all of a fit's time, are repeated, nor is a λ that came from labels computed anew.
/// </summary>
internal sealed class RidgeHeadState
{
    // Of λ and of means, which are of the order of 1 in scaled units: far above rounding.
    private const double Tolerance = 1e-9;

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

    /// <summary>Whether this was held against the training rows before.</summary>
    public bool IsVerified { get; init; }

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
        IsVerified = arrays.AreVerified,
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

    /// <summary>
    /// Refuses a state that fitting does not compute from these features. Scales, means and a λ that comes from no
    /// label are computed again. The system of equations is not solved again: what is stored must solve it for a random
    /// vector, which takes a pass over the rows. A λ from labels is taken as it is; certificates are conditional on it.
    /// What was verified before is not held against the rows again.
    /// </summary>
    /// <param name="features">The training features.</param>
    /// <param name="rule">The rule for λ.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public void CheckAgainst(FeatureMatrix features, RidgeRule rule)
    {
        Check(features.Rows, features.Columns);
        if (IsVerified)
            return;
        var scaling = ColumnScaling.Of(features, Intercept);
        if (!Scales.SequenceEqual(scaling.Scales))
            throw new ArgumentException("The scales are not those of the features.");
        if (!Means.Zip(scaling.Means).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance))
            throw new ArgumentException("The means are not those of the features.");
        if (!rule.DependsOnLabels)
        {
            double lambda = rule.Lambda(features, scaling, new Lazy<GramMatrix>(() => throw new InvalidOperationException()), Intercept);
            if (!(Math.Abs(Lambda - lambda) <= Tolerance * lambda))
                throw new ArgumentException($"λ is {Lambda:R}, but its rule gives {lambda:R} for these features.");
        }

        double[] penalties = Array.ConvertAll(scaling.Scales, scale => RidgeHead.Penalty(scale, Lambda));
        if (!new SystemCheck(features, scaling, penalties).IsSolvedBy(this))
            throw new ArgumentException("The factor is not that of the features and λ.");
    }

    /// <summary>
    /// Whether stored numbers solve A = XᵀX + λI in scaled units, by their product with a random vector.
    /// </summary>
    /// <param name="features">The training features.</param>
    /// <param name="scaling">How they are scaled and centred to X.</param>
    /// <param name="penalties">λ in scaled units, for each column.</param>
    private sealed class SystemCheck(FeatureMatrix features, ColumnScaling scaling, double[] penalties)
    {
        public bool IsSolvedBy(RidgeHeadState state)
        {
            // A different vector each time, so that no file can be made for it. What fitting computes passes for all.
            double[] v = [.. penalties.Select(_ => 2 * Random.Shared.NextDouble() - 1)];
            return state.Multiplied.Count > 0 ? IsSolvedByRows(state.Multiplied, v) : IsSolvedByFactor(state.Factor, v);
        }

        /// <summary>
        /// UᵀUv = Av, in row i up to the part of √(aᵢᵢ)·Σⱼ√(aⱼⱼ)|vⱼ| that rounding takes from either side.
        /// </summary>
        private bool IsSolvedByFactor(IReadOnlyList<double> factor, double[] v)
        {
            int k = v.Length;
            double[] diagonal = [.. penalties], x = new double[k];
            for (int row = 0; row < features.Rows; row++)
            {
                scaling.Apply(features.Row(row), x);
                Elementwise.AddSquares(x, diagonal);
            }

            double[] roots = Array.ConvertAll(diagonal, Math.Sqrt);
            for (int i = 0; i < k; i++)
                v[i] = roots[i] > 0 ? v[i] / roots[i] : 0;
            double[] expected = [.. v.Zip(penalties, (number, penalty) => number * penalty)];
            for (int row = 0; row < features.Rows; row++)
            {
                scaling.Apply(features.Row(row), x);
                Elementwise.AddMultiple(Elementwise.Dot(x, v), x, expected);
            }

            double[] product = new double[k];
            for (int row = 0, at = 0; row < k; at += k - row, row++)
            {
                double sum = 0;
                for (int i = row; i < k; i++)
                    sum += factor[at + i - row] * v[i];
                for (int i = row; i < k; i++)
                    product[i] += factor[at + i - row] * sum;
            }

            double error = 64 * (features.Rows + (double)k) * Rounding.Epsilon * k;
            return Enumerable.Range(0, k).All(i => Math.Abs(product[i] - expected[i]) <= error * roots[i]);
        }

        /// <summary>
        /// (ZZᵀ + I)Nw = Zw with Z = XP^(−½) and N = MP^½, where P are the penalties: the smaller system, of as many
        /// equations as rows. ‖N‖ is at most ½.
        /// </summary>
        private bool IsSolvedByRows(IReadOnlyList<double> multiplied, double[] w)
        {
            int n = features.Rows, k = w.Length;
            double[] roots = Array.ConvertAll(penalties, Math.Sqrt), z = new double[k], image = new double[k];
            double[] solved = new double[n], right = new double[n];
            double squares = 0;
            void Load(int row)
            {
                scaling.Apply(features.Row(row), z);
                for (int i = 0; i < k; i++)
                    z[i] /= roots[i];
            }

            for (int row = 0; row < n; row++)
            {
                Load(row);
                right[row] = Elementwise.Dot(z, w);
                squares += Elementwise.Dot(z, z);
                for (int i = 0; i < k; i++)
                    solved[row] += multiplied[row * k + i] * roots[i] * w[i];
                Elementwise.AddMultiple(solved[row], z, image);
            }

            double error = 64 * (n + (double)k) * Rounding.Epsilon * (1 + squares) * Math.Sqrt(Elementwise.Dot(w, w));
            for (int row = 0; row < n; row++)
            {
                Load(row);
                if (!(Math.Abs(Elementwise.Dot(z, image) + solved[row] - right[row]) <= error))
                    return false;
            }

            return true;
        }
    }
}
