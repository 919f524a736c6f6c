namespace CertiFlip.Heads;

/// <summary>
/// Brings every feature into the range of safe arithmetic: column i is multiplied by a power of two, which rounds nothing, and
/// with an intercept its mean is subtracted.
/// </summary>
internal sealed class ColumnScaling
{
    private readonly double[] _means;

    private ColumnScaling(double[] scales, double[] means, double[] centredSquares) =>
        (Scales, _means, CentredSquares) = (scales, means, centredSquares);

    /// <summary>sᵢ: what column i is multiplied by, so that its largest magnitude is in [1, 2), or 1 for a column of zeros.</summary>
    public double[] Scales { get; }

    /// <summary>Σⱼ (sᵢxⱼᵢ − mean)²: the diagonal of the centred XᵀX in scaled units, with or without intercept.</summary>
    public double[] CentredSquares { get; }

    public static ColumnScaling Of(FeatureMatrix features, Intercept intercept)
    {
        int n = features.Rows, k = features.Columns;
        double[] largest = new double[k];
        for (int row = 0; row < n; row++)
        {
            ReadOnlySpan<double> x = features.Row(row);
            for (int i = 0; i < k; i++)
                largest[i] = Math.Max(largest[i], Math.Abs(x[i]));
        }

        double[] scales = Array.ConvertAll(largest, static value =>
            value == 0 ? 1 : Math.ScaleB(1, -Math.Clamp(Math.ILogB(value), -1022, 1022)));

        // The second round removes the rounding of the first: a column that never varies is centred to zeros, not to noise.
        double[] means = new double[k];
        AddMeanResidual(features, scales, means);
        AddMeanResidual(features, scales, means);

        double[] squares = new double[k];
        for (int row = 0; row < n; row++)
        {
            ReadOnlySpan<double> x = features.Row(row);
            for (int i = 0; i < k; i++)
            {
                double centred = x[i] * scales[i] - means[i];
                squares[i] += centred * centred;
            }
        }

        return new ColumnScaling(scales, intercept == Intercept.Fitted ? means : new double[k], squares);
    }

    /// <summary>Writes a row of features (length k), scaled and centred, to every <paramref name="stride"/>-th number.</summary>
    public void Apply(ReadOnlySpan<double> x, Span<double> destination, int stride = 1)
    {
        for (int i = 0; i < x.Length; i++)
            destination[i * stride] = x[i] * Scales[i] - _means[i];
    }

    private static void AddMeanResidual(FeatureMatrix features, double[] scales, double[] means)
    {
        double[] residuals = new double[means.Length];
        for (int row = 0; row < features.Rows; row++)
        {
            ReadOnlySpan<double> x = features.Row(row);
            for (int i = 0; i < means.Length; i++)
                residuals[i] += x[i] * scales[i] - means[i];
        }

        for (int i = 0; i < means.Length; i++)
            means[i] += residuals[i] / features.Rows;
    }
}
