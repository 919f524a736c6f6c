using CertiFlip.Kernels;

namespace CertiFlip.Matrices;

/// <summary>
/// Squared distances of test rows to all training rows by a matrix product: ‖a − b‖² = ‖a‖² + ‖b‖² − 2aᵀb, of centred
/// rows in a common unit. This cancels where a and b are close: a distance is off by up to <see cref="Error"/> of both
/// squares.
/// </summary>
internal sealed class SquaredDistances
{
    private readonly FeatureMatrix _training;
    private readonly ColumnScaling _scaling;
    private readonly Lazy<PackedRows> _rows;

    /// <summary>Prepares distances to the <paramref name="training"/> rows (n × k).</summary>
    /// <param name="training">The training rows.</param>
    /// <param name="parallel">How many threads may be used, and again when distances are first computed.</param>
    public SquaredDistances(FeatureMatrix training, ParallelOptions parallel)
    {
        (_training, _scaling) = (training, ColumnScaling.OfCommonUnit(training));
        _rows = new Lazy<PackedRows>(() => PackedRows.Of(training, _scaling, parallel));
        Squares = new double[training.Rows];
        SquaresOf(training, 0, Squares);
    }

    /// <summary>Number of training rows, n.</summary>
    public int TrainingRows => _training.Rows;

    /// <summary>Number of features, k.</summary>
    public int Features => _training.Columns;

    /// <summary>‖b‖² of every training row.</summary>
    public double[] Squares { get; }

    /// <summary>
    /// What one unit is multiplied by: every number here is in units of the features times this, squared.
    /// </summary>
    public double Unit => _scaling.Scales[0];

    /// <summary>Computes ‖a‖² of test rows from <paramref name="first"/> on.</summary>
    public void SquaresOf(FeatureMatrix tests, int first, Span<double> squares)
    {
        double[] x = new double[Features];
        for (int row = 0; row < squares.Length; row++)
        {
            _scaling.Apply(tests.Row(first + row), x);
            double square = 0;
            foreach (double value in x)
                square += value * value;
            squares[row] = square;
        }
    }

    /// <summary>
    /// What a row of this squared norm adds to the error of a squared distance: of roundings, k for its product, k/2
    /// for its norm, 2 for its centring, k + 2 for the direct sum it is compared with. Squares below the range of a
    /// double round absolutely.
    /// </summary>
    public double Error(double square) => 4 * (Features + 4) * Rounding.Epsilon * square + 1e-300;

    /// <summary>Writes −2a of test rows from <paramref name="first"/> on, a column for each.</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="right">
    /// Receives k rows of numbers, as many in each as <paramref name="count"/> rounded up to a multiple of 4.
    /// </param>
    public void Load(FeatureMatrix tests, int first, int count, Span<double> right)
    {
        int columns = Tile.PadHeight(count);
        right.Clear();
        for (int row = 0; row < count; row++)
            _scaling.Apply(tests.Row(first + row), right[row..], columns);
        for (int i = 0; i < right.Length; i++)
            right[i] *= -2;
    }

    /// <summary>Computes ‖b‖² − 2aᵀb, the squared distances less ‖a‖², for a run of training rows.</summary>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="firstRow">The first training row, a multiple of 16.</param>
    /// <param name="rowCount">The number of training rows.</param>
    /// <param name="right">What <see cref="Load"/> wrote.</param>
    /// <param name="count">The number of test rows.</param>
    /// <param name="distances">
    /// Receives a row of them for each test row, each <paramref name="stride"/> after the one before.
    /// </param>
    /// <param name="stride">At least the number of training rows, rounded up to a multiple of 16.</param>
    public void Compute(
        KernelSet kernels, int firstRow, int rowCount, ReadOnlySpan<double> right, int count, Span<double> distances, int stride)
    {
        for (int row = 0; row < count; row++)
            Squares.AsSpan(firstRow, rowCount).CopyTo(distances[(row * stride)..]);
        _rows.Value.MultiplyAdd(kernels, firstRow, rowCount, right, Tile.PadHeight(count), distances, stride);
    }

    /// <summary>Writes a test row, scaled and centred (length k).</summary>
    public void Scale(ReadOnlySpan<double> test, Span<double> scaled) => _scaling.Apply(test, scaled);

    /// <summary>‖a − b‖², summed term by term: 0 for rows that are the same, however far from the origin.</summary>
    public double Between(ReadOnlySpan<double> test, int trainingRow)
    {
        ReadOnlySpan<double> b = _training.Row(trainingRow);
        double unit = Unit, sum = 0;
        for (int i = 0; i < test.Length; i++)
        {
            double difference = test[i] * unit - b[i] * unit;
            sum += difference * difference;
        }

        return sum;
    }
}

/// <summary>
/// <see cref="SquaredDistances"/> in single precision, twice as fast: enough to rule out most rows as neighbours.
/// </summary>
internal sealed class RoughDistances
{
    // Of a squared norm: beyond it, products of floats could overflow.
    private const double LargestSquare = 1e30;

    // Features, so that errors of second order are covered by what is left of a factor 2.
    private const int MostFeatures = 1 << 20;

