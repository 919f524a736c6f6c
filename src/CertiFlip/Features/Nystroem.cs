using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Features;

/// <summary>
/// Features whose inner products are about those of a Gaussian kernel, e^(−γ‖x − y‖²), so that a linear head on them is
/// about a kernel machine (Williams and Seeger 2001; scikit-learn's <c>Nystroem</c>). The kernel is known at M training
/// rows that are drawn without their labels, the landmarks, and in between it is what they tell of it.
/// </summary>
/// <remarks>
/// <para>
/// With K the kernel of the landmarks with one another, k(x) that of a row with the landmarks, and K + 10⁻⁶I = UᵀU
/// (Cholesky), the features are U⁻ᵀk(x): φ(x)ᵀφ(y) = k(x)ᵀ(K + 10⁻⁶I)⁻¹k(y). What is added keeps U far from singular
/// where landmarks are alike. scikit-learn takes K's square root instead, which turns all features together and
/// changes no inner product. Where rounding makes K + 10⁻⁶I indefinite, ten times as much is added, as often as needed.
/// </para>
/// <para>The first row that is mapped takes M³ operations in each process, and every row M² + Mk.</para>
/// </remarks>
public sealed class Nystroem : IFeatureMap, IStorable<Nystroem>
{
    /// <summary>The most landmarks that a map has: finding U⁻¹ of so many takes about two gigabytes.</summary>
    public const int MostLandmarks = 1 << 13;

    private const double Jitter = 1e-6;
    private const int RowsAtOnce = 32;

    // What rounding may do to γ‖x − s‖².
    private const double LargestError = 1e-6;

    // Made when the first row comes: a small file can name many landmarks, and what they take goes with their square.
    private readonly Lock _making = new();
    private SquaredDistances? _distances;
    private InverseFactor? _inverse;

