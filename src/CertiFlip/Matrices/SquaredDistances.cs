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
    private readonly PackedRows _rows;

    /// <summary>Packs the <paramref name="training"/> rows (n × k).</summary>
    public SquaredDistances(FeatureMatrix training, ParallelOptions parallel)
    {
        (_training, _scaling) = (training, ColumnScaling.OfCommonUnit(training));
        _rows = PackedRows.Of(training, _scaling, parallel);
        Squares = SquaresOf(training, 0, training.Rows);
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

    /// <summary>‖a‖² of test rows, from <paramref name="first"/> on.</summary>
    public double[] SquaresOf(FeatureMatrix tests, int first, int count)
    {
        double[] squares = new double[count], x = new double[Features];
        for (int row = 0; row < count; row++)
        {
            _scaling.Apply(tests.Row(first + row), x);
            foreach (double value in x)
                squares[row] += value * value;
        }

        return squares;
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
        _rows.MultiplyAdd(kernels, firstRow, rowCount, right, Tile.PadHeight(count), distances, stride);
    }

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