    // Numbers of so many features need no array of their own.
    private const int FewFeatures = 256;

    // 2⁻²⁴, the relative error of one rounding, and what numbers below the range of floats add to an error.
    private const double OneRounding = 5.9604644775390625e-8;
    private const double Underflow = 1e-28;

    private readonly SquaredDistances _distances;
    private readonly float[] _panels;
    private readonly float[] _squares;

    /// <summary>Packs training rows in panels of 32.</summary>
    /// <param name="distances">Distances to the training rows.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="parallel">How many threads may be used.</param>
    /// <param name="rowAt">Which rows, in their order here; by default all, as they come.</param>
    public RoughDistances(SquaredDistances distances, FeatureMatrix training, ParallelOptions parallel, int[]? rowAt = null)
    {
        _distances = distances;
        int count = rowAt?.Length ?? training.Rows, k = Features, panels = (count + RoughTile.Width - 1) / RoughTile.Width;
        _panels = new float[(long)panels * RoughTile.Width * k];
        _squares = new float[panels * RoughTile.Width];
        Errors = new float[_squares.Length];
        for (int i = 0; i < count; i++)
        {
            double square = distances.Squares[rowAt?[i] ?? i];
            _squares[i] = (float)square;
            Errors[i] = MathF.BitIncrement((float)Error(square));
        }

        Parallel.For(0, panels, parallel, () => new double[k], (panel, _, scaled) =>
        {
            int first = panel * RoughTile.Width, rows = Math.Min(RoughTile.Width, count - first);
            Span<float> packed = _panels.AsSpan(checked(first * k), RoughTile.Width * k);
            for (int row = 0; row < rows; row++)
            {
                distances.Scale(training.Row(rowAt?[first + row] ?? first + row), scaled);
                for (int i = 0; i < k; i++)
                    packed[i * RoughTile.Width + row] = (float)scaled[i];
            }

            return scaled;
        }, static _ => { });
    }

    /// <summary>Number of features, k.</summary>
    public int Features => _distances.Features;

    /// <summary>What each training row adds to the error of its distance, rounded up.</summary>
    public float[] Errors { get; }

    /// <summary>Whether distances of a test row of this squared norm can be computed in floats.</summary>
    public bool Fits(double square) => square <= LargestSquare && Features <= MostFeatures;

    /// <summary>
    /// What a row of this squared norm adds to the error of a squared distance less ‖a‖². With u = 2⁻²⁴: k + 1
    /// roundings of numbers up to ‖b‖² + 2|a|ᵀ|b|, which is at most 2‖b‖² + ‖a‖², and those of a and b themselves,
    /// 4u|a|ᵀ|b|; in all no more than (2k + 4)u(‖a‖² + ‖b‖²). Twice that has room for those in double precision.
    /// </summary>
    public double Error(double square) => 4 * (Features + 4) * OneRounding * square + (Features + 4) * Underflow;

    /// <summary>Writes −2a of test rows, in groups of 8, of each group number by number.</summary>
    /// <param name="tests">Test rows (m × k).</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="right">Receives k numbers of each row, of as many as fill the last group.</param>
    public void Load(FeatureMatrix tests, int first, int count, Span<float> right)
    {
        right.Clear();
        float[] numbers = new float[Features];
        for (int row = 0; row < count; row++)
        {
            Load(tests.Row(first + row), numbers);
            Span<float> group = right.Slice(row / RoughTile.Height * RoughTile.Height * Features, RoughTile.Height * Features);
            for (int i = 0; i < numbers.Length; i++)
                group[i * RoughTile.Height + row % RoughTile.Height] = numbers[i];
        }
    }

    /// <summary>Writes −2a of a test row (length k).</summary>
    public void Load(ReadOnlySpan<double> test, Span<float> numbers)
    {
        Span<double> scaled = Features <= FewFeatures ? stackalloc double[FewFeatures] : new double[Features];
        scaled = scaled[..Features];
        _distances.Scale(test, scaled);
        for (int i = 0; i < scaled.Length; i++)
            numbers[i] = (float)(-2 * scaled[i]);
    }

    /// <summary>
    /// Computes ‖b‖² − 2aᵀb, the squared distances less ‖a‖², for 32 training rows and a group of 8 test rows.
    /// </summary>
    /// <param name="kernels">The kernels to use.</param>
    /// <param name="firstRow">The first training row, a multiple of 32.</param>
    /// <param name="group">What was loaded for the group.</param>
    /// <param name="limits">A number for each of the test rows.</param>
    /// <param name="distances">
    /// Receives 32 distances for each of them. Beyond the last training row they mean nothing.
    /// </param>
    /// <returns>
    /// A bit for each test row, the first's lowest: whether any of its distances is at most its limit.
    /// </returns>
    public uint Compute(KernelSet kernels, int firstRow, ReadOnlySpan<float> group, ReadOnlySpan<float> limits, Span<float> distances) =>
        kernels.MultiplyRoughTile(
            Features, in _panels[firstRow * Features], in group[0], in _squares[firstRow], in limits[0], ref distances[0], RoughTile.Width);
}
