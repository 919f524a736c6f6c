using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Heads;

/// <summary>
/// How far ridge regression's leave-one-out weights in closed form can be from those of the head that is really fitted
/// without the row. docs/soundness.md derives every line under "Leave-one-out in closed form".
/// </summary>
/// <remarks>
/// Bounds are on the sum of the errors' magnitudes over all training rows; infinity where rounding leaves nothing
/// certain.
/// </remarks>
internal sealed class RidgeErrors
{
    // Where rounding changes the system by more than this, relative to its least eigenvalue, it can do anything.
    private const double MostArithmetic = 0.25;
    private const double MostShift = 0.5;

    private readonly double _n;
    private readonly double _k;
    private readonly bool _isDual;
    private readonly double _condition; // κ
    private readonly double _largestRow; // β
    private readonly double _shift; // t
    private readonly double _penalisedShift; // t_P

    /// <summary>Looks at the training rows once.</summary>
    /// <param name="features">Training features (n × k).</param>
    /// <param name="scaling">How they are scaled and centred.</param>
    /// <param name="penalties">What stands beside the diagonal of XᵀX in scaled units.</param>
    /// <param name="factor">
    /// The Cholesky factor of XᵀX + λI, or of a matrix that begins with it; null where the head solved the system of
    /// the rows.
    /// </param>
    /// <param name="intercept">Whether rows are centred.</param>
    public RidgeErrors(FeatureMatrix features, ColumnScaling scaling, double[] penalties, Cholesky? factor, Intercept intercept)
    {
        (_n, _k, _isDual) = (features.Rows, features.Columns, factor is null);
        double[] diagonal = [.. penalties], x = new double[features.Columns];
        double largest = 0;
        bool areEqual = true; // Not by the squares, which may vanish beside a huge penalty.
        for (int row = 0; row < features.Rows; row++)
        {
            scaling.Apply(features.Row(row), x);
            double own = 0;
            for (int i = 0; i < x.Length; i++)
            {
                diagonal[i] += x[i] * x[i];
                areEqual &= x[i] == 0;
                own += x[i] == 0 ? 0 : x[i] * x[i] / penalties[i];
            }

            largest = Math.Max(largest, own);
        }

        (_condition, _largestRow, AreRowsEqual) = (Condition(diagonal, penalties, factor), 1 + largest, areEqual);
        if (intercept == Intercept.None)
            return;
        double offset = Distance(scaling.Means, diagonal), penalisedOffset = Distance(scaling.Means, penalties);
        _shift = Rounding.Epsilon * (offset + (_n + 6) * Math.Sqrt(_k / (_n - 1)));
        _penalisedShift = Rounding.Epsilon * (penalisedOffset + 4 * (_n + 6) * Math.Sqrt(_largestRow));
    }

    /// <summary>
    /// Whether all rows are the same: products are exactly 0 then, in the head as it was fitted and without any row.
    /// </summary>
    public bool AreRowsEqual { get; }

    /// <summary>
    /// The bound for the weights of a training row in the head as it was fitted, in its own place among them too.
    /// </summary>
    public double OfFit => _isDual ? OfRows(_largestRow, Shift(_condition), 1) : OfFeatures(_condition, Shift(_condition), 1);

    /// <summary>The bound for the weights of a training row in the head that is fitted to the others.</summary>
    /// <param name="share">1 − Hᵢᵢ, as computed.</param>
    public double OfRefit(double share)
    {
        double condition = 2 * _condition / share, size = 2 / Math.Sqrt(share);
        double ofFeatures = OfFeatures(condition, Shift(condition), size);
        return _n - 1 < _k ? Math.Max(ofFeatures, OfRows(4 * _largestRow, _penalisedShift, size)) : ofFeatures;
    }

    /// <summary>The bound for products or weights that were divided by 1 − Hᵢᵢ.</summary>
    /// <param name="share">1 − Hᵢᵢ, as computed.</param>
    /// <param name="magnitude">The sum of the quotients' magnitudes.</param>
    public double OfClosedForm(double share, double magnitude)
    {
        double error = OfFit + Rounding.Epsilon;
        return error <= MostArithmetic * share
            ? 2 * error * (3 + magnitude) / share + 4 * Rounding.Epsilon * magnitude
            : double.PositiveInfinity;
    }

    /// <summary>
    /// κ ≥ ‖DA⁻¹D‖, where D² is the diagonal of A: by the penalty, or where that says little by the columns of DA⁻¹D.
    /// </summary>
    private static double Condition(double[] diagonal, double[] penalties, Cholesky? factor)
    {
        int k = diagonal.Length;
        double byPenalty = 1, byColumns = 4 * Math.Sqrt(k);
        for (int i = 0; i < k; i++)
            byPenalty = Math.Max(byPenalty, diagonal[i] / penalties[i]);

        // No column is shorter than 1, since D⁻¹AD⁻¹ has ones on its diagonal.
        if (byPenalty <= byColumns || factor is null)
            return byPenalty;
        double[] solved = new double[k * k], squares = new double[k];
        for (int i = 0; i < k; i++)
            solved[i * k + i] = Math.Sqrt(diagonal[i]);
        factor.Solve(solved, k, k);
        for (int i = 0; i < k; i++)
        {
            for (int column = 0; column < k; column++)
                squares[column] += diagonal[i] * solved[i * k + column] * solved[i * k + column];
        }

        return Math.Min(byPenalty, byColumns * Math.Sqrt(squares.Max()));
    }

    private static double Distance(double[] means, double[] squares)
    {
        double sum = 0;
        for (int i = 0; i < means.Length; i++)
            sum += means[i] == 0 ? 0 : means[i] * means[i] / squares[i];
        return Math.Sqrt(sum);
    }

    /// <summary>T: what the rounding of the means can do.</summary>
    private double Shift(double condition) => Math.Min(Math.Sqrt(condition) * _shift, _penalisedShift);

    private double OfFeatures(double condition, double shift, double size) =>
        Bound(condition * _k * (_n + 4 * _k + 20) * Rounding.Epsilon, 2 * Math.Sqrt(_n) * size, shift, size);

    private double OfRows(double largestRow, double shift, double size) =>
        Bound(largestRow * _n * (_k + 3 * _n + 20) * Rounding.Epsilon, 3 * Math.Sqrt(_n * _k * largestRow), shift, size);

    private double Bound(double arithmetic, double factor, double shift, double size) =>
        arithmetic <= MostArithmetic && _n * shift <= MostShift
            ? factor * arithmetic + (_k + 2) * Rounding.Epsilon + 2 * (Math.Sqrt(_n) + _n * size + 1) * shift
            : double.PositiveInfinity;
}