    /// <summary>A map that was fitted before.</summary>
    /// <param name="landmarks">M rows of the inputs, at least 1 and at most <see cref="MostLandmarks"/>.</param>
    /// <param name="gamma">γ, positive and finite.</param>
    /// <exception cref="ArgumentException">There are no landmarks, or too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">γ is out of its range.</exception>
    public Nystroem(FeatureMatrix landmarks, double gamma)
    {
        ArgumentNullException.ThrowIfNull(landmarks);
        if (landmarks.Rows is < 1 or > MostLandmarks || landmarks.Columns < 1)
        {
            throw new ArgumentException(
                $"There are {landmarks.Rows} landmarks of {landmarks.Columns} numbers; expected 1 to {MostLandmarks}, of at least 1.",
                nameof(landmarks));
        }

        if (!NystroemOptions.IsGamma(gamma))
            throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "γ must be positive and finite.");
        (Landmarks, Gamma) = (landmarks, gamma);
    }

    /// <summary>The landmarks (M×k).</summary>
    public FeatureMatrix Landmarks { get; }

    /// <summary>γ: how fast the kernel falls with the squared distance of two rows.</summary>
    public double Gamma { get; }

    /// <inheritdoc/>
    public int Inputs => Landmarks.Columns;

    /// <summary>M, one for each landmark.</summary>
    public int Features => Landmarks.Rows;

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <inheritdoc/>
    public static string Kind => "nystroem";

    /// <summary>Draws the landmarks.</summary>
    /// <param name="inputs">n rows, at least 2. No label is asked for.</param>
    /// <param name="options">How many landmarks, and γ.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">
    /// There are fewer than two rows, or all rows are the same and γ is not given.
    /// </exception>
    public static Nystroem Fit(FeatureMatrix inputs, NystroemOptions? options = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Rows < 2)
            throw new ArgumentException("A kernel needs at least two rows.", nameof(inputs));
        options ??= new NystroemOptions();
        (parallel ?? new ParallelOptions()).CancellationToken.ThrowIfCancellationRequested();
        int count = Math.Min(options.Components, inputs.Rows);
        int[] order = [.. Enumerable.Range(0, inputs.Rows)];
        new PhiloxRandom(options.Seed, 0).Shuffle(order);
        int[] drawn = order[..count];
        Array.Sort(drawn);
        double[] landmarks = new double[(long)count * inputs.Columns];
        for (int i = 0; i < count; i++)
            inputs.CopyRow(drawn[i], landmarks.AsSpan(i * inputs.Columns, inputs.Columns));
        return new Nystroem(new FeatureMatrix(count, inputs.Columns, landmarks), options.Gamma ?? UsualGamma(inputs));
    }

    /// <inheritdoc/>
    public static Nystroem Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        double[] landmarks = arrays.Doubles("landmarks");
        int inputs = arrays.Integers("inputs").Single();
        return inputs > 0 && landmarks.Length % inputs == 0
            ? new Nystroem(new FeatureMatrix(landmarks.Length / inputs, inputs, landmarks), arrays.Doubles("gamma").Single())
            : throw new ArgumentException($"{landmarks.Length} numbers are no landmarks of {inputs} inputs.", nameof(arrays));
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        double[] landmarks = new double[(long)Features * Inputs];
        for (int i = 0; i < Features; i++)
            Landmarks.CopyRow(i, landmarks.AsSpan(i * Inputs, Inputs));
        arrays.Add("landmarks", landmarks);
        arrays.Add("inputs", [Inputs]);
        arrays.Add("gamma", [Gamma]);
    }

    /// <inheritdoc/>
    /// <remarks>A row so far away that its distances overflow has no similarity with any landmark: zeros.</remarks>
    public FeatureMatrix Transform(FeatureMatrix inputs, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Columns != Inputs)
            throw new ArgumentException($"The map takes {Inputs} inputs a row, but there are {inputs.Columns}.", nameof(inputs));
        parallel ??= new ParallelOptions();
        SquaredDistances distances;
        InverseFactor inverse;
        lock (_making)
        {
            distances = _distances ??= DistancesOf(parallel);
            inverse = _inverse ??= InverseOf(distances, parallel);
        }

        double[] features = new double[(long)inputs.Rows * Features];
        int stride = Tile.PadWidth(Features);
        Parallel.For(0, (inputs.Rows + RowsAtOnce - 1) / RowsAtOnce, parallel, () => (
            Rows: new double[RowsAtOnce * stride], Groups: new double[RowsAtOnce * Features]), (block, _, room) =>
        {
            int first = block * RowsAtOnce, count = Math.Min(RowsAtOnce, inputs.Rows - first);
            ComputeKernel(distances, inputs, first, count, room.Rows, stride);
            for (int row = 0; row < count; row++)
            {
                Span<double> group = room.Groups.AsSpan(row / Tile.Height * Tile.Height * Features + row % Tile.Height);
                for (int i = 0; i < Features; i++)
                    group[i * Tile.Height] = room.Rows[row * stride + i];
            }

            inverse.Multiply(room.Groups, (count + Tile.Height - 1) / Tile.Height, room.Rows, stride);
            for (int row = 0; row < count; row++)
                room.Rows.AsSpan(row * stride, Features).CopyTo(features.AsSpan((first + row) * Features));
            return room;
        }, static _ => { });
        return new FeatureMatrix(inputs.Rows, Features, features);
    }

    /// <summary>e^(−γ‖x − s‖²) of rows with all landmarks.</summary>
    private void ComputeKernel(
        SquaredDistances distances, FeatureMatrix rows, int first, int count, Span<double> kernel, int stride)
    {
        double rate = Gamma / (distances.Unit * distances.Unit);
        double[] right = new double[Inputs * Tile.PadHeight(count)], squares = new double[count];
        distances.Load(rows, first, count, right);
        distances.SquaresOf(rows, first, squares);
        distances.Compute(KernelSet.Best, 0, Features, right, count, kernel, stride);
        for (int row = 0; row < count; row++)
        {
            // The distances come without the row's own square.
            Span<double> own = kernel.Slice(row * stride, Features);
            if (!(double.IsFinite(squares[row]) && double.IsFinite(rate)))
            {
                own.Clear();
                continue;
            }

            ReadOnlySpan<double> x = rows.Row(first + row);

            // A product cancels where two rows are near: where that could be seen, the distance is summed term by term.
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = rate * distances.Error(squares[row] + distances.Squares[i]) <= LargestError
                    ? Math.Max(own[i] + squares[row], 0)
                    : distances.Between(x, i);
            }

            KernelSet.Best.Decay(own, 0, rate);
        }
    }

    /// <summary>The landmarks, packed. Who maps rows later is not stopped by who stops the first.</summary>
    private SquaredDistances DistancesOf(ParallelOptions parallel) =>
        new(Landmarks, new ParallelOptions { MaxDegreeOfParallelism = parallel.MaxDegreeOfParallelism });

    private InverseFactor InverseOf(SquaredDistances distances, ParallelOptions parallel)
    {
        int count = Features, stride = Tile.PadWidth(count);
        double[] kernel = new double[(long)Tile.PadHeight(count) * stride];
        Parallel.For(0, (count + RowsAtOnce - 1) / RowsAtOnce, parallel, block =>
        {
            int first = block * RowsAtOnce, rows = Math.Min(RowsAtOnce, count - first);
            ComputeKernel(distances, Landmarks, first, rows, kernel.AsSpan(first * stride, Tile.PadHeight(rows) * stride), stride);
        });
        for (double added = Jitter; ; added *= 10)
        {
            double diagonal = 1 + added; // Not as computed: a row is at no distance from itself.
            if (Cholesky.TryFactorise(
                count, (row, column) => row == column ? diagonal : kernel[row * stride + column], KernelSet.Best, parallel,
                out Cholesky factor) < 0)
            {
                return InverseFactor.Of(factor, KernelSet.Best, parallel);
            }
        }
    }

    /// <summary>1 over the mean squared distance of two rows: twice the sum of the columns' variances.</summary>
    private static double UsualGamma(FeatureMatrix inputs)
    {
        var scaling = ColumnScaling.OfCommonUnit(inputs);
        double unit = scaling.Scales[0], variance = scaling.CentredSquares.Sum() / inputs.Rows / (unit * unit);
        double gamma = 1 / (2 * variance);
        return NystroemOptions.IsGamma(gamma) ? gamma : throw new ArgumentException(
            "Rows are the same, or so far apart that their distances overflow: no γ follows from them.", nameof(inputs));
    }
}

/// <summary>What <see cref="Nystroem"/> is fitted with.</summary>
public sealed record NystroemOptions
{
    /// <summary>
    /// How many landmarks, from 1 to <see cref="Nystroem.MostLandmarks"/>; all rows where there are no more.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int Components
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Nystroem.MostLandmarks);
            field = value;
        }
    } = 1000;

    /// <summary>
    /// γ, how fast the kernel falls with the squared distance, positive and finite; null takes 1 over the mean squared
    /// distance of two training rows.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double? Gamma
    {
        get;
        init => field = value is null || IsGamma(value.Value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "γ must be positive and finite.");
    }

    /// <summary>What the landmarks are drawn by.</summary>
    public ulong Seed { get; init; } = 1;

    internal static bool IsGamma(double value) => value > 0 && double.IsFinite(value);
}
